package simd

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// countPlainly runs every neuron through its steps and counts what it fires.
func countPlainly(s *Spikes, steps *StepPlan) (c Counts) {
	for j, code := range s.Code {
		g := j / groupCols
		own, unit, rest := int(s.Steps[g]), 1, int(s.Rest[g])
		if steps.Neuron != nil {
			own = int(steps.Neuron[j])
			unit = int(s.Steps[g]) / own
			rest = int(s.rests[g*MaxSteps+own-1])
		}
		k := (int(code) - int(s.Rest[g])) / unit
		q := rest + k
		if k < 0 {
			k = -k
		}
		c.Levels += uint32(k)
		c.Merged += uint32(bits.OnesCount(uint(k)))
		c.Executed += uint32(bits.OnesCount8(code))
		fire, executed := uint8(k), uint8(q)
		for t := range own {
			var spike uint8
			if spike, fire = Fire(fire); spike > 0 {
				c.Graded[t]++
			}
			c.Spikes += uint32(bits.OnesCount8(spike))
			spike, executed = Fire(executed)
			c.ExecutedUnrolled += uint32(bits.OnesCount8(spike))
		}
		c.Bits += uint32(bits.Len(uint(15 * own)))
		c.BitsUnrolled += uint32(4 * own)
		c.Steps += uint32(own)
	}
	for g, top := range s.Steps {
		if g == 0 || !steps.OneRange {
			c.Bits += uint32(32 + bits.Len(uint(15*int(top))))
			c.BitsUnrolled += uint32(32 + bits.Len(uint(15*int(top))))
		}
	}
	return c
}

func TestCountEqualsTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	for i := range 300 {
		cols := groupCols * (1 + i%23) // past the groups that are counted in bytes
		s, steps, _ := mixedSpikes(t, r, cols, 1)
		want := countPlainly(s, steps)
		got := Counts{Spikes: 5, Bits: 7}
		s.Count(&got)
		want.Spikes += 5
		want.Bits += 7
		if got != want {
			t.Fatalf("%d neurons, T by group %v, by neuron %v:\n got %+v\nwant %+v", cols, steps.Group,
				steps.Neuron, got, want)
		}
	}
}

// TestCountEveryCode compares the vector code with its reference for every code and rest level, the
// largest included.
func TestCountEveryCode(t *testing.T) {
	s := NewSpikes(groupCols * 16)
	for g := range s.Steps {
		s.Steps[g] = MaxSteps
	}
	for rest := range 61 {
		for first := range 61 {
			for j := range s.Code {
				s.Code[j] = uint8((first + j*(rest%3)) % 61)
			}
			for g := range s.Rest {
				s.Rest[g] = uint8(rest)
			}
			var got, want Counts
			count(s.Code, s.Rest, &got)
			if countGeneric(s.Code, s.Rest, &want); got != want {
				t.Fatalf("rest level %d, codes from %d: %+v, want %+v", rest, first, got, want)
			}
		}
	}
}

func BenchmarkCount(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, cols := range []int{576, 1536} {
		s := randomSpikes(b, r, cols, 4, 1)
		for name, f := range map[string]func(codes, rests []uint8, c *Counts){"count": count,
			"countGeneric": countGeneric} {
			b.Run(fmt.Sprintf("impl=%s/cols=%d", name, cols), func(b *testing.B) {
				var c Counts
				for b.Loop() {
					f(s.Code, s.Rest, &c)
				}
			})
		}
	}
}
