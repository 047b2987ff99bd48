package core

import (
	"fmt"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// BenchmarkDecode computes one token of the real model at a context of some length.
func BenchmarkDecode(b *testing.B) {
	m := realModel(b)
	for _, kernel := range []simd.Kernel{simd.LookupKernel, simd.PopcountKernel, simd.DotKernel} {
		for _, steps := range []int{1, 2, 4} {
			for _, context := range []int{64, 512, 2000} {
				if context > 64 && (steps != 4 || kernel != simd.LookupKernel) {
					continue
				}
				b.Run(fmt.Sprintf("kernel=%d/steps=%d/context=%d", kernel, steps, context),
					func(b *testing.B) {
						s, err := NewState(m, 2048, 16)
						if err != nil {
							b.Fatal(err)
						}
						c := coding.Coding{
							Steps: steps, CacheSteps: steps, OutputSteps: 4, OutputResidual: true,
						}
						setCoding(b, s, c)
						// Real text: how far a head looks back depends on it.
						for s.Position() < context-1 {
							for _, prompt := range goldenPrompts(b) {
								ids := prompt.IDs[:min(len(prompt.IDs), 16, context-1-s.Position())]
								if len(ids) == 0 {
									break
								}
								if err := s.Extend(ids); err != nil {
									b.Fatal(err)
								}
							}
						}
						setCoding(b, s, c, kernel)
						b.ReportAllocs()
						for b.Loop() {
							s.Truncate(context - 1)
							forward(b, s, []int32{500})
						}
					})
			}
		}
	}
}

// BenchmarkPrefill runs a prompt of 128 tokens.
func BenchmarkPrefill(b *testing.B) {
	m := realModel(b)
	prompt := make([]int32, 128)
	for i := range prompt {
		prompt[i] = int32(300 + 7*i)
	}
	s := newState(b, m, 16,
		coding.Coding{Steps: 4, CacheSteps: 4, OutputSteps: 4, OutputResidual: true})
	for b.Loop() {
		s.Truncate(0)
		for at := 0; at < len(prompt); at += 16 {
			forward(b, s, prompt[at:at+16])
		}
	}
	b.ReportMetric(float64(len(prompt)*b.N)/b.Elapsed().Seconds(), "tokens/s")
}
