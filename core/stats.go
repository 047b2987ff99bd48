package core

import "github.com/spikechat/spikechat/core/simd"

// Counts is what the neurons of one population did for one token, or for several summed.
type Counts = simd.Counts

// LookBack is what all heads of all layers did to look back from one token, or from several summed.
type LookBack struct {
	Spikes     uint64 // binary spikes, from rest and unrolled, of the keys and values that were kept
	Operations uint64 // synaptic operations: spikes of the cache times the query heads they reached
	Dense      uint64 // multiply-adds without spikes: for keys and for values, positions times headDim times heads
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
