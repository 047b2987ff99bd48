package core

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
)

func tinyManifest(t *testing.T) *planes.Manifest {
	t.Helper()
	text, err := fs.ReadFile(tinyFolder(), planes.ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	m, err := planes.ReadManifest(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestCheckTensors: a model's own tensors pass, every other name is refused.
func TestCheckTensors(t *testing.T) {
	m := tinyManifest(t)
	if err := CheckTensors(m); err != nil {
		t.Error(err)
	}
	own := m.Tensors
	for _, name := range []string{
		"filler", "token_embd.weight2", "Token_embd.weight", "blk.3.attn_q.weight",
		"blk.-1.attn_q.weight", "blk.00.attn_q.weight", "blk.0.attn_q.bias", "blk.0.", "rankings/",
	} {
		m.Tensors = append(slices.Clone(own),
			planes.Tensor{Name: name, Kind: planes.KindFloat32, Rows: 1, Cols: 1})
		var place *planes.FormatError
		err := CheckTensors(m)
		if !errors.Is(err, planes.ErrInvalid) || !errors.As(err, &place) || place.Tensor != name {
			t.Errorf("%q: %v, want ErrInvalid that names it", name, err)
		}
	}
	m.Tensors = append(slices.Clone(own), planes.Tensor{Name: "output.weight"})
	if err := CheckTensors(m); err != nil {
		t.Errorf("an output of its own: %v", err)
	}
	// NewModel refuses it too, whatever holds the tensors.
	m.Tensors = append(slices.Clone(own), planes.Tensor{Name: "filler"})
	if _, err := NewModel(m, nameRecorder{}); err == nil ||
		!strings.Contains(err.Error(), "filler") {
		t.Errorf("NewModel: %v", err)
	}
}
