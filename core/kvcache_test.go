package core

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
)

// TestCacheGrows: memory for keys and values comes with the tokens, a block at a time, and what is
// there is neither moved nor made again.
func TestCacheGrows(t *testing.T) {
	for _, c := range []coding.Coding{{}, {Steps: 4, CacheSteps: 4}} {
		s := newLongState(t, 2*cacheBlock+10, c)
		tokens := randomTokens(11, s.Context())
		blocks := func() int {
			half := &s.cache.values
			if c.CacheSteps == 0 {
				if len(half.codes) > 0 {
					t.Fatalf("%+v: memory for codes, which are not kept", c)
				}
				return len(half.exact)
			}
			if len(half.exact) > 0 {
				t.Fatalf("%+v: memory for floats, which are not kept", c)
			}
			return len(half.codes)
		}
		if n := blocks(); n != 0 {
			t.Errorf("%+v: %d blocks for no token", c, n)
		}
		for s.Position() < s.Context() {
			n := min(s.batch, s.Context()-s.Position())
			forward(t, s, tokens[s.Position():][:n])
			if got, want := blocks(), (s.Position()+cacheBlock-1)/cacheBlock; got != want {
				t.Fatalf("%+v: %d blocks for %d tokens, want %d", c, got, s.Position(), want)
			}
		}
		s.Truncate(cacheBlock - 3)
		one := tokens[:1]
		if n := testing.AllocsPerRun(5, func() {
			if err := s.Forward(one, false); err != nil {
				t.Error(err)
			}
		}); n != 0 || blocks() != 3 {
			t.Errorf("%+v: %v allocations a token of a shorter conversation, %d blocks", c, n, blocks())
		}
	}
}

// TestAnswerBeginsWithItsMemory: what a prompt and its longest answer take is there before the
// first of its tokens is computed, and no token allocates then, also where one begins a block. An
// answer without a bound has the prompt's alone.
func TestAnswerBeginsWithItsMemory(t *testing.T) {
	for _, c := range []struct{ most, blocks int }{{0, 1}, {1, 1}, {cacheBlock, 2}, {1 << 40, 3}} {
		s := newSession(t, tinyModel(t), 2*cacheBlock+8)
		r := ask("Hello!")
		r.MaxTokens = c.most
		if p := begin(t, s, r); p.Tokens >= cacheBlock {
			t.Fatalf("a prompt of %d tokens", p.Tokens)
		}
		if n := len(s.state.cache.values.codes); n != c.blocks {
			t.Errorf("at most %d tokens: %d blocks, want %d", c.most, n, c.blocks)
		}
		if c.most < cacheBlock {
			continue
		}
		prefill(t, s)
		var token Token
		if n := testing.AllocsPerRun(cacheBlock-2, func() {
			for id := range int32(3) {
				s.Logits()[id] = -100 // no control token, so that the answer goes on
			}
			if err := s.Next(&token); err != nil || token.Finish != Running {
				t.Errorf("%+v, %v", token, err)
			}
		}); n != 0 || s.state.Position() <= cacheBlock {
			t.Errorf("%v allocations a token up to position %d", n, s.state.Position())
		}
	}
}

// TestAttentionFindsAllBlocks: a query that is a key of any block, the last and shorter one among
// them, gets that key's value.
func TestAttentionFindsAllBlocks(t *testing.T) {
	c := planes.Config{Layers: 2, Hidden: 32, Intermediate: 32, Heads: 9, KVHeads: 3, HeadDim: 64,
		Vocab: 1, Context: 1024, RopeBase: 10000}
	const context = 2*cacheBlock + 24
	for _, steps := range []int{0, 4} {
		s, err := NewState(bareModel(&c), context, 1)
		if err != nil {
			t.Fatal(err)
		}
		if steps > 0 {
			s.plan.cache = uniform(c.HeadCount(), steps)
		}
		s.cache.grow(context, steps == 0)
		r := rand.New(rand.NewPCG(5, 5))
		var keys, values [][]float32
		width := c.KVHeads * c.HeadDim
		q, out := make([]float32, c.Heads*c.HeadDim), make([]float32, c.Heads*c.HeadDim)
		for position := range context {
			keys, values = append(keys, randomFloats(r, width)), append(values, randomFloats(r, width))
			for layer := range c.Layers {
				k, v := randomFloats(r, width), randomFloats(r, width)
				if layer == 1 {
					copy(k, keys[position])
					copy(v, values[position])
				}
				for i := range q {
					// Of a position of another block, most often, so large that the softmax has
					// hardly anything for others.
					j := position * 3 / 7
					q[i] = 8 * keys[j][i/c.HeadDim/3*c.HeadDim+i%c.HeadDim]
				}
				if err := s.attendToken(layer, position, q, k, v, out, false); err != nil {
					t.Fatal(err)
				}
			}
			want := values[position*3/7]
			for i := range out {
				v := want[i/c.HeadDim/3*c.HeadDim+i%c.HeadDim]
				if math.Abs(float64(out[i]-v)) > 0.15 {
					t.Fatalf("T=%d, position %d: entry %d is %v, want %v", steps, position, i, out[i], v)
				}
			}
		}
	}
}

// newLongState is a State of the tiny model for more tokens than that was made for.
func newLongState(tb testing.TB, context int, c coding.Coding) *State {
	tb.Helper()
	m := ownTinyModel(tb)
	m.Config.Context = context
	s, err := NewState(m, context, 16)
	if err != nil {
		tb.Fatal(err)
	}
	setCoding(tb, s, c)
	return s
}

// TestConversationsOverBlocks: the blocks change no logits, however the tokens are cut into passes.
func TestConversationsOverBlocks(t *testing.T) {
	tokens, c := randomTokens(12, cacheBlock+40), coding.Coding{Steps: 4, CacheSteps: 4}
	whole, single := newLongState(t, 2*cacheBlock, c), newLongState(t, len(tokens), c)
	for at := 0; at < len(tokens); at += 8 {
		forward(t, whole, tokens[at:][:8])
	}
	for i := range tokens {
		forward(t, single, tokens[i:][:1])
	}
	if !sameBits(whole.Logits(0), single.Logits(0)) {
		t.Error("other logits with blocks of other sizes")
	}
}
