package main

import (
	"flag"
	"fmt"
	"strings"

	"github.com/spikechat/spikechat/core"
)

// codingFlags are the settings of core.Coding on the command line.
type codingFlags struct {
	coding      core.Coding
	share       float64
	middle      float64
	by          string
	cacheBy     string
	cacheShare  float64
	seed        uint64
	populations string
}

func (c *codingFlags) register(f *flag.FlagSet) {
	f.IntVar(&c.coding.Steps, "steps", 4, "time steps `T` of the neurons, 1 to 4; 0 for float activations")
	f.IntVar(&c.coding.HeadSteps, "head", 0, "time steps `T` of the neurons at the head's input; 0 for float")
	f.BoolVar(&c.coding.HeadResidual, "head-residual", false, "let the head's neurons also send what their codes leave over, with T=1")
	f.IntVar(&c.coding.CacheSteps, "cache", 0, "time steps `T` of the neurons that keep keys and values: 1, 2 or 4; 0 for float")
	f.StringVar(&c.cacheBy, "cache-select", "", "give -cache to some key and value heads only, chosen by `MEASURE`: saliency, absolute or random")
	f.Float64Var(&c.cacheShare, "cache-share", 0.5, "`part` of the heads that -cache-select chooses, 0 to 1")
	f.IntVar(&c.coding.CacheSelect.Low, "cache-low", 0, "time steps `T` of the heads that -cache-select does not choose")
	f.StringVar(&c.by, "select", "", "give -steps to some neurons only, chosen by `MEASURE`: saliency, absolute or random")
	f.Float64Var(&c.share, "share", 0.5, "`part` of the neurons that -select chooses, 0 to 1")
	f.Float64Var(&c.middle, "middle", 0, "`part` of the neurons behind those of -share that get one step more than -low")
	f.IntVar(&c.coding.Select.Low, "low", 0, "time steps `T` of the neurons that -select does not choose")
	f.BoolVar(&c.coding.Select.EachInput, "each-input", false, "let -select choose the share of every input, not of the whole model")
	f.BoolVar(&c.coding.Select.Neurons, "neurons", false, "let -select choose single neurons, not groups of 32")
	f.Uint64Var(&c.seed, "seed", 0, "`number` that -select random and -cache-select random draw by")
	f.BoolVar(&c.coding.OneRange, "one-range", false, "one range for a token, as in the paper, not one for each group of 32")
	f.StringVar(&c.populations, "populations", "", "T of single populations, as `qkv=4,attn_out=2,gate_up=4,down=3`, in any choice")
}

// finish puts together the coding once the flags are parsed, of which given names those that stood there; what is wrong with
// it names its flag.
func (c *codingFlags) finish(given map[string]bool) (core.Coding, error) {
	coding := c.coding
	var err error
	if c.by == "" {
		if coding.Select != (core.Selection{}) || c.middle != 0 || given["share"] {
			return coding, fmt.Errorf("-share, -middle, -low, -each-input and -neurons need -select")
		}
	} else {
		coding.Select.Share, coding.Select.Middle = float32(c.share), float32(c.middle)
		if coding.Select.By, err = measureNamed("-select", c.by); err != nil {
			return coding, err
		}
	}
	if c.cacheBy == "" {
		if coding.CacheSelect.Low != 0 || given["cache-share"] {
			return coding, fmt.Errorf("-cache-share and -cache-low need -cache-select")
		}
	} else {
		coding.CacheSelect.Share = float32(c.cacheShare)
		if coding.CacheSelect.By, err = measureNamed("-cache-select", c.cacheBy); err != nil {
			return coding, err
		}
	}
	if coding.Select.By == core.AtRandom {
		coding.Select.Seed = c.seed
	}
	if coding.CacheSelect.By == core.AtRandom {
		coding.CacheSelect.Seed = c.seed
	}
	if c.seed != max(coding.Select.Seed, coding.CacheSelect.Seed) {
		return coding, fmt.Errorf("-seed needs -select random or -cache-select random")
	}
	for part := range strings.SplitSeq(c.populations, ",") {
		if part == "" {
			continue
		}
		var steps uint8
		name, number, _ := strings.Cut(part, "=")
		if _, err := fmt.Sscan(number, &steps); err != nil {
			return coding, fmt.Errorf("-populations: %q is no NAME=T", part)
		}
		p := core.QKV
		for ; p.String() != name; p++ {
			if p == core.Down {
				return coding, fmt.Errorf("-populations: no population %q", name)
			}
		}
		coding.Population[p] = steps
	}
	return coding, coding.Validate()
}

// measureNamed gives the measure that a flag names.
func measureNamed(setting, name string) (core.Measure, error) {
	for m := core.BySaliency; m <= core.AtRandom; m++ {
		if m.String() == name {
			return m, nil
		}
	}
	return core.Alike, fmt.Errorf("%s is %q, want saliency, absolute or random", setting, name)
}
