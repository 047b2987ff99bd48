package simd

import "fmt"

// Attention is the work space of the query heads that share one key and value head. Keys and values are codes from rest as
// Keep makes them, with a threshold for each position: values one after the other, [context*dim] with ValuesSpare codes behind
// them, keys as PlaceKey puts them. The softmax is float.
type Attention struct {
	heads, dim, context int

	scores  []float32 // [heads*context]: scores, then e^(score-highest), then the weights of values
	queries []int16   // [heads*dim]: codes
	spread  []int16   // [dim/2*3*8]: each pair of codes of three queries four times
	scales  []float32 // [heads]: thresholds of the queries, then 1/Σe
	listed  []int32   // [context]: the positions whose values count

	places  [valueBlock]uintptr       // where the values of a block begin
	weights [valueBlock][3][4]float32 // theirs for three heads, each four times
}

// valueBlock is how many values are added up before the next dimensions are.
const valueBlock = 64

// NewAttention makes room for heads queries of dim, a multiple of 32, over up to context positions, a multiple of KeyBlock.
func NewAttention(heads, dim, context int) *Attention {
	if heads < 1 || dim < 32 || dim%32 != 0 || context < 1 || context%KeyBlock != 0 {
		panic(fmt.Sprintf("simd: attention of %d heads of %d over %d positions", heads, dim, context))
	}
	return &Attention{heads: heads, dim: dim, context: context, scores: make([]float32, heads*context),
		queries: make([]int16, heads*dim), spread: make([]int16, dim/2*3*8), scales: make([]float32, heads), listed: make([]int32, context)}
}

// KeyBlock is how many keys stand beside each other: two dimensions of each, then the next two, so that a vector holds 8
// positions and no sum goes across its lanes.
const KeyBlock = 8

// WholeBlocks is the least multiple of KeyBlock that holds so many positions.
func WholeBlocks(positions int) int { return (positions + KeyBlock - 1) / KeyBlock * KeyBlock }

// ValuesSpare is how many codes behind the last value are loaded with it, and not used.
const ValuesSpare = 8

// PlaceKey puts the key k [dim] of a position among keys [context*dim].
func PlaceKey(keys []int8, position int, k []int8) {
	block := keys[position/KeyBlock*KeyBlock*len(k):][:KeyBlock*len(k)]
	for d := 0; d+1 < len(k); d += 2 {
		pair := (*[2]int8)(block[d*KeyBlock+position%KeyBlock*2:])
		pair[0], pair[1] = k[d], k[d+1]
	}
}

// Row is the scores of one head [context], for attention that is computed elsewhere.
func (a *Attention) Row(head int) []float32 { return a.scores[head*a.context:][:a.context] }

// queryLevels is how far the codes of a query go, 7 bits with the sign, so that its dot product with a key is a sum of integers.
const queryLevels = 63

// Score sets the scores of the first positions to q_h · key_j * scale for q [heads*dim], and reports whether q is finite; when
// not, nothing may be made of the scores.
func (a *Attention) Score(q []float32, keys []int8, thresholds []float32, positions int, scale float32) (finite bool) {
	a.check("Score", q, keys, thresholds, positions, WholeBlocks(positions), 0)
	for h := range a.heads {
		if a.scales[h], finite = codeQuery(a.queries[h*a.dim:][:a.dim], q[h*a.dim:][:a.dim]); !finite {
			return false
		}
	}
	h := 0
	for ; h+3 <= a.heads; h += 3 {
		a.score3(h, keys, thresholds, positions, scale)
	}
	for ; h < a.heads; h++ {
		a.scoreGeneric(h, keys, thresholds, positions, scale)
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

// scoreGeneric sets the scores of one head: the integer q · k, times the key's threshold, times the query's and scale. It goes
// through each block of keys as it stands in memory.
func (a *Attention) scoreGeneric(head int, keys []int8, thresholds []float32, positions int, scale float32) {
	query, scores, factor := a.queries[head*a.dim:][:a.dim], a.Row(head), float32(a.scales[head]*scale)
	for first := 0; first < positions; first += KeyBlock {
		var sums [KeyBlock]int32
		block := keys[first*a.dim:][:KeyBlock*a.dim]
		for d := 0; d+1 < len(query); d += 2 {
			q0, q1 := int32(query[d]), int32(query[d+1])
			pairs := (*[2 * KeyBlock]int8)(block[d*KeyBlock:])
			for i := range sums {
				sums[i] += q0*int32(pairs[2*i]) + q1*int32(pairs[2*i+1])
			}
		}
		for i, sum := range sums[:min(KeyBlock, positions-first)] {
			scores[first+i] = float32(float32(sum)*thresholds[first+i]) * factor
		}
	}
}

// leastShare is the part of a head's largest weight below which a position's values are left out, unless another head of
// these wants them: 2^-12. It leaves out about 60 % of 2,000 positions, and KL divergence does not show it.
const leastShare = 1.0 / 4096

// Values sets out_h = Σ_j softmax(scores_h)_j value_j, [heads*dim], positions ascending, and gives the positions that were added
// up. It uses the scores up, and reports false where a head's largest is not finite; nothing may be made of out then.
func (a *Attention) Values(out []float32, values []int8, thresholds []float32, positions int) (listed []int32, finite bool) {
	a.check("Values", out, values, thresholds, positions, positions, ValuesSpare)
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

// listGeneric lists the positions from the given one on whose values count, behind the n that are listed, and turns every e of
// theirs into the weight of its value's codes, threshold multiplied in. It gives the number listed.
func (a *Attention) listGeneric(thresholds []float32, from, n int) int {
	for j := from; j < len(thresholds); j++ {
		wanted := false
		for h := range a.heads {
			e := &a.Row(h)[j]
			wanted = wanted || *e >= leastShare
			*e = float32(*e*a.scales[h]) * thresholds[j]
		}
		if wanted {
			a.listed[n] = int32(j)
			n++
		}
	}
	return n
}

func (a *Attention) valuesGeneric(head int, out []float32, values []int8, listed []int32) {
	clear(out)
	weights := a.Row(head)
	for _, j := range listed {
		w := weights[j]
		for d, k := range values[int(j)*a.dim:][:len(out)] {
			out[d] += float32(w * float32(k))
		}
	}
}

func (a *Attention) check(name string, heads []float32, codes []int8, thresholds []float32, positions, places, spare int) {
	if len(heads) != a.heads*a.dim || positions < 1 || positions > a.context || len(codes) < places*a.dim+spare || len(thresholds) < places {
		panic(fmt.Sprintf("simd: %s: %d heads of %d over %d of %d positions: %d values, %d codes, %d thresholds",
			name, a.heads, a.dim, positions, a.context, len(heads), len(codes), len(thresholds)))
	}
}
