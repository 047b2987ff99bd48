package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// State is one conversation's memory: the key and value cache and the buffers of a batch of tokens.
// All of it is allocated by NewState but for the codes of keys and values, or their floats, whose
// memory grows with the tokens: running tokens allocates nothing but one block for each cacheBlock
// positions.
type State struct {
	model    *Model
	context  int // positions that fit
	position int // tokens in the cache
	batch    int // tokens of one pass, at most

	coding coding.Coding
	kernel simd.Kernel
	plan   plan // the coding, worked out for the model
	damage damage
	// damaged has the layers without the planes that lesions drop; nil where they drop none.
	damaged []layer

	act       activations
	inputs    codedInputs
	rotaries  rotaries
	attention *simd.Attention // of the query heads that share a key and value head
	cache     kvCache
	output    output
	tally     tally

	// until ends a pass before the products of a population's input, 1 for the first; 0: none.
	until coding.Population

	// Counting may be changed between passes.
	Counting Counting
	// MultiplyBatches has simd.BatchDotKernel run passes of several tokens, where the weights allow
	// it. It changes speed alone, and may be changed between passes too.
	MultiplyBatches bool
	// Probe, where set, watches what the layers compute.
	Probe *Probe
}

// Limits of a State.
const (
	MaxBatch = 1024 // tokens that one pass can be set up for
	// MaxCacheBytes bounds keys, values, rotary tables and attention scores: what a 32-bit address
	// space can hold beside a model.
	MaxCacheBytes = 1 << 30
)

// NewState makes room for context positions and passes of up to batch tokens. It fails with
// ErrBadRequest where the model was not trained for that many or the cache would be too large. The
// State is in the float mode.
func NewState(m *Model, context, batch int) (*State, error) {
	c := &m.Config
	if context < 1 || context > c.Context || batch < 1 || batch > MaxBatch {
		return nil, fmt.Errorf("%w: context of %d in batches of %d, "+
			"want 1 to %d in batches of 1 to %d",
			ErrBadRequest, context, batch, c.Context, MaxBatch)
	}
	if err := checkCache(c, context, false); err != nil {
		return nil, err
	}
	places, rank := simd.WholeSpans(context), m.team.Rank()
	return &State{
		model: m, context: context, batch: batch,
		act:       newActivations(c, batch, &m.division, rank),
		inputs:    newCodedInputs(c, batch),
		rotaries:  newRotaries(m, context),
		attention: simd.NewAttention(c.Heads/c.KVHeads, c.HeadDim, places),
		cache:     newKVCache(c, m.division.heads[rank].Len(), places),
		output:    newOutput(m),
		tally:     newTally(c.Layers),
	}, nil
}

// checkCache fails with ErrBadRequest where the cache of a context would be too large. With exact
// it has floats beside codes.
func checkCache(c *planes.Config, context int, exact bool) error {
	// Every factor is bounded by the manifest's limits, so the product fits 64 bits. For each entry
	// a code, for each vector a threshold and a count of spikes; rotary tables, scores and a place
	// in the list.
	entry := int64(1)
	if exact {
		entry += 4
	}
	vectors, tables := 2*int64(c.Layers)*int64(c.KVHeads), int64(1)
	if c.Kind().Windows {
		tables = 2
	}
	position := vectors*(entry*int64(c.HeadDim)+8) +
		4*(tables*int64(c.HeadDim)+int64(c.Heads/c.KVHeads)+1)
	if bytes := position * int64(simd.WholeSpans(context)); bytes > MaxCacheBytes {
		return fmt.Errorf("%w: a context of %d needs %d bytes of cache, at most %d",
			ErrBadRequest, context, bytes, MaxCacheBytes)
	}
	return nil
}

// SetCoding changes how the next tokens are coded, and the kernel, which changes speed alone. The
// cache keeps what earlier tokens left in it; whether keys and values are floats or spikes changes
// only while it is empty. Errors wrap ErrBadRequest, or ErrNotPrepared, and change nothing.
func (s *State) SetCoding(c coding.Coding, k simd.Kernel) error {
	return s.Restart(s.position, c, s.damage.asked, k)
}

// SetLesions damages what the next tokens meet; the model is not changed, nor what the cache keeps
// of earlier tokens. The zero value heals. Errors wrap ErrBadRequest and change nothing.
func (s *State) SetLesions(l coding.Lesions) error {
	return s.Restart(s.position, s.coding, l, s.kernel)
}

// Restart is Truncate(n), SetCoding and SetLesions in one: after an error none is done.
func (s *State) Restart(n int, c coding.Coding, l coding.Lesions, k simd.Kernel) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if !s.model.prepared[k].Load() {
		return fmt.Errorf("%w: call Model.Prepare(%d)", ErrNotPrepared, k)
	}
	p, err := s.model.newPlan(c)
	if err != nil {
		return err
	}
	d, err := s.model.newDamage(&l)
	if err != nil {
		return err
	}
	if err := d.raise(&p); err != nil {
		return err
	}
	if err := checkCache(&s.model.Config, s.context, c.CacheSteps == 0); err != nil {
		return err
	}
	if n > 0 && (c.CacheSteps == 0) != (s.coding.CacheSteps == 0) {
		return fmt.Errorf("%w: keys and values of %d tokens are kept as floats or as spikes, "+
			"and cannot change", ErrBadRequest, n)
	}
	s.Truncate(n)
	s.damaged = s.model.dropPlanes(&l, &s.damage.asked, s.damaged, k)
	s.coding, s.kernel, s.plan, s.damage = c, k, p, d
	return nil
}

// makeRoom has memory for the keys and values of so many positions, at most the context, as the
// coding keeps them.
func (s *State) makeRoom(positions int) { s.cache.grow(positions, s.plan.cache == nil) }

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
