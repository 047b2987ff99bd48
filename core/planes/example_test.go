package planes_test

import (
	"fmt"
	"slices"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
)

// A model of one 2-bit matrix is packed into a folder and read back.
func Example() {
	manifest := planes.Manifest{
		Name: "example",
		Source: planes.Source{
			File:   "example.gguf",
			SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		},
		Config: planes.Config{
			Architecture: "llama", Layers: 1, Hidden: 32, Intermediate: 32,
			Heads: 1, KVHeads: 1, HeadDim: 32,
			Vocab: 1, Context: 16, RopeBase: 10000, RMSEpsilon: 1e-5,
		},
		Tensors: []planes.Tensor{{Name: "w", Kind: planes.KindUnsigned, Rows: 1, Cols: 32, Planes: 2}},
	}
	matrix := tile.NewMatrix(1, 32, 2, 0)
	matrix.SetGroup(0, 0, &[tile.GroupCols]uint8{3, 2, 1}, 0x3c00, 0x3800) // d = 1, n = 0.5

	folder := fstest.MapFS{}
	encoder, err := zstd.NewWriter(nil, zstd.WithSingleSegment(true))
	if err != nil {
		fmt.Println(err)
		return
	}
	compress := func(data []byte) []byte { return encoder.EncodeAll(data, nil) }
	w, err := planes.NewWriter(manifest, compress, func(file string, data []byte) error {
		folder[file] = &fstest.MapFile{Data: slices.Clone(data)}
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// Errors of the parts come again from Close.
	w.Planes("w", matrix, 1, 0)
	w.Scales("w", matrix)
	packed, err := w.Close()
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := packed.AppendJSON(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	folder[planes.ManifestFile] = &fstest.MapFile{Data: text}

	_, reader, err := planes.Open(folder)
	if err != nil {
		fmt.Println(err)
		return
	}
	matrix, err = reader.Matrix("w", 1, 32)
	if err != nil {
		fmt.Println(err)
		return
	}
	var codes [tile.GroupCols]uint8
	d, n := matrix.Group(0, 0, &codes)
	fmt.Printf("codes %v..., d %#x, n %#x, %d shard\n", codes[:4], d, n, len(packed.Shards))
	// Output: codes [3 2 1 0]..., d 0x3c00, n 0x3800, 1 shard
}
