package main

import (
	"errors"
	"regexp"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A part of a model that has come, as a row of the table in docs/early.md says it: what, megabytes,
// bits a byte, the share of the whole model's bits, perplexity. At rows in bold a chat begins.
var partRow = regexp.MustCompile(
	`(?m)^\| (\*\*)?[^|]+ \| ([0-9.]+) \| [0-9.]+ \| ([0-9.]+) \| [0-9.]+ \|$`)

// drawFrontier writes a figure (SVG) of what answers are worth by how much has come, from the table
// in a Markdown text. Marks have the numbers of their rows.
func drawFrontier(text, file string) error {
	rows := partRow.FindAllStringSubmatch(text, -1)
	if len(rows) == 0 {
		return errors.New("no row of such a table is in the text")
	}
	var marks, others plotter.XYs
	labels := plotter.XYLabels{}
	for i, row := range rows {
		megabytes, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			return err
		}
		share, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			return err
		}
		at := plotter.XY{X: megabytes, Y: share}
		if row[1] != "" {
			marks = append(marks, at)
		} else {
			others = append(others, at)
		}
		labels.XYs = append(labels.XYs, at)
		labels.Labels = append(labels.Labels, strconv.Itoa(i+1))
	}
	p := plot.New()
	p.Title.Text = "Bits a byte before the last byte"
	p.X.Label.Text = "MB that have come"
	p.Y.Label.Text = "bits a byte, of the whole model's"
	legend := plot.NewLegend()
	legend.Top, legend.Left, legend.YPosition, legend.Padding = true, true, draw.PosCenter,
		vg.Points(6)
	legend.TextStyle.Font.Size = vg.Points(10)
	p.Add(plotter.NewGrid())
	for _, s := range []struct {
		name   string
		points plotter.XYs
		style  draw.GlyphStyle
	}{
		{"a chat begins, or goes on", marks, draw.GlyphStyle{Color: blue, Shape: draw.CircleGlyph{}}},
		{"other parts", others, draw.GlyphStyle{Color: orange, Shape: draw.CrossGlyph{}}},
	} {
		if len(s.points) == 0 {
			continue
		}
		scatter, err := plotter.NewScatter(s.points)
		if err != nil {
			return err
		}
		scatter.GlyphStyle = s.style
		scatter.Radius = vg.Points(4)
		p.Add(scatter)
		legend.Add(s.name, scatter)
	}
	numbers, err := plotter.NewLabels(labels)
	if err != nil {
		return err
	}
	numbers.Offset = vg.Point{X: vg.Points(6), Y: vg.Points(3)}
	p.Add(numbers)
	return writeFigure(p, &legend, file)
}
