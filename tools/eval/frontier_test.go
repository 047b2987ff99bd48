package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFrontierIsThatOfItsTable: the figure in the tree is what its table draws.
func TestFrontierIsThatOfItsTable(t *testing.T) {
	text, err := os.ReadFile("../../docs/early.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(partRow.FindAllString(string(text), -1)); n != 11 {
		t.Errorf("%d rows, want 11", n)
	}
	file := filepath.Join(t.TempDir(), "early.svg")
	draw := func(text string) []byte {
		t.Helper()
		if err := drawFrontier(text, file); err != nil {
			t.Fatal(err)
		}
		svg, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return svg
	}
	want, err := os.ReadFile("../../docs/early.svg")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(draw(string(text)), want) {
		t.Error("docs/early.svg is another: go run ./tools/eval -frontier docs/early.md " +
			"-plot docs/early.svg")
	}
	if bytes.Equal(draw(strings.Replace(string(text), "| 1.038 |", "| 1.138 |", 1)), want) {
		t.Error("another table gives the same figure")
	}
	if err := drawFrontier("no table", file); err == nil {
		t.Error("a text without a table is drawn")
	}
}
