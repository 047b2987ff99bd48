// Package reference is the transformer of the Llama paper in float64, written from its formulas: no
// cache, no batches, no kernels, no spikes. Tests compare the engine with it.
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
		case planes.KindUnsigned:
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

func (m *Model) norm(x []float64, weight string) []float64 {
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

// Turn rotates each pair (2i, 2i+1) of each head.
func (m *Model) Turn(x []float64, position int) {
	dim := m.Config.HeadDim
	for at := 0; at < len(x); at += 2 {
		angle := float64(position) *
			math.Pow(float64(m.Config.RopeBase), -float64(at%dim)/float64(dim))
		a, b := x[at], x[at+1]
		x[at], x[at+1] = a*math.Cos(angle)-b*math.Sin(angle), a*math.Sin(angle)+b*math.Cos(angle)
	}
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
	for t, id := range tokens {
		x[t] = append(x[t], m.Matrix["token_embd.weight"][id]...)
	}
	for l := range m.Config.Layers {
		name := func(s string) string { return fmt.Sprintf("blk.%d.%s.weight", l, s) }
		var keys, values [][]float64
		for t := range x {
			normed := m.see(name("attn_q"), m.norm(x[t], name("attn_norm")))
			q, k := Times(m.Matrix[name("attn_q")], normed), Times(m.Matrix[name("attn_k")], normed)
			m.Turn(q, t)
			m.Turn(k, t)
			keys, values = append(keys, m.see(name("k"), k)),
				append(values, m.see(name("v"), Times(m.Matrix[name("attn_v")], normed)))
			m.see(name("q"), q)
			for i, v := range Times(m.Matrix[name("attn_output")],
				m.see(name("attn_output"), m.Attention(q, keys, values))) {
				x[t][i] += v
			}
		}
		for t := range x {
			normed := m.see(name("ffn_gate"), m.norm(x[t], name("ffn_norm")))
			gate, up := Times(m.Matrix[name("ffn_gate")], normed),
				Times(m.Matrix[name("ffn_up")], normed)
			for i, g := range gate {
				gate[i] = g / (1 + math.Exp(-g)) * up[i]
			}
			for i, v := range Times(m.Matrix[name("ffn_down")], m.see(name("ffn_down"), gate)) {
				x[t][i] += v
			}
		}
	}
	out := make([][]float64, len(tokens))
	for t := range x {
		out[t] = Times(m.Matrix["token_embd.weight"], m.norm(x[t], "output_norm.weight"))
	}
	return out
}
