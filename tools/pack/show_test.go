package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// installedJinja is where "make jinja" installs Jinja2.
const installedJinja = "../../build/jinja"

// wantPlain checks that a terminal can be given the text: printable lines, none without end.
func wantPlain(t *testing.T, what, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && !strconv.IsPrint(r) {
			t.Errorf("%s shows %q", what, text)
			return
		}
	}
	if len(text) > maxMessage+1000 {
		t.Errorf("%s shows %d bytes", what, len(text))
	}
}

// Names of strangers: in an archive, in a GGUF file, in a lock file, in a manifest.
func TestHostileTextIsNotShownAsItIs(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	inZip := func(name string, data []byte) string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err := errors.Join(err, z.Close()); err != nil {
			t.Fatal(err)
		}
		return file("a.zip", b.Bytes())
	}
	model := packer.Tiny().Bytes()
	changed := func(key, text string) string {
		f := packer.Tiny()
		ggufedit.Set(f, key, text)
		return file("a.gguf", f.Bytes())
	}
	lockOf := func(json string) []string {
		return []string{"-lock", file("lock", []byte(json)), file("m.gguf", model)}
	}
	places := []struct {
		name string
		args func(text string) []string
	}{
		{"archive", func(text string) []string { return []string{inZip(text+".gguf", model)} }},
		{"named", func(text string) []string {
			return []string{"-name", "m", inZip(text+".gguf", model)}
		}},
		{"damaged", func(text string) []string {
			return []string{"-name", "m", inZip(text+".gguf", []byte("GGUF, and no more"))}
		}},
		{"no GGUF",
			func(text string) []string { return []string{inZip(text+".gguf", []byte("text"))} }},
		{"architecture", func(text string) []string {
			return []string{changed("general.architecture", text)}
		}},
		{"licence",
			func(text string) []string { return []string{changed("general.license", text)} }},
		{"template", func(text string) []string {
			return []string{changed("tokenizer.chat_template", text)}
		}},
		{"pre", func(text string) []string {
			return []string{changed("tokenizer.ggml.pre",
				text)}
		}},
		{"lock", func(text string) []string {
			return lockOf(`{"source": {"sha256": ` + strconv.QuoteToASCII(text) + `}}`)
		}},
		{"lock's field", func(text string) []string {
			return lockOf(`{` + strconv.QuoteToASCII(text) + `: 1}`)
		}},
	}
	out := filepath.Join(dir, "out")
	for name, text := range map[string]string{
		"escape": "\x1b[2J\x1b]0;title\a", "newline": "a\npack: all sound", "bidi": "a\u202eb",
		"C1": "a\u009b2Jb", "long": strings.Repeat("m", 40000), "not UTF-8": "a\xffb",
	} {
		for _, place := range places {
			what := name + " in " + place.name
			var stdout, stderr bytes.Buffer
			args := append([]string{"-q", "-calibrate", "none", "-o", out, "-jinja",
				installedJinja}, place.args(text)...)
			code := run(args, &stdout, &stderr)
			wantPlain(t, what, stdout.String()+stderr.String())
			if place.name == "licence" || place.name == "named" || place.name == "archive" {
				// Nothing is computed from them: they are shortened, and a note says so.
				if code != exitOK || strings.Count(stdout.String(), "note: ") != 1 {
					t.Errorf("%s: exit code %d, %.200q, want a note", what, code, stdout.String())
				}
				if err := os.RemoveAll(out); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if code != exitFailure || strings.Count(stderr.String(), "\n") != 1 {
				t.Errorf("%s: exit code %d, %.200q, want one line", what, code, stderr.String())
			}
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("one of them was packed")
	}
}

// What inspect shows comes from a manifest, which has such names refused.
func TestInspectRefusesHostileNames(t *testing.T) {
	dir := tinyFolder(t)
	name := filepath.Join(dir, "manifest.json")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{`"tiny"`, `"tiny.gguf"`, `"blk.0.attn_q.weight"`} {
		changed := strings.ReplaceAll(string(text), field, `"\u001b[2J\u202e"`)
		if err := os.WriteFile(name, []byte(changed), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"inspect", "verify"} {
			var stdout, stderr bytes.Buffer
			if code := run([]string{command, dir}, &stdout, &stderr); code != exitFailure {
				t.Errorf("%s of a changed %s: exit code %d", command, field, code)
			}
			wantPlain(t, command+" of a changed "+field, stdout.String()+stderr.String())
		}
	}
}

// What is no GGUF file is told by its first bytes, before room is made for it.
func TestOtherMembersAreNotInflated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.zip")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("a.gguf")
	if err == nil {
		_, err = w.Write(make([]byte, 1<<20))
	}
	if err := errors.Join(err, z.Close(), os.WriteFile(path, b.Bytes(), 0o666)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "nowhere"))
	_, err = openSource(path)
	if !errors.Is(err, packer.ErrSource) ||
		!strings.Contains(err.Error(), "so it is no GGUF file") {
		t.Errorf("got %v", err)
	}
}
