package simd

import "fmt"

// Keys and values are remembered as 16-bit codes with one threshold for each token and head: x ≈ threshold * code. That is
// half of float32's memory, finer than float16 for all but the smallest entries of a vector, and the form that spikes of
// fewer levels have too.

// RememberLevels is the largest code of a remembered vector.
const RememberLevels = 1<<15 - 1

// Remember codes one key or value of a head, code_i = round(x_i / threshold) with threshold = max|x| / RememberLevels, and
// reports whether all of x is finite; when not, dst must not be used. Lengths must be equal.
func Remember(dst []int16, x []float32) (threshold float32, finite bool) {
	if len(dst) != len(x) {
		panic(fmt.Sprintf("simd: Remember: %d values into %d codes", len(x), len(dst)))
	}
	largest := float32(0)
	finite = true
	for _, v := range x {
		if v < 0 {
			v = -v
		}
		finite = finite && v-v == 0
		if v > largest {
			largest = v
		}
	}
	// Below this the quotient would lose its last bits.
	if !finite || largest < 1e-30 {
		clear(dst)
		return 0, finite
	}
	threshold = largest / RememberLevels
	for i, v := range x {
		dst[i] = int16(min(max(int32(round(v/threshold)), -RememberLevels), RememberLevels))
	}
	return threshold, true
}

// AttendScores sets scores[h][j] = q_h · k_j * scale for the query heads that share one key head: q [heads*dim], keys
// [positions*dim] with a threshold for each position, scores heads rows of stride, of which the first positions are set.
// Each dot product of q with the codes runs in four lanes.
func AttendScores(scores []float32, stride int, q []float32, keys []int16, thresholds []float32, dim, positions int, scale float32) {
	heads := checkAttend("AttendScores", scores, stride, q, keys, dim, positions)
	h := 0
	for ; h+3 <= heads; h += 3 {
		attendScores3(scores[h*stride:], stride, q[h*dim:][:3*dim], keys[:positions*dim])
	}
	for ; h < heads; h++ {
		attendScores(scores[h*stride:][:positions], q[h*dim:][:dim], keys[:positions*dim])
	}
	for h := range heads {
		multiply(scores[h*stride:][:positions], thresholds, scale)
	}
}

func attendScoresGeneric(scores, q []float32, keys []int16) {
	for j := range scores {
		scores[j] = dotKey(q, keys[j*len(q):][:len(q)])
	}
}

// dotKey is Σ q_i code_i in four lanes.
func dotKey(q []float32, codes []int16) float32 {
	var l [4]float32
	for i, c := range codes {
		l[i%4] += float32(q[i] * float32(c))
	}
	return (l[0] + l[2]) + (l[1] + l[3])
}

// AttendValues sets out_h = Σ_j (p[h][j] threshold_j) code_j, positions ascending: out [heads*dim], values [positions*dim],
// probabilities as scores above; they are multiplied by the thresholds in place.
func AttendValues(out, probabilities []float32, stride int, values []int16, thresholds []float32, dim, positions int) {
	heads := checkAttend("AttendValues", probabilities, stride, out, values, dim, positions)
	for h := range heads {
		multiply(probabilities[h*stride:][:positions], thresholds, 1)
	}
	h := 0
	for ; h+3 <= heads; h += 3 {
		attendValues3(out[h*dim:][:3*dim], probabilities[h*stride:], stride, values[:positions*dim])
	}
	for ; h < heads; h++ {
		attendValues(out[h*dim:][:dim], probabilities[h*stride:][:positions], values[:positions*dim])
	}
}

func attendValuesGeneric(out, weights []float32, values []int16) {
	clear(out)
	for j, w := range weights {
		for i, c := range values[j*len(out):][:len(out)] {
			out[i] += float32(w * float32(c))
		}
	}
}

func checkAttend(name string, scores []float32, stride int, heads []float32, cache []int16, dim, positions int) int {
	n := len(heads) / max(dim, 1)
	if dim < 16 || dim%16 != 0 || n*dim != len(heads) || positions < 1 || positions > stride ||
		len(scores) < n*stride || len(cache) < positions*dim {
		panic(fmt.Sprintf("simd: %s: %d heads of %d over %d positions, %d scores, %d cached values", name, n, dim, positions, len(scores), len(cache)))
	}
	return n
}
