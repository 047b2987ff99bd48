package simd

import "unsafe"

// Counts is what the neurons of one input did for one token, or for several summed. k = q - z is a
// neuron's code from rest, in its own levels. Every number is counted from the codes that the
// kernels really used.
//
// From rest a neuron of k = 0 is silent and |k| fires; executed means that q fires, the rest level
// included. Unrolled spikes are those of T steps of 4-bit graded spikes, merged ones are the bits
// of the whole code.
type Counts struct {
	// Graded is the graded spikes of each time step, from rest: neurons with |k| > 15 (t-1) in step
	// t. So the first is the number of neurons away from rest.
	Graded [MaxSteps]uint32
	Spikes uint32 // binary spikes, from rest, unrolled
	Merged uint32 // binary spikes, from rest, merged
	Levels uint32 // Σ |k|

	ExecutedUnrolled uint32 // binary spikes, executed, unrolled
	// Executed is binary spikes, executed, merged: ones in the planes that the popcount kernel adds.
	Executed uint32

	Steps uint32 // Σ T of the neurons

	// Bits is what the codes take as they are kept: merged, with the threshold and rest level of
	// each range.
	Bits uint32
	// BitsUnrolled is the same with 4 bits a step.
	BitsUnrolled uint32
}

// Fields gives all numbers of the counts, to be summed: each is one of 32 bits.
func Fields(counts []Counts) []uint32 {
	const fields = int(unsafe.Sizeof(Counts{}) / 4)
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(counts))), fields*len(counts))
}

// Add adds what o counts.
func (c *Counts) Add(o *Counts) {
	for t := range c.Graded {
		c.Graded[t] += o.Graded[t]
	}
	c.Spikes += o.Spikes
	c.Merged += o.Merged
	c.Levels += o.Levels
	c.ExecutedUnrolled += o.ExecutedUnrolled
	c.Executed += o.Executed
	c.Steps += o.Steps
	c.Bits += o.Bits
	c.BitsUnrolled += o.BitsUnrolled
}

// Count adds the spikes of the token to c.
func (s *Spikes) Count(c *Counts) {
	s.countBits(c)
	if s.neuron != nil {
		s.countMixed(c)
		return
	}
	count(s.Code, s.Rest, c)
}

// countMixed adds the spikes of neurons that differ inside their groups.
func (s *Spikes) countMixed(c *Counts) {
	for g := range s.Groups() {
		classes, n := s.classes(g)
		for _, class := range classes[:n] {
			for j, k := range s.distances(g, class) {
				if class.mask>>j&1 != 0 {
					c.neuron(int(k), int(k+class.rest))
				}
			}
		}
	}
	for _, q := range s.Code {
		c.Executed += uint32(ones[q])
	}
}

// neuron adds all but Executed of one neuron.
func (c *Counts) neuron(k, q int) {
	if k < 0 {
		k = -k
	}
	for t := range c.Graded {
		if k > StepLevels*t {
			c.Graded[t]++
		}
	}
	c.Spikes += uint32(binarySpikes[k])
	c.Merged += uint32(ones[k])
	c.Levels += uint32(k)
	c.ExecutedUnrolled += uint32(binarySpikes[q])
}

// binarySpikes gives the binary spikes of a potential run through its steps: 15 fires four ones,
// the remainder its bits.
var binarySpikes = func() (t [StepLevels*MaxSteps + 1]uint8) {
	for v := range t {
		t[v] = uint8(v/StepLevels*4) + ones[v%StepLevels]
	}
	return t
}()

// Bits of a threshold (float32) and of a graded spike.
const (
	thresholdBits = 32
	stepBits      = 4
)

// codeBits are those of a merged code or rest level of 15 T + 1 values, for T up to MaxSteps.
var codeBits = [...]uint32{0, 4, 5, 6, 6}

const _ = uint(MaxSteps+1-len(codeBits)) + uint(len(codeBits)-MaxSteps-1)

// countBits adds what does not depend on the activations.
func (s *Spikes) countBits(c *Counts) {
	for g, top := range s.Steps {
		steps, bits := groupCols*uint32(top), groupCols*codeBits[top]
		if s.neuron != nil {
			steps, bits = 0, 0
			for _, t := range s.neuron[g*groupCols:][:groupCols] {
				steps += uint32(t)
				bits += codeBits[t]
			}
		}
		unrolled := stepBits * steps
		if g == 0 || !s.oneRange {
			// The rest level of other neurons of the range follows from the finest one's.
			bits += thresholdBits + codeBits[top]
			unrolled += thresholdBits + codeBits[top]
		}
		c.Steps += steps
		c.Bits += bits
		c.BitsUnrolled += unrolled
	}
}
