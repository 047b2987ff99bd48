//go:build !wasm

// Members are goroutines, which take turns on the one thread of wasm: too slow there. Of workers,
// web/test/threads.test.js makes the same comparisons.

package core

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/internal/localteam"
	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/team"
	"github.com/spikechat/spikechat/core/text"
)

// inTeam runs f as every member of a team of so many, each with its part of a model.
func inTeam(tb testing.TB, folder fs.FS, size int, f func(m *Model, member *localteam.Member)) {
	tb.Helper()
	var all sync.WaitGroup
	for _, member := range localteam.New(size, team.BufferBytes(1<<16)) {
		all.Go(func() {
			m, err := OpenPart(folder, member)
			if err != nil {
				tb.Error(err)
				member.Break()
				return
			}
			for _, k := range kernels {
				m.Prepare(k)
			}
			f(m, member)
		})
	}
	all.Wait()
}

// TestTeam: a team of any size gives the answers of a single engine, every member the same: logits,
// tokens, text and counts, with cache reuse, also where it multiplies prompts.
func TestTeam(t *testing.T) {
	const context = 256
	var requests []Request
	for i, c := range settings() {
		r := Request{Coding: c.Coding, Kernel: c.kernel, MaxTokens: 12,
			Sampling: sample.Options{Temperature: 0.8, TopP: 0.95, Seed: uint64(i)}}
		r.Messages = []text.Message{{Role: text.RoleUser, Content: "Hello! Who are you?"}}
		requests = append(requests, r)
		r.Messages = append(r.Messages, text.Message{Role: text.RoleAssistant, Content: "Me."},
			text.Message{Role: text.RoleUser, Content: "And what is a neuron made of?"})
		r.Sampling.Temperature = 0
		requests = append(requests, r)
	}
	single := newSession(t, tinyModel(t), context)
	var want []answer
	for _, r := range requests {
		want = append(want, complete(t, single, r, 0))
	}
	for size := 1; size <= 4; size++ {
		inTeam(t, tinyFolder(), size, func(m *Model, member *localteam.Member) {
			s := newSession(t, m, context)
			for i, r := range requests {
				r.MultiplyBatches = i%2 == size%2
				if got := complete(t, s, r, 0); !sameAnswer(got, want[i]) {
					t.Errorf("member %d of %d, request %d: %q, want %q", member.Rank(), size, i,
						got.text, want[i].text)
				}
			}
		})
	}
}

// TestTeamSearches: tokens are the same where no logits are asked for, so that the output is
// searched, and so are the cache's counts.
func TestTeamSearches(t *testing.T) {
	r := Request{MaxTokens: 24,
		Coding:   coding.Coding{Steps: 4, CacheSteps: 4, OutputSteps: 4, OutputResidual: true},
		Messages: []text.Message{{Role: text.RoleUser, Content: "Tell me of spikes."}}}
	for _, r.Kernel = range []simd.Kernel{simd.LookupKernel, simd.PopcountKernel} {
		for _, r.Sampling = range []sample.Options{{}, {Temperature: 0.9, TopK: 40, Seed: 5}} {
			want := tokensOf(t, newSession(t, tinyModel(t), 128), r)
			for size := 2; size <= 4; size++ {
				inTeam(t, tinyFolder(), size, func(m *Model, member *localteam.Member) {
					if got := tokensOf(t, newSession(t, m, 128), r); got != want {
						t.Errorf("member %d of %d, kernel %d: %s, want %s", member.Rank(), size,
							r.Kernel, got, want)
					}
				})
			}
		}
	}
}

// tokensOf gives an answer's tokens and what was counted, as text.
func tokensOf(tb testing.TB, s *Session, r Request) (all string) {
	begin(tb, s, r)
	for left := 1; left > 0; { // two layers a call, as a browser might
		var err error
		if left, err = s.PrefillLayers(2); err != nil {
			tb.Error(err)
			return ""
		}
	}
	for token := (Token{}); token.Finish == Running; {
		if err := s.Next(&token); err != nil {
			tb.Error(err)
			return ""
		}
		all += fmt.Sprintf("%d %v %v %v\n", token.ID, token.Counts, token.CacheCounts, token.LookBack)
	}
	return all
}

// TestTeamBreaks: whoever waits for a member that is gone gets an error, and so does each later
// call.
func TestTeamBreaks(t *testing.T) {
	r := Request{Kernel: simd.LookupKernel, Coding: coding.Coding{Steps: 4, CacheSteps: 4},
		Messages: []text.Message{{Role: text.RoleUser, Content: "Hello!"}}}
	inTeam(t, tinyFolder(), 3, func(m *Model, member *localteam.Member) {
		s := newSession(t, m, 128)
		begin(t, s, r)
		prefill(t, s)
		var token Token
		if member.Rank() == 1 {
			if err := s.Next(&token); err != nil {
				t.Error(err)
			}
			member.Break()
			return
		}
		var err error
		for err == nil && token.Finish == Running {
			err = s.Next(&token)
		}
		if !errors.Is(err, team.ErrBroken) || s.Answering() {
			t.Errorf("member %d: %v, answering %v", member.Rank(), err, s.Answering())
		}
		begin(t, s, r)
		if _, err := s.Prefill(); !errors.Is(err, team.ErrBroken) {
			t.Errorf("member %d, the next answer: %v", member.Rank(), err)
		}
	})
}

// TestTeamBeginsEarly: planes and rows that come while a team answers change its answer as they
// change a single engine's, and the next one is a full load's.
func TestTeamBeginsEarly(t *testing.T) {
	r := ask("Hello! What is a neuron?")
	r.MaxTokens = 40
	run := func(member team.Team) (all string) {
		a := newArriving(t, member)
		m := a.begin(0, simd.LookupKernel)
		if m == nil {
			return ""
		}
		s := newSession(t, m, 256)
		begin(t, s, r)
		prefill(t, s)
		for token := (Token{}); token.Finish == Running; a.next() {
			if err := s.Next(&token); err != nil {
				t.Error(err)
				return ""
			}
			all += fmt.Sprintf("%d %v\n", token.ID, token.Counts)
		}
		return all + tokensOf(t, s, r)
	}
	want := run(nil)
	if whole := tokensOf(t, newSession(t, tinyModel(t), 256), r); !strings.HasSuffix(want, whole) {
		t.Error("the next answer is not a full load's")
	}
	// The last of eight members holds no row of the first.
	for _, size := range []int{2, 3, 4, 8} {
		var all sync.WaitGroup
		for _, member := range localteam.New(size, team.BufferBytes(1<<16)) {
			all.Go(func() {
				if got := run(member); got != want {
					t.Errorf("member %d of %d: another answer", member.Rank(), size)
				}
			})
		}
		all.Wait()
	}
}
