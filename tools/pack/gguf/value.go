package gguf

import "bytes"

// A Value is one metadata value. It stays in the file: an accessor of File reads
// and checks the one that it is asked for. So a header takes little memory
// whatever it holds, and an odd value that nobody needs does no harm.
type Value struct {
	Type   ValueType
	Elem   ValueType // element type of an array
	Offset int64     // of the value in the file

	n     int   // elements of an array, 1 for any other value
	first int64 // where the elements begin in the file
	end   int64 // where they end
	twice bool  // the key has another value as well
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

// value passes over one value and its type.
func (c *cursor) value() Value {
	at := c.off
	v := Value{Type: ValueType(c.u32()), Offset: c.off, n: 1}
	elem := v.Type
	if c.err == nil && elem == Array {
		v.Elem, v.n = c.arrayHead()
		elem = v.Elem
	} else if c.err == nil && !elem.known() {
		c.fail(at, invalidf("unknown value type, %v", elem))
	}
	v.first = c.off
	c.skip(elem, v.n, 1)
	if c.err != nil {
		return Value{}
	}
	v.end = c.off
	return v
}

// arrayHead reads the type of an array's elements and how many there are.
func (c *cursor) arrayHead() (elem ValueType, n int) {
	at := c.off
	elem = ValueType(c.u32())
	if c.err == nil && !elem.known() {
		c.fail(at, invalidf("unknown value type, %v", elem))
	}
	if c.err != nil {
		return 0, 0
	}
	return elem, c.count("array elements", MaxHeaderBytes, valueTypes[elem].size)
}

// skip passes over n elements of arrays inside so many.
func (c *cursor) skip(elem ValueType, n, depth int) {
	switch {
	case elem == String:
		for i := 0; i < n && c.err == nil; i++ {
			c.discard(c.count("bytes of string", MaxHeaderBytes, 1))
		}
	case elem == Array && depth == MaxDepth:
		c.fail(c.off, limitf("arrays inside each other, at most %d", MaxDepth))
	case elem == Array:
		for i := 0; i < n && c.err == nil; i++ {
			inner, m := c.arrayHead()
			c.skip(inner, m, depth+1)
		}
	case c.err == nil:
		if size := n * valueTypes[elem].size; c.need(uint64(size)) {
			c.discard(size)
		}
	}
}

// elements reads n elements.
func (c *cursor) elements(elem ValueType, n int) elements {
	var e elements
	if c.err != nil {
		return e
	}
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
	switch {
	case elem == Array:
		c.fail(v.Offset, unsupportedf("array of arrays"))
	case v.n > MaxArray:
		c.fail(v.Offset, limitf("%d array elements, at most %d", v.n, MaxArray))
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
	if v.twice {
		return nil, &FormatError{Name: key, Offset: v.Offset, Err: invalidf("key appears twice")}
	}
	return v, nil
}

// SameValue reports whether two files have the same value of a key, to the byte, or both have none.
func SameValue(a, b *File, key string) (bool, error) {
	v, w := a.values[key], b.values[key]
	if v == nil || w == nil {
		return v == w, nil
	}
	if v.twice || w.twice || v.Type != w.Type || v.Elem != w.Elem || v.n != w.n ||
		v.end-v.first != w.end-w.first {
		return false, nil
	}
	var ours, theirs [4096]byte
	for at := int64(0); at < v.end-v.first; at += int64(len(ours)) {
		n := min(v.end-v.first-at, int64(len(ours)))
		if _, err := a.r.ReadAt(ours[:n], v.first+at); err != nil {
			return false, &FormatError{Name: key, Offset: v.first + at, Err: err}
		}
		if _, err := b.r.ReadAt(theirs[:n], w.first+at); err != nil {
			return false, &FormatError{Name: key, Offset: w.first + at, Err: err}
		}
		if !bytes.Equal(ours[:n], theirs[:n]) {
			return false, nil
		}
	}
	return true, nil
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

// Int gives an integer of any width.
func (f *File) Int(key string) (int64, error) {
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
	return e.ints[0], nil
}

// Uint gives an integer of any width that is not negative.
func (f *File) Uint(key string) (uint64, error) {
	n, err := f.Int(key)
	if err == nil && n < 0 {
		err = &FormatError{Name: key, Offset: f.values[key].Offset, Err: invalidf("is negative: %d", n)}
	}
	return uint64(max(n, 0)), err
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
