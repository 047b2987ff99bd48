package planes

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"

	"github.com/spikechat/spikechat/core/tile"
)

// parts is a model to be packed: its table, and the calls that write it.
type parts struct {
	version int // that a Writer writes
	level   zstd.EncoderLevel
	tensors []Tensor
	write   []func(*Writer) error
}

func (p *parts) add(t Tensor, write func(*Writer) error) {
	p.tensors = append(p.tensors, t)
	p.write = append(p.write, write)
}

// pack runs a Writer whose shards end at the given size.
func (p *parts) pack(t *testing.T, limit int) (*Manifest, fstest.MapFS) {
	t.Helper()
	m, _ := smallModel(t)
	m.Version, m.Tensors = p.version, p.tensors
	if m.Version >= ArchitecturesVersion {
		m.ChatTemplate, m.Chat = "", wholeChat()
	}
	folder := fstest.MapFS{}
	e, err := zstd.NewWriter(nil, zstd.WithSingleSegment(true), zstd.WithEncoderCRC(false),
		zstd.WithEncoderLevel(max(p.level, zstd.SpeedDefault)))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	zip := func(data []byte) []byte { return e.EncodeAll(data, nil) }
	w, err := NewWriter(*m, zip, func(file string, data []byte) error {
		folder[file] = &fstest.MapFile{Data: slices.Clone(data)}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.shardLimit = limit
	for i, write := range p.write {
		if err := write(w); err != nil {
			t.Fatalf("part %d: %v", i, err)
		}
	}
	m, err = w.Close()
	if err != nil {
		t.Fatal(err)
	}
	folder[ManifestFile] = &fstest.MapFile{Data: manifestText(t, m)}
	return m, folder
}

// randomMatrix fills a matrix through SetGroup and gives what was set.
func randomMatrix(r *rand.Rand, rows, cols, planes int, offsetBy float32) (*tile.Matrix, *weights) {
	groups := cols / tile.GroupCols
	codes := make([]uint8, rows*cols)
	d, n := make([]uint16, rows*groups), make([]uint16, rows*groups)
	m := tile.NewMatrix(rows, cols, planes, offsetBy)
	for i := range codes {
		codes[i] = uint8(r.UintN(1 << planes))
	}
	for i := range d {
		d[i], n[i] = uint16(r.UintN(0x7c00))|uint16(r.UintN(2))<<15, uint16(r.UintN(0x7c00))
		m.SetGroup(i/groups, i%groups, (*[tile.GroupCols]uint8)(codes[i*tile.GroupCols:]), d[i], n[i])
	}
	w := &weights{rows: rows, cols: cols, planes: planes,
		code: func(row, col int) uint8 { return codes[row*cols+col] },
		d:    func(row, group int) uint16 { return d[row*groups+group] }}
	if offsetBy == 0 {
		w.n = func(row, group int) uint16 { return n[row*groups+group] }
	}
	return m, w
}

// TestRoundTrip packs matrices of every number of planes, floats and a tokenizer in one shard and
// in many, and wants back what went in.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var p parts
	matrices, floats := map[string]*weights{}, map[string][]float32{}
	tokenizer := encodeTokenizer(t, smallTokenizer())
	p.add(Tensor{Name: TokenizerName, Kind: KindTokenizer, Rows: 1, Cols: len(tokenizer)},
		func(w *Writer) error { return w.Tokenizer(TokenizerName, tokenizer) })
	var low []func(*Writer) error // the lower planes of some matrices come last
	for planes := 1; planes <= MaxPlanes; planes++ {
		for _, offsetBy := range []float32{0, 8, 128} {
			rows, cols := 1+r.IntN(50), tile.GroupCols*(1+r.IntN(5))
			name := fmt.Sprintf("planes%d.offset%v", planes, offsetBy)
			m, want := randomMatrix(r, rows, cols, planes, offsetBy)
			matrices[name] = want
			tensor := Tensor{Name: name, Kind: KindUnsigned,
				Rows: rows, Cols: cols, Planes: planes, OffsetBy: offsetBy}
			p.add(tensor, func(w *Writer) error {
				split := planes / 2
				if err := w.Planes(name, m, planes-1, split); err != nil {
					return err
				}
				if split > 0 {
					low = append(low, func(w *Writer) error { return w.Planes(name, m, split-1, 0) })
				}
				return w.Scales(name, m)
			})
		}
	}
	for _, n := range []int{1, 3, 1000} {
		name := fmt.Sprintf("float%d", n)
		values := make([]float32, n)
		for i := range values {
			values[i] = math.Float32frombits(uint32(r.UintN(0x7f80_0000)))
		}
		floats[name] = values
		p.add(Tensor{Name: name, Kind: KindFloat32, Rows: 1, Cols: n},
			func(w *Writer) error { return w.Floats(name, values) })
	}
	p.write = append(p.write, func(w *Writer) error {
		for _, write := range low {
			if err := write(w); err != nil {
				return err
			}
		}
		low = nil
		return nil
	})

	for _, limit := range []int{MaxShardBytes, 20000, 5000, 1} {
		m, folder := p.pack(t, limit)
		again, folder2 := p.pack(t, limit)
		if !reflect.DeepEqual(m, again) || !reflect.DeepEqual(folder, folder2) {
			t.Errorf("limit %d: packing twice gives different bytes", limit)
		}
		want := map[int]int{MaxShardBytes: 1, 20000: 2, 5000: 10, 1: 100}[limit]
		if len(m.Shards) < want || want == 1 && len(m.Shards) != 1 {
			t.Errorf("limit %d: %d shards, want about %d", limit, len(m.Shards), want)
		}
		for _, s := range m.Shards {
			data := folder[s.File].Data
			sum := sha256.Sum256(data)
			if s.SHA256 != hex.EncodeToString(sum[:]) || s.Bytes != int64(len(data)) ||
				limit > 1 && s.Bytes > int64(limit) {
				t.Errorf("limit %d: shard %+v has %d bytes and the sha256 %x", limit, s, len(data), sum)
			}
		}
		got, reader, err := Open(folder)
		if err != nil {
			t.Fatalf("limit %d: %v", limit, err)
		}
		if !bytes.Equal(manifestText(t, got), folder[ManifestFile].Data) {
			t.Errorf("limit %d: the manifest does not write back to the same bytes", limit)
		}
		for name, want := range matrices {
			matrix, err := reader.Matrix(name, want.rows, want.cols)
			if err != nil {
				t.Fatal(err)
			}
			checkWeights(t, matrix, want)
		}
		for name, want := range floats {
			if got, err := reader.Floats(name, len(want)); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %v, %v", name, got, err)
			}
		}
		if got, err := reader.Tokenizer(); err != nil || !reflect.DeepEqual(got, smallTokenizer()) {
			t.Errorf("tokenizer %+v, %v", got, err)
		}
	}
}

// TestWriterRefuses gives the Writer what a Reader would refuse later.
func TestWriterRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	w, _ := randomMatrix(r, 17, 64, 3, 0)
	other, _ := randomMatrix(r, 17, 64, 2, 0)
	infinite, _ := randomMatrix(r, 17, 64, 3, 0)
	infinite.SetGroup(16, 1, &[tile.GroupCols]uint8{}, 0x3c00, 0x7c00)
	short := &tile.Matrix{Rows: 17, Cols: 64, Planes: 3, Data: make([]byte, 100)}
	for _, c := range []struct {
		name string
		run  func(*Writer) error
		text string
	}{
		{"unknown tensor", func(p *Writer) error { return p.Planes("v", w, 2, 0) },
			`tensor "v": invalid model data: not in the table`},
		{"other planes", func(p *Writer) error { return p.Planes("w", other, 1, 0) },
			"the table has unsigned 17 x 64 of 3"},
		{"short data", func(p *Writer) error { return p.Scales("w", short) }, "the table has"},
		{"matrix for floats", func(p *Writer) error { return p.Planes("norm", w, 2, 0) },
			"the table has float32"},
		{"plane 3 of 3", func(p *Writer) error { return p.Planes("w", w, 3, 0) }, "planes 3 to 0 of 3"},
		{"plane -1", func(p *Writer) error { return p.Planes("w", w, 2, -1) }, "planes 2 to -1 of 3"},
		{"no planes", func(p *Writer) error { return p.Planes("w", w, 1, 2) }, "planes 1 to 2 of 3"},
		{"lower plane first", func(p *Writer) error { return p.Planes("w", w, 1, 0) },
			"plane 1 before plane 2"},
		{"4 of 3 upper planes", func(p *Writer) error { return p.Upper("w", w, 4, 0, 17) },
			"4 of 3 planes of rows 0 to 17 of 17"},
		{"half a tile", func(p *Writer) error { return p.Upper("w", w, 3, 0, 8) }, "rows 0 to 8 of 17"},
		{"rows behind a gap", func(p *Writer) error { return p.Upper("w", w, 3, 16, 17) },
			"units 2+2, want 0 of 4 next"},
		{"planes twice", func(p *Writer) error {
			if err := p.Planes("w", w, 2, 0); err != nil {
				return err
			}
			return p.Planes("w", w, 2, 2)
		}, "units 0+4, want 4 of 4"},
		{"infinite offset", func(p *Writer) error { return p.Scales("w", infinite) },
			"0x7c00 is not finite"},
		{"too few floats", func(p *Writer) error { return p.Floats("norm", make([]float32, 2)) },
			"no float32 of 8 bytes"},
		{"NaN", func(p *Writer) error { return p.Floats("norm", []float32{0, float32(math.NaN()), 0}) },
			"value 1 is NaN"},
		{"tokenizer for floats", func(p *Writer) error { return p.Tokenizer("norm", make([]byte, 12)) },
			"no tokenizer of 12 bytes"},
		{"incomplete", func(p *Writer) error { _, err := p.Close(); return err }, "no shard completes"},
	} {
		m, _ := smallModel(t)
		writer, err := NewWriter(*m, zstdFrame, func(string, []byte) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		err = c.run(writer)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(fmt.Sprint(err), c.text) {
			t.Errorf("%s: %v, want ErrInvalid with %q", c.name, err, c.text)
			continue
		}
		if c.name == "incomplete" {
			continue
		}
		// The Writer stays at its error, so that one forgotten check cannot give a model with a hole.
		if later := writer.Floats("norm", make([]float32, 3)); later != err {
			t.Errorf("%s: later %v, want the first error", c.name, later)
		}
		if m, later := writer.Close(); m != nil || later != err {
			t.Errorf("%s: Close gives %v, %v, want the first error", c.name, m, later)
		}
	}
}

func TestNewWriterChecksTheTable(t *testing.T) {
	for name, change := range map[string]func(*Manifest){
		"config":       func(m *Manifest) { m.Config.Hidden = 33 },
		"tensor":       func(m *Manifest) { m.Tensors[2].Cols = 33 },
		"twice":        func(m *Manifest) { m.Tensors[1].Name = "w" },
		"steps":        func(m *Manifest) { m.Steps = []StepTable{{Input: "w", Steps: []int{1}}} },
		"whole memory": func(m *Manifest) { addTensors(m, 3, MaxRows, 1<<9) },
	} {
		m, _ := smallModel(t)
		change(m)
		if w, err := NewWriter(*m, nil, nil); w != nil || !isOurs(err) {
			t.Errorf("%s: %v, %v, want an error", name, w, err)
		}
	}
}

// addTensors adds n float tensors to a table.
func addTensors(m *Manifest, n, rows, cols int) {
	for i := range n {
		name := fmt.Sprintf("big%d", i)
		m.Tensors = append(m.Tensors, Tensor{Name: name, Kind: KindFloat32, Rows: rows, Cols: cols})
	}
}

func TestWriterPassesOnWhatStorageSays(t *testing.T) {
	full := errors.New("disk full")
	m, _ := smallModel(t)
	w, err := NewWriter(*m, zstdFrame, func(string, []byte) error { return full })
	if err != nil {
		t.Fatal(err)
	}
	w.shardLimit = 1
	if err := w.Floats("norm", make([]float32, 3)); err != nil {
		t.Fatalf("the first run needs no storage yet: %v", err)
	}
	matrix, _ := randomMatrix(rand.New(rand.NewPCG(5, 6)), 17, 64, 3, 0)
	if err := w.Planes("w", matrix, 2, 0); !errors.Is(err, full) {
		t.Errorf("%v, want %v", err, full)
	}
	if _, err := w.Close(); !errors.Is(err, full) {
		t.Errorf("Close: %v, want %v", err, full)
	}
}

// TestUpper: planes of the first rows come before those of the others, and a shard ends at a cut
// but for the first one.
func TestUpper(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const rows, upper = 50, 3
	for _, limit := range []int{1 << 10, MaxShardBytes} {
		var p parts
		tokenizer := encodeTokenizer(t, smallTokenizer())
		p.add(Tensor{Name: TokenizerName, Kind: KindTokenizer, Rows: 1, Cols: len(tokenizer)},
			func(w *Writer) error { return w.Tokenizer(TokenizerName, tokenizer) })
		var want [2]*weights
		var matrix [2]*tile.Matrix
		names := [2]string{"w", "v"}
		for i, offsetBy := range []float32{0, 128} {
			matrix[i], want[i] = randomMatrix(r, rows, 3*tile.GroupCols, 5, offsetBy)
			p.tensors = append(p.tensors, Tensor{Name: names[i], Kind: KindUnsigned, Rows: rows,
				Cols: 3 * tile.GroupCols, Planes: 5, OffsetBy: offsetBy})
		}
		var ends []int // shards at each cut
		marks := []int{0, 16, 48, rows}
		for i, to := range marks[1:] {
			from := marks[i]
			p.write = append(p.write, func(w *Writer) error {
				for i, m := range matrix {
					if err := w.Upper(names[i], m, upper, from, to); err != nil {
						return err
					}
				}
				err := w.Cut()
				ends = append(ends, len(w.manifest.Shards))
				return err
			})
		}
		for i, m := range matrix {
			p.write = append(p.write, func(w *Writer) error {
				return w.Planes(names[i], m, 5-upper-1, 0)
			})
		}
		m, folder := p.pack(t, limit)
		if limit == MaxShardBytes {
			if len(m.Shards) != 1 {
				t.Errorf("a model of one shard was cut into %d", len(m.Shards))
			}
		} else if len(ends) != 3 || !(0 < ends[0] && ends[0] < ends[1] && ends[1] < ends[2]) {
			t.Errorf("shards at the cuts: %v", ends)
		}
		reader := NewReader(m)
		for i, s := range m.Shards {
			if err := reader.Shard(folder[s.File].Data, false); err != nil {
				t.Fatal(err)
			}
			if limit != MaxShardBytes && i+1 == ends[2] {
				for _, name := range names {
					if e := reader.Arrived(upper).Extent(name); e != (Extent{rows, upper, 5 - upper}) {
						t.Errorf("%s: %+v at the last cut", name, e)
					}
				}
			}
		}
		for i, name := range names {
			got, err := reader.Matrix(name, rows, 3*tile.GroupCols)
			if err != nil {
				t.Fatal(err)
			}
			checkWeights(t, got, want[i])
		}
	}
}
