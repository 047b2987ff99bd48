package strictjson

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The causes a caller can tell apart with errors.Is; every other error is one of JSON's own
// grammar.
var (
	// ErrUnknown reports a field that the struct does not have.
	ErrUnknown = errors.New("unknown field")
	// ErrValue reports a value of another type than its field's, or a number that the field cannot
	// hold.
	ErrValue = errors.New("value does not fit its field")
)

// Error says where in a text the mistake is.
type Error struct {
	Offset int64  // byte of the text
	Path   string // the value, such as "/tensors/2/cols"; "" is the whole
	Err    error
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Err.Error()
	}
	return fmt.Sprintf("%v at %.160q", e.Err, e.Path)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// UTF8 says what becomes of text that is not Unicode: bytes that are no UTF-8, and halves of
// surrogate pairs.
type UTF8 bool

const (
	Strict UTF8 = false // it is refused
	Lossy  UTF8 = true  // it becomes U+FFFD
)

// Unmarshal reads the one value of text into the struct that v points to. Fields that text leaves
// out, and those behind a mistake, stay as they are; null makes a value zero, so a pointer tells
// what was given from what was not. Errors are of type *Error.
func Unmarshal(text []byte, v any, invalid UTF8) error {
	r := reader{text: text, lossy: invalid == Lossy}
	if err := r.value(reflect.ValueOf(v).Elem()); err != nil {
		return err
	}
	if r.next(); r.at < len(text) {
		return r.unexpected("after top-level value")
	}
	return nil
}

type reader struct {
	text  []byte
	at    int
	path  []byte // of the value being read, or of the one that failed
	lossy bool
}

// fail makes an error of the value at hand.
func (r *reader) fail(offset int, err error) error {
	return &Error{Offset: int64(offset), Path: string(r.path), Err: err}
}

// unexpected makes the error of the byte at hand.
func (r *reader) unexpected(where string) error {
	if r.at >= len(r.text) {
		return r.fail(len(r.text), io.ErrUnexpectedEOF)
	}
	c, _ := utf8.DecodeRune(r.text[r.at:])
	return r.fail(r.at, fmt.Errorf("invalid character %q %s", c, where))
}

// next passes over white space and gives the byte behind it, 0 at the end.
func (r *reader) next() byte {
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// value reads the next value into v. How deep values lie inside each other is bounded by v's type.
func (r *reader) value(v reflect.Value) error {
	kind := v.Kind()
	name := ""
	c := r.next()
	if kind == reflect.Pointer && c != 'n' {
		v.Set(reflect.New(v.Type().Elem()))
		return r.value(v.Elem())
	}
	switch c {
	case 'n':
		v.SetZero()
		return r.word("null")
	case '{':
		if kind == reflect.Struct {
			return r.object(v)
		}
		name = "object"
	case '[':
		if kind == reflect.Slice {
			return r.array(v)
		}
		name = "array"
	case '"':
		if kind == reflect.String {
			s, err := r.string()
			if err == nil {
				v.SetString(s)
			}
			return err
		}
		name = "string"
	case 't', 'f':
		if kind == reflect.Bool {
			v.SetBool(c == 't')
			return r.word(strconv.FormatBool(c == 't'))
		}
		name = "boolean"
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return r.number(v)
	default:
		return r.unexpected("at the start of a value")
	}
	return r.fail(r.at, fmt.Errorf("%w: JSON %s", ErrValue, name))
}

func (r *reader) word(word string) error {
	for i := range len(word) {
		if r.at >= len(r.text) || r.text[r.at] != word[i] {
			return r.unexpected("in " + word)
		}
		r.at++
	}
	return nil
}

// inside reads a part of the value at hand.
func (r *reader) inside(v reflect.Value, name string) error {
	outer := len(r.path)
	r.path = append(append(r.path, '/'), name...)
	if err := r.value(v); err != nil {
		return err
	}
	r.path = r.path[:outer]
	return nil
}

// more passes over the comma between two parts, or over the end of the value; first says that no
// part has come yet.
func (r *reader) more(end byte, first bool) (more bool, err error) {
	switch c := r.next(); {
	case c == end:
		r.at++
		return false, nil
	case first:
		return true, nil
	case c == ',':
		r.at++
		return true, nil
	}
	return false, r.unexpected("after a value")
}

func (r *reader) object(v reflect.Value) error {
	r.at++
	var seen uint64 // by field
	for first := true; ; first = false {
		if more, err := r.more('}', first); !more {
			return err
		}
		if r.next() != '"' {
			return r.unexpected("where a field's name should be")
		}
		start := r.at
		name, err := r.string()
		if err != nil {
			return err
		}
		field := fieldNamed(v.Type(), name)
		if field < 0 {
			r.path = append(append(r.path, '/'), name...)
			return r.fail(start, fmt.Errorf("%w %.80q", ErrUnknown, name))
		}
		if seen>>field&1 != 0 {
			return r.fail(start, fmt.Errorf("duplicate object member name %q", name))
		}
		seen |= 1 << field
		if r.next() != ':' {
			return r.unexpected("after a field's name")
		}
		r.at++
		if err := r.inside(v.Field(field), name); err != nil {
			return err
		}
	}
}

// fieldNamed gives the index of a struct's field, -1 where it has none of this name.
func fieldNamed(t reflect.Type, name string) int {
	for i := range t.NumField() {
		if n, _ := tag(t.Field(i)); n == name {
			return i
		}
	}
	return -1
}

// tag gives the name of a field and whether it is left out where it is empty.
func tag(f reflect.StructField) (name string, omit bool) {
	// Tag.Get would bring strconv.Unquote along.
	text, _ := strings.CutPrefix(string(f.Tag), `json:"`)
	name, options, _ := strings.Cut(strings.TrimSuffix(text, `"`), ",")
	return name, options != ""
}

func (r *reader) array(v reflect.Value) error {
	r.at++
	v.SetZero()
	for i := 0; ; i++ {
		v.Grow(1) // at the end of an empty array too: it is not nil
		if more, err := r.more(']', i == 0); !more {
			return err
		}
		v.SetLen(i + 1)
		if err := r.inside(v.Index(i), strconv.Itoa(i)); err != nil {
			return err
		}
	}
}

// number reads a number, which may have a fraction or an exponent in a float32 alone.
func (r *reader) number(v reflect.Value) error {
	start := r.at
	r.accept("-")
	if !r.accept("0") && !r.digits() || r.accept(".") && !r.digits() {
		return r.unexpected("in a number")
	}
	if r.accept("eE") {
		r.accept("+-")
		if !r.digits() {
			return r.unexpected("in a number")
		}
	}
	text := string(r.text[start:r.at])
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			v.SetInt(n)
			return nil
		}
	case reflect.Uint64:
		if n, err := strconv.ParseUint(text, 10, 64); err == nil {
			v.SetUint(n)
			return nil
		}
	case reflect.Float32:
		if f, err := strconv.ParseFloat(text, 32); err == nil {
			v.SetFloat(f)
			return nil
		}
	}
	return r.fail(start, fmt.Errorf("%w: JSON number %.40s", ErrValue, text))
}

// accept passes over the next byte if it is one of these.
func (r *reader) accept(bytes string) bool {
	if r.at < len(r.text) && strings.IndexByte(bytes, r.text[r.at]) >= 0 {
		r.at++
		return true
	}
	return false
}

// digits passes over digits and reports whether there was one.
func (r *reader) digits() bool {
	start := r.at
	for r.at < len(r.text) && '0' <= r.text[r.at] && r.text[r.at] <= '9' {
		r.at++
	}
	return r.at > start
}

// string reads a string, whose opening quote is at hand.
func (r *reader) string() (string, error) {
	r.at++
	var b []byte
	for {
		// Everything up to the next byte that does not stand for itself.
		start := r.at
		for r.at < len(r.text) && r.text[r.at] >= ' ' && r.text[r.at] < utf8.RuneSelf &&
			r.text[r.at] != '"' && r.text[r.at] != '\\' {
			r.at++
		}
		b = append(b, r.text[start:r.at]...)
		switch {
		case r.at >= len(r.text) || r.text[r.at] < ' ':
			return "", r.unexpected("in a string")
		case r.text[r.at] == '"':
			r.at++
			return string(b), nil
		}
		at := r.at
		c, err := r.character()
		if err != nil {
			return "", err
		}
		if c < 0 {
			if c = utf8.RuneError; !r.lossy {
				return "", r.fail(at, errors.New("invalid UTF-8 or half of a surrogate pair"))
			}
		}
		b = utf8.AppendRune(b, c)
	}
}

// character reads a character that is escaped or not of ASCII; -1 where it is not Unicode.
func (r *reader) character() (rune, error) {
	if r.text[r.at] != '\\' {
		c, size := utf8.DecodeRune(r.text[r.at:])
		r.at += size
		if c == utf8.RuneError && size == 1 {
			c = -1
		}
		return c, nil
	}
	r.at++
	if r.at < len(r.text) {
		if i := strings.IndexByte(`"\/bfnrt`, r.text[r.at]); i >= 0 {
			r.at++
			return rune("\"\\/\b\f\n\r\t"[i]), nil
		}
	}
	if !r.accept("u") {
		return 0, r.unexpected("in an escape")
	}
	c, ok := r.hex()
	if !ok {
		return 0, r.unexpected("in an escape")
	}
	if !utf16.IsSurrogate(c) {
		return c, nil
	}
	behind := r.at
	if r.accept(`\`) && r.accept("u") {
		if low, ok := r.hex(); ok {
			if pair := utf16.DecodeRune(c, low); pair != utf8.RuneError {
				return pair, nil
			}
		}
	}
	r.at = behind // what follows is no second half and stands for itself
	return -1, nil
}

// hex reads four hexadecimal digits.
func (r *reader) hex() (c rune, ok bool) {
	for range 4 {
		if r.at >= len(r.text) {
			return 0, false
		}
		digit, err := strconv.ParseUint(string(r.text[r.at]), 16, 8)
		if err != nil {
			return 0, false
		}
		c = c<<4 | rune(digit)
		r.at++
	}
	return c, true
}
