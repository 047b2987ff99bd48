package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// No file that eval reads is written over, by whatever name, and none of another kind.
func TestOutputsLeaveOtherFiles(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	model := at("model")
	manifest := filepath.Join(model, "manifest.json")
	text := at("text.txt")
	written := map[string]string{
		text: strings.Repeat("one two\n", 800), at("letter.svg"): "dear me",
		at("app.json"): `{"name": "an app"}`, at("empty.json"): "{}", at("null.json"): "null",
		at("more.json"): `{"setup": "x", "windows": 1, "rows": []} dear me`,
		at("other.svg"): `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`,
	}
	err := os.CopyFS(model, os.DirFS(tinyFolder))
	for name, content := range written {
		err = errors.Join(err, os.WriteFile(name, []byte(content), 0o666))
	}
	err = errors.Join(err, os.Link(text, at("hard.txt")), os.Symlink(text, at("link.svg")),
		os.Mkdir(at("folder"), 0o777))
	// The name that a table had before it was whole.
	foreign := at("table.json.new")
	err = errors.Join(err, os.WriteFile(foreign, []byte("mine"), 0o666))
	if err != nil {
		t.Fatal(err)
	}
	before := filesOf(t, dir)
	table := func(args ...string) []string {
		return append([]string{"-limit", "1ns", "-table"}, args...)
	}
	for _, c := range [][]string{
		{"-save", text}, {"-save", at("hard.txt")}, {"-save", manifest},
		{"-save", at("letter.svg")}, {"-save", at("empty.json")}, {"-save", at("null.json")},
		table("-json", at("app.json")), table("-json", at("empty.json")),
		table("-json", at("null.json")), table("-json", at("more.json")),
		table("-json", manifest), table("-json", text),
		table("-plot", at("letter.svg"), "-json", at("new.json")),
		table("-plot", at("link.svg"), "-json", at("new.json")),
		table("-plot", at("other.svg"), "-json", at("new.json")),
		table("-plot", at("new.svg"), "-json", at("new.svg")),
		{"-save", at("folder")},
	} {
		var stdout, stderr bytes.Buffer
		args := append([]string{"-model", model, "-text", text, "-windows", "1"}, c...)
		if code := run(args, &stdout, &stderr); code != exitFailure ||
			!strings.HasPrefix(stderr.String(), "eval: output file: ") {
			t.Errorf("%q: exit code %d, %s", c, code, &stderr)
		}
	}
	for name, content := range filesOf(t, dir) {
		if before[name] != content {
			t.Errorf("%s holds %.40q now", name, content)
		}
	}
	// Its own files are replaced, and nothing beside them is.
	rows := table1()
	for range 2 {
		if err := errors.Join(rows.save(at("table.json")), rows.draw(at("figure.svg"))); err != nil {
			t.Error(err)
		}
		var stdout, stderr bytes.Buffer
		args := []string{"-model", model, "-text", text, "-windows", "1", "-save", at("w.json")}
		if code := run(args, &stdout, &stderr); code != exitOK {
			t.Errorf("exit code %d, %s", code, &stderr)
		}
	}
	after := filesOf(t, dir)
	if after[foreign] != "mine" || len(after) != len(before)+3 {
		t.Errorf("%s holds %q; %d files, were %d", foreign, after[foreign], len(after), len(before))
	}
}

// table1 is a table of a row.
func table1() *table {
	r := &result{Perplexity: 20}
	return &table{Setup: "x", Windows: 3, Rows: []line{{Section: plain, Name: "T=1", Result: r}}}
}

// filesOf reads all files of a folder.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
