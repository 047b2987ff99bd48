package core

import (
	"math/bits"

	"github.com/spikechat/spikechat/core/simd"
)

// Counts is what the neurons of one population did for one token, or for several summed. k = q - z is a neuron's code
// from rest. Every number is counted from the codes that the kernels really used.
type Counts struct {
	Active   uint32 // neurons with k != 0
	Strong   uint32 // neurons with |k| > 15: more than one step's spike can carry
	Spikes   uint32 // binary spikes from rest: ones in the 4-bit graded spikes of |k| over its T steps
	Executed uint32 // ones in the binary planes of the merged code q, rest level included: what the popcount kernel adds
	Levels   uint32 // Σ |k|
}

// CountFields is the number of fields of Counts.
const CountFields = 5

// binarySpikes gives the binary spikes of a potential run through its steps: 15 fires four ones, the remainder its bits.
var binarySpikes = func() (t [simd.StepLevels*simd.MaxSteps + 1]uint8) {
	for v := range t {
		t[v] = uint8(v/simd.StepLevels*4 + bits.OnesCount8(uint8(v%simd.StepLevels)))
	}
	return t
}()

// Add counts the spikes of one token.
func (c *Counts) Add(s *simd.Spikes) {
	for g, rest := range s.Rest {
		for _, q := range s.Code[g*simd.GroupCols:][:simd.GroupCols] {
			k := int(q) - int(rest)
			if k < 0 {
				k = -k
			}
			if k > 0 {
				c.Active++
			}
			if k > simd.StepLevels {
				c.Strong++
			}
			c.Spikes += uint32(binarySpikes[k])
			c.Executed += uint32(bits.OnesCount8(q))
			c.Levels += uint32(k)
		}
	}
}

// Fields gives the counts in their stated order, for messages.
func (c *Counts) Fields() [CountFields]uint32 {
	return [CountFields]uint32{c.Active, c.Strong, c.Spikes, c.Executed, c.Levels}
}
