package core

import "github.com/spikechat/spikechat/core/simd"

// Counts is what the neurons of one population did for one token, or for several summed.
type Counts = simd.Counts

// Counting says of which tokens of a pass the spikes are counted.
type Counting uint8

const (
	CountLast Counting = iota // of the last one
	CountAll                  // of all, summed
	CountNone
)
