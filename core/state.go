package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// State is one conversation's memory: the key and value cache and the buffers of a block of tokens. All of it is
// allocated by NewState, and a float cache by SetCoding, which must come first; running tokens allocates nothing.
type State struct {
	model    *Model
	coding   Coding
	context  int
	position int // tokens in the cache

	keys, values cache // keys are rotated, and as spikes in a Hadamard basis
	rotary       rotary

	block              int                                         // tokens that one pass takes at most
	x, normed          [][]float32                                 // [block][hidden]: the residual stream and its norm
	q                  [][]float32                                 // [block][heads*headDim]
	k, v               [][]float32                                 // [block][kvHeads*headDim]
	attended           [][]float32                                 // [block][heads*headDim]
	gate, up           [][]float32                                 // [block][intermediate]
	delta              [][]float32                                 // [block][hidden]: what a sublayer adds to the stream
	attention          *simd.Attention                             // of the heads that share a key head
	logits             [][]float32                                 // [1 or block][vocab]
	second             [][]float32                                 // likewise: what the head's second digit adds
	ceilings           []float32                                   // [vocab/16]: of the head's tiles of rows
	reach              []float32                                   // [vocab/16, and up to 3 more]: what the second digit adds at most
	unscored           bool                                        // logits[0] waits for Logits or choose; the head's input is coded
	hidden, inner, mlp *neurons                                    // by input width
	residual           *neurons                                    // [hidden]: the second digit of the head's input
	dequantised        []float32                                   // 16 rows, for the float mode
	steps              inputSteps                                  // [layers*Populations]; nil in the float mode
	cacheSteps         []uint8                                     // [layers*2*kvHeads]: keys of a layer, then its values; nil where both stay float
	headSteps          *simd.StepPlan                              // nil where the head's input stays float
	residualSteps      *simd.StepPlan                              // nil where it is one digit
	counts             []Counts                                    // [layers*Populations + 1], the last for the head
	weightBytes        []int                                       // likewise
	cacheCounts        []Counts                                    // [layers*2]: keys, values
	lookBack           LookBack                                    // Spikes are in cacheCounts
	observe            func(input int, xs [][]float32, outs []out) // sees every product of a layer; for calibration

	Counting Counting
	// Watch, where set, sees the input of every product of a layer before it is coded, and may change it: [tokens][cols].
	Watch func(layer int, p Population, xs [][]float32)
}

// Limits of a State.
const (
	MaxBlock      = 1024    // tokens that one pass can be set up for
	MaxCacheBytes = 1 << 30 // keys, values, rotary tables and scores: what a 32-bit address space can hold beside a model
)

// NewState makes room for context positions and passes of up to block tokens. It fails with ErrBadRequest where the
// model was not trained for that many or the cache would be too large.
func NewState(m *Model, context, block int) (*State, error) {
	c := &m.Config
	if context < 1 || context > c.Context || block < 1 || block > MaxBlock {
		return nil, fmt.Errorf("%w: context of %d in blocks of %d, want 1 to %d in blocks of 1 to %d", ErrBadRequest, context, block, c.Context, MaxBlock)
	}
	if err := checkCache(m, context, false); err != nil {
		return nil, err
	}
	heads, attention, places := c.Layers*c.KVHeads, c.Heads*c.HeadDim, simd.WholeSpans(context)
	s := &State{
		model: m, context: context, block: block,
		keys:     newKeyCache(heads, c.HeadDim, places),
		values:   newCache(heads, c.HeadDim, places),
		rotary:   newRotary(context, c.HeadDim, float64(c.RopeBase)),
		x:        rows(block, c.Hidden),
		normed:   rows(block, c.Hidden),
		q:        rows(block, attention),
		k:        rows(block, c.KVHeads*c.HeadDim),
		v:        rows(block, c.KVHeads*c.HeadDim),
		attended: rows(block, attention),
		gate:     rows(block, c.Intermediate),
		up:       rows(block, c.Intermediate),
		delta:    rows(block, c.Hidden),
		logits:   rows(1, c.Vocab),
		second:   rows(1, c.Vocab),
		ceilings: make([]float32, (c.Vocab+tile.Rows-1)/tile.Rows),
		reach:    make([]float32, simd.BoundTiles(c.Vocab)),
		hidden:   newNeurons(c.Hidden, block),
		residual: newNeurons(c.Hidden, block),
		inner:    newNeurons(attention, block),
		mlp:      newNeurons(c.Intermediate, block),
		counts:   make([]Counts, c.Layers*Populations+1), weightBytes: make([]int, c.Layers*Populations+1),
		attention:   simd.NewAttention(c.Heads/c.KVHeads, c.HeadDim, places),
		cacheCounts: make([]Counts, 2*c.Layers),
	}
	return s, nil
}

// checkCache fails with ErrBadRequest where the cache of a context would be too large. With exact it has floats beside codes.
func checkCache(m *Model, context int, exact bool) error {
	c := &m.Config
	// Every factor is bounded by the manifest's limits, so the product fits 64 bits. For each entry a code, for each vector a
	// threshold and a count of spikes; rotary tables, scores and a place in the list.
	entry := int64(1)
	if exact {
		entry += 4
	}
	vectors := 2 * int64(c.Layers) * int64(c.KVHeads)
	position := vectors*(entry*int64(c.HeadDim)+8) + 4*(int64(c.HeadDim)+int64(c.Heads/c.KVHeads)+1)
	if bytes := position * int64(simd.WholeSpans(context)); bytes > MaxCacheBytes {
		return fmt.Errorf("%w: a context of %d needs %d bytes of cache, at most %d", ErrBadRequest, context, bytes, MaxCacheBytes)
	}
	return nil
}

func rows(n, width int) [][]float32 {
	flat := make([]float32, n*width)
	r := make([][]float32, n)
	for i := range r {
		r[i] = flat[i*width : (i+1)*width : (i+1)*width]
	}
	return r
}

// SetCoding changes how the next tokens are coded. The cache keeps what earlier tokens left in it; whether keys and values are
// floats or spikes changes only while it is empty. Errors wrap ErrBadRequest and change nothing.
func (s *State) SetCoding(c Coding) error {
	if err := c.Validate(); err != nil {
		return err
	}
	steps, err := s.model.newInputSteps(c)
	if err != nil {
		return err
	}
	cacheSteps, err := s.model.newCacheSteps(c)
	if err != nil {
		return err
	}
	if err := checkCache(s.model, s.context, c.CacheSteps == 0); err != nil {
		return err
	}
	if s.position > 0 && (c.CacheSteps == 0) != (s.coding.CacheSteps == 0) {
		return fmt.Errorf("%w: keys and values of %d tokens are kept as floats or as spikes, and cannot change", ErrBadRequest, s.position)
	}
	if c.CacheSteps == 0 {
		s.keys.hold()
		s.values.hold()
	}
	s.steps, s.cacheSteps, s.headSteps, s.residualSteps = steps, cacheSteps, nil, nil
	if c.HeadSteps > 0 {
		s.headSteps = &simd.StepPlan{Group: uniform(s.model.Config.Hidden/tile.GroupCols, c.HeadSteps)}
	}
	if c.HeadResidual {
		s.residualSteps = &simd.StepPlan{Group: uniform(s.model.Config.Hidden/tile.GroupCols, 1)}
		if c.Kernel == simd.LookupKernel {
			s.model.head.PrepareBounds()
		}
	}
	s.model.matrices(func(w *simd.Weights) { w.Prepare(c.Kernel) })
	s.coding = c
	return nil
}

// Position is the number of tokens in the cache, Context how many fit.
func (s *State) Position() int { return s.position }
func (s *State) Context() int  { return s.context }

// Truncate forgets all tokens from position n on.
func (s *State) Truncate(n int) {
	if n < 0 || n > s.position {
		panic(fmt.Sprintf("core: truncate %d tokens to %d", s.position, n))
	}
	s.position = n
}

// Counts gives the spikes of the last pass, for each layer and population; the slice is overwritten by the next pass.
func (s *State) Counts() []Counts { return s.counts[:len(s.counts)-1] }

// HeadCounts gives the same for the neurons at the head's input: none where it stays float.
func (s *State) HeadCounts() *Counts { return &s.counts[len(s.counts)-1] }

// CacheCounts gives what the neurons that keep keys and values did: keys and values of each layer in turn.
func (s *State) CacheCounts() []Counts { return s.cacheCounts }

// LookBack gives what looking back took, of all layers.
func (s *State) LookBack() LookBack {
	l := s.lookBack
	for i := range s.cacheCounts {
		l.Spikes += uint64(s.cacheCounts[i].Spikes)
	}
	return l
}

// clearCounts begins a pass.
func (s *State) clearCounts() {
	clear(s.counts)
	clear(s.cacheCounts)
	clear(s.weightBytes)
	s.lookBack = LookBack{}
}

// WeightBytes gives what the kernels read of planes, scales and offsets in the last pass, for each layer and population and
// last for the head: everything once a token, or once a block of a prompt.
func (s *State) WeightBytes() []int { return s.weightBytes }
