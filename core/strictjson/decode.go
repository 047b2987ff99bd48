package strictjson

import (
	"bytes"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The causes a caller can tell apart with errors.Is; every other error is one of JSON's own
// grammar.
var (
	// ErrUnknown reports a field that the struct does not have.
	ErrUnknown = errors.New("unknown field")
	// ErrMissing reports that a field is not there, or null, whose tag says so.
	ErrMissing = errors.New("missing field")
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
// what was given from what was not. A field whose tag ends with strict:"required" must be there.
// Errors are of type *Error.
func Unmarshal(text []byte, v any, invalid UTF8) error {
	r := reader{text: text, tokens: jsontext.NewDecoder(bytes.NewBuffer(text),
		jsontext.AllowInvalidUTF8(invalid == Lossy),
		jsontext.AllowDuplicateNames(true))} // object counts fields, which costs no memory
	if err := r.value(reflect.ValueOf(v).Elem()); err != nil {
		return err
	}
	// The decoder would go on with another value.
	if rest := bytes.TrimLeft(text[r.tokens.InputOffset():], space); len(rest) > 0 {
		c, _ := utf8.DecodeRune(rest)
		err := fmt.Errorf("invalid character %q after top-level value", c)
		return r.fail(len(text)-len(rest), err)
	}
	return nil
}

// space is JSON's white space.
const space = " \t\r\n"

// reader gives the tokens of text to the fields of a struct. The grammar is jsontext's.
type reader struct {
	text   []byte
	tokens *jsontext.Decoder
	path   []byte // of the value being read, or of the one that failed
}

// at gives the byte where the next token begins: after white space and the comma or colon, which
// are no tokens.
func (r *reader) at() int {
	return len(r.text) - len(bytes.TrimLeft(r.text[r.tokens.InputOffset():], space+",:"))
}

// fail makes an error of the value at hand.
func (r *reader) fail(offset int, err error) error {
	return &Error{Offset: int64(offset), Path: string(r.path), Err: err}
}

// token reads the next token.
func (r *reader) token() (jsontext.Token, error) {
	t, err := r.tokens.ReadToken()
	if err == nil {
		return t, nil
	}
	var place *jsontext.SyntacticError
	if errors.As(err, &place) {
		if text := place.Err.Error(); !utf8.ValidString(text) { // it quotes the mistake
			place.Err = errors.New(strings.ToValidUTF8(text, "\ufffd"))
		}
		return t, r.fail(int(place.ByteOffset), place.Err)
	}
	return t, r.fail(len(r.text), io.ErrUnexpectedEOF) // io.EOF: no value at all
}

// kindNames are what a wrong type is called.
var kindNames = map[jsontext.Kind]string{
	'{': "object", '[': "array", '"': "string", 't': "boolean", 'f': "boolean",
}

// value reads the next value into v. How deep values lie inside each other is bounded by v's type.
func (r *reader) value(v reflect.Value) error {
	kind := v.Kind()
	next := r.tokens.PeekKind()
	if kind == reflect.Pointer && next != 'n' {
		v.Set(reflect.New(v.Type().Elem()))
		return r.value(v.Elem())
	}
	switch {
	case next == '{' && kind == reflect.Struct:
		return r.object(v)
	case next == '[' && kind == reflect.Slice:
		return r.array(v)
	case next == '0':
		return r.number(v)
	}
	boolean := next == 't' || next == 'f'
	fits := next == '"' && kind == reflect.String || boolean && kind == reflect.Bool
	if name := kindNames[next]; name != "" && !fits {
		return r.fail(r.at(), fmt.Errorf("%w: JSON %s", ErrValue, name))
	}
	t, err := r.token()
	if err != nil {
		return err
	}
	switch next {
	case 'n':
		v.SetZero()
	case '"':
		v.SetString(t.String())
	default:
		v.SetBool(next == 't')
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

func (r *reader) object(v reflect.Value) error {
	var seen uint64 // by field
	if _, err := r.token(); err != nil {
		return err
	}
	for {
		start := r.at()
		t, err := r.token()
		if err != nil {
			return err
		}
		if t.Kind() == '}' {
			return r.required(v.Type(), seen, start)
		}
		name := t.String()
		field := fieldNamed(v.Type(), name)
		if field < 0 {
			r.path = append(append(r.path, '/'), name...)
			return r.fail(start, fmt.Errorf("%w %.80q", ErrUnknown, name))
		}
		if seen>>field&1 != 0 {
			return r.fail(start, fmt.Errorf("duplicate object member name %q", name))
		}
		if seen |= 1 << field; r.tokens.PeekKind() == 'n' {
			seen &^= requiredBit(v.Type(), field)
		}
		if err := r.inside(v.Field(field), name); err != nil {
			return err
		}
	}
}

// required fails where a field is not among those seen and has to be.
func (r *reader) required(t reflect.Type, seen uint64, at int) error {
	for i := range t.NumField() {
		if requiredBit(t, i)&^seen != 0 {
			name, _ := tag(t.Field(i))
			return r.fail(at, fmt.Errorf("%w %q", ErrMissing, name))
		}
	}
	return nil
}

// requiredBit is the bit of a field that has to be there, else 0.
func requiredBit(t reflect.Type, field int) uint64 {
	if strings.HasSuffix(string(t.Field(field).Tag), ` strict:"required"`) {
		return 1 << field
	}
	return 0
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

// tag gives the name of a field, and omitempty or omitzero where its tag says so.
func tag(f reflect.StructField) (name, option string) {
	// Tag.Get would bring strconv.Unquote along.
	text, _ := strings.CutPrefix(string(f.Tag), `json:"`)
	text, _, _ = strings.Cut(text, `"`)
	name, option, _ = strings.Cut(text, ",")
	return name, option
}

func (r *reader) array(v reflect.Value) error {
	if _, err := r.token(); err != nil {
		return err
	}
	v.SetZero()
	for i := 0; ; i++ {
		v.Grow(1) // at the end of an empty array too: it is not nil
		if r.tokens.PeekKind() == ']' {
			_, err := r.token()
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
	start := r.at()
	t, err := r.token()
	if err != nil {
		return err
	}
	text := t.String()
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
