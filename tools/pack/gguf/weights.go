package gguf

// Weights turns whole blocks into the weights that llama.cpp computes with: of an integer type d
// times code, rounded to float32, plus m, or d times what a code without offset is.
func Weights(t TensorType, src []byte) []float32 {
	l := layouts[t]
	w := make([]float32, len(src)/l.bytes*l.elements)
	if !t.Integer() {
		DecodeFloats(t, src, w)
		return w
	}
	codes := make([]uint8, len(w))
	d, m := make([]float32, len(w)/l.group), make([]float32, len(w)/l.group)
	DecodeBlocks(t, src, codes, d, m)
	for j, c := range codes {
		if g := j / l.group; t.StoresMin() {
			w[j] = float32(d[g]*float32(c)) + m[g]
		} else {
			w[j] = d[g] * float32(int(c)+l.min)
		}
	}
	return w
}
