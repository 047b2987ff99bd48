package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/tools/internal/outfile"
	"github.com/spikechat/spikechat/tools/internal/wasmfile"
)

// module makes a module of a type section, whatever its bytes, and functions of these bodies. Their
// locals look like swizzles.
func module(bodies ...[]byte) []byte {
	code := []byte{byte(len(bodies))}
	for _, b := range bodies {
		code = appendSized(code, append([]byte{1, 0xfd, 14, 0x7b}, b...))
	}
	m := appendSized(append(slices.Clone(wasmfile.Header), 1), []byte{1, 0x60, 0, 0})
	m = appendSized(append(m, codeSection), code)
	return appendSized(append(m, 0), []byte("\x04name"))
}

var (
	strict  = []byte{0xfd, 14}
	relaxed = []byte{0xfd, 0x80, 2}
	stop    = []byte{end}
)

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// TestRelax: only instructions change, not the same bytes in constants, offsets and labels.
func TestRelax(t *testing.T) {
	for name, same := range map[string][]byte{
		"v128.const":         append([]byte{0xfd, 12}, bytes.Repeat(strict, 8)...),
		"i8x16.shuffle":      append([]byte{0xfd, 13}, bytes.Repeat(strict, 8)...),
		"f32.const":          {0x43, 0xfd, 14, 0xfd, 14},
		"f64.const":          {0x44, 0xfd, 14, 0xfd, 14, 0xfd, 14, 0xfd, 14},
		"i32.const":          {0x41, 0xfd, 14},
		"i64.const":          {0x42, 0xfd, 14},
		"i64.const -2^63":    {0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f},
		"i64.load":           {0x29, 3, 0xfd, 14},
		"v128.load":          {0xfd, 0, 0, 0xfd, 14},
		"v128.store":         {0xfd, 11, 0, 0xfd, 14},
		"v128.load8_lane":    {0xfd, 84, 0, 0xfd, 14, 3},
		"v128.store64_lane":  {0xfd, 91, 0, 0xfd, 14, 3},
		"v128.load32_zero":   {0xfd, 92, 0, 0xfd, 14},
		"v128.load64_zero":   {0xfd, 93, 0, 0xfd, 14},
		"i64.store32":        {0x3e, 0, 0xfd, 14},
		"global.set":         {0x24, 0xfd, 14},
		"i32.eqz":            {0x45},
		"f64x2.replace_lane": {0xfd, 34, 14},
		"f64x2.splat":        {0xfd, 20},
		"i8x16.eq":           {0xfd, 35},
		"v128.any_true":      {0xfd, 83},
		"f64x2.convert":      {0xfd, 0xff, 1},
		"memory.fill":        {0xfc, 11, 0},
		"i64.trunc_sat":      {0xfc, 7},
		"unreachable":        {0x00, 0x01},
		"br_if, return":      {0x0d, 0xfd, 14, 0x0f},
		"br_table":           {0x0e, 2, 0xfd, 14, 0xfd, 14, 0xfd, 14},
		"call":               {0x10, 0xfd, 14},
		"call_indirect":      {0x11, 0xfd, 14, 0},
		"local.get":          {0x20, 0xfd, 14},
		"block and loop":     {0x02, 0x40, 0x03, 0x7e, 0x0c, 0, 0x0b, 0x0b},
		"if and else":        {0x04, 0x7b, 0x05, 0x0b},
		"memory.copy":        {0xfc, 10, 0, 0},
		"i32.trunc_sat":      {0xfc, 0},
		"extract_lane":       {0xfd, 21, 14},
		"i32x4.dot_i16x8":    {0xfd, 0xba, 1},
		"select and drop":    {0x1b, 0x1a},
		"i64.extend32_s":     {0xc4},
		"memory.size/grow":   {0x3f, 0, 0x40, 0},
	} {
		in := module(join(same, strict, same, stop), join(same, stop))
		want := module(join(same, relaxed, same, stop), join(same, stop))
		got, n, err := relax(in)
		if err != nil || n != 1 || !bytes.Equal(got, want) {
			t.Errorf("%s: % x of %d, %v, want % x", name, got, n, err, want)
		}
	}
}

// TestRelaxDots: a dot product becomes one instruction of the same variables, with the sum that it
// is added to or without; one of other variables stays.
func TestRelaxDots(t *testing.T) {
	v := variables{'K': 3, 'C': 4, 'S': 5}
	pairs, add := v.in(strictPairs), v.in(strictAdd)
	other := bytes.Clone(pairs)
	other[bytes.LastIndexByte(other, get)+1] = 6
	for _, c := range []struct{ in, want []byte }{
		{pairs, []byte{get, 3, get, 4, vectorPrefix, 0x92, 2}},
		{join(pairs, add), []byte{get, 3, get, 4, get, 5, vectorPrefix, 0x93, 2}},
		{join(add, pairs, pairs, strict), join(add, []byte{
			get, 3, get, 4, vectorPrefix, 0x92, 2, get, 3, get, 4, vectorPrefix, 0x92, 2}, relaxed)},
		{other, other},
		{pairs[:len(pairs)-4], pairs[:len(pairs)-4]},
		{append([]byte{0x41}, pairs[1:]...), append([]byte{0x41}, pairs[1:]...)},
	} {
		in, want := module(join(c.in, stop)), module(join(c.want, stop))
		if got, _, err := relax(in); err != nil || !bytes.Equal(got, want) {
			t.Errorf("% x: % x, %v, want % x", c.in, got, err, want)
		}
	}
}

// TestSizesThatGrow: a body that passes 127 bytes takes a byte more for its size, and so does the
// section.
func TestSizesThatGrow(t *testing.T) {
	for swizzles := range 130 {
		in := module(append(bytes.Repeat(strict, swizzles), end), stop)
		want := module(append(bytes.Repeat(relaxed, swizzles), end), stop)
		got, n, err := relax(in)
		if err != nil || n != swizzles || !bytes.Equal(got, want) {
			t.Fatalf("%d swizzles: % x of %d, %v, want % x", swizzles, got, n, err, want)
		}
	}
}

// TestRefuse: what is cut short or unknown is an error, at every byte.
func TestRefuse(t *testing.T) {
	whole := module(join([]byte{0x41, 5, 0x0e, 1, 0, 0, 0x43, 1, 2, 3, 4}, strict, stop))
	lengths := 0
	for n := range whole {
		if _, _, err := relax(whole[:n]); err != nil {
			if !errors.Is(err, errModule) {
				t.Errorf("%d bytes: %v", n, err)
			}
			lengths++
		}
	}
	// Between sections a shorter module is one too.
	if want := len(whole) - 3; lengths != want {
		t.Errorf("%d of %d lengths were refused, want %d", lengths, len(whole), want)
	}
	for name, body := range map[string][]byte{
		"opcode":           {0x06},
		"bulk":             {0xfc, 12, 0, 0},
		"vector":           {0xfd, 0x80, 2},
		"other memory":     {0x28, 0x40, 0, 0},
		"number":           {0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"constant":         {0x41, 0xff, 0xff},
		"bulk of memory 1": {0xfc, 10, 0, 1},
		"block of index":   {0x02, 0},
		"block of two":     {0x02, 0x63, 0x70},
		"no end":           {0x01},
		"behind the end":   {0x0b, 0x01},
		"endless table":    {0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f},
		"constant is cut":  {0xfd, 12, 1, 2, 3},
	} {
		if _, _, err := relax(module(body)); !errors.Is(err, errModule) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, code := range map[string][]byte{
		"bytes behind the functions": {0, 1},
		"endless locals": {
			1, 11, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, end,
		},
		"locals of a reference": {1, 4, 1, 1, 0x63, end},
		"endless functions":     {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1},
	} {
		_, _, err := relax(appendSized(append(slices.Clone(wasmfile.Header), codeSection), code))
		if !errors.Is(err, errModule) {
			t.Errorf("%s: %v", name, err)
		}
	}
	head := append(slices.Clone(wasmfile.Header), codeSection)
	_, _, err := relax(appendSized(head, []byte{1, 9, 0, end}))
	const want = "function 0: not a module as Go makes it: 9 bytes wanted where 2 are left"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Error(err)
	}
}

func TestRun(t *testing.T) {
	in, out := filepath.Join(t.TempDir(), "in.wasm"), filepath.Join(t.TempDir(), "out.wasm")
	if err := run(in, out); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	os.WriteFile(in, module(stop), 0o666)
	if err := run(in, out); err == nil || !strings.Contains(err.Error(), "no swizzle") {
		t.Error(err)
	}
	os.WriteFile(in, module(join(strict, stop)), 0o666)
	if err := run(in, out); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(out); !bytes.Equal(got, module(join(relaxed, stop))) {
		t.Errorf("% x", got)
	}
}

// What is written over is a module that is not the input, by whatever name; or nothing is.
func TestRunLeavesOtherFiles(t *testing.T) {
	dir := t.TempDir()
	in, link := filepath.Join(dir, "in.wasm"), filepath.Join(dir, "link.wasm")
	letter := filepath.Join(dir, "letter.txt")
	whole := module(join(strict, stop))
	if err := errors.Join(os.WriteFile(in, whole, 0o666), os.Link(in, link),
		os.WriteFile(letter, []byte("dear me"), 0o666)); err != nil {
		t.Fatal(err)
	}
	for out, want := range map[string][]byte{in: whole, link: whole, letter: []byte("dear me")} {
		if err := run(in, out); !errors.Is(err, outfile.ErrTarget) {
			t.Errorf("%s: %v", out, err)
		}
		if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s holds %q now, %v", out, got, err)
		}
	}
	old := filepath.Join(dir, "old.wasm")
	os.WriteFile(old, module(stop), 0o666)
	if err := run(in, old); err != nil {
		t.Errorf("over a module: %v", err)
	}
}

// FuzzRelax: anything is refused, or comes out as long as it was and a byte more for each swizzle
// and each size that grew.
func FuzzRelax(f *testing.F) {
	f.Add(module(stop))
	f.Add(module(join([]byte{0x41, 5}, strict, stop), join([]byte{0xfc, 11, 0}, strict, stop)))
	f.Fuzz(func(t *testing.T, m []byte) {
		got, n, err := relax(m)
		if err != nil {
			return
		}
		// A swizzle grows by a byte, and with it at most the sizes of its function and of the section.
		if len(got) > len(m)+3*n {
			t.Errorf("%d bytes of %d with %d swizzles", len(got), len(m), n)
		}
		if n > 0 {
			if _, _, err := relax(got); !errors.Is(err, errModule) {
				t.Errorf("relaxed twice: %v", err)
			}
		}
	})
}
