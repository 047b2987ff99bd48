package core

import (
	"errors"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/simd"
)

func TestKernelOf(t *testing.T) {
	m := tinyModel(t)
	for setting, want := range map[string]simd.Kernel{"lookup": simd.LookupKernel,
		"popcount": simd.PopcountKernel, "dot": simd.DotKernel} {
		if got, err := m.KernelOf(setting); err != nil ||
			got != (KernelChoice{want, setting, "asked for"}) {
			t.Errorf("%s: %+v, %v", setting, got, err)
		}
	}
	names := map[simd.Kernel]string{simd.LookupKernel: "lookup", simd.PopcountKernel: "popcount"}
	for _, setting := range []string{"auto", ""} {
		got, err := m.KernelOf(setting)
		if err != nil || got.Name != names[got.Kernel] || got.Name == "" ||
			!strings.Contains(got.Why, "measured: lookup ") {
			t.Errorf("%q: %+v, %v", setting, got, err)
		}
	}
	for _, setting := range []string{"Lookup", "fast", "lookup "} {
		if got, err := m.KernelOf(setting); !errors.Is(err, ErrBadRequest) ||
			got != (KernelChoice{}) || !strings.Contains(err.Error(), setting) {
			t.Errorf("%q: %+v, %v, want ErrBadRequest", setting, got, err)
		}
	}
}
