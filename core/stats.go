package core

import (
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/team"
)

// Counts is what the neurons of one population did for one token, or for several summed.
type Counts = simd.Counts

// LookBack is what all heads of all layers did to look back from one token, or from several summed.
type LookBack struct {
	// Spikes are the binary ones, from rest and unrolled, of the keys and values that were kept.
	Spikes     uint64
	Operations uint64 // synaptic operations: spikes of the cache times the query heads they reached
	// Dense is the multiply-adds without spikes: for keys and for values, positions times headDim
	// times heads.
	Dense uint64
}

// Add adds what o counts.
func (l *LookBack) Add(o LookBack) {
	l.Spikes += o.Spikes
	l.Operations += o.Operations
	l.Dense += o.Dense
}

// Counting says of which tokens of a pass the spikes are counted.
type Counting uint8

const (
	CountLast Counting = iota // of the last one
	CountAll                  // of all, summed
	CountNone
)

// tally is what is counted in one pass.
type tally struct {
	counting    Counting
	counts      []Counts // [layers*Populations + 1], the last for the output
	weightBytes []int    // likewise
	cacheCounts []Counts // [layers*2]: keys, values
	lookBack    LookBack // its Spikes are in cacheCounts
	words       []uint64 // for sum
}

func newTally(layers int) tally {
	inputs := layers*coding.Populations + 1
	cache := make([]Counts, 2*layers)
	return tally{
		counts:      make([]Counts, inputs),
		weightBytes: make([]int, inputs),
		cacheCounts: cache,
		words:       make([]uint64, len(simd.Fields(cache))+2),
	}
}

// begin clears it for a pass.
func (t *tally) begin(counting Counting) {
	t.counting = counting
	clear(t.counts)
	clear(t.weightBytes)
	clear(t.cacheCounts)
	t.lookBack = LookBack{}
}

// sum adds what the members of a team counted of their heads. All else each counts whole.
func (t *tally) sum(e *team.Exchange) error {
	if e.Alone() || t.counting == CountNone {
		return nil
	}
	fields := simd.Fields(t.cacheCounts)
	for i, count := range fields {
		t.words[i] = uint64(count)
	}
	operations, dense := &t.words[len(fields)], &t.words[len(fields)+1]
	*operations, *dense = t.lookBack.Operations, t.lookBack.Dense
	if err := e.Sum(t.words); err != nil {
		return err
	}
	for i := range fields {
		fields[i] = uint32(t.words[i])
	}
	t.lookBack.Operations, t.lookBack.Dense = *operations, *dense
	return nil
}

// output is where the output's input is counted.
func (t *tally) output() int { return len(t.counts) - 1 }

// counted reports whether token t of a pass of n is counted.
func (t *tally) counted(token, n int) bool {
	return t.counting == CountAll || t.counting == CountLast && token == n-1
}

// add counts what the spikes of a pass's tokens did at one input, and the weights that were read
// for them.
func (t *tally) add(input int, spikes []*simd.Spikes, weightBytes int) {
	if t.counting == CountNone {
		return
	}
	t.weightBytes[input] += weightBytes
	if t.counting == CountLast && len(spikes) > 0 {
		spikes = spikes[len(spikes)-1:]
	}
	for _, token := range spikes {
		token.Count(&t.counts[input])
	}
}

// addLookBack counts the synaptic operations of the heads that share one key and value head: every
// spike of the keys reaches each of them, and every spike of the values that were listed.
// valueSpikes [positions] are those of each position's value.
func (t *tally) addLookBack(
	shared, dim, positions int, keySpikes uint32, listed []int32, valueSpikes []uint32,
) {
	sum := uint64(keySpikes)
	for _, j := range listed {
		sum += uint64(valueSpikes[j])
	}
	t.lookBack.Operations += uint64(shared) * sum
	t.lookBack.Dense += 2 * uint64(shared) * uint64(dim) * uint64(positions)
}

// Counts gives the spikes of the last pass, for each layer and population; the slice is overwritten
// by the next pass.
func (s *State) Counts() []Counts { return s.tally.counts[:s.tally.output()] }

// OutputCounts gives the same for the neurons at the output's input: none where it stays float.
func (s *State) OutputCounts() *Counts { return &s.tally.counts[s.tally.output()] }

// CacheCounts gives what the neurons that keep keys and values did: keys and values of each layer
// in turn.
func (s *State) CacheCounts() []Counts { return s.tally.cacheCounts }

// LookBack gives what looking back took, of all layers.
func (s *State) LookBack() LookBack {
	l := s.tally.lookBack
	for i := range s.tally.cacheCounts {
		l.Spikes += uint64(s.tally.cacheCounts[i].Spikes)
	}
	return l
}

// WeightBytes gives what the kernels read of planes, scales and offsets in the last pass, for each
// layer and population and last for the output: everything once a token, or once a batch of a
// prompt.
func (s *State) WeightBytes() []int { return s.tally.weightBytes }
