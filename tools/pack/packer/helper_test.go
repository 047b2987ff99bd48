package packer

import (
	"testing"
	"testing/fstest"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// recorder is a reporter that keeps the largest errors, the notes, and whether the model was run.
type recorder struct {
	worst      map[string]float64
	notes      []string
	calibrated bool
}

func (r *recorder) Tensor(Tensor, int64, int64) {}
func (r *recorder) Calibrated(int, int)         { r.calibrated = true }
func (r *recorder) Counted(int, int)            {}
func (r *recorder) Note(text string)            { r.notes = append(r.notes, text) }

func (r *recorder) Quantised(t Tensor, worst float64) {
	if r.worst == nil {
		r.worst = map[string]float64{}
	}
	r.worst[t.Name] = worst
}

// packed is a model packed in memory.
type packed struct {
	manifest *planes.Manifest
	files    fstest.MapFS
	worst    map[string]float64
	notes    []string
}

// packFile packs a test model in memory.
func packFile(f *ggufenc.File) (*packed, error) { return packBytes(f.Bytes()) }

func packBytes(file []byte) (*packed, error) { return packNamed("test.gguf", file) }

func packNamed(name string, file []byte) (*packed, error) {
	got := &packed{files: fstest.MapFS{}}
	report := &recorder{}
	p := &Job{
		Source: MemorySource(name, file), Name: "test", Report: report,
		Emit: func(file string, data []byte) error {
			got.files[file] = &fstest.MapFile{Data: append([]byte(nil), data...)}
			return nil
		},
	}
	m, err := p.Run()
	if err != nil {
		return nil, err
	}
	got.manifest, got.worst, got.notes = m.Manifest, report.worst, report.notes
	got.files[planes.ManifestFile] = &fstest.MapFile{Data: m.Text}
	return got, nil
}

// mustPack packs a test model and reads it back from its files.
func mustPack(t *testing.T, f *ggufenc.File) (*packed, *planes.Reader) {
	t.Helper()
	got, err := packFile(f)
	if err != nil {
		t.Fatal(err)
	}
	_, r, err := planes.Open(got.files)
	if err != nil {
		t.Fatal(err)
	}
	return got, r
}
