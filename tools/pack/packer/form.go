package packer

import "github.com/spikechat/spikechat/tools/pack/gguf"

// A form is how a matrix of planes holds the weights of a tensor type.
type form struct {
	planes   int
	offsetBy float32 // 0: offsets are stored
}

// Quantised forms, of float matrices: those of a layer like Q4_1, embedding and output like Q8_0.
var (
	quantisedLayer = form{4, 0}
	quantisedTable = form{8, 128}
)

// form gives that of a part.
func (p *part) form() form {
	t := p.tensor.Type
	switch {
	case !t.Integer() && (p.role == roleTable || p.fine):
		return quantisedTable
	case !t.Integer():
		return quantisedLayer
	}
	switch t {
	case gguf.Q3_K:
		// A code times a scale, which is an integer from -32 to 31, is one from -124 to 128.
		return form{8, 127}
	case gguf.Q2_K, gguf.Q6_K:
		return form{8, middle}
	}
	return form{t.Bits(), float32(-t.MinFactor())}
}
