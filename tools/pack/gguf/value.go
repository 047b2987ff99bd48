package gguf

// A Value is one metadata value. Exactly one of the fields below Elem is used,
// by Type, and for arrays by Elem.
type Value struct {
	Type   ValueType
	Elem   ValueType // element type of an array
	Offset int64     // of the value in the file

	ints    []int64
	floats  []float64
	bools   []bool
	strings []string
}

// Len is the number of elements of an array, and 1 for any other value.
func (v *Value) Len() int {
	return len(v.ints) + len(v.floats) + len(v.bools) + len(v.strings)
}

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
	for i := 0; i < n && c.err == nil; i++ {
		if i == 0 {
			v.grow(elem, min(n, arrayStep))
		}
		switch elem {
		case String:
			v.strings = append(v.strings, c.str("bytes of string", MaxStringBytes))
		case Bool:
			v.bools = append(v.bools, c.boolean())
		case Float32, Float64:
			v.floats = append(v.floats, c.float(elem))
		default:
			v.ints = append(v.ints, c.integer(elem))
		}
	}
	if c.err != nil {
		return Value{}
	}
	return v
}

func (v *Value) grow(elem ValueType, n int) {
	switch elem {
	case String:
		v.strings = make([]string, 0, n)
	case Bool:
		v.bools = make([]bool, 0, n)
	case Float32, Float64:
		v.floats = make([]float64, 0, n)
	default:
		v.ints = make([]int64, 0, n)
	}
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
	return &FormatError{Name: key, Offset: v.Offset, Err: invalidf("is of type %s, want %s", v.describe(), want)}
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
	return v.strings[0], nil
}

// Uint gives an integer of any width that is not negative.
func (f *File) Uint(key string) (uint64, error) {
	v, err := f.lookup(key)
	if err != nil {
		return 0, err
	}
	if v.Type == Array || len(v.ints) != 1 {
		return 0, v.mistyped(key, "integer")
	}
	if v.ints[0] < 0 {
		return 0, &FormatError{Name: key, Offset: v.Offset, Err: invalidf("is negative: %d", v.ints[0])}
	}
	return uint64(v.ints[0]), nil
}

// Float gives a float32 or float64.
func (f *File) Float(key string) (float64, error) {
	v, err := f.lookup(key)
	if err != nil {
		return 0, err
	}
	if v.Type == Array || len(v.floats) != 1 {
		return 0, v.mistyped(key, "float")
	}
	return v.floats[0], nil
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
	return v.bools[0], nil
}

// Strings gives an array of strings. The slice belongs to the file.
func (f *File) Strings(key string) ([]string, error) {
	v, err := f.lookup(key)
	if err != nil {
		return nil, err
	}
	if v.Type != Array || v.Elem != String {
		return nil, v.mistyped(key, "array of string")
	}
	return v.strings, nil
}

// Ints gives an array of integers of any width. The slice belongs to the file.
func (f *File) Ints(key string) ([]int64, error) {
	v, err := f.lookup(key)
	if err != nil {
		return nil, err
	}
	if v.Type != Array || !v.Elem.integer() {
		return nil, v.mistyped(key, "array of integers")
	}
	return v.ints, nil
}

// Floats gives an array of float32 or float64. The slice belongs to the file.
func (f *File) Floats(key string) ([]float64, error) {
	v, err := f.lookup(key)
	if err != nil {
		return nil, err
	}
	if v.Type != Array || v.Elem != Float32 && v.Elem != Float64 {
		return nil, v.mistyped(key, "array of floats")
	}
	return v.floats, nil
}

func (t ValueType) integer() bool {
	return t <= Int32 || t == Uint64 || t == Int64
}
