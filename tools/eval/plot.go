package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/spikechat/spikechat/tools/internal/outfile"
)

// series are the rows of the table that one line or kind of point of the figure shows.
type series struct {
	name   string
	color  color.Color
	shape  draw.GlyphDrawer
	joined bool
	has    func(*line) bool
}

// Colours that readers with any colour vision can tell apart (Okabe and Ito).
var (
	black  = color.RGBA{A: 255}
	blue   = color.RGBA{0x00, 0x72, 0xb2, 255}
	orange = color.RGBA{0xd5, 0x5e, 0x00, 255}
	green  = color.RGBA{0x00, 0x9e, 0x73, 255}
)

// chosenGroups reports whether a row gives a share of the groups of 32 more steps than the rest.
func chosenGroups(l *line) bool {
	return l.Section == groups42 || l.Section == groups41 || l.Section == groups21
}

func figureSeries() []series {
	return []series{
		{"uniform T", black, draw.CircleGlyph{}, true,
			func(l *line) bool {
				return l.Section == plain && strings.HasPrefix(l.Name, "T=") &&
					len(l.Name) == 3
			}},
		{"by saliency (OBS)", blue, draw.TriangleGlyph{}, false,
			func(l *line) bool {
				return chosenGroups(l) &&
					strings.HasSuffix(l.Name, "by saliency")
			}},
		{"at random", orange, draw.CrossGlyph{}, false,
			func(l *line) bool { return chosenGroups(l) && strings.Contains(l.Name, "at random") }},
		{"presets, everything coded", green, draw.SquareGlyph{}, false,
			func(l *line) bool { return l.Section == presets }},
	}
}

// Size of the figure. The legend has a column of its own, so that it covers nothing, with room for
// a font that is wider than the one gonum measures by.
const (
	figureWidth  = 9 * vg.Inch
	figureHeight = 4.5 * vg.Inch
	legendWidth  = 2.75 * vg.Inch
)

// draw writes a figure (SVG) of perplexity against the synaptic operations of the layers' inputs.
func (t *table) draw(file string) error {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("Perplexity and synaptic operations, %d windows", t.Windows)
	p.X.Label.Text = "synaptic operations of the layers' inputs, millions a token"
	p.Y.Label.Text = "perplexity"
	legend := plot.NewLegend()
	legend.Top, legend.Left, legend.YPosition, legend.Padding = true, true, draw.PosCenter,
		vg.Points(6)
	legend.TextStyle.Font.Size = vg.Points(10)
	p.Add(plotter.NewGrid())
	for _, s := range figureSeries() {
		var points plotter.XYs
		for i := range t.Rows {
			if l := &t.Rows[i]; l.Result != nil && s.has(l) {
				points = append(points,
					plotter.XY{X: l.Result.Spikes.SynapticOperations / 1e6, Y: l.Result.Perplexity})
			}
		}
		if len(points) == 0 {
			continue
		}
		slices.SortFunc(points, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
		scatter, err := plotter.NewScatter(points)
		if err != nil {
			return err
		}
		scatter.Color, scatter.Shape, scatter.Radius = s.color, s.shape, vg.Points(4)
		p.Add(scatter)
		legend.Add(s.name, scatter)
		if s.joined {
			joining, err := plotter.NewLine(points)
			if err != nil {
				return err
			}
			joining.Color = s.color
			p.Add(joining)
		}
	}
	for _, l := range t.Rows {
		if l.Section == plain && l.Name == "float" && l.Result != nil {
			float := plotter.NewFunction(func(float64) float64 { return l.Result.Perplexity })
			float.Dashes = []vg.Length{vg.Points(3), vg.Points(3)}
			p.Add(float)
			p.Y.Min = min(p.Y.Min, l.Result.Perplexity) // a function asks for no room
			legend.Add("float activations", float)
		}
	}
	return writeFigure(p, &legend, file)
}

// writeFigure writes a plot with its legend beside it.
func writeFigure(p *plot.Plot, legend *plot.Legend, file string) error {
	// No mark on the edge, where half of it would be cut off.
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		room := 0.03 * (axis.Max - axis.Min)
		axis.Min, axis.Max = axis.Min-room, axis.Max+room
	}
	picture := vgsvg.New(figureWidth, figureHeight)
	whole := draw.New(picture)
	p.Draw(draw.Crop(whole, vg.Points(4), -legendWidth, vg.Points(4), -vg.Points(4)))
	legend.Draw(draw.Crop(whole, figureWidth-legendWidth+vg.Points(10), 0, 0, -vg.Points(24)))
	var text bytes.Buffer
	if _, err := picture.WriteTo(&text); err != nil {
		return err
	}
	return outfile.Write(figureFile(file), text.Bytes(), isFigure)
}
