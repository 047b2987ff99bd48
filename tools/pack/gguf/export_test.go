package gguf

// Parts gives all elements of a value; one slice alone is used.
func (f *File) Parts(key string) (ints []int64, floats []float64, bools []bool, strings []string) {
	v := f.values[key]
	e := v.scalar
	if v.Type == Array {
		var err error
		if e, err = f.array(key, v); err != nil {
			panic(err)
		}
	}
	return e.ints, e.floats, e.bools, e.strings
}
