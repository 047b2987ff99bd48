// Package reference is the transformers that the engine runs in float64, written from the formulas
// of their papers and of FORMAT.md: no cache, no batches, no kernels, no spikes. Tests compare the
// engine with it.
package reference

import (
	"fmt"
	"io/fs"
	"math"
	"slices"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
)

// Model is a packed model in float64. Its maps are by GGUF name.
type Model struct {
	Config planes.Config
	Matrix map[string][][]float64
	Vector map[string][]float64
	// Seen has what Logits came across, token by token: the input of a matrix, by the name of the
	// first one that reads it; and by the names "blk.L.q.weight", k and v what attention works on.
	Seen map[string][][]float64
	// Activation is that of the gate, in place of the architecture's; it may be nil.
	Activation func(g float64) float64
}

func (m *Model) see(name string, x []float64) []float64 {
	m.Seen[name] = append(m.Seen[name], slices.Clone(x))
	return x
}

// Open reads a packed model.
func Open(folder fs.FS) (*Model, error) {
	manifest, r, err := planes.Open(folder)
	if err != nil {
		return nil, err
	}
	m := &Model{
		Config: manifest.Config,
		Matrix: map[string][][]float64{},
		Vector: map[string][]float64{},
		Seen:   map[string][][]float64{},
	}
	for _, t := range manifest.Tensors {
		switch t.Kind {
		case planes.KindUnsigned, planes.KindTernary:
			p, err := r.Matrix(t.Name, t.Rows, t.Cols)
			if err != nil {
				return nil, err
			}
			m.Matrix[t.Name] = weights(p)
		case planes.KindFloat32:
			v, err := r.Floats(t.Name, t.Cols)
			if err != nil {
				return nil, err
			}
			for _, x := range v {
				m.Vector[t.Name] = append(m.Vector[t.Name], float64(x))
			}
		}
	}
	return m, nil
}

// weights gives [rows][cols] of d*code - n.
func weights(p *tile.Matrix) [][]float64 {
	w := make([][]float64, p.Rows)
	for row := range w {
		for g := range p.Cols / 32 {
			var codes [32]uint8
			d, n := p.Group(row, g, &codes)
			offset := half64(n)
			if p.OffsetBy != 0 {
				offset = float64(p.OffsetBy) * half64(d)
			}
			for _, c := range codes {
				w[row] = append(w[row], half64(d)*float64(c)-offset)
			}
		}
	}
	return w
}

// half64 reads a float16 by the definition of IEEE 754.
func half64(h uint16) float64 {
	sign, exponent, fraction := 1.0, int(h>>10&31), float64(h&0x3ff)
	if h>>15 != 0 {
		sign = -1
	}
	if exponent == 0 {
		return sign * math.Ldexp(fraction, -24)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

// Times is the product of w [rows][cols] and x [cols].
func Times(w [][]float64, x []float64) []float64 {
	y := make([]float64, len(w))
	for r, row := range w {
		for j, v := range row {
			y[r] += v * x[j]
		}
	}
	return y
}

// norm is the RMS norm; where the model has no such weight, x itself.
func (m *Model) norm(x []float64, weight string) []float64 {
	if m.Vector[weight] == nil {
		return x
	}
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	scale := 1 / math.Sqrt(sum/float64(len(x))+float64(m.Config.RMSEpsilon))
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = v * scale * m.Vector[weight][i]
	}
	return y
}

// normHeads is norm for each head.
func (m *Model) normHeads(x []float64, weight string) (y []float64) {
	dim := m.Config.HeadDim
	for ; len(x) > 0; x = x[dim:] {
		y = append(y, m.norm(x[:dim], weight)...)
	}
	return y
}

// plus adds a bias, where the model has it.
func (m *Model) plus(x []float64, bias string) []float64 {
	for i, b := range m.Vector[bias] {
		x[i] += b
	}
	return x
}

// Turn rotates each pair (2i, 2i+1) of each head as the first layer does.
func (m *Model) Turn(x []float64, position int) { m.turn(x, 0, position) }

func (m *Model) turn(x []float64, layer, position int) {
	c, dim := &m.Config, m.Config.HeadDim
	base, scale, divisors := float64(c.RopeBase), 1.0, m.Vector["rope_freqs.weight"]
	if c.RopeScale != 0 {
		scale = float64(c.RopeScale)
	}
	if c.Architecture == "gemma3" && layer%6 != 5 {
		base, scale, divisors = float64(c.LocalRopeBase), 1, nil
	}
	if c.Architecture == "smollm3" && layer%4 == 3 {
		return
	}
	for at := 0; at < len(x); at += 2 {
		angle := float64(position) * math.Pow(base, -float64(at%dim)/float64(dim))
		if divisors != nil {
			angle /= divisors[at%dim/2]
		}
		a, b, cos, sin := x[at], x[at+1], scale*math.Cos(angle), scale*math.Sin(angle)
		x[at], x[at+1] = a*cos-b*sin, a*sin+b*cos
	}
}

// seen is how many of the last positions a layer looks back to from one.
func (m *Model) seen(layer, position int) int {
	if m.Config.Architecture == "gemma3" && layer%6 != 5 {
		return min(position+1, m.Config.Window)
	}
	return position + 1
}

// activation is that of the gate.
func (m *Model) activation(g float64) float64 {
	switch {
	case m.Activation != nil:
		return m.Activation(g)
	case m.Config.Architecture == "gemma3":
		return GELU(g)
	}
	return g / (1 + math.Exp(-g))
}

// GELU is its tanh form.
func GELU(g float64) float64 {
	return g / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(g+0.044715*g*g*g)))
}

// Attention looks back from the last of the positions: q [heads*headDim], keys and values
// [position][kvHeads*headDim].
func (m *Model) Attention(q []float64, keys, values [][]float64) []float64 {
	dim := m.Config.HeadDim
	var out []float64
	for h := range m.Config.Heads {
		shared := h * m.Config.KVHeads / m.Config.Heads * dim
		weights, sum := make([]float64, len(keys)), 0.0
		for j, k := range keys {
			for i := range dim {
				weights[j] += q[h*dim+i] * k[shared+i]
			}
			weights[j] = math.Exp(weights[j] / math.Sqrt(float64(dim)))
			sum += weights[j]
		}
		for i := range dim {
			v := 0.0
			for j := range keys {
				v += weights[j] / sum * values[j][shared+i]
			}
			out = append(out, v)
		}
	}
	return out
}

// Logits gives the scores of every position: [tokens][vocab].
func (m *Model) Logits(tokens []int32) [][]float64 {
	x := make([][]float64, len(tokens))
	scale := 1.0
	if m.Config.Architecture == "gemma3" {
		scale = math.Sqrt(float64(m.Config.Hidden))
	}
	for t, id := range tokens {
		for _, v := range m.Matrix["token_embd.weight"][id] {
			x[t] = append(x[t], scale*v)
		}
	}
	for l := range m.Config.Layers {
		name := func(s string) string { return fmt.Sprintf("blk.%d.%s.weight", l, s) }
		bias := func(s string) string { return fmt.Sprintf("blk.%d.%s.bias", l, s) }
		var keys, values [][]float64
		for t := range x {
			normed := m.see(name("attn_q"), m.norm(x[t], name("attn_norm")))
			q := m.plus(Times(m.Matrix[name("attn_q")], normed), bias("attn_q"))
			k := m.plus(Times(m.Matrix[name("attn_k")], normed), bias("attn_k"))
			v := m.plus(Times(m.Matrix[name("attn_v")], normed), bias("attn_v"))
			q, k = m.normHeads(q, name("attn_q_norm")), m.normHeads(k, name("attn_k_norm"))
			m.turn(q, l, t)
			m.turn(k, l, t)
			keys, values = append(keys, m.see(name("k"), k)), append(values, m.see(name("v"), v))
			m.see(name("q"), q)
			from := len(keys) - m.seen(l, t)
			attended := m.see(name("attn_output"), m.Attention(q, keys[from:], values[from:]))
			delta := m.norm(Times(m.Matrix[name("attn_output")], attended),
				name("post_attention_norm"))
			for i, v := range delta {
				x[t][i] += v
			}
		}
		for t := range x {
			normed := m.see(name("ffn_gate"), m.norm(x[t], name("ffn_norm")))
			gate, up := Times(m.Matrix[name("ffn_gate")], normed),
				Times(m.Matrix[name("ffn_up")], normed)
			for i, g := range gate {
				gate[i] = m.activation(g) * up[i]
			}
			delta := m.norm(Times(m.Matrix[name("ffn_down")], m.see(name("ffn_down"), gate)),
				name("post_ffw_norm"))
			for i, v := range delta {
				x[t][i] += v
			}
		}
	}
	out, output := make([][]float64, len(tokens)), m.Matrix["output.weight"]
	if output == nil {
		output = m.Matrix["token_embd.weight"]
	}
	for t := range x {
		out[t] = Times(output, m.norm(x[t], "output_norm.weight"))
	}
	return out
}
