package main

import (
	"flag"
	"fmt"
	"strings"

	"github.com/spikechat/spikechat/core/coding"
)

// codingFlags are the settings of a coding.Coding on the command line.
type codingFlags struct {
	coding      coding.Coding
	share       float64
	middle      float64
	by          string
	cacheBy     string
	cacheShare  float64
	seed        uint64
	populations string
}

func (c *codingFlags) register(f *flag.FlagSet) {
	f.IntVar(&c.coding.Steps, "steps", 4,
		"time steps `T` of the neurons, 1 to 4; 0 for float activations")
	f.IntVar(&c.coding.OutputSteps, "output", 0,
		"time steps `T` of the neurons at the output's input; 0 for float")
	f.BoolVar(&c.coding.OutputResidual, "output-residual", false,
		"code the quantisation error of -output too, by a second stage with T=1")
	f.IntVar(&c.coding.CacheSteps, "cache", 0,
		"time steps `T` of the neurons that keep keys and values: 1, 2 or 4; 0 for float")
	f.StringVar(&c.cacheBy, "cache-select", "",
		"give -cache to some key and value heads only, selected by `MEASURE`: "+
			"saliency, absolute or random")
	f.Float64Var(&c.cacheShare, "cache-share", 0.5,
		"`part` of the heads that -cache-select selects, 0 to 1")
	f.IntVar(&c.coding.CacheSelect.Low, "cache-low", 0,
		"time steps `T` of the heads that -cache-select does not select")
	f.StringVar(&c.by, "select", "",
		"give -steps to some neurons only, selected by `MEASURE`: saliency, absolute or random")
	f.Float64Var(&c.share, "share", 0.5, "`part` of the neurons that -select selects, 0 to 1")
	f.Float64Var(&c.middle, "middle", 0,
		"`part` of the neurons that follow those of -share that get one step more than -low")
	f.IntVar(&c.coding.Select.Low, "low", 0,
		"time steps `T` of the neurons that -select does not select")
	f.BoolVar(&c.coding.Select.EachInput, "each-input", false,
		"let -select select the share of every input, not of the whole model")
	f.BoolVar(&c.coding.Select.Neurons, "neurons", false,
		"let -select select single neurons, not groups of 32")
	f.Uint64Var(&c.seed, "seed", 0, "`number` that -select random and -cache-select random draw by")
	f.BoolVar(&c.coding.OneRange, "one-range", false,
		"one range for a token, as in the paper, not one for each group of 32")
	f.StringVar(&c.populations, "populations", "",
		"T of single populations, as `qkv=4,attn_out=2,gate_up=4,down=3`, in any choice")
}

// finish puts together the coding once the flags are parsed; given has the names of those that the
// command line had. What is wrong with the coding names its flag.
func (c *codingFlags) finish(given map[string]bool) (coding.Coding, error) {
	k := c.coding
	var err error
	if c.by == "" {
		if k.Select != (coding.Selection{}) || c.middle != 0 || given["share"] {
			return k, fmt.Errorf("-share, -middle, -low, -each-input and -neurons need -select")
		}
	} else {
		k.Select.Share, k.Select.Middle = float32(c.share), float32(c.middle)
		if k.Select.By, err = measureNamed("-select", c.by); err != nil {
			return k, err
		}
	}
	if c.cacheBy == "" {
		if k.CacheSelect.Low != 0 || given["cache-share"] {
			return k, fmt.Errorf("-cache-share and -cache-low need -cache-select")
		}
	} else {
		k.CacheSelect.Share = float32(c.cacheShare)
		if k.CacheSelect.By, err = measureNamed("-cache-select", c.cacheBy); err != nil {
			return k, err
		}
	}
	if k.Select.By == coding.AtRandom {
		k.Select.Seed = c.seed
	}
	if k.CacheSelect.By == coding.AtRandom {
		k.CacheSelect.Seed = c.seed
	}
	if c.seed != max(k.Select.Seed, k.CacheSelect.Seed) {
		return k, fmt.Errorf("-seed needs -select random or -cache-select random")
	}
	for part := range strings.SplitSeq(c.populations, ",") {
		if part == "" {
			continue
		}
		var steps uint8
		name, number, _ := strings.Cut(part, "=")
		if _, err := fmt.Sscan(number, &steps); err != nil {
			return k, fmt.Errorf("-populations: %q is no NAME=T", part)
		}
		p := coding.QKV
		for ; p.String() != name; p++ {
			if p == coding.Down {
				return k, fmt.Errorf("-populations: no population %q", name)
			}
		}
		k.Population[p] = steps
	}
	return k, k.Validate()
}

// measureNamed gives the measure that a flag names.
func measureNamed(setting, name string) (coding.Measure, error) {
	for m := coding.BySaliency; m <= coding.AtRandom; m++ {
		if m.String() == name {
			return m, nil
		}
	}
	return coding.Alike, fmt.Errorf("%s is %q, want saliency, absolute or random", setting, name)
}
