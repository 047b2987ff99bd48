package gguf

// Parts gives all elements of a value; one slice alone is used.
func (v *Value) Parts() (ints []int64, floats []float64, bools []bool, strings []string) {
	return v.ints, v.floats, v.bools, v.strings
}
