package packer

import (
	"errors"
	"fmt"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gguf"
)

var (
	// ErrUnsupported reports a sound file that uses something the engine does
	// not compute; the message names it.
	ErrUnsupported = errors.New("unsupported")
	// ErrModel reports a file whose parts contradict each other.
	ErrModel = errors.New("invalid model")
)

// hyper reads hyperparameters and keeps the first error, so that config below
// reads as a list.
type hyper struct {
	f      *gguf.File
	prefix string // of all keys: the architecture and a point
	err    error
}

// int gives an integer key between 1 and limit. A missing key gives missing
// when that is positive.
func (h *hyper) int(key string, limit, missing int) int {
	key = h.prefix + key
	if h.err != nil || missing > 0 && !h.f.Has(key) {
		return missing
	}
	n, err := h.f.Uint(key)
	switch {
	case err != nil:
		h.err = err
	case n < 1 || n > uint64(limit):
		h.err = fmt.Errorf("%w: %s is %d, want 1 to %d; take a file with such a value", ErrModel,
			key, n, limit)
	}
	return int(min(n, uint64(limit)))
}

// float gives a key from low to high, as a float32. A missing key gives missing when that is
// positive.
func (h *hyper) float(key string, low, high, missing float64) float32 {
	key = h.prefix + key
	if h.err != nil || missing > 0 && !h.f.Has(key) {
		return float32(missing)
	}
	v, err := h.f.Float(key)
	if err != nil {
		h.err = err
	} else if x := float64(float32(v)); !(x >= low && x <= high) { // written so that NaN fails too
		h.err = fmt.Errorf("%w: %s is %v, want %v to %v; take a file with such a value", ErrModel, key,
			v, low, high)
	}
	return float32(v)
}

// config reads and checks the hyperparameters.
func config(f *gguf.File) (planes.Config, error) {
	arch, err := f.String(architectureKey)
	if err != nil {
		return planes.Config{}, err
	}
	kind, known := planes.ArchitectureOf(arch)
	if !known {
		return planes.Config{}, fmt.Errorf("%w: architecture %s: the engine computes llama, qwen2, "+
			"qwen3, gemma3 and smollm3; take a model of one of these", ErrUnsupported, quoted(arch))
	}
	if err := refuseKeys(f, arch); err != nil {
		return planes.Config{}, err
	}
	h := &hyper{f: f, prefix: arch + "."}
	c := planes.Config{
		Architecture: arch,
		Layers:       h.int("block_count", planes.MaxLayers, 0),
		Hidden:       h.int("embedding_length", planes.MaxCols, 0),
		Intermediate: h.int("feed_forward_length", planes.MaxCols, 0),
		Heads:        h.int("attention.head_count", planes.MaxHeads, 0),
		Context:      h.int("context_length", planes.MaxContext, 0),
		RMSEpsilon:   h.float("attention.layer_norm_rms_epsilon", leastEpsilon, planes.MaxRMSEpsilon, 0),
		RopeBase:     h.float("rope.freq_base", 1, planes.MaxRopeBase, 10000),
	}
	c.KVHeads = h.int("attention.head_count_kv", planes.MaxHeads, c.Heads)
	c.HeadDim = h.int("attention.key_length", planes.MaxHeadDim, c.Hidden/max(c.Heads, 1))
	value := h.int("attention.value_length", planes.MaxCols, c.HeadDim)
	rotated := h.int("rope.dimension_count", planes.MaxCols, c.HeadDim)
	if kind.Windows {
		c.Window = h.int("attention.sliding_window", planes.MaxContext, 0)
		c.LocalRopeBase = h.float("rope.freq_base_swa", 1, planes.MaxRopeBase, 10000)
	}
	if h.err != nil {
		return planes.Config{}, h.err
	}
	return c, checkConfig(c, value, rotated)
}

// checkConfig holds the hyperparameters to what the engine computes. value and
// rotated are the sizes of a value and of the rotated part of a head.
func checkConfig(c planes.Config, value, rotated int) error {
	const group = tile.GroupCols
	for _, w := range []struct {
		name string
		size int
	}{{"embedding_length", c.Hidden}, {"feed_forward_length", c.Intermediate},
		{"head size", c.HeadDim}} {
		if w.size < group || w.size%group != 0 {
			return fmt.Errorf("%w: %s %d is no multiple of %d", ErrUnsupported, w.name, w.size,
				group)
		}
	}
	switch {
	case c.Heads%c.KVHeads != 0:
		return fmt.Errorf("%w: %d heads cannot share %d key and value heads", ErrModel, c.Heads,
			c.KVHeads)
	case c.HeadDim > planes.MaxHeadDim || c.Heads*c.HeadDim > planes.MaxCols:
		return fmt.Errorf("%w: %d heads of size %d, and the engine has heads of up to %d, together "+
			"up to %d; take a smaller model", ErrUnsupported, c.Heads, c.HeadDim, planes.MaxHeadDim,
			planes.MaxCols)
	case value != c.HeadDim:
		return fmt.Errorf("%w: values of size %d beside keys of size %d", ErrUnsupported, value,
			c.HeadDim)
	case rotated != c.HeadDim:
		return fmt.Errorf("%w: rotary embedding of %d of %d dimensions", ErrUnsupported, rotated,
			c.HeadDim)
	case c.Architecture == "gemma3" && c.Layers == gemma27BLayers:
		// Gemma's 27 billion weights alone scale queries by another number, which no key says.
		return fmt.Errorf("%w: gemma3 of %d layers scales its queries otherwise; take a smaller one",
			ErrUnsupported, c.Layers)
	}
	return nil
}

const (
	gemma27BLayers = 62
	leastEpsilon   = 1e-30 // float32 has it; real ones are 1e-6 and 1e-5
)

// role says how a tensor is packed.
type role uint8

const (
	roleNorm  role = iota // float32, as it is: norms, biases, rotation's divisors
	roleLayer             // a matrix inside a layer
	roleTable             // embedding or head: one row for each token
)

// part is one tensor the model must have.
type part struct {
	name       string
	role       role
	rows, cols int
	tensor     *gguf.Tensor
	worst      Rounding // what changed of rows that were read on the way to the writer
	// paired is the size of a head whose halves the source pairs, and the engine neighbours: rows
	// are packed in another order (pairs.go). 0: in the source's.
	paired int
	fine   bool      // weights of a float type get 8 bits: they are rounded again
	values []float32 // of a float32 part that is computed
}

const (
	embedding = "token_embd.weight"
	head      = "output.weight" // absent where the embedding is also the head
)

// parts lists the tensors of the model in file order of the packed model:
// norms and tables first, then the matrices layer by layer. Tensors that are
// missing, of another shape, or that the engine has no use for are refused.
func parts(f *gguf.File, c planes.Config, vocab int) ([]part, error) {
	kind, q, kv := c.Kind(), c.Heads*c.HeadDim, c.KVHeads*c.HeadDim
	var list []part
	add := func(role role, rows, cols int, format string, a ...any) {
		list = append(list,
			part{name: fmt.Sprintf(format, a...), role: role, rows: rows, cols: cols})
	}
	// rotated is add for what is rotated later.
	rotated := func(role role, rows, cols int, format string, a ...any) {
		add(role, rows, cols, format, a...)
		if pairsHalves[c.Architecture] {
			list[len(list)-1].paired = c.HeadDim
		}
	}
	add(roleNorm, 1, c.Hidden, "output_norm.weight")
	for l := range c.Layers {
		add(roleNorm, 1, c.Hidden, "blk.%d.attn_norm.weight", l)
		add(roleNorm, 1, c.Hidden, "blk.%d.ffn_norm.weight", l)
		if kind.PostNorms {
			add(roleNorm, 1, c.Hidden, "blk.%d.post_attention_norm.weight", l)
			add(roleNorm, 1, c.Hidden, "blk.%d.post_ffw_norm.weight", l)
		}
		if kind.HeadNorms {
			rotated(roleNorm, 1, c.HeadDim, "blk.%d.attn_q_norm.weight", l)
			rotated(roleNorm, 1, c.HeadDim, "blk.%d.attn_k_norm.weight", l)
		}
		if kind.Biases {
			rotated(roleNorm, 1, q, "blk.%d.attn_q.bias", l)
			rotated(roleNorm, 1, kv, "blk.%d.attn_k.bias", l)
			add(roleNorm, 1, kv, "blk.%d.attn_v.bias", l)
		}
	}
	add(roleTable, vocab, c.Hidden, embedding)
	if f.Tensor(head) != nil {
		add(roleTable, vocab, c.Hidden, head)
	}
	for l := range c.Layers {
		rotated(roleLayer, q, c.Hidden, "blk.%d.attn_q.weight", l)
		rotated(roleLayer, kv, c.Hidden, "blk.%d.attn_k.weight", l)
		add(roleLayer, kv, c.Hidden, "blk.%d.attn_v.weight", l)
		add(roleLayer, c.Hidden, q, "blk.%d.attn_output.weight", l)
		add(roleLayer, c.Intermediate, c.Hidden, "blk.%d.ffn_gate.weight", l)
		add(roleLayer, c.Intermediate, c.Hidden, "blk.%d.ffn_up.weight", l)
		add(roleLayer, c.Hidden, c.Intermediate, "blk.%d.ffn_down.weight", l)
	}
	known := map[string]bool{planes.RopeDivisors: hasRopeFactors[c.Architecture]}
	for i := range list {
		p := &list[i]
		known[p.name] = true
		if err := p.find(f); err != nil {
			return nil, err
		}
	}
	for i := range f.Tensors {
		if !known[f.Tensors[i].Name] {
			return nil, fmt.Errorf("%w: tensor %s, which no model of architecture %s has",
				ErrUnsupported, quoted(f.Tensors[i].Name), c.Architecture)
		}
	}
	return list, nil
}

// find looks up the part's tensor and checks its shape and type.
func (p *part) find(f *gguf.File) error {
	t := f.Tensor(p.name)
	if t == nil {
		return fmt.Errorf("%w: tensor %q is missing", ErrModel, p.name)
	}
	// An embedding may have more rows than there are tokens.
	more := p.role == roleTable && t.Rows() > int64(p.rows)
	if t.Columns() != int64(p.cols) || t.Rows() != int64(p.rows) && !more {
		return fmt.Errorf("%w: tensor %q has %d rows of %d, want %d of %d", ErrModel, p.name,
			t.Rows(), t.Columns(), p.rows, p.cols)
	}
	if p.role == roleNorm && t.Type.Integer() {
		return fmt.Errorf("%w: tensor %q is of type %v, want a float type", ErrUnsupported, p.name,
			t.Type)
	}
	p.tensor = t
	return nil
}
