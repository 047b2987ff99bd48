package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// kept gives random codes from rest with thresholds, extremes among them.
func kept(r *rand.Rand, positions, dim int) (codes []int8, thresholds []float32) {
	const largest = StepLevels * MaxSteps
	codes, thresholds = make([]int8, positions*dim+ValuesSpare), randomFloats(r, positions, 1e-2)
	for i := range codes {
		codes[i] = int8(r.IntN(2*largest+1) - largest)
	}
	// The first value and the last have nothing but the largest codes.
	for d := range dim {
		codes[d], codes[positions*dim-1-d] = largest, -largest
	}
	thresholds[r.IntN(positions)] = 0
	return codes, thresholds
}

// inBlocks cuts codes [positions*dim] and their spare ones into blocks of one or more spans of
// keys.
func inBlocks(r *rand.Rand, codes []int8, dim int) (blocks [][]int8) {
	for codes := codes[:len(codes)-ValuesSpare]; len(codes) > 0; {
		n := min((1+r.IntN(4))*KeySpan*dim, len(codes))
		// What follows the last value of a block is not the next one's.
		blocks = append(blocks, append(slices.Clone(codes[:n]), make([]int8, ValuesSpare)...))
		codes = codes[n:]
	}
	return blocks
}

// attentionLengths are numbers of positions around whole vectors, spans of keys and spans of
// values.
var attentionLengths = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 19, 64, 65, 66, 67}

// TestAttentionEqualsReference compares both walks over the cache with the plain references, for
// every number of heads that takes another way through them, and looks at what follows the
// destinations.
func TestAttentionEqualsReference(t *testing.T) {
	const canary = 12345
	r := rand.New(rand.NewPCG(15, 16))
	for _, dim := range []int{32, 64, 96, 128, 160} {
		for heads := 1; heads <= 7; heads++ {
			for _, positions := range attentionLengths {
				context := WholeSpans(positions + r.IntN(5))
				a, plain := NewAttention(heads, dim, context), NewAttention(heads, dim, context)
				for i := range a.scores {
					a.scores[i], plain.scores[i] = canary, canary
				}
				q := randomFloats(r, heads*dim, 1)
				keys, thresholds := kept(r, context, dim)
				if positions%2 == 0 {
					// The largest codes everywhere, so that sums reach their limits.
					for i := range q {
						q[i] = 1
					}
					PlaceKey(keys, 0, slices.Repeat([]int8{StepLevels * MaxSteps}, dim))
					PlaceKey(keys, positions-1, slices.Repeat([]int8{-StepLevels * MaxSteps}, dim))
				}
				// In blocks of other sizes every time, of which the last may not be needed.
				blocks := inBlocks(r, keys, dim)
				if !a.Score(q, blocks, thresholds, positions, 0.125) {
					t.Fatal("finite queries were refused")
				}
				for h := range heads {
					plain.scales[h], _ = codeQueryGeneric(plain.queries[h*dim:][:dim], q[h*dim:][:dim])
					plain.scoreGeneric(h, [][]int8{keys}, thresholds, positions, 0.125)
				}
				for h := range heads {
					// After the positions only the last span may have been touched.
					got, want := a.Row(h), plain.Row(h)
					if last := WholeSpans(positions); !sameBits(got[:positions], want[:positions]) ||
						!sameBits(got[last:], want[last:]) {
						t.Fatalf("scores of %d heads of %d over %d positions: head %d: %v, want %v", heads, dim,
							positions, h, got, want)
					}
				}
				out, want := slices.Repeat([]float32{canary}, heads*dim+1),
					slices.Repeat([]float32{canary}, heads*dim+1)
				listed, finite := a.Values(out[:heads*dim], blocks, thresholds, positions)
				if !finite {
					t.Fatal("finite scores were refused")
				}
				n := 0
				for j := range positions {
					if wanted(plain, j, positions) {
						n++
					}
				}
				for h := range heads {
					plain.scales[h] = 1 / exponentiate(plain.Row(h)[:positions])
				}
				plain.listGeneric(thresholds[:positions], 0, 0)
				for h := range heads {
					plain.valuesGeneric(h, want[h*dim:][:dim], [][]int8{keys}, plain.listed[:n])
				}
				if len(listed) != n || !slices.Equal(listed, plain.listed[:n]) {
					t.Fatalf("listed %v, want %d: %v", listed, n, plain.listed)
				}
				if !sameBits(out, want) {
					t.Fatalf("values of %d heads of %d over %d positions: %v, want %v", heads, dim, positions,
						out, want)
				}
			}
		}
	}
}

// wanted says from the scores, before softmax, whether a position is to be listed.
func wanted(a *Attention, j, positions int) bool {
	for h := range a.heads {
		row := a.Row(h)[:positions]
		if Exp32(row[j]-slices.Max(row)) >= leastShare {
			return true
		}
	}
	return false
}

// TestListEqualsReference: the vector code lists what the reference does and leaves the same
// weights, wanted or not.
func TestListEqualsReference(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	for range 500 {
		positions := 1 + r.IntN(70)
		a, b := NewAttention(3, 32, WholeSpans(positions)), NewAttention(3, 32, WholeSpans(positions))
		for i := range a.scores {
			a.scores[i] = float32(math.Exp(-12 * r.Float64()))
			if r.IntN(8) == 0 {
				a.scores[i] = leastShare
			}
		}
		copy(b.scores, a.scores)
		for h := range 3 {
			a.scales[h] = r.Float32()
		}
		copy(b.scales, a.scales)
		thresholds := randomFloats(r, positions, 1)
		n, m := a.list(thresholds), b.listGeneric(thresholds, 0, 0)
		if m != n || !slices.Equal(a.listed[:n], b.listed[:m]) || !sameBits(a.scores, b.scores) {
			t.Fatalf("listed %v with weights %v, want %v with %v", a.listed[:n], a.scores, b.listed[:m],
				b.scores)
		}
	}
}

// TestAttentionIsSoftmaxAttention compares scores and sums with the formula in float64: as exact as
// 7 bits of a query allow.
func TestAttentionIsSoftmaxAttention(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	const heads, dim, positions = 3, 64, 208
	a := NewAttention(heads, dim, positions)
	q, keys, values := randomFloats(r, heads*dim, 1), make([]int8, positions*dim),
		make([]int8, positions*dim+ValuesSpare)
	kt, vt := make([]float32, positions), make([]float32, positions)
	placed := make([]int8, positions*dim)
	for j := range positions {
		kt[j], _, _ = Keep(keys[j*dim:][:dim], randomFloats(r, dim, 1), 4)
		PlaceKey(placed, j, keys[j*dim:][:dim])
		vt[j], _, _ = Keep(values[j*dim:][:dim], randomFloats(r, dim, 1), 4)
	}
	a.Score(q, [][]int8{placed}, kt, positions, 0.125)
	out := make([]float32, heads*dim)
	scores := slices.Clone(a.scores)
	a.Values(out, [][]int8{values}, vt, positions)
	for h := range heads {
		want, sum := make([]float64, dim), 0.0
		for j := range positions {
			score := 0.0
			for d := range dim {
				score += float64(q[h*dim+d]) * float64(keys[j*dim+d]) * float64(kt[j])
			}
			if got := float64(scores[h*positions+j]); math.Abs(got-score/8) > 0.05 {
				t.Fatalf("score %v, want %v", got, score/8)
			}
			e := math.Exp(float64(scores[h*positions+j]))
			sum += e
			for d := range dim {
				want[d] += e * float64(values[j*dim+d]) * float64(vt[j])
			}
		}
		for d := range dim {
			if math.Abs(float64(out[h*dim+d])-want[d]/sum) > 2e-3 {
				t.Fatalf("head %d, dimension %d: %v, want %v", h, d, out[h*dim+d], want[d]/sum)
			}
		}
	}
}

// TestScoresThatOverflow: scores that are not finite are told, and give no values.
func TestScoresThatOverflow(t *testing.T) {
	for _, heads := range []int{1, 3, 4} {
		a := NewAttention(heads, 32, KeySpan)
		q, keys, thresholds := make([]float32, 32*heads), make([]int8, KeySpan*32+ValuesSpare),
			slices.Repeat([]float32{1e30}, KeySpan)
		for i := range q {
			q[i] = 3e30
		}
		for i := range keys {
			keys[i] = int8(1 + i%2)
		}
		blocks := [][]int8{keys}
		a.Score(q, blocks, thresholds, 4, 1)
		if _, finite := a.Values(make([]float32, 32*heads), blocks, thresholds, 4); finite {
			t.Errorf("%d heads: scores %v were taken", heads, a.scores)
		}
	}
}

func TestQueriesThatAreNotFinite(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, bad := range []float32{inf, -inf, nan, float32(math.Copysign(float64(nan), -1))} {
		for at := range 32 {
			q := randomFloats(rand.New(rand.NewPCG(1, 2)), 32, 1)
			q[at] = bad
			if _, finite := codeQuery(make([]int16, 32), q); finite {
				t.Errorf("codeQuery took %v at %d", bad, at)
			}
			if _, finite := codeQueryGeneric(make([]int16, 32), q); finite {
				t.Errorf("codeQueryGeneric took %v at %d", bad, at)
			}
			if _, _, finite := Keep(make([]int8, 32), q, 4); finite {
				t.Errorf("Keep took %v at %d", bad, at)
			}
		}
	}
}

// TestQueryEqualsReference takes every size and scale of queries, zero and subnormal ones among
// them.
func TestQueryEqualsReference(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	for n := 32; n <= 256; n += 32 {
		for _, scale := range []float64{0, 1e-45, 1e-39, 1e-8, 1, 1e30, 3e38} {
			q, all, want := randomFloats(r, n, scale), slices.Repeat([]int16{99}, n+8), make([]int16, n)
			codes := all[:n]
			threshold, ok := codeQuery(codes, q)
			if slices.ContainsFunc(all[n:], func(c int16) bool { return c != 99 }) {
				t.Fatalf("%d codes: wrote after them: %v", n, all)
			}
			wantThreshold, wantOK := codeQueryGeneric(want, q)
			if math.Float32bits(threshold) != math.Float32bits(wantThreshold) || ok != wantOK ||
				ok && !slices.Equal(codes, want) {
				t.Fatalf("%v: %v of %v, want %v of %v", q, codes, threshold, want, wantThreshold)
			}
		}
	}
}

// TestKeep: codes lie in their range, are what encode's neurons have from rest, and give the value
// back to half a threshold.
func TestKeep(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for steps := 1; steps <= MaxSteps; steps++ {
		for _, scale := range []float64{0, 1e-29, 1e-6, 1, 3e4, 1e30} {
			for n := 32; n <= 1024; n += 32 {
				x := randomFloats(r, n, scale)
				if r.IntN(3) == 0 {
					for i := range x {
						x[i] = max(x[i], -x[i])
					}
				}
				all, want := slices.Repeat([]int8{99}, n+16), make([]int8, n)
				codes := all[:n]
				threshold, rest, finite := Keep(codes, x, steps)
				if !finite {
					t.Fatalf("%v is not finite?", x)
				}
				if slices.Index(all, 99) != n ||
					slices.ContainsFunc(all[n:], func(c int8) bool { return c != 99 }) {
					t.Fatalf("%d codes: wrote after them: %v", n, all)
				}
				keepGeneric(want, x, threshold, float32(rest), float32(StepLevels*steps))
				if !slices.Equal(codes, want) {
					t.Fatalf("%v is kept as %v, want %v", x, codes, want)
				}
				for i, v := range x {
					if q := int(codes[i]) + rest; q < 0 || q > StepLevels*steps {
						t.Fatalf("code %d with rest %d at %d steps", codes[i], rest, steps)
					}
					// The rest level is rounded too, so that an end of the range may be cut by half a threshold.
					got := float64(threshold) * float64(codes[i])
					if math.Abs(got-float64(v)) > 1.003*float64(threshold) {
						t.Fatalf("entry %d of %d: %v is kept as %v, threshold %v", i, n, v, got, threshold)
					}
				}
				if n == groupCols {
					s := NewSpikes(n)
					s.Encode(x, []uint8{uint8(steps)})
					for i, q := range s.Code {
						if int(q)-int(s.Rest[0]) != int(codes[i]) {
							t.Fatalf("neuron %d has %d from rest, kept is %d", i, int(q)-int(s.Rest[0]), codes[i])
						}
					}
					var counts, wantCounts Counts
					CountKept(&counts, codes, rest, steps)
					s.Count(&wantCounts)
					if counts != wantCounts {
						t.Fatalf("counted %+v, want %+v", counts, wantCounts)
					}
				}
				var counts, wantCounts Counts
				CountKept(&counts, codes, rest, steps)
				for _, k := range codes {
					wantCounts.neuron(int(k), int(k)+rest)
					wantCounts.Executed += uint32(ones[int(k)+rest])
				}
				wantCounts.Steps = counts.Steps
				wantCounts.Bits, wantCounts.BitsUnrolled = counts.Bits, counts.BitsUnrolled
				if counts != wantCounts || KeptSpikes(codes) != counts.Spikes ||
					keptSpikesGeneric(codes) != counts.Spikes {
					t.Fatalf("counted %+v, want %+v", counts, wantCounts)
				}
			}
		}
	}
}

// TestHadamard: the vector code gives the bits of the reference, and the matrix is orthogonal and
// its own inverse.
func TestHadamard(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	for n := 4; n <= 1024; n += 4 {
		x, y := randomFloats(r, n, 1), randomFloats(r, n, 1)
		turned, want := slices.Clone(x), slices.Clone(x)
		Hadamard(turned)
		for block, size := want, n&-n; len(block) > 0; block = block[size:] {
			hadamardGeneric(block[:size], float32(1/math.Sqrt(float64(size/4))))
		}
		if !sameBits(turned, want) {
			t.Fatalf("%d values: %v, want %v", n, turned, want)
		}
		other := slices.Clone(y)
		Hadamard(other)
		dot, turnedDot := 0.0, 0.0
		for i := range x {
			dot += float64(x[i]) * float64(y[i])
			turnedDot += float64(turned[i]) * float64(other[i])
		}
		Hadamard(turned)
		for i := range x {
			if math.Abs(float64(turned[i]-x[i])) > 1e-5 {
				t.Fatalf("%d values, turned twice: entry %d is %v, want %v", n, i, turned[i], x[i])
			}
		}
		if math.Abs(dot-turnedDot) > 1e-4 {
			t.Fatalf("%d values: dot product %v, turned %v", n, dot, turnedDot)
		}
	}
}
