package gguf

// A Value is one metadata value. It stays in the file: an accessor of File reads
// and checks the one that it is asked for. So a header takes little memory
// whatever it holds, and an odd value that nobody needs does no harm.
type Value struct {
	Type   ValueType
	Elem   ValueType // element type of an array
	Offset int64     // of the value in the file

	n     int   // elements of an array, 1 for any other value
	first int64 // where the elements begin in the file
}

// elements are those of one value. Exactly one of the fields is used.
type elements struct {
	ints    []int64
	floats  []float64
	bools   []bool
	strings []string
}

// Len is the number of elements of an array, and 1 for any other value.
func (v *Value) Len() int { return v.n }

// describe words the type for messages, such as "array of string".
func (v *Value) describe() string {
	if v.Type == Array {
		return "array of " + v.Elem.String()
	}
	return v.Type.String()
}

// arrayStep bounds what is allocated before the elements have been read.
const arrayStep = 4096

// value reads one value with its type.
func (c *cursor) value() Value {
	at := c.off
	v := Value{Type: ValueType(c.u32()), Offset: c.off}
	elem, n := v.Type, 1
	if c.err == nil && v.Type == Array {
		at = c.off
		elem = ValueType(c.u32())
		v.Elem = elem
		switch {
		case c.err != nil:
			return Value{}
		case elem == Array:
			c.fail(at, unsupportedf("array of arrays"))
			return Value{}
		case elem.known():
			n = c.count("array elements", MaxArray, valueTypes[elem].size)
		}
	}
	if c.err == nil && !elem.known() {
		c.fail(at, invalidf("unknown value type, %v", elem))
	}
	if c.err != nil {
		return Value{}
	}
	v.n, v.first = n, c.off
	c.skip(elem, n)
	if c.err != nil {
		return Value{}
	}
	return v
}

// skip passes over n elements.
func (c *cursor) skip(elem ValueType, n int) {
	if elem != String {
		if size := n * valueTypes[elem].size; c.need(uint64(size)) {
			c.discard(size)
		}
		return
	}
	for i := 0; i < n && c.err == nil; i++ {
		c.discard(c.count("bytes of string", MaxHeaderBytes, 1))
	}
}

// elements reads n elements.
func (c *cursor) elements(elem ValueType, n int) elements {
	var e elements
	e.grow(elem, min(n, arrayStep))
	for i := 0; i < n && c.err == nil; i++ {
		switch elem {
		case String:
			e.strings = append(e.strings, c.str("bytes of string", MaxStringBytes))
		case Bool:
			e.bools = append(e.bools, c.boolean())
		case Float32, Float64:
			e.floats = append(e.floats, c.float(elem))
		default:
			e.ints = append(e.ints, c.integer(elem))
		}
	}
	return e
}

func (e *elements) grow(elem ValueType, n int) {
	switch elem {
	case String:
		e.strings = make([]string, 0, n)
	case Bool:
		e.bools = make([]bool, 0, n)
	case Float32, Float64:
		e.floats = make([]float64, 0, n)
	default:
		e.ints = make([]int64, 0, n)
	}
}

// elements reads a value.
func (f *File) elements(key string, v *Value) (elements, error) {
	c := newCursor(f.r, f.size)
	c.seek(v.first)
	c.name = key
	elem := v.Type
	if elem == Array {
		elem = v.Elem
	}
	e := c.elements(elem, v.n)
	if c.err != nil {
		return elements{}, c.err
	}
	return e, nil
}

// lookup finds a key, or says that it is missing.
func (f *File) lookup(key string) (*Value, error) {
	v, ok := f.values[key]
	if !ok {
		return nil, &FormatError{Name: key, Offset: -1, Err: invalidf("key is missing")}
	}
	return v, nil
}

func (v *Value) mistyped(key, want string) error {
	err := invalidf("is of type %s, want %s", v.describe(), want)
	return &FormatError{Name: key, Offset: v.Offset, Err: err}
}

// Has reports whether the file has a key.
func (f *File) Has(key string) bool { _, ok := f.values[key]; return ok }

// Value gives a metadata value by its key, or nil.
func (f *File) Value(key string) *Value { return f.values[key] }

// String gives a string. The error names the key when it is missing or of
// another type; so do the errors of the other accessors.
func (f *File) String(key string) (string, error) {
	v, err := f.lookup(key)
	if err != nil {
		return "", err
	}
	if v.Type != String {
		return "", v.mistyped(key, "string")
	}
	e, err := f.elements(key, v)
	if err != nil {
		return "", err
	}
	return e.strings[0], nil
}

// Uint gives an integer of any width that is not negative.
func (f *File) Uint(key string) (uint64, error) {
	v, err := f.lookup(key)
	if err != nil {
		return 0, err
	}
	if !v.Type.integer() {
		return 0, v.mistyped(key, "integer")
	}
	e, err := f.elements(key, v)
	if err != nil {
		return 0, err
	}
	if e.ints[0] < 0 {
		return 0, &FormatError{Name: key, Offset: v.Offset,
			Err: invalidf("is negative: %d", e.ints[0])}
	}
	return uint64(e.ints[0]), nil
}

// Float gives a float32 or float64.
func (f *File) Float(key string) (float64, error) {
	v, err := f.lookup(key)
	if err != nil {
		return 0, err
	}
	if v.Type != Float32 && v.Type != Float64 {
		return 0, v.mistyped(key, "float")
	}
	e, err := f.elements(key, v)
	if err != nil {
		return 0, err
	}
	return e.floats[0], nil
}

// Bool gives a bool.
func (f *File) Bool(key string) (bool, error) {
	v, err := f.lookup(key)
	if err != nil {
		return false, err
	}
	if v.Type != Bool {
		return false, v.mistyped(key, "bool")
	}
	e, err := f.elements(key, v)
	if err != nil {
		return false, err
	}
	return e.bools[0], nil
}

// Strings gives an array of strings. It is read from the file.
func (f *File) Strings(key string) ([]string, error) {
	v, err := f.lookup(key)
	if err != nil {
		return nil, err
	}
	if v.Type != Array || v.Elem != String {
		return nil, v.mistyped(key, "array of string")
	}
	e, err := f.elements(key, v)
	return e.strings, err
}

// Ints gives an array of integers of any width. It is read from the file.
func (f *File) Ints(key string) ([]int64, error) {
	v, err := f.lookup(key)
	if err != nil {
		return nil, err
	}
	if v.Type != Array || !v.Elem.integer() {
		return nil, v.mistyped(key, "array of integers")
	}
	e, err := f.elements(key, v)
	return e.ints, err
}

// Floats gives an array of float32 or float64. It is read from the file.
func (f *File) Floats(key string) ([]float64, error) {
	v, err := f.lookup(key)
	if err != nil {
		return nil, err
	}
	if v.Type != Array || v.Elem != Float32 && v.Elem != Float64 {
		return nil, v.mistyped(key, "array of floats")
	}
	e, err := f.elements(key, v)
	return e.floats, err
}

func (t ValueType) integer() bool {
	return t <= Int32 || t == Uint64 || t == Int64
}
