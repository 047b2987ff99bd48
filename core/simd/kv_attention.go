package simd

import (
	"fmt"
	"math"
)

// Attention is the work space of the query heads that share one key and value head. Keys and values
// are codes from rest as Keep makes them, with a threshold for each position. They come in blocks
// of ascending positions, which may hold more than there are: values one after the other,
// [positions of the block * dim] and ValuesSpare codes more, keys in whole spans as PlaceKey puts
// them. The softmax is float.
type Attention struct {
	heads, dim, context int

	// The walks over keys and values go by three heads. Heads that fill the last three have queries of
	// 0, so that scores and weights of theirs are 0 as well.
	scores  []float32 // [threes*context]: scores, then e^(score-highest), then the weights of values
	queries []int16   // [threes*dim]: codes
	spread  []int16   // [dim/2*3*8]: each pair of codes of three queries four times
	scales  []float32 // [threes]: thresholds of the queries, then 1/Σe
	listed  []int32   // [context]: the positions whose values count
	last    []float32 // [3*dim]: what the last three heads give, where some only fill them

	places  [valueSpan]uintptr       // where the values of a span begin
	weights [valueSpan][3][4]float32 // theirs for three heads, each four times
}

// valueSpan is how many values are added up before the next dimensions are.
const valueSpan = 64

// NewAttention makes room for heads queries of dim, a multiple of 32, over up to context positions,
// a multiple of KeySpan.
func NewAttention(heads, dim, context int) *Attention {
	if heads < 1 || dim < 32 || dim%32 != 0 || context < 1 || context%KeySpan != 0 {
		panic(fmt.Sprintf("simd: attention of %d heads of %d over %d positions", heads, dim, context))
	}
	threes := (heads + 2) / 3 * 3
	return &Attention{heads: heads, dim: dim, context: context,
		scores: make([]float32, threes*context), queries: make([]int16, threes*dim),
		spread: make([]int16, dim/2*3*8), scales: make([]float32, threes),
		listed: make([]int32, context), last: make([]float32, 3*dim)}
}

// KeySpan is how many keys lie together: two dimensions of each, then the next two, so that a
// vector holds 8 positions and no sum goes across its lanes.
const KeySpan = 8

// WholeSpans is the least multiple of KeySpan that holds so many positions.
func WholeSpans(positions int) int { return (positions + KeySpan - 1) / KeySpan * KeySpan }

// ValuesSpare is how many codes after the last value are loaded with it, and not used.
const ValuesSpare = 8

// PlaceKey puts the key k [dim] of a position, counted from the block's first, among the keys of a
// block [positions*dim].
func PlaceKey(keys []int8, position int, k []int8) {
	block := keys[position/KeySpan*KeySpan*len(k):][:KeySpan*len(k)]
	for d := 0; d+1 < len(k); d += 2 {
		pair := (*[2]int8)(block[d*KeySpan+position%KeySpan*2:])
		pair[0], pair[1] = k[d], k[d+1]
	}
}

// Row is the scores of one head [context], for attention that is computed elsewhere.
func (a *Attention) Row(head int) []float32 { return a.scores[head*a.context:][:a.context] }

// queryLevels is how far the codes of a query go, 7 bits with the sign, so that its dot product
// with a key is a sum of integers.
const queryLevels = 63

// Score sets the scores of the first positions to q_h · key_j * scale for q [heads*dim], and
// reports whether q is finite; when not, nothing may be made of the scores.
func (a *Attention) Score(q []float32, keys [][]int8, thresholds []float32, positions int,
	scale float32) (finite bool) {
	a.check("Score", q, keys, thresholds, positions, KeySpan, 0)
	for h := range a.heads {
		if a.scales[h], finite = codeQuery(a.queries[h*a.dim:][:a.dim], q[h*a.dim:][:a.dim]); !finite {
			return false
		}
	}
	h := 0
	for ; h+3 <= a.heads || h < a.heads && Available(); h += 3 {
		a.score3(h, keys, thresholds, positions, scale)
	}
	for ; h < a.heads; h++ {
		a.scoreGeneric(h, keys, thresholds, positions, scale)
	}
	return true
}

// Mask takes the first n scores out of the softmax, for Values that are called next: positions that
// share a span with those that are looked back to.
func (a *Attention) Mask(n int) {
	for h := range a.heads {
		scores := a.Row(h)[:n]
		for i := range scores {
			scores[i] = float32(math.Inf(-1))
		}
	}
}

// leastShare is the part of a head's largest weight below which a position's values are left out,
// unless another head of these wants them: 2^-12. It leaves out about 60 % of 2,000 positions, and
// KL divergence does not show it.
const leastShare = 1.0 / 4096

// Values sets out_h = Σ_j softmax(scores_h)_j value_j, [heads*dim], positions ascending, and gives
// the positions that were added up. It overwrites the scores, and reports false where a head's
// largest is not finite; nothing may be made of out then.
func (a *Attention) Values(out []float32, values [][]int8, thresholds []float32,
	positions int) (listed []int32, finite bool) {
	a.check("Values", out, values, thresholds, positions, 1, ValuesSpare)
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
	if h < a.heads && Available() {
		a.values3(h, a.last, values, listed)
		copy(out[h*a.dim:], a.last)
		h = a.heads
	}
	for ; h < a.heads; h++ {
		a.valuesGeneric(h, out[h*a.dim:][:a.dim], values, listed)
	}
	return listed, true
}

func (a *Attention) check(name string, heads []float32, blocks [][]int8, thresholds []float32,
	positions, span, spare int) {
	held, places, whole := 0, (positions+span-1)/span*span, true
	for _, codes := range blocks {
		n := a.placesOf(codes)
		whole = whole && n%span == 0 && len(codes) >= n*a.dim+spare
		held += n
	}
	if len(heads) != a.heads*a.dim || positions < 1 || positions > a.context || !whole ||
		held < places || len(thresholds) < places {
		panic(fmt.Sprintf("simd: %s: %d heads of %d over %d of %d positions: "+
			"%d values, codes of %d positions, %d thresholds",
			name, a.heads, a.dim, positions, a.context, len(heads), held, len(thresholds)))
	}
}

// placesOf is how many positions a block of keys or values holds: spare codes are fewer than one
// position has.
func (a *Attention) placesOf(codes []int8) int { return len(codes) / a.dim }
