package core

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/simd"
)

// cloneCache copies what a cache holds.
func cloneCache(c *kvCache) kvCache {
	half := func(h cacheHalf) cacheHalf {
		h.codes, h.thresholds = slices.Clone(h.codes), slices.Clone(h.thresholds)
		h.spikes, h.exact = slices.Clone(h.spikes), slices.Clone(h.exact)
		return h
	}
	return kvCache{half(c.keys), half(c.values)}
}

// checkReplay asks for everything of a session between two answers: nothing of its cache changes,
// the spikes are those that the token's counts were, and the next answer is a fresh session's.
func checkReplay(t *testing.T, m *Model, r Request, places []Place) {
	t.Helper()
	s := newSession(t, m, 512)
	first := complete(t, s, r, 0)
	kept, position := cloneCache(&s.state.cache), s.state.Position()
	if len(s.Tokens()) != position || position < first.prompt.Tokens {
		t.Fatalf("%d tokens at position %d", len(s.Tokens()), position)
	}
	for _, at := range places {
		seen := 0
		neurons := m.Config.Neurons(at.Population)
		for p := 0; p < position; {
			next, err := s.Replay(at, p, 7, func(p int, x []float32, spikes *simd.Spikes) {
				if p != seen || len(x) != neurons || spikes.Cols() != neurons {
					t.Fatalf("%+v: position %d with %d activations, want %d", at, p, len(x), seen)
				}
				seen++
				var counts Counts
				spikes.Count(&counts)
				// The pass over position p predicted the token after it.
				if token := p + 1 - first.prompt.Tokens; token >= 0 {
					input := at.Layer*coding.Populations + int(at.Population)
					all := m.Config.Layers * coding.Populations
					if counts != first.counts[token*all+input] {
						t.Errorf("%+v, position %d: %+v, the answer counted %+v", at, p, counts,
							first.counts[token*all+input])
					}
				}
				for j := range neurons {
					n := spikes.Neuron(j)
					if spikes.Steps[j/32] == 4 && r.Lesions.None() && math.Abs(float64(n.Value()-x[j])) >
						0.51*float64(n.Threshold) {
						t.Errorf("%+v, neuron %d: %v is coded as %v", at, j, x[j], n.Value())
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			p = next
		}
		if seen != position {
			t.Errorf("%+v: %d positions seen of %d", at, seen, position)
		}
	}
	if !sameCache(&s.state.cache, &kept) || s.state.Position() != position ||
		s.state.Probe != nil {
		t.Error("a replay changes the cache")
	}
	r.Messages = append(r.Messages, ask("", first.text, "And then?").Messages[1:]...)
	next, fresh := complete(t, s, r, 0), complete(t, newSession(t, m, 512), r, 0)
	if !sameAnswer(next, fresh) || next.prompt.Cached == 0 {
		t.Errorf("after the replay %+v, a fresh session gives %+v", next, fresh)
	}
}

// TestReplayChangesNothing, for every place of the tiny model and ways to code.
func TestReplayChangesNothing(t *testing.T) {
	m := tinyModel(t)
	var places []Place
	for l := range m.Config.Layers {
		for p := range coding.Population(coding.Populations) {
			places = append(places, Place{l, p})
		}
	}
	for _, kernel := range kernels {
		for _, c := range []coding.Coding{
			ask().Coding,
			{Steps: 2, OneRange: true, Select: coding.Selection{By: coding.AtRandom, Share: 0.1, Low: 1,
				Neurons: true}, OutputSteps: 4},
		} {
			r := ask("Hello!")
			r.Coding, r.Kernel, r.MaxTokens = c, kernel, 6
			checkReplay(t, m, r, places)
		}
	}
	r := ask("Hello!")
	r.Lesions = lesionCases(m)["all together"]
	checkReplay(t, m, r, places)
}

// TestReplayOfTheRealModel reads the last tokens of a prompt again, at some places.
func TestReplayOfTheRealModel(t *testing.T) {
	s := newSession(t, realModel(t), 128)
	begin(t, s, ask("What is a neuron?"))
	prefill(t, s)
	want := slices.Clone(s.Logits())
	s.End()
	n := len(s.Tokens())
	kept := cloneCache(&s.state.cache)
	for _, at := range []Place{{29, coding.GateUp}, {17, coding.Down}, {0, coding.QKV}} {
		sum, seen := 0, 0
		next, err := s.Replay(at, n-2, 2, func(_ int, x []float32, spikes *simd.Spikes) {
			for j := range x {
				n := spikes.Neuron(j)
				_, fired := n.Trace(nil, nil)
				for _, spike := range fired {
					sum += int(spike)
				}
				sum -= int(spikes.Code[j])
				seen++
			}
		})
		if err != nil || next != n || sum != 0 || seen != 2*s.Neurons(at.Population) {
			t.Errorf("%+v: %d neurons to position %d, %v; spikes are %d more than codes", at, seen,
				next, err, sum)
		}
	}
	if got, err := s.ReplayLogits(n); err != nil || !sameBits(got, want) {
		t.Errorf("the last token's logits differ: %v", err)
	}
	if !sameCache(&s.state.cache, &kept) {
		t.Error("a replay changes the cache")
	}
}

// TestReplayLogits: of each token the logits that it was sampled from, in any order.
func TestReplayLogits(t *testing.T) {
	m := tinyModel(t)
	for _, kernel := range kernels {
		r := ask("Hello!")
		r.Kernel = kernel
		s := newSession(t, m, 512)
		prompt := begin(t, s, r)
		prefill(t, s)
		var want [][]float32
		var token Token
		for token.Finish == Running {
			want = append(want, slices.Clone(s.Logits()))
			if err := s.Next(&token); err != nil {
				t.Fatal(err)
			}
		}
		kept := cloneCache(&s.state.cache)
		for i := len(want) - 1; i >= 0; i-- {
			got, err := s.ReplayLogits(prompt.Tokens + i)
			if err != nil || !sameBits(got, want[i]) {
				t.Fatalf("kernel %d: logits of token %d differ: %v", kernel, i, err)
			}
		}
		if !sameCache(&s.state.cache, &kept) {
			t.Errorf("kernel %d: a replay changes the cache", kernel)
		}
	}
}

// TestReplayLogprobs: of each token what the answer told with it, the one that ended it included.
func TestReplayLogprobs(t *testing.T) {
	m := tinyModel(t)
	const top = 3
	r := ask("Hello!")
	r.MaxTokens, r.Logprobs, r.TopLogprobs = 6, true, top
	s := newSession(t, m, 512)
	if _, err := s.ReplayLogprobs(0, top); !errors.Is(err, ErrBadRequest) {
		t.Errorf("before any answer: %v", err)
	}
	prompt := begin(t, s, r)
	prefill(t, s)
	type told struct {
		id    int32
		value float32
		top   string
	}
	var want []told
	of := func(l *TokenLogprob) told { return told{l.ID, l.Value, fmt.Sprint(l.Top)} }
	var token Token
	for token.Finish == Running {
		if err := s.Next(&token); err != nil {
			t.Fatal(err)
		}
		for i := range token.Logprobs {
			want = append(want, of(&token.Logprobs[i]))
		}
	}
	if len(want) != r.MaxTokens {
		t.Fatalf("%d logprobs of %d tokens: the prompt is not fit for this test", len(want),
			r.MaxTokens)
	}
	for i, w := range want {
		got, err := s.ReplayLogprobs(prompt.Tokens+i, top)
		if err != nil || of(&got) != w {
			t.Errorf("token %d: %+v, %v, want %+v", i, got, err, w)
		}
	}
	for _, position := range []int{-1, 0, len(s.Tokens()) + 1} {
		if _, err := s.ReplayLogprobs(position, top); !errors.Is(err, ErrBadRequest) {
			t.Errorf("position %d: %v", position, err)
		}
	}
	if _, err := s.ReplayLogprobs(1, sample.MaxTopLogprobs+1); !errors.Is(err, ErrBadRequest) {
		t.Errorf("too many alternatives: %v", err)
	}
	// Stopped early, no token is behind the last one.
	begin(t, s, r)
	prefill(t, s)
	s.End()
	if _, err := s.ReplayLogprobs(len(s.Tokens()), top); !errors.Is(err, ErrBadRequest) {
		t.Errorf("after a stop: %v", err)
	}
}

func TestReplayIsRefused(t *testing.T) {
	m := tinyModel(t)
	s := newSession(t, m, 512)
	see := func(int, []float32, *simd.Spikes) {}
	refused := func(what string, at Place, position int, words string) {
		t.Helper()
		_, err := s.Replay(at, position, 1, see)
		if !errors.Is(err, ErrBadRequest) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %q", what, err, words)
		}
	}
	refused("before any answer", Place{}, 0, "has 0 tokens")
	r := ask("Hello!")
	begin(t, s, r)
	refused("while answering", Place{}, 0, "under way")
	if _, err := s.ReplayLogits(1); !errors.Is(err, ErrBadRequest) {
		t.Errorf("logits while answering: %v", err)
	}
	prefill(t, s)
	s.End()
	n := len(s.Tokens())
	refused("position", Place{}, n, "position")
	refused("position", Place{}, -1, "position")
	refused("layer", Place{Layer: m.Config.Layers}, 0, "layer")
	refused("layer", Place{Layer: -1}, 0, "layer")
	refused("population", Place{Population: coding.Populations}, 0, "population")
	for _, position := range []int{0, n + 1, math.MinInt} {
		if _, err := s.ReplayLogits(position); !errors.Is(err, ErrBadRequest) {
			t.Errorf("logits at %d: %v", position, err)
		}
	}
	if _, err := s.ReplayLogits(n); err != nil {
		t.Error(err)
	}
	r.Coding = coding.Coding{}
	complete(t, s, r, 2)
	s.End()
	refused("the float mode", Place{}, 0, "without neurons")
}

// TestTextOfTokens: the pieces make up the conversation.
func TestTextOfTokens(t *testing.T) {
	m := tinyModel(t)
	s := newSession(t, m, 512)
	r := ask("Grüße 🙂 an alle!")
	begin(t, s, r)
	prefill(t, s)
	s.End()
	var pieces, whole []byte
	for p, id := range s.Tokens() {
		pieces = s.Text(pieces, p)
		whole = append(whole, m.Tokenizer.Bytes(id)...)
	}
	if string(pieces) != string(whole) || !strings.Contains(string(pieces), "Grüße 🙂") {
		t.Errorf("%q, want %q", pieces, whole)
	}
}
