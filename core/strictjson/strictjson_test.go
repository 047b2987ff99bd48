package strictjson

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"
)

// all has a field of every type.
type all struct {
	Name   string   `json:"name"`
	Yes    bool     `json:"yes"`
	Count  int      `json:"count"`
	Bytes  int64    `json:"bytes"`
	Seed   uint64   `json:"seed"`
	Factor float32  `json:"factor"`
	Words  []string `json:"words"`
	Steps  []int    `json:"steps,omitempty"`
	Parts  []part   `json:"parts"`
	One    part     `json:"one"`
}

type part struct {
	Kind   kind    `json:"kind"`
	Offset float32 `json:"offset,omitzero"`
}

type kind string

// maybe has fields that can be left out.
type maybe struct {
	Steps *int    `json:"steps"`
	Name  *string `json:"name"`
	Part  *part   `json:"part"`
}

// TestPointers compares with encoding/json/v2: null and what is not there are nil, everything else
// is given.
func TestPointers(t *testing.T) {
	for _, text := range []string{
		`{}`, `{"steps":null,"name":null,"part":null}`, `{"steps":0,"name":"","part":{}}`,
		`{"steps":-2147483648,"part":{"kind":"x","offset":2}}`,
		`{"steps":1.5}`, `{"steps":"1"}`, `{"name":1}`, `{"part":{"more":1}}`, `{"part":[]}`,
		`{"steps":nil}`, `{"steps":`,
	} {
		one, name := 1, "before"
		got, want := maybe{Steps: &one, Name: &name}, maybe{Steps: new(int), Name: &name}
		*want.Steps = one
		err := Unmarshal([]byte(text), &got, Strict)
		wantErr := json.Unmarshal([]byte(text), &want, json.RejectUnknownMembers(true))
		if (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v, %v", text, got, err, want, wantErr)
		}
	}
	var place *Error
	err := Unmarshal([]byte(`{"steps":1.5}`), new(maybe), Strict)
	if !errors.Is(err, ErrValue) || !errors.As(err, &place) || place.Path != "/steps" {
		t.Errorf("1.5 for an int: %v", err)
	}
}

func TestRequiredFields(t *testing.T) {
	type inner struct {
		Text string `json:"text" strict:"required"`
		More string `json:"more"`
	}
	type outer struct {
		One  inner  `json:"one" strict:"required"`
		Part *inner `json:"part,omitzero"`
	}
	for text, path := range map[string]string{
		`{"one":{"text":""}}`:                               "",
		`{"one":{"text":"a"},"part":{"text":"","more":""}}`: "",
		`{"one":{"text":"a"},"part":null}`:                  "",
		`{}`:                                                "missing field \"one\"",
		`{"one":null}`:                                      "missing field \"one\"",
		`{"one":{}}`:                                        "missing field \"text\" at \"/one\"",
		`{"one":{"text":null}}`:                             "missing field \"text\" at \"/one\"",
		`{"one":{"text":""},"part":{"more":""}}`:            "missing field \"text\" at \"/part\"",
	} {
		err := Unmarshal([]byte(text), new(outer), Strict)
		if (err == nil) != (path == "") || err != nil && (err.Error() != path ||
			!errors.Is(err, ErrMissing)) {
			t.Errorf("%s: %v, want %s", text, err, path)
		}
	}
	text, err := Append(nil, &outer{})
	if err != nil || !strings.Contains(string(text), `"text": ""`) {
		t.Errorf("%s, %v", text, err)
	}
}

// TestAppendPointers: what Append writes of pointers and booleans that may be left out, v2 reads.
func TestAppendPointers(t *testing.T) {
	type outer struct {
		Yes  bool  `json:"yes,omitzero"`
		Part *part `json:"part,omitzero"`
		Same *part `json:"same"`
	}
	for _, v := range []outer{{Same: &part{}}, {true, &part{"a", 2}, &part{"b", 0}}} {
		text, err := Append(nil, &v)
		want, wantErr := json.Marshal(&v, jsontext.WithIndent(" "))
		if err != nil || wantErr != nil || string(text) != string(want) {
			t.Errorf("%s, %v, want %s, %v", text, err, want, wantErr)
		}
	}
}

// texts are accepted, or refused with these words.
var texts = []struct{ text, words string }{
	{`{}`, ""},
	{`null`, ""},
	{" \t\r\n{ \"count\" : 1 , \"yes\":true } \n", ""},
	{`{"name":"é\u00e9\"\\\/\b\f\n\r\t\ud83d\ude00\u2028","yes":false,` +
		`"count":-9223372036854775808,"bytes":9223372036854775807}`, ""},
	{`{"seed":18446744073709551615,"factor":-1.5e-3,"words":["a",""],"steps":[],` +
		`"parts":[{},{"kind":"x","offset":2}],"one":{"kind":"y"}}`, ""},
	{`{"name":null,"yes":null,"count":null,"words":null,"parts":[null],"one":null}`, ""},
	{`{"factor":1e-50}`, ""},
	{`{"count":-0,"factor":-0}`, ""},

	{``, "unexpected EOF"},
	{` `, "unexpected EOF"},
	{`{`, "unexpected EOF"},
	{`{"name`, "unexpected EOF"},
	{`{"name"`, "unexpected EOF"},
	{`{"name":`, "unexpected EOF"},
	{`{"name":"x"`, "unexpected EOF"},
	{`{"name":"x",`, "unexpected EOF"},
	{`{"words":[`, "unexpected EOF"},
	{`{"words":["x"`, "unexpected EOF"},
	{`{"name":"\`, "unexpected EOF"},
	{`{"name":"\u12`, "unexpected EOF"},
	{`{"yes":tru`, "unexpected EOF"},
	{`{"count":-`, "unexpected EOF"},
	{`<!DOCTYPE html>`, "invalid character '<' at start of value"},
	{"\ufeff{}", `invalid character '\ufeff' at start of value`},
	{`{}{}`, "invalid character '{' after top-level value"},
	{`{}]`, "invalid character ']' after top-level value"},
	{`{},`, "invalid character ',' after top-level value"},
	{`{}:`, "invalid character ':' after top-level value"},
	{`,{}`, "invalid character ',' at start of value"},
	{"{}\x00", `invalid character '\x00' after top-level value`},
	{`{"yes":true,}`, "invalid character ',' at start of value"},
	{`{,"yes":true}`, "invalid character ',' at start of value"},
	{`{yes:true}`, "invalid character 'y' at start of value"},
	{`{"yes" true}`, "invalid character 't' after object name"},
	{`{"yes":true "count":1}`, `invalid character '"' after object value`},
	{`{"words":["x",]}`, "invalid character ',' at start of value"},
	{`{"words":["x" "y"]}`, `invalid character '"' after array element`},
	{`{"words":["x"}}`, "invalid character '}' after array element"},
	{`{"yes":truth}`, "invalid character 't' in literal true"},
	{`{"yes":nil}`, "invalid character 'i' in literal null"},
	{`{"count":01}`, "invalid character '1' after object value"},
	{`{"count":+1}`, "invalid character '+' at start of value"},
	{`{"count":1.}`, "invalid character '}' in number"},
	{`{"count":.5}`, "invalid character '.' at start of value"},
	{`{"count":1e}`, "invalid character '}' in number"},
	{`{"factor":NaN}`, "invalid character 'N' at start of value"},
	{"{\"name\":\"a\nb\"}", `invalid character '\n' in string`},
	{`{"name":"\x41"}`, "invalid escape sequence `\\x` in string"},
	{"{\"name\":\"\\ufff\xef\"}", "invalid escape sequence"},
	{`{true:1}`, "object member name must be a string"},
	{`{null:1}`, "object member name must be a string"},
	{`{"words":[,"x"]}`, "invalid character ',' at start of value"},
	{`{"words":["x"` + "\n" + `,,"y"]}`, "invalid character ','"},
	{`{"name":"\u00g0"}`, "invalid escape sequence `\\u00g0` in string"},
	{`{"name":'x'}`, `invalid character '\''`},
	{`{"yes":true/**/}`, "invalid character '/'"},

	{`[]`, "value does not fit its field: JSON array"},
	{`"x"`, "JSON string"},
	{`1`, "JSON number 1"},
	{`{"name":{}}`, `JSON object at "/name"`},
	{`{"name":1}`, `JSON number 1 at "/name"`},
	{`{"yes":"true"}`, `JSON string at "/yes"`},
	{`{"count":true}`, `JSON boolean at "/count"`},
	{`{"count":"1"}`, `JSON string at "/count"`},
	{`{"count":1.5}`, `JSON number 1.5 at "/count"`},
	{`{"count":1e3}`, `JSON number 1e3 at "/count"`},
	{`{"bytes":9223372036854775808}`, `JSON number 9223372036854775808 at "/bytes"`},
	{`{"seed":-1}`, `JSON number -1 at "/seed"`},
	{`{"seed":18446744073709551616}`, `JSON number 18446744073709551616 at "/seed"`},
	{`{"factor":1e39}`, `JSON number 1e39 at "/factor"`},
	{`{"factor":` + strings.Repeat("9", 1000) + `}`, `at "/factor"`},
	{`{"words":{}}`, `JSON object at "/words"`},
	{`{"words":["x",1]}`, `JSON number 1 at "/words/1"`},
	{`{"parts":[{"kind":"x"},{"kind":[]}]}`, `JSON array at "/parts/1/kind"`},
	{`{"one":[]}`, `JSON array at "/one"`},

	{`{"more":1}`, `unknown field "more" at "/more"`},
	{`{"Name":"x"}`, `unknown field "Name" at "/Name"`},
	{`{"":1}`, `unknown field "" at "/"`},
	{`{"parts":[{"name":"x"}]}`, `unknown field "name" at "/parts/0/name"`},
	{`{"x":` + strings.Repeat("[", 1e5), `unknown field "x" at "/x"`},
	{`{"yes":true,"yes":true}`, `duplicate object member name "yes"`},
	{`{"one":{},"\u006fne":{}}`, `duplicate object member name "one"`},
	{`{"parts":[{"kind":"x","kind":"x"}]}`, `duplicate object member name "kind" at "/parts/0"`},

	// What is not Unicode; Lossy takes it.
	{"{\"name\":\"\xff\"}", "invalid UTF-8"},
	{"{\"name\":\"\xed\xa0\x80\"}", "invalid UTF-8"},
	{"{\"words\":[\"\xe2\x82\"]}", `at "/words/0"`},
	{`{"name":"\ud800"}`, "surrogate"},
	{`{"name":"\udc00\ud800"}`, "surrogate"},
	{`{"name":"\ud800\u0041"}`, "surrogate"},
	{`{"name":"\ud800\n"}`, "surrogate"},
	{`{"name":"\ud800\u00zz"}`, "surrogate"},
	{`{"name":"\ufffd�"}`, ""},
}

func TestUnmarshal(t *testing.T) {
	for _, c := range texts {
		equalsStandard(t, []byte(c.text))
		var v all
		err := Unmarshal([]byte(c.text), &v, Strict)
		if (err == nil) != (c.words == "") || err != nil && !strings.Contains(err.Error(), c.words) {
			t.Errorf("%.80s: %v, want %q", c.text, err, c.words)
		}
		if want := strings.HasPrefix(c.words, "unknown"); errors.Is(err, ErrUnknown) != want {
			t.Errorf("%.80s: %v is ErrUnknown: %v", c.text, err, !want)
		}
		if want := strings.Contains(c.words, "JSON "); want && !errors.Is(err, ErrValue) {
			t.Errorf("%.80s: %v is not ErrValue", c.text, err)
		}
	}
}

// equalsStandard wants what encoding/json/v2 accepts, and the same of it.
func equalsStandard(t *testing.T, text []byte) {
	t.Helper()
	for _, invalid := range []UTF8{Strict, Lossy} {
		got, want := all{Count: 7, Words: []string{"before"}}, all{Count: 7, Words: []string{"before"}}
		err := Unmarshal(text, &got, invalid)
		wantErr := json.Unmarshal(text, &want,
			json.RejectUnknownMembers(true), jsontext.AllowInvalidUTF8(bool(invalid)))
		if (err == nil) != (wantErr == nil) {
			t.Errorf("%.80q: %v, want %v", text, err, wantErr)
			continue
		}
		if err == nil {
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%.80q: %+v, want %+v", text, got, want)
			}
			continue
		}
		var place *Error
		if !errors.As(err, &place) || place.Offset < 0 || place.Offset > int64(len(text)) ||
			!utf8.ValidString(err.Error()) {
			t.Errorf("%.80q: error %q at %+v", text, err, place)
		}
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, c := range texts {
		if len(c.text) < 4000 { // the mutator wants small seeds
			f.Add([]byte(c.text))
		}
	}
	f.Fuzz(equalsStandard)
}

// appendsAsStandard compares Append with encoding/json/v2.
func appendsAsStandard(t *testing.T, v *all) {
	t.Helper()
	want, wantErr := json.Marshal(v, jsontext.WithIndent(" "), jsontext.EscapeForHTML(true))
	got, err := Append([]byte("before"), v)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%+v: %v, want %v", v, err, wantErr)
	}
	if err == nil && !bytes.Equal(got, append([]byte("before"), want...)) {
		t.Fatalf("wrote\n%s\nwant\n%s", got, want)
	}
}

func TestAppend(t *testing.T) {
	appendsAsStandard(t, &all{})
	appendsAsStandard(t, &all{Words: []string{}, Steps: []int{}, Parts: []part{{}, {Offset: 1}}})
	appendsAsStandard(t, &all{Count: math.MinInt64, Bytes: math.MaxInt64, Seed: math.MaxUint64,
		Yes: true, Steps: []int{1, -2}})
	for c := range rune(0x3000) {
		appendsAsStandard(t, &all{Name: string(c), Words: []string{"x" + string(c) + "y"}})
	}
	for b := range 256 {
		appendsAsStandard(t, &all{Name: string([]byte{byte(b)})})
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, bits := range []uint32{0, 1, 1 << 31, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00000} {
		appendsAsStandard(t, &all{Factor: math.Float32frombits(bits)})
	}
	for _, f := range []float32{
		1e-6, 1e-7, 9.99e-7, 1e21, 9.99e20, 1e22, 1e-10, 1e-38, 10000, 1e-5, 0.1,
	} {
		appendsAsStandard(t, &all{Factor: f})
		appendsAsStandard(t, &all{Factor: -f})
	}
	for range 20000 {
		appendsAsStandard(t, &all{Factor: math.Float32frombits(r.Uint32())})
	}
}

func FuzzAppend(f *testing.F) {
	f.Add("name <b>&", int64(1), uint64(2), float32(0.5), 2)
	f.Fuzz(func(t *testing.T, name string, n int64, seed uint64, factor float32, many int) {
		v := all{Name: name, Yes: n&1 != 0, Count: int(n), Bytes: n, Seed: seed, Factor: factor,
			One: part{kind(name), factor}}
		for range many & 3 {
			v.Words, v.Steps = append(v.Words, name), append(v.Steps, int(n))
			v.Parts = append(v.Parts, v.One)
		}
		appendsAsStandard(t, &v)
		if text, err := Append(nil, &v); err == nil {
			var again all
			if err := Unmarshal(text, &again, Strict); err != nil {
				t.Fatalf("%v in\n%s", err, text)
			}
			appendsAsStandard(t, &again)
		}
	})
}

// TestHostileTextsTakeLittleMemory: what a text costs is bounded by its length.
func TestHostileTextsTakeLittleMemory(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("[", 1e6), `{"parts":[` + strings.Repeat("{},", 1e5),
		`{"words":[` + strings.Repeat(`"",`, 1e5), `{"name":"` + strings.Repeat("x", 1e6),
		`{"` + strings.Repeat("x", 1e6) + `":1}`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := Unmarshal([]byte(text), new(all), Strict)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; err == nil || n > uint64(64*len(text)) {
			t.Errorf("%d bytes for %.20s… of %d: %.80v", n, text, len(text), err)
		}
	}
}
