package core

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/simd"
)

// plainLogprob is log softmax by its definition.
func plainLogprob(logits []float32, id int32) float64 {
	highest, sum := float64(slices.Max(logits)), 0.0
	for _, x := range logits {
		sum += math.Exp(float64(x) - highest)
	}
	return float64(logits[id]) - highest - math.Log(sum)
}

// TestLogprobsChangeNothing: with logprobs asked for, an answer has the tokens, the text and the
// counts that it has without, whatever the kernel and the sampler. The logprobs are those of the
// plain definition over the logits of the kernel without spikes.
func TestLogprobsChangeNothing(t *testing.T) {
	m := tinyModel(t)
	samplings := []sample.Options{
		{}, {Temperature: 0.7, TopK: 5, RepetitionPenalty: 1.3, Seed: 3},
		{Temperature: 1.2, TopP: 0.8, Seed: 4},
	}
	for i, c := range settings() {
		off := ask("Hello!")
		off.Coding, off.Kernel, off.Sampling = c.Coding, c.kernel, samplings[i%len(samplings)]
		off.Stop = []string{"never in it"}
		on, plain := off, off
		on.Logprobs, on.TopLogprobs = true, 5
		plain.Kernel = simd.DotKernel
		// Without a look at its logits, so that they are searched.
		var want []Token
		run(t, newSession(t, m, 128), off, func(_ []float32, token Token) {
			token.Counts, token.Text = slices.Clone(token.Counts), slices.Clone(token.Text)
			want = append(want, token)
		})
		var logits [][]float32
		run(t, newSession(t, m, 128), plain, func(l []float32, _ Token) {
			logits = append(logits, l)
		})
		n, told := 0, 0
		run(t, newSession(t, m, 128), on, func(_ []float32, token Token) {
			if n >= len(want) || token.ID != want[n].ID || token.Finish != want[n].Finish ||
				string(token.Text) != string(want[n].Text) ||
				!slices.Equal(token.Counts, want[n].Counts) || token.LookBack != want[n].LookBack {
				t.Fatalf("%+v, token %d: %+v differs", c, n, token)
			}
			n++
			for _, one := range token.Logprobs {
				if one.ID != want[told].ID {
					t.Fatalf("%+v: a logprob of token %d in place %d", c, one.ID, told)
				}
				checkLogprob(t, one, logits[told])
				told++
			}
		})
		if end := len(want) - 1; n != len(want) || told != len(want) &&
			!(told == end && m.Tokenizer.IsControl(want[end].ID)) {
			t.Errorf("%+v: %d tokens and %d logprobs, want %d", c, n, told, len(want))
		}
	}
}

// checkLogprob compares with the definition.
func checkLogprob(t *testing.T, got TokenLogprob, logits []float32) {
	t.Helper()
	order := make([]int32, len(logits))
	for id := range order {
		order[id] = int32(id)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch {
		case logits[a] > logits[b]:
			return -1
		case logits[a] < logits[b]:
			return 1
		}
		return 0
	})
	if len(got.Top) != 5 {
		t.Errorf("%d likeliest tokens, want 5", len(got.Top))
	}
	for i, one := range append([]sample.Logprob{got.Logprob}, got.Top...) {
		if want := plainLogprob(logits, one.ID); !(math.Abs(float64(one.Value)-want) < 2e-6) {
			t.Errorf("token %d: logprob %v, want %v", one.ID, one.Value, want)
		}
		if i > 0 && one.ID != order[i-1] {
			t.Errorf("place %d is token %d, want %d", i, one.ID, order[i-1])
		}
	}
}

// run gives an answer, and for each token the logits that it was drawn from where the kernel
// computes them all: a search would be none after a look at them.
func run(t *testing.T, s *Session, r Request, see func(logits []float32, token Token)) {
	t.Helper()
	begin(t, s, r)
	prefill(t, s)
	for token := (Token{}); token.Finish == Running; {
		var logits []float32
		if r.Kernel == simd.DotKernel && !r.Logprobs {
			logits = slices.Clone(s.Logits())
		}
		if err := s.Next(&token); err != nil {
			t.Fatal(err)
		}
		see(logits, token)
	}
}

// TestLogprobsComeWithTheirText has a session say given tokens.
func TestLogprobsComeWithTheirText(t *testing.T) {
	m := tinyModel(t)
	const end = "<|im_end|>"
	for _, c := range []struct {
		name string
		stop string
		said []string // byte by byte, but for the end
		want []string // for each token its text, and the bytes of the logprobs that come with it
	}{
		{"letters", "", []string{"a", "b"}, []string{"a:a", "b:b"}},
		{"the end of a turn has none", "", []string{"a", end}, []string{"a:a", ":"}},
		{"a character of three tokens", "", []string{"\xe2", "\x98", "\x83", "a"},
			[]string{":", ":", "☃:\xe2 \x98 \x83", "a:a"}},
		{"half a character at the end", "", []string{"a", "\xe2", "\x98", end},
			[]string{"a:a", ":", ":", "\ufffd:\xe2 \x98"}},
		{"half a character before another", "", []string{"\xe2", "\xe2", "\x98", "\x83"},
			[]string{":", "\ufffd:\xe2", ":", "☃:\xe2 \x98 \x83"}},
		{"half a character before a letter", "", []string{"\xe2", "a"}, []string{":", "\ufffda:\xe2 a"}},
		{"no character", "", []string{"\xff", "a"}, []string{"\ufffd:\xff", "a:a"}},
		{"held back for a stop string", "abc", []string{"x", "a", "b", "d"},
			[]string{"x:x", ":", ":", "abd:a b d"}},
		{"a stop string", "abc", []string{"x", "a", "b", "c"}, []string{"x:x", ":", ":", ":"}},
		{"held back at the end", "abc", []string{"x", "a", "b", end},
			[]string{"x:x", ":", ":", "ab:a b"}},
		{"a stop string that begins in a failed one", "aab", []string{"a", "a", "a", "b"},
			[]string{":", ":", "a:a", ":"}},
		{"a stop string of one character of three", "☃", []string{"x", "\xe2", "\x98", "\x83"},
			[]string{"x:x", ":", ":", ":"}},
		{"a stop string behind half a character", "a", []string{"\xe2", "a"},
			[]string{":", "\ufffd:\xe2"}},
	} {
		s, r := newSession(t, m, 128), ask("Hello!")
		r.Logprobs, r.TopLogprobs, r.MaxTokens = true, 2, 40
		if c.stop != "" {
			r.Stop = []string{c.stop}
		}
		begin(t, s, r)
		prefill(t, s)
		for i, said := range c.said {
			id := tokenOf(m, said)
			s.Logits()[id] = 1e9
			var token Token
			if err := s.Next(&token); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			var bytes []string
			for _, one := range token.Logprobs {
				bytes = append(bytes, m.Tokenizer.Bytes(one.ID))
				if one.Value != 0 || len(one.Top) != 2 || one.Top[0] != one.Logprob {
					t.Errorf("%s: %+v, want a sure token", c.name, one)
				}
			}
			if got := string(token.Text) + ":" + strings.Join(bytes, " "); got != c.want[i] {
				t.Errorf("%s, token %d: %q, want %q", c.name, i, got, c.want[i])
			}
		}
	}
}

// tokenOf gives the token that is exactly these bytes.
func tokenOf(m *Model, text string) int32 {
	for id := range int32(m.Tokenizer.Vocab()) {
		if m.Tokenizer.Bytes(id) == text {
			return id
		}
	}
	panic("no token " + text)
}

// TestLogprobsHaveRoom: the longest stop string, held back byte by byte and half a character after
// it, again and again.
func TestLogprobsHaveRoom(t *testing.T) {
	m := tinyModel(t)
	s, r := newSession(t, m, 2048), ask("Hello!")
	r.Logprobs, r.MaxTokens, r.Stop = true, 0, []string{strings.Repeat("a", 300) + "☃"}
	begin(t, s, r)
	prefill(t, s)
	letter, bytes := tokenOf(m, "a"), []int32{tokenOf(m, "\xe2"), tokenOf(m, "\x98")}
	told := 0
	for i := range 900 {
		id := letter
		if i%300 > 297 {
			id = bytes[i%300-298]
		}
		s.Logits()[id] = 1e9
		var token Token
		if err := s.Next(&token); err != nil || token.Finish != Running {
			t.Fatalf("token %d: %+v, %v", i, token, err)
		}
		told += len(token.Logprobs)
	}
	if told != 600 {
		t.Errorf("%d logprobs, want those of 600 tokens; 300 wait", told)
	}
}
