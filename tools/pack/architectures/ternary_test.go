package main

import (
	"fmt"
	"io/fs"
	"sync"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/reference"
	"github.com/spikechat/spikechat/core/simd"
)

// ternaryHashes are those of hashes, of models whose layers are ternary spikes of so many steps.
var ternaryHashes = map[string]string{
	"llama-ternary1":  "2ef1208ec668b997 9900123dba8627d1",
	"llama-ternary2":  "e220caedb3c813d2 c88f0eb3d8f2b2dd",
	"llama-ternary3":  "b748795b54f81a0c f29af61a2611fd62",
	"llama-ternary4":  "3f7143229b5fd94e 3a142f891dd61370",
	"llama-ternary7":  "149c0b10d793cc2b f9ed717ce3e8679b",
	"gemma3-ternary3": "a9cd5416bbd0c93f e82dfe28af5ef853",
}

// model packs and opens it, once for all tests.
func (c ternary) model(tb testing.TB) *core.Model {
	tb.Helper()
	made, _ := models.LoadOrStore(c.name(), sync.OnceValues(func() (*core.Model, error) {
		return core.Open(c.folder(tb))
	}))
	m, err := made.(func() (*core.Model, error))()
	if err != nil {
		tb.Fatal(err)
	}
	m.Prepare(simd.LookupKernel)
	return m
}

// folder packs it, once for all tests.
func (c ternary) folder(tb testing.TB) fs.FS {
	tb.Helper()
	made, _ := folders.LoadOrStore(c.name(), sync.OnceValues(func() (fs.FS, error) {
		return pack(c.variant, "", c.steps)
	}))
	folder, err := made.(func() (fs.FS, error))()
	if err != nil {
		tb.Fatal(err)
	}
	return folder
}

// TestTernaryBits: kernels, batches and builds give the same logits and spikes, also where the
// layers have lost a plane.
func TestTernaryBits(t *testing.T) {
	for _, c := range ternaries {
		name, m := c.name(), c.model(t)
		if want := map[int]int{1: 2, 2: 3, 3: 3, 4: 4, 7: 4}[c.steps]; m.Planes() != want {
			t.Errorf("%s: layers of %d planes, want %d", name, m.Planes(), want)
		}
		damaged := ""
		for _, way := range []struct {
			kernel   simd.Kernel
			batch    int
			multiply bool
		}{
			{simd.LookupKernel, 1, false}, {simd.LookupKernel, 16, false}, {simd.LookupKernel, 48, true},
			{simd.PopcountKernel, 7, false}, {simd.DotKernel, 16, false},
		} {
			m.Prepare(way.kernel)
			got := run(t, m, best, way.kernel, way.batch, way.multiply).String()
			if got != ternaryHashes[name] {
				t.Errorf("%q: %q by kernel %d in batches of %d, want %s", name, got, way.kernel, way.batch,
					ternaryHashes[name])
			}
			s := newState(t, m, len(tokens), best, way.kernel)
			s.MultiplyBatches = way.multiply
			if err := s.SetLesions(coding.Lesions{DroppedPlanes: 1}); err != nil {
				t.Fatal(err)
			}
			if err := s.Forward(tokens, true); err != nil {
				t.Fatal(err)
			}
			hash := fmt.Sprint(core.HashLogits(core.HashSeed, s.Logits(len(tokens)-1)))
			if damaged == "" {
				damaged = hash
			}
			if hash != damaged {
				t.Errorf("%s without a plane: kernel %d, batches %v: %s, want %s", name, way.kernel,
					way.multiply, hash, damaged)
			}
		}
	}
}

// TestTernaryFormulas: without spikes of activations the logits are those of the formulas.
func TestTernaryFormulas(t *testing.T) {
	for _, c := range ternaries {
		ref, err := reference.Open(c.folder(t))
		if err != nil {
			t.Fatal(err)
		}
		want := ref.Logits(tokens)
		s := newState(t, c.model(t), len(tokens), coding.Coding{}, simd.LookupKernel)
		if err := s.Forward(tokens, true); err != nil {
			t.Fatal(err)
		}
		for p := range tokens {
			if worst, spread := distance(s.Logits(p), want[p]); !(worst <= 1e-4*spread) {
				t.Errorf("%s, position %d: a logit differs by %v, and their spread is %v", c.name(), p,
					worst, spread)
			}
		}
	}
}
