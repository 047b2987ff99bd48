package core

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// TestKernelsMustBePrepared: a kernel that was not prepared is refused and changes nothing.
func TestKernelsMustBePrepared(t *testing.T) {
	m, err := Open(tinyFolder())
	if err != nil {
		t.Fatal(err)
	}
	c := coding.Coding{Steps: 4, CacheSteps: 4, OutputSteps: 4, OutputResidual: true}
	s, tokens := newState(t, m, 8, c), randomTokens(41, 8)
	want := slices.Clone(forward(t, s, tokens))
	for _, k := range kernels[1:] {
		if err := s.SetCoding(coding.Coding{Steps: 1}, k); !errors.Is(err, ErrNotPrepared) {
			t.Errorf("kernel %d: %v, want ErrNotPrepared", k, err)
		}
		if errors.Is(err, ErrBadRequest) {
			t.Errorf("kernel %d: the user is blamed: %v", k, err)
		}
		if s.coding != c || s.kernel != simd.LookupKernel || s.Position() != 8 {
			t.Fatalf("kernel %d: the refused coding was set", k)
		}
		s.Truncate(0)
		setCoding(t, s, c, k)
		if got := forward(t, s, tokens); !sameBits(got, want) {
			t.Errorf("kernel %d: other logits", k)
		}
		setCoding(t, s, c)
	}
	if _, err := m.KernelOf("auto"); err != nil {
		t.Error(err)
	}
}

// TestAutotuneChangesNothing: timing the kernels prepares none.
func TestAutotuneChangesNothing(t *testing.T) {
	m, err := Open(tinyFolder())
	if err != nil {
		t.Fatal(err)
	}
	s := newState(t, m, 8, coding.Coding{Steps: 4})
	if _, err := m.KernelOf("auto"); err != nil {
		t.Fatal(err)
	}
	NewAutotuner(m)
	err = s.SetCoding(coding.Coding{Steps: 4}, simd.PopcountKernel)
	if !errors.Is(err, ErrNotPrepared) {
		t.Errorf("popcount after timing: %v, want ErrNotPrepared", err)
	}
}

// TestStatesShareAModel runs States of one model with different kernels, in turns and at once,
// while kernels are prepared and timed: the model is read-only, so all compute the bits of a State
// that runs alone. The race detector watches it too.
func TestStatesShareAModel(t *testing.T) {
	tokens, c := randomTokens(42, 40), coding.Coding{
		Steps: 4, CacheSteps: 4, OutputSteps: 4, OutputResidual: true,
	}
	alone := newState(t, ownTinyModel(t), 1, c)
	want := HashSeed
	for _, id := range tokens {
		want = HashLogits(want, forward(t, alone, []int32{id}))
	}

	m := ownTinyModel(t)
	hashes := make([]uint64, len(kernels))
	states := make([]*State, len(kernels))
	for i, k := range kernels {
		states[i], hashes[i] = newState(t, m, 1, c, k), HashSeed
	}
	for _, id := range tokens {
		for i, s := range states {
			hashes[i] = HashLogits(hashes[i], forward(t, s, []int32{id}))
		}
	}
	for i, got := range hashes {
		if got != want {
			t.Errorf("kernel %d in turns: logits %016x, want %016x", kernels[i], got, want)
		}
	}

	m, err := Open(tinyFolder()) // not prepared
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	errs := make([]error, 2*len(kernels))
	hashes = make([]uint64, 2*len(kernels))
	for i := range hashes {
		group.Go(func() {
			m.Prepare(kernels[i%len(kernels)])
			s, err := NewState(m, 64, 1)
			if err != nil {
				errs[i] = err
				return
			}
			if errs[i] = s.SetCoding(c, kernels[i%len(kernels)]); errs[i] != nil {
				return
			}
			hashes[i] = HashSeed
			for at, id := range tokens {
				if errs[i] = s.Forward([]int32{id}, false); errs[i] != nil {
					return
				}
				hashes[i] = HashLogits(hashes[i], s.Logits(0))
				if at == len(tokens)/2 {
					NewAutotuner(m)
				}
			}
		})
	}
	group.Wait()
	for i, got := range hashes {
		if k := kernels[i%len(kernels)]; errs[i] != nil || got != want {
			t.Errorf("kernel %d at once: logits %016x, want %016x, %v", k, got, want, errs[i])
		}
	}
}
