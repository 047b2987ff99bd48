package main

import (
	"io"
	"os"
	"reflect"
	"testing"
)

// The committed tiny model is what the generator makes: whoever changes one
// runs "go run ./tools/pack tiny" and commits both.
func TestTinyModelIsTheCommittedOne(t *testing.T) {
	const committed = "../../models/tiny"
	dir := t.TempDir() + "/tiny"
	if code := run([]string{"tiny", "-o", dir}, io.Discard, os.Stderr); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	want, got := readDir(t, committed), readDir(t, dir)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("generated %v, committed %v, or their contents differ", keys(got), keys(want))
	}
	for name, data := range want {
		if len(data) > 200_000 {
			t.Errorf("%s has %d bytes, too many for a file that is committed", name, len(data))
		}
	}
}

func readDir(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(dir + "/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	return files
}

func keys(m map[string]string) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	return names
}
