package strictjson

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Append appends the canonical text of the struct that v points to: fields in the struct's order,
// one space of indentation, and <, > and & inside strings escaped. A field whose tag says omitempty
// or omitzero is left out where it is zero or an empty slice; other pointers must not be nil.
// Strings that are not UTF-8 and numbers that are not finite are refused.
func Append(b []byte, v any) ([]byte, error) {
	w := writer{b: b}
	w.value(reflect.ValueOf(v).Elem(), "\n")
	return w.b, w.err
}

type writer struct {
	b   []byte
	err error
}

// value writes v, whose first line begins with line: a line feed and the indentation.
func (w *writer) value(v reflect.Value, line string) {
	switch v.Kind() {
	case reflect.Struct:
		before := byte('{')
		for i := range v.NumField() {
			name, option := tag(v.Type().Field(i))
			field := v.Field(i)
			if strings.HasPrefix(option, "omit") && isEmpty(field) {
				continue
			}
			w.b = append(append(append(w.b, before), line...), ' ')
			w.string(name)
			w.b = append(w.b, ": "...)
			w.value(field, line+" ")
			before = ','
		}
		w.end(before, "{}", line)
	case reflect.Slice:
		before := byte('[')
		for i := range v.Len() {
			w.b = append(append(append(w.b, before), line...), ' ')
			w.value(v.Index(i), line+" ")
			before = ','
		}
		w.end(before, "[]", line)
	case reflect.Pointer:
		w.value(v.Elem(), line)
	case reflect.String:
		w.string(v.String())
	case reflect.Bool:
		w.b = strconv.AppendBool(w.b, v.Bool())
	case reflect.Int, reflect.Int64:
		w.b = strconv.AppendInt(w.b, v.Int(), 10)
	case reflect.Uint64:
		w.b = strconv.AppendUint(w.b, v.Uint(), 10)
	case reflect.Float32:
		w.float(float32(v.Float()))
	default:
		panic(fmt.Sprintf("strictjson: Append of a %v", v.Type()))
	}
}

// isEmpty is Value.IsZero for the types that are left out, and counts an empty slice too.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Pointer:
		return v.IsNil()
	case reflect.Bool:
		return !v.Bool()
	case reflect.Int, reflect.Int64:
		return v.Int() == 0
	case reflect.Uint64:
		return v.Uint() == 0
	case reflect.Float32:
		return v.Float() == 0
	}
	return false
}

// end closes an object or array; before is ',' if it has any parts.
func (w *writer) end(before byte, brackets, line string) {
	if before == ',' {
		w.b = append(append(w.b, line...), brackets[1])
	} else {
		w.b = append(w.b, brackets...)
	}
}

// float writes a number as JavaScript does.
func (w *writer) float(f float32) {
	if f-f != 0 {
		w.err = fmt.Errorf("strictjson: %v is no JSON number", f)
	}
	format := byte('f')
	if abs := max(f, -f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	text := strconv.FormatFloat(float64(f), format, -1, 32)
	w.b = append(w.b, strings.Replace(text, "e-0", "e-", 1)...)
}

func (w *writer) string(s string) {
	if !utf8.ValidString(s) {
		w.err = errors.New("strictjson: invalid UTF-8")
	}
	const digits = "0123456789abcdef"
	w.b = append(w.b, '"')
	for i := range len(s) {
		c := s[i]
		if at := strings.IndexByte("\"\\\b\f\n\r\t", c); at >= 0 {
			w.b = append(w.b, '\\', `"\bfnrt`[at])
		} else if c < ' ' || c == '<' || c == '>' || c == '&' {
			w.b = append(w.b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		} else {
			w.b = append(w.b, c)
		}
	}
	w.b = append(w.b, '"')
}
