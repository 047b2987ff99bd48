package planes

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/strictjson"
)

// What an Activity's file is called, in the folder of the manifest, and what it begins with.
const (
	ActivityFile    = "activity.json"
	ActivityFormat  = "spikechat-activity"
	ActivityVersion = 1
)

// Activity is how many spikes each layer usually fires: counted over a text when the model was
// packed. It is a file of its own, which no answer needs.
type Activity struct {
	Format   string `json:"format"`
	Version  int    `json:"version"`
	Manifest string `json:"manifest_sha256"` // of the model that was measured
	Tokens   int    `json:"tokens"`          // that were counted
	Layers   int    `json:"layers"`
	// Codings are those that were measured, each once.
	Codings []CodingActivity `json:"codings"`
}

// CodingActivity is how many spikes the tokens of an Activity had in one coding: that of a preset,
// or T for all neurons alike.
type CodingActivity struct {
	Preset string `json:"preset,omitempty"`
	Steps  int    `json:"steps,omitzero"` // T; 0 with a preset
	// Inputs is [layers*coding.Populations]: binary spikes of all tokens, from rest, at the layers'
	// inputs.
	Inputs []int `json:"inputs"`
	// Cache is [layers*2]: the same of the keys and values that were kept.
	Cache []int `json:"cache"`
}

// ReadActivity parses and checks the file, which may be of any model: see Describes. Only the one
// canonical text of an Activity is read.
func ReadActivity(text []byte) (*Activity, error) {
	if len(text) > MaxActivityBytes {
		return nil, activityError(ErrLimit, "%d bytes of JSON, at most %d",
			len(text), MaxActivityBytes)
	}
	// An entry costs three bytes of text and dozens of memory.
	if n := bytes.Count(text, []byte("{")) - 1; n > maxCodings {
		return nil, activityError(ErrLimit, "%d codings, at most %d", n, maxCodings)
	}
	var a Activity
	err := strictjson.Unmarshal(text, &a, strictjson.Strict)
	switch {
	case a.Format != ActivityFormat:
		return nil, activityError(ErrInvalid, "format is %.40q, want %q", a.Format, ActivityFormat)
	case a.Version != ActivityVersion && (a.Version != 0 || err == nil):
		return nil, activityError(ErrUnsupported, "version %d, this build reads %d",
			a.Version, ActivityVersion)
	case err != nil:
		return nil, fmt.Errorf("activity: %w: %w", ErrInvalid, err)
	}
	if err := a.validate(); err != nil {
		return nil, err
	}
	if canonical, err := a.AppendJSON(nil); err != nil || !bytes.Equal(canonical, text) {
		return nil, activityError(ErrInvalid, "not the canonical text")
	}
	return &a, nil
}

// AppendJSON appends the one canonical text, which is a manifest's in style.
func (a *Activity) AppendJSON(b []byte) ([]byte, error) {
	b, err := strictjson.Append(b, a)
	if err != nil {
		return nil, fmt.Errorf("activity: %w: %w", ErrInvalid, err)
	}
	return append(b, '\n'), nil
}

func (a *Activity) validate() error {
	switch {
	case !isSHA256(a.Manifest):
		return activityError(ErrInvalid, "manifest_sha256 is %.80q", a.Manifest)
	case a.Tokens < 1 || a.Tokens > maxActivityTokens:
		return activityError(ErrLimit, "%d tokens, want 1 to %d", a.Tokens, maxActivityTokens)
	case a.Layers < 1 || a.Layers > MaxLayers:
		return activityError(ErrLimit, "%d layers, want 1 to %d", a.Layers, MaxLayers)
	case len(a.Codings) == 0:
		return activityError(ErrInvalid, "no coding")
	}
	type name struct {
		preset string
		steps  int
	}
	seen := map[name]bool{}
	for _, c := range a.Codings {
		called := name{c.Preset, c.Steps}
		switch {
		case (c.Preset == "") == (c.Steps == 0) || c.Steps < 0 || c.Steps > coding.MaxSteps ||
			len(c.Preset) > MaxNameBytes || !IsLine(c.Preset):
			return activityError(ErrInvalid, "preset %.40q with %d steps, want one of them",
				c.Preset, c.Steps)
		case seen[called]:
			return activityError(ErrInvalid, "preset %.40q with %d steps, twice", c.Preset, c.Steps)
		case len(c.Inputs) != a.Layers*coding.Populations || len(c.Cache) != a.Layers*2:
			return activityError(ErrInvalid, "%d and %d counts of %d layers", len(c.Inputs),
				len(c.Cache), a.Layers)
		}
		seen[called] = true
		for _, counts := range [...][]int{c.Inputs, c.Cache} {
			for _, n := range counts {
				// No population has more neurons than a matrix has columns.
				if most := a.Tokens * MaxCols * spikesOfNeuron; n < 0 || n > most {
					return activityError(ErrLimit, "%d spikes of %d tokens, at most %d", n,
						a.Tokens, most)
				}
			}
		}
	}
	return nil
}

// Describes fails for an activity that was not measured on the model with this manifest, which has
// this text.
func (a *Activity) Describes(m *Manifest, text []byte) error {
	c := &m.Config
	sum := sha256.Sum256(text)
	switch {
	case a.Manifest != hex.EncodeToString(sum[:]):
		return activityError(ErrInvalid, "of the manifest %s, not %x", a.Manifest, sum)
	case a.Layers != c.Layers:
		return activityError(ErrInvalid, "of %d layers, the model has %d", a.Layers, c.Layers)
	}
	for _, coded := range a.Codings {
		for i, n := range coded.Inputs {
			neurons := c.Neurons(coding.Population(i % coding.Populations))
			if most := a.Tokens * neurons * spikesOfNeuron; n > most {
				return activityError(ErrInvalid, "%d spikes of %d neurons and %d tokens, at most %d",
					n, neurons, a.Tokens, most)
			}
		}
		for _, n := range coded.Cache {
			if most := a.Tokens * c.KVHeads * c.HeadDim * spikesOfNeuron; n > most {
				return activityError(ErrInvalid, "%d spikes of keys or values, at most %d", n, most)
			}
		}
	}
	return nil
}

// spikesOfNeuron is the most binary spikes that a neuron fires for one token: four a time step.
const spikesOfNeuron = 4 * coding.MaxSteps

func activityError(cause error, format string, args ...any) error {
	return fmt.Errorf("activity: %w: "+format, append([]any{cause}, args...)...)
}
