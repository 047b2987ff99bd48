package packer

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

func packTernary(f *ggufenc.File, steps int, q Quantizer) (fstest.MapFS, []string, error) {
	files, report := fstest.MapFS{}, &recorder{}
	p := &Job{Source: MemorySource("test.gguf", f.Bytes()), Name: "test", Report: report,
		TernarySteps: steps, Quantizer: q,
		Emit: func(file string, data []byte) error {
			files[file] = &fstest.MapFile{Data: append([]byte(nil), data...)}
			return nil
		}}
	m, err := p.Run()
	if err != nil {
		return nil, nil, err
	}
	files[planes.ManifestFile] = &fstest.MapFile{Data: m.Text}
	return files, report.notes, nil
}

// TestPackTernary: layers are ternary, and every weight has the level that is nearest to the
// source's; all else is as without.
func TestPackTernary(t *testing.T) {
	plain, whole := mustPack(t, Tiny())
	for _, steps := range []int{1, 2, 3, 4, 7} {
		files, notes, err := packTernary(Tiny(), steps, nil)
		if err != nil {
			t.Fatal(err)
		}
		m, r, err := planes.Open(files)
		if err != nil {
			t.Fatal(err)
		}
		if m.Version != planes.TernaryVersion || plain.manifest.Version != planes.ArchitecturesVersion {
			t.Errorf("version %d, without ternary weights %d", m.Version, plain.manifest.Version)
		}
		if len(notes) != 1 || !strings.Contains(notes[0], "ternary spikes, T = ") {
			t.Errorf("notes %q", notes)
		}
		for _, name := range matrixNames {
			line := shape(m, name)
			want, err := whole.Matrix(name, line.Rows, line.Cols)
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.Matrix(name, line.Rows, line.Cols)
			if err != nil {
				t.Fatal(err)
			}
			if name == embedding {
				if line.Kind != planes.KindUnsigned || string(got.Data) != string(want.Data) {
					t.Errorf("T=%d: the embedding is another", steps)
				}
				continue
			}
			if line.Kind != planes.KindTernary || got.OffsetBy != float32(steps) {
				t.Errorf("T=%d: %s is %+v", steps, name, line)
			}
			checkNearest(t, got, want, steps)
		}
	}
}

func checkNearest(t *testing.T, got, want *tile.Matrix, steps int) {
	t.Helper()
	weights := make([]float32, want.Cols)
	for row := range want.Rows {
		dequantise(weights, want, row)
		for g := range got.Groups() {
			var codes [tile.GroupCols]uint8
			bits, _ := got.Group(row, g, &codes)
			d := float64(tile.Half(bits))
			for i, q := range codes {
				w := float64(weights[g*tile.GroupCols+i])
				off := math.Abs(w - d*float64(int(q)-steps))
				for other := -steps; other <= steps; other++ {
					if math.Abs(w-d*float64(other)) < off-1e-12 {
						t.Fatalf("T=%d, row %d, group %d: %v became %d steps of %v, nearer are %d", steps, row,
							g, w, int(q)-steps, d, other)
					}
				}
			}
		}
	}
}

// TestNearestGroup: no scale that is searched for finely leaves much less; groups of zeros and of
// one weight are exact.
func TestNearestGroup(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for steps := 1; steps <= planes.MaxTernarySteps; steps++ {
		found, searched := 0.0, 0.0
		for range 50 {
			var w [tile.GroupCols]float32
			for i := range w {
				w[i] = float32(r.NormFloat64() * 0.1)
			}
			var codes [tile.GroupCols]uint8
			bits, err := nearestGroup(&codes, &w, steps)
			if err != nil {
				t.Fatal(err)
			}
			lost := func(d float64) (sum float64) {
				for _, v := range w {
					off := float64(v) - d*level(float64(v), d, steps)
					sum += off * off
				}
				return sum
			}
			found += lost(float64(tile.Half(bits)))
			least := math.Inf(1)
			for d := 0.001; d < 0.5; d *= 1.002 {
				least = min(least, lost(d))
			}
			searched += least
		}
		if found > 1.02*searched {
			t.Errorf("T=%d: errors of %v, a search leaves %v", steps, found, searched)
		}
		for _, v := range []float32{0, 0.5, -0.25} {
			w, codes := [tile.GroupCols]float32{5: v}, [tile.GroupCols]uint8{}
			bits, err := nearestGroup(&codes, &w, steps)
			d := float64(tile.Half(bits))
			got, want := d*float64(int(codes[5])-steps), float64(v)
			if err != nil || math.Abs(got-want) > math.Abs(want)/64 {
				t.Errorf("T=%d: %v became %v, %v", steps, v, got, err)
			}
			if int(codes[0]) != steps {
				t.Errorf("T=%d: a weight of 0 has code %d", steps, codes[0])
			}
		}
	}
}

// fixed is a Quantizer that gives what it is told.
type fixed struct {
	code  uint8
	scale uint16
	short bool
	err   error
}

func (f fixed) Quantize(_ string, rows, cols, _ int, _ []float32) ([]uint8, []uint16, error) {
	codes, scales := make([]uint8, rows*cols), make([]uint16, rows*cols/tile.GroupCols)
	codes[rows], scales[1] = f.code, f.scale
	if f.short {
		codes = codes[1:]
	}
	return codes, scales, f.err
}

// TestQuantizersAreChecked: what one gives is not trusted.
func TestQuantizersAreChecked(t *testing.T) {
	for words, q := range map[string]fixed{
		"": {code: 6, scale: 0x7bff}, "code 7, at most 6": {code: 7}, "not finite": {scale: 0x7c00},
		"is negative": {scale: 0x8000}, "9215 codes and 288 scales": {short: true},
		"too hard": {err: errors.New("too hard")},
	} {
		_, _, err := packTernary(Tiny(), 3, q)
		if (err == nil) != (words == "") || err != nil && (!strings.Contains(err.Error(), words) ||
			!strings.Contains(err.Error(), "blk.0.attn_q.weight")) {
			t.Errorf("%+v: %v, want %q", q, err, words)
		}
	}
	for _, steps := range []int{-1, 8} {
		if _, _, err := packTernary(Tiny(), steps, nil); err == nil {
			t.Errorf("%d steps are packed", steps)
		}
	}
}
