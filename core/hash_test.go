package core

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
)

func TestHashLogitsIsFNV1a(t *testing.T) {
	logits := randomFloats(rand.New(rand.NewPCG(1, 2)), 100)
	h := fnv.New64a()
	for _, v := range logits {
		b := math.Float32bits(v)
		h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
	}
	if got := HashLogits(HashLogits(HashSeed, logits[:33]), logits[33:]); got != h.Sum64() {
		t.Errorf("%016x, want %016x", got, h.Sum64())
	}
}

// hashedAnswer is an entry of testdata/logits.json: a request as the engine in the page takes it,
// greedy and with the preset "best", and the hash over the logits of its steps. The page's own test
// asks for the same.
type hashedAnswer struct {
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	MaxTokens int    `json:"max_tokens"`
	Hash      string `json:"hash"`
}

func hashedAnswers(tb testing.TB) map[string]hashedAnswer {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "logits.json"))
	if err != nil {
		tb.Fatal(err)
	}
	var all map[string]hashedAnswer
	if err := json.Unmarshal(text, &all); err != nil {
		tb.Fatal(err)
	}
	return all
}

func (a *hashedAnswer) request(kernel simd.Kernel) Request {
	r := Request{
		Coding: coding.Coding{Steps: 4, CacheSteps: 4, OutputSteps: 4, OutputResidual: true},
		Kernel: kernel, MaxTokens: a.MaxTokens,
	}
	for _, m := range a.Messages {
		r.Messages = append(r.Messages, text.Message(m))
	}
	return r
}

// hashOfState runs the prompt in batches and samples the tokens itself.
func (a *hashedAnswer) hashOfState(t *testing.T, m *Model, kernel simd.Kernel, batch int) string {
	t.Helper()
	return a.hashOfBatches(t, m, kernel, batch, false)
}

func (a *hashedAnswer) hashOfBatches(
	t *testing.T, m *Model, kernel simd.Kernel, batch int, multiply bool,
) string {
	t.Helper()
	r := a.request(kernel)
	prompt, err := m.Template.Encode(m.Tokenizer, nil, r.Messages, text.ChatOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s := newState(t, m, min(batch, len(prompt)), r.Coding, kernel)
	s.MultiplyBatches = multiply
	runBatches(t, s, prompt, batch)
	hash := HashSeed
	for step := range a.MaxTokens {
		logits := s.Logits(0)
		hash = HashLogits(hash, logits)
		if step+1 < a.MaxTokens {
			forward(t, s, []int32{argmax(logits)})
		}
	}
	return fmt.Sprintf("%016x", hash)
}

// hashOfSession asks for the answer as the page does.
func (a *hashedAnswer) hashOfSession(t *testing.T, m *Model, kernel simd.Kernel) string {
	t.Helper()
	got := complete(t, newSession(t, m, 256), a.request(kernel), 0)
	if len(got.ids) != a.MaxTokens {
		t.Fatalf("the answer ends after %d tokens of %d: the prompt is not fit for this test",
			len(got.ids), a.MaxTokens)
	}
	return fmt.Sprintf("%016x", got.hash)
}

// TestLogitsHash is the proof that all builds compute the same bits. The hash in testdata was made
// once; this test runs natively and as wasm, with vector kernels and without, and Chromium is asked
// for it by web/test.
func TestLogitsHash(t *testing.T) {
	tiny, m := hashedAnswers(t)["tiny"], tinyModel(t)
	for _, kernel := range kernels {
		if got := tiny.hashOfSession(t, m, kernel); got != tiny.Hash {
			t.Errorf("tiny, kernel %d, as a session: %s, want %s", kernel, got, tiny.Hash)
		}
		for _, batch := range []int{1, 7, 16, 256} {
			if got := tiny.hashOfState(t, m, kernel, batch); got != tiny.Hash {
				t.Errorf("tiny, kernel %d, prompt in batches of %d: %s, want %s", kernel, batch,
					got,
					tiny.Hash)
			}
		}
	}
}

// TestLogitsHashOfMultipliedBatches: a prompt whose batches are multiplied leads to the same bits.
func TestLogitsHashOfMultipliedBatches(t *testing.T) {
	tiny, m := hashedAnswers(t)["tiny"], tinyModel(t)
	for _, kernel := range kernels {
		for _, batch := range []int{2, 7, 16, 32, 256} {
			if got := tiny.hashOfBatches(t, m, kernel, batch, true); got != tiny.Hash {
				t.Errorf("kernel %d, batches of %d: %s, want %s", kernel, batch, got, tiny.Hash)
			}
		}
	}
}

// TestLogitsHashOfTheRealModel changes kernel and batches. The reference of the popcount kernel
// takes seconds for a token, so a build without vector kernels lets it repeat one token instead of
// the whole answer.
func TestLogitsHashOfTheRealModel(t *testing.T) {
	t.Parallel()
	real, m := hashedAnswers(t)["smollm2-135m-instruct"], realModel(t)
	s := newSession(t, m, 256)
	got := complete(t, s, real.request(simd.LookupKernel), 0)
	if hash := fmt.Sprintf("%016x", got.hash); hash != real.Hash || len(got.ids) != real.MaxTokens {
		t.Errorf("lookup, as a session: %s after %d tokens, want %s after %d", hash, len(got.ids),
			real.Hash, real.MaxTokens)
	}
	if simd.Available() {
		if hash := real.hashOfBatches(t, m, simd.LookupKernel, simd.DotBatch, true); hash != real.Hash {
			t.Errorf("prompt multiplied in batches: %s, want %s", hash, real.Hash)
		}
		for _, kernel := range []simd.Kernel{simd.PopcountKernel, simd.DotKernel} {
			if hash := real.hashOfState(t, m, kernel, 1); hash != real.Hash {
				t.Errorf("kernel %d, prompt token by token: %s, want %s", kernel, hash, real.Hash)
			}
		}
		return
	}
	want, last := slices.Clone(s.Logits()), s.tokens[len(s.tokens)-1]
	s.state.Truncate(len(s.tokens) - 1)
	setCoding(t, s.state, real.request(simd.PopcountKernel).Coding, simd.PopcountKernel)
	if !sameBits(forward(t, s.state, []int32{last}), want) {
		t.Error("popcount gives other logits for the last token")
	}
}
