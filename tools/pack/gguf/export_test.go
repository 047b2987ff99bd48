package gguf

// Parts gives all elements of a value; one slice alone is used.
func (f *File) Parts(key string) (
	ints []int64, floats []float64, bools []bool, strings []string, err error,
) {
	e, err := f.elements(key, f.values[key])
	return e.ints, e.floats, e.bools, e.strings, err
}
