package planes

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/tile"
)

// Names of the rankings that tools/pack calibrates; a model may have both or neither.
const (
	SaliencyName = "saliency" // by activation saliency: Optimal Brain Spiking
	AbsoluteName = "absolute" // by largest absolute value: the control
)

// rankingNames are the tensors of the rankings by their measure.
var rankingNames = [...]string{coding.BySaliency: SaliencyName, coding.ByAbsolute: AbsoluteName}

// RankingName gives the tensor of the ranking by a measure that is part of a model
// (coding.Measure.Ranked).
func RankingName(by coding.Measure) string { return rankingNames[by] }

// Ranks reports whether the model has the ranking by such a measure. A model of format version 1,
// or one packed without calibration, has none.
func (m *Manifest) Ranks(by coding.Measure) bool {
	return slices.ContainsFunc(m.Tensors, func(t Tensor) bool { return t.Name == RankingName(by) })
}

// Ranking says which neurons deserve steps before others; everywhere the first is the most salient.
type Ranking struct {
	// Groups orders the groups of 32 neurons of the whole model. They count through layer after
	// layer and in it through the inputs.
	Groups []uint32
	// Neurons orders the foremost eighth of the neurons of each input, layer after layer.
	Neurons [][]uint16
	// Heads orders the key and value heads of the whole model: head h of layer l's keys is
	// (2l)*KVHeads + h, of its values (2l+1)*KVHeads + h.
	Heads []uint32
}

// Encoded form, little-endian: "SCRK", version 1, then Groups, Neurons and Heads. Their lengths
// follow from the Config.
const (
	rankingMagic   = "SCRK"
	rankingVersion = 1
	rankingHeader  = 8
)

// GroupCount is the number of groups of the whole model, HeadCount that of key heads and value
// heads.
func (c *Config) GroupCount() int {
	n := 0
	for p := range coding.Population(coding.Populations) {
		n += c.Neurons(p) / tile.GroupCols
	}
	return c.Layers * n
}

func (c *Config) HeadCount() int { return 2 * c.Layers * c.KVHeads }

// GroupPlace finds a group of the whole model: its input, counted through the layers, and its place
// in the input.
func (c *Config) GroupPlace(g int) (input, group int) {
	layer := c.GroupCount() / c.Layers
	input, group = g/layer*coding.Populations, g%layer
	for p := range coding.Population(coding.Populations) {
		groups := c.Neurons(p) / tile.GroupCols
		if group < groups {
			break
		}
		group -= groups
		input++
	}
	return input, group
}

// RankingBytes is the size of the encoded form.
func (c *Config) RankingBytes() int {
	n := 0
	for p := range coding.Population(coding.Populations) {
		n += c.Neurons(p) / coding.RankedNeurons
	}
	return rankingHeader + 4*c.GroupCount() + 2*c.Layers*n + 4*c.HeadCount()
}

// AppendBinary appends the encoded form. It refuses a ranking that is not one of c.
func (r *Ranking) AppendBinary(b []byte, c *Config) ([]byte, error) {
	if err := r.validate(c); err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	b = le.AppendUint32(append(b, rankingMagic...), rankingVersion)
	for _, g := range r.Groups {
		b = le.AppendUint32(b, g)
	}
	for _, input := range r.Neurons {
		for _, j := range input {
			b = le.AppendUint16(b, j)
		}
	}
	for _, h := range r.Heads {
		b = le.AppendUint32(b, h)
	}
	return b, nil
}

// DecodeRanking reads what AppendBinary wrote for the same c. What it accepts encodes to the same
// bytes again. The error wraps ErrUnsupported for another version and ErrInvalid for everything
// else.
func DecodeRanking(b []byte, c *Config) (*Ranking, error) {
	if len(b) != c.RankingBytes() || string(b[:4]) != rankingMagic {
		return nil, rankingError(ErrInvalid, "%d bytes, want %d that start with %q",
			len(b), c.RankingBytes(), rankingMagic)
	}
	le := binary.LittleEndian
	if v := le.Uint32(b[4:]); v != rankingVersion {
		return nil, rankingError(ErrUnsupported, "version %d", v)
	}
	b = b[rankingHeader:]
	words := func(n int) []uint32 {
		list := make([]uint32, n)
		for i := range list {
			list[i] = le.Uint32(b[4*i:])
		}
		b = b[4*n:]
		return list
	}
	r := &Ranking{Groups: words(c.GroupCount())}
	for range c.Layers {
		for p := range coding.Population(coding.Populations) {
			list := make([]uint16, c.Neurons(p)/coding.RankedNeurons)
			for i := range list {
				list[i] = le.Uint16(b[2*i:])
			}
			b = b[2*len(list):]
			r.Neurons = append(r.Neurons, list)
		}
	}
	r.Heads = words(c.HeadCount())
	if err := r.validate(c); err != nil {
		return nil, err
	}
	return r, nil
}

// validate checks that every list has its length and names each thing once.
func (r *Ranking) validate(c *Config) error {
	if inputs := coding.Populations * c.Layers; len(r.Neurons) != inputs {
		return rankingError(ErrInvalid, "%d inputs, want %d", len(r.Neurons), inputs)
	}
	if !distinct(r.Groups, c.GroupCount(), c.GroupCount()) {
		return rankingError(ErrInvalid, "groups are no order of %d", c.GroupCount())
	}
	for i, list := range r.Neurons {
		cols := c.Neurons(coding.Population(i % coding.Populations))
		if n := cols / coding.RankedNeurons; !distinct(list, n, cols) {
			return rankingError(ErrInvalid, "input %d names no %d of %d neurons", i, n, cols)
		}
	}
	if !distinct(r.Heads, c.HeadCount(), c.HeadCount()) {
		return rankingError(ErrInvalid, "heads are no order of %d", c.HeadCount())
	}
	return nil
}

// distinct reports whether a list has n different entries below limit.
func distinct[T uint16 | uint32](list []T, n, limit int) bool {
	seen := make([]bool, limit)
	for _, v := range list {
		if int64(v) >= int64(limit) || seen[v] {
			return false
		}
		seen[v] = true
	}
	return len(list) == n
}

func rankingError(cause error, format string, args ...any) error {
	return fmt.Errorf("ranking: %w: "+format, append([]any{cause}, args...)...)
}
