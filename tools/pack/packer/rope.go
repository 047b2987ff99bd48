package packer

import (
	"fmt"
	"math"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// hasRopeFactors tells in which architectures' files the tensor planes.RopeDivisors may be.
var hasRopeFactors = map[string]bool{"llama": true}

// rope works out what the context's extension makes of the rotary embedding: Config.RopeScale, and
// where angles are divided a part with the divisors. They are those of llama.cpp's ggml_rope_ext:
// the file's factors (Llama 3), times the factor of linear scaling, or YaRN's (arXiv 2309.00071).
func rope(f *gguf.File, c *planes.Config) (divisors *part, err error) {
	p := part{name: planes.RopeDivisors, role: roleNorm, rows: 1, cols: c.HeadDim / 2}
	switch {
	case f.Tensor(p.name) == nil:
		p.tensor, p.values = &gguf.Tensor{Name: p.name, Type: gguf.F32}, make([]float32, p.cols)
		for i := range p.values {
			p.values[i] = 1
		}
	default:
		if err := p.find(f); err != nil {
			return nil, err
		}
		if p.values, err = p.norm(f); err != nil {
			return nil, err
		}
	}
	s, err := readScaling(f, c)
	if err != nil {
		return nil, err
	}
	plain := true
	for i := range p.values {
		p.values[i] = float32(float64(p.values[i]) * s.divisor(i, c))
		plain = plain && p.values[i] == 1
	}
	if c.RopeScale = s.scale(); c.RopeScale == 1 {
		c.RopeScale = 0 // absent from the manifest
	}
	if plain {
		return nil, nil
	}
	if err := planes.CheckRopeDivisors(p.values); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return &p, nil
}

// scaling is how the context was extended; the zero value but for a factor of 1 is not at all.
type scaling struct {
	factor             float64 // contexts are so many times longer
	yarn               bool
	context            float64 // that was trained first
	attention          float64 // further factor of cosine and sine
	betaFast, betaSlow float64 // turns in that context between which YaRN mixes
}

func readScaling(f *gguf.File, c *planes.Config) (s scaling, err error) {
	h := &hyper{f: f, prefix: c.Architecture + "."}
	kind := "linear" // llama.cpp's, where only a factor is there
	if f.Has(h.prefix + scalingType) {
		if kind, err = f.String(h.prefix + scalingType); err != nil {
			return s, err
		}
	}
	factor := func(key string, missing float64) float64 {
		return float64(h.float(key, 1, planes.MaxRopeDivisor, missing))
	}
	s = scaling{
		factor:    1,
		yarn:      kind == "yarn",
		attention: float64(h.float(yarnAttention, 1./planes.MaxRopeScale, planes.MaxRopeScale, 1)),
	}
	switch kind {
	case "none":
	case "yarn":
		s.context = float64(h.int(yarnContext, planes.MaxContext, c.Context))
		s.betaFast = float64(h.float(yarnBetaFast, leastTurns, mostTurns, 32))
		s.betaSlow = float64(h.float(yarnBetaSlow, leastTurns, mostTurns, 1))
		fallthrough
	case "linear":
		s.factor = factor(scalingFactor, factor(linearScale, 1))
	default:
		return s, fmt.Errorf("%w: %s%s is %s, and the engine computes linear and yarn; take a model "+
			"with one of these, or none", ErrUnsupported, h.prefix, scalingType, quoted(kind))
	}
	if h.err != nil {
		return s, h.err
	}
	if s.yarn && c.RopeBase == 1 {
		return s, fmt.Errorf("%w: %srope.freq_base is 1, and YaRN divides by its logarithm; take a file "+
			"with a larger one", ErrModel, h.prefix)
	}
	if x := s.scale(); !(x <= planes.MaxRopeScale) {
		return s, fmt.Errorf("%w: %s%s %v and %s%s %v scale cosine and sine by %v, want at most %d; "+
			"take a file with smaller ones", ErrModel, h.prefix, scalingFactor, s.factor, h.prefix,
			yarnAttention, s.attention, x, planes.MaxRopeScale)
	}
	return s, nil
}

// What YaRN may mix between, in turns; 32 and 1 are usual.
const leastTurns, mostTurns = 1e-3, 1e6

// divisor is what the angle of pair i is divided by.
func (s *scaling) divisor(i int, c *planes.Config) float64 {
	if !s.yarn {
		return s.factor
	}
	// Pairs that turn often in the first context keep their angle, slow ones have it divided.
	dim := float64(c.HeadDim)
	turning := func(turns float64) float64 { // the pair that turns so often in the first context
		return dim * math.Log(s.context/(turns*2*math.Pi)) / (2 * math.Log(float64(c.RopeBase)))
	}
	low := max(0, math.Floor(turning(s.betaFast)))
	high := min(dim-1, math.Ceil(turning(s.betaSlow)))
	keep := 1 - min(1, max(0, (float64(i)-low)/max(0.001, high-low)))
	return 1 / ((1-keep)/s.factor + keep)
}

// scale is the factor of cosine and sine.
func (s *scaling) scale() float32 {
	if !s.yarn {
		return float32(s.attention)
	}
	return float32(s.attention * (1 + 0.1*math.Log(s.factor)))
}
