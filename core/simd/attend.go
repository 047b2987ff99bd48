package simd

import "fmt"

// AttendScores sets scores[h][j] = q_h · k_j * scale for the query heads that share one key head: q [heads*dim], keys
// [positions*dim], scores heads rows of stride, of which the first positions are set. Each dot product runs in four lanes.
func AttendScores(scores []float32, stride int, q, keys []float32, dim, positions int, scale float32) {
	heads := checkAttend("AttendScores", scores, stride, q, keys, dim, positions)
	for h := range heads {
		attendScores(scores[h*stride:][:positions], q[h*dim:][:dim], keys[:positions*dim], scale)
	}
}

func attendScoresGeneric(scores, q, keys []float32, scale float32) {
	for j := range scores {
		scores[j] = dotGeneric(q, keys[j*len(q):][:len(q)]) * scale
	}
}

// AttendValues sets out_h = Σ_j p[h][j] v_j, positions ascending: out [heads*dim], probabilities as scores above.
func AttendValues(out, probabilities []float32, stride int, values []float32, dim, positions int) {
	heads := checkAttend("AttendValues", probabilities, stride, out, values, dim, positions)
	for h := range heads {
		attendValues(out[h*dim:][:dim], probabilities[h*stride:][:positions], values[:positions*dim])
	}
}

func attendValuesGeneric(out, probabilities, values []float32) {
	clear(out)
	for j, p := range probabilities {
		axpyGeneric(out, p, values[j*len(out):][:len(out)])
	}
}

func checkAttend(name string, scores []float32, stride int, heads, cache []float32, dim, positions int) int {
	n := len(heads) / max(dim, 1)
	if dim < 16 || dim%16 != 0 || n*dim != len(heads) || positions < 1 || positions > stride ||
		len(scores) < n*stride || len(cache) < positions*dim {
		panic(fmt.Sprintf("simd: %s: %d heads of %d over %d positions, %d scores, %d cached values", name, n, dim, positions, len(scores), len(cache)))
	}
	return n
}
