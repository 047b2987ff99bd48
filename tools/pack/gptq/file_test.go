package gptq

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/ternary"
)

// A file gives back what was written; cut short, longer, or of other settings it is refused.
func TestFile(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	matrices := map[string]*tile.Matrix{
		"b": ternary.Nearest(weights(r, 20, 64), 2).Tile(),
		"a": ternary.Nearest(weights(r, 3, 32), 7).Tile(),
	}
	h := Header{Manifest: "m", Settings: "s", Bits: 2.5}
	var file, again bytes.Buffer
	for _, to := range []*bytes.Buffer{&file, &again} {
		if err := Write(to, h, matrices); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(file.Bytes(), again.Bytes()) {
		t.Error("written twice, the bytes differ")
	}
	got, head, err := Read(bytes.NewReader(file.Bytes()), Header{Manifest: "m", Settings: "s"})
	if err != nil || head != h || !reflect.DeepEqual(got, matrices) {
		t.Fatalf("read back %+v, %v", head, err)
	}
	for n := range file.Len() {
		if _, _, err := Read(bytes.NewReader(file.Bytes()[:n]), h); !errors.Is(err, ErrFile) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	longer := append(bytes.Clone(file.Bytes()), 0)
	if _, _, err := Read(bytes.NewReader(longer), h); !errors.Is(err, ErrFile) {
		t.Errorf("with a byte more: %v", err)
	}
	for _, other := range []Header{{Manifest: "n", Settings: "s"}, {Manifest: "m", Settings: "t"}} {
		if _, _, err := Read(bytes.NewReader(file.Bytes()), other); !errors.Is(err, ErrFile) {
			t.Errorf("wanted %+v: %v", other, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	var file bytes.Buffer
	m := ternary.Nearest([][]float64{make([]float64, 32)}, 3).Tile()
	h := Header{Manifest: "m", Settings: "s"}
	if err := Write(&file, h, map[string]*tile.Matrix{"a": m}); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte(fileMagic + "{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		matrices, head, err := Read(bytes.NewReader(data), h)
		if err != nil {
			if !errors.Is(err, ErrFile) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		// What was read can be written, and read again.
		var again bytes.Buffer
		if err := Write(&again, head, matrices); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Read(&again, h); err != nil {
			t.Fatal(err)
		}
	})
}
