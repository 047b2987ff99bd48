package simd

import "fmt"

// Attention is the work space of the query heads that share one key and value head. Keys and values are codes from rest as
// Keep makes them, [positions*dim], with a threshold for each position. The softmax between them is float.
type Attention struct {
	heads, dim, context int

	scores  []float32 // [heads*context]: scores, then e^(score-highest), then the weights of the positions that are listed
	queries []int16   // [heads*dim]: codes
	scales  []float32 // [heads]: thresholds of the queries, then 1/Σe
	listed  []int32   // [context]: where the values of each listed position begin
}

// NewAttention makes room for heads queries of dim, a multiple of 32, over up to context positions.
func NewAttention(heads, dim, context int) *Attention {
	if heads < 1 || dim < 32 || dim%32 != 0 || context < 1 {
		panic(fmt.Sprintf("simd: attention of %d heads of %d over %d positions", heads, dim, context))
	}
	return &Attention{heads: heads, dim: dim, context: context, scores: make([]float32, heads*context),
		queries: make([]int16, heads*dim), scales: make([]float32, heads), listed: make([]int32, context)}
}

// Row is the scores of one head [context], for attention that is computed elsewhere.
func (a *Attention) Row(head int) []float32 { return a.scores[head*a.context:][:a.context] }

// A query is rounded to codes of 7 bits, so that its dot product with a key is a sum of integers. A lane of eight adds
// queryChunk/8 products of at most queryLevels * 15 * MaxSteps before it is widened: 30,240.
const (
	queryLevels = 63
	queryChunk  = 64
)

// Score sets the scores of the first positions to q_h · key_j * scale for q [heads*dim], and reports whether q is finite; when
// not, nothing may be made of the scores.
func (a *Attention) Score(q []float32, keys []int8, thresholds []float32, positions int, scale float32) (finite bool) {
	a.check("Score", q, keys, thresholds, positions)
	for h := range a.heads {
		if a.scales[h], finite = codeQuery(a.queries[h*a.dim:][:a.dim], q[h*a.dim:][:a.dim]); !finite {
			return false
		}
	}
	for first := 0; first < a.dim; first += queryChunk {
		last := min(first+queryChunk, a.dim)
		h := 0
		for ; h+3 <= a.heads; h += 3 {
			a.score3(h, keys, first, last, positions)
		}
		for ; h < a.heads; h++ {
			a.scoreGeneric(h, keys, first, last, 0, positions)
		}
	}
	for h := range a.heads {
		multiply(a.Row(h)[:positions], thresholds, float32(a.scales[h]*scale))
	}
	return true
}

func codeQueryGeneric(codes []int16, q []float32) (threshold float32, finite bool) {
	largest := float32(0)
	finite = true
	for _, v := range q {
		if v < 0 {
			v = -v
		}
		finite = finite && v-v == 0
		if v > largest {
			largest = v
		}
	}
	if !finite {
		return 0, false
	}
	threshold = max(largest, 1e-8) / queryLevels
	codes = codes[:len(q)]
	for i, v := range q {
		codes[i] = int16(min(max(round(v/threshold), -queryLevels), queryLevels))
	}
	return threshold, true
}

// scoreGeneric sums the products of dimensions first to last-1 of one head, for positions from on, and adds what the
// dimensions before gave. The sums are integers below 2^24 as long as dim is at most 1,024, and so exact.
func (a *Attention) scoreGeneric(head int, keys []int8, first, last, from, positions int) {
	query, scores := a.queries[head*a.dim:][first:last], a.Row(head)
	for j := from; j < positions; j++ {
		sum := int32(0)
		for i, k := range keys[j*a.dim:][first:last] {
			sum += int32(query[i]) * int32(k)
		}
		if first > 0 {
			sum += int32(scores[j])
		}
		scores[j] = float32(sum)
	}
}

// leastShare is the part of a head's largest weight below which a position's values are left out, unless another head of
// these wants them: 2^-12. It leaves out about 60 % of 2,000 positions, and KL divergence does not show it.
const leastShare = 1.0 / 4096

// Values sets out_h = Σ_j softmax(scores_h)_j value_j, [heads*dim], positions ascending, and gives the places in values of the
// positions that were added up. It uses the scores up, and reports whether they were finite; when not, nothing may be made of
// out.
func (a *Attention) Values(out []float32, values []int8, thresholds []float32, positions int) (listed []int32, finite bool) {
	a.check("Values", out, values, thresholds, positions)
	for h := range a.heads {
		// The largest e is 1, so the sum is smaller, or NaN, only where a score is not finite.
		sum := exponentiate(a.Row(h)[:positions])
		if !(sum >= 1) {
			return nil, false
		}
		a.scales[h] = 1 / sum
	}
	listed = a.listed[:a.list(thresholds[:positions])]
	h := 0
	for ; h+3 <= a.heads; h += 3 {
		a.values3(h, out[h*a.dim:][:3*a.dim], values, listed)
	}
	for ; h < a.heads; h++ {
		a.valuesGeneric(h, out[h*a.dim:][:a.dim], values, listed)
	}
	return listed, true
}

// list lists the positions whose values count, and leaves the weights of each head for them, thresholds multiplied in.
func (a *Attention) list(thresholds []float32) (n int) {
	if a.heads == 3 {
		return a.list3(thresholds)
	}
	for j, threshold := range thresholds {
		wanted := false
		for h := range a.heads {
			wanted = wanted || a.Row(h)[j] >= leastShare
		}
		if !wanted {
			continue
		}
		for h := range a.heads {
			row := a.Row(h)
			row[n] = float32(row[j]*a.scales[h]) * threshold
		}
		a.listed[n] = int32(j * a.dim)
		n++
	}
	return n
}

// list3 is list for three heads.
func (a *Attention) list3(thresholds []float32) (n int) {
	r0, r1, r2 := a.Row(0)[:len(thresholds)], a.Row(1)[:len(thresholds)], a.Row(2)[:len(thresholds)]
	s0, s1, s2 := a.scales[0], a.scales[1], a.scales[2]
	listed := a.listed[:len(thresholds)]
	for j, threshold := range thresholds {
		e0, e1, e2 := r0[j], r1[j], r2[j]
		if e0 >= leastShare || e1 >= leastShare || e2 >= leastShare {
			r0[n], r1[n], r2[n] = float32(e0*s0)*threshold, float32(e1*s1)*threshold, float32(e2*s2)*threshold
			listed[n] = int32(j * a.dim)
			n++
		}
	}
	return n
}

func (a *Attention) valuesGeneric(head int, out []float32, values []int8, listed []int32) {
	clear(out)
	weights := a.Row(head)
	for i, at := range listed {
		w := weights[i]
		for d, k := range values[at:][:len(out)] {
			out[d] += float32(w * float32(k))
		}
	}
}

func (a *Attention) check(name string, heads []float32, codes []int8, thresholds []float32, positions int) {
	if len(heads) != a.heads*a.dim || positions < 1 || positions > a.context || len(codes) < positions*a.dim || len(thresholds) < positions {
		panic(fmt.Sprintf("simd: %s: %d heads of %d over %d of %d positions: %d values, %d codes, %d thresholds",
			name, a.heads, a.dim, positions, a.context, len(heads), len(codes), len(thresholds)))
	}
}
