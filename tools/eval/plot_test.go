package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// TestFigure: every kind of row has its marks and a name, no mark is cut off, and no name stands
// where marks do.
func TestFigure(t *testing.T) {
	rowOf := func(section, name string, perplexity, operations float64) line {
		r := &result{Perplexity: perplexity}
		r.Spikes.SynapticOperations = operations
		return line{Section: section, Name: name, Result: r}
	}
	rows := table{Windows: 3, Rows: []line{
		rowOf(plain, "float", 20, 0), rowOf(plain, "T=1", 90, 1e8), rowOf(plain, "T=4", 21, 4e8),
		{Section: plain, Name: "T=2"},
		// where a corner is free as a rule
		rowOf(groups42, "50 % by saliency", 80, 4e8),
		rowOf(groups42, "50 % at random, seed 1", 90, 4e8),
		rowOf(presets, "best", 21, 4e8),
		rowOf(outputInput, "output T=1, layers T=4", 1e9, 1), // in no series: changes no axis
	}}
	file := filepath.Join(t.TempDir(), "figure.svg")
	if err := rows.draw(file); err != nil {
		t.Fatal(err)
	}
	svg, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	number := func(text string) float64 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	edge := float64(figureWidth - legendWidth)
	names := map[string]float64{}
	for _, m := range regexp.MustCompile(`<text x="([^"]+)"[^>]*>([^<]+)<`).FindAllSubmatch(svg,
		-1) {
		names[string(m[2])] = number(string(m[1]))
	}
	for _, s := range append(figureSeries(), series{name: "float activations"}) {
		if x, ok := names[s.name]; !ok || x < edge {
			t.Errorf("%q stands at %v, %v, want beyond %v", s.name, x, ok, edge)
		}
		// As wide as a font may be that stands in for the one it was measured by.
		if width := 0.62 * 10 * float64(len(s.name)); names[s.name]+width > float64(figureWidth) {
			t.Errorf("%q has no room", s.name)
		}
	}
	picture, _, _ := strings.Cut(string(svg), fmt.Sprintf(">%s<", figureSeries()[0].name))
	marks := 0
	circle := regexp.MustCompile(`<path d="M([-0-9.]+),([-0-9.]+)A4,4`)
	for _, m := range circle.FindAllStringSubmatch(picture, -1) {
		// A circle begins at its right.
		if x, y := number(m[1])-4, number(m[2]); x < edge {
			marks++
			if x < 40 || x > edge-4 || y < 4 || y > float64(figureHeight-4*vg.Points(1)) {
				t.Errorf("a mark at %v, %v", x, y)
			}
		}
	}
	if marks != 2 {
		t.Errorf("%d circles, want 2", marks)
	}
}
