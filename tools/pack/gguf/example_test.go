package gguf_test

import (
	"bytes"
	"fmt"
	"io"

	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// A file's header is read first, then the blocks of one tensor.
func Example() {
	file := &ggufenc.File{}
	file.Add("general.name", "example")
	// One block of 32 weights: d = 0.5, m = -1, codes 1 and 2 in turn.
	block := append([]byte{0x00, 0x38, 0x00, 0xbc}, bytes.Repeat([]byte{0x21}, 16)...)
	file.Tensor("w", uint32(gguf.Q4_1), []uint64{32}, block)
	data := file.Bytes()

	f, err := gguf.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		fmt.Println(err)
		return
	}
	name, err := f.String("general.name")
	if err != nil {
		fmt.Println(err)
		return
	}
	w := f.Tensor("w")
	rows, err := io.ReadAll(f.Data(w))
	if err != nil {
		fmt.Println(err)
		return
	}
	var codes [32]uint8
	var d, m [1]float32
	gguf.DecodeBlocks(w.Type, rows, codes[:], d[:], m[:])
	fmt.Printf("%s: %s is %v, %d x %d\n", name, w.Name, w.Type, w.Rows(), w.Columns())
	fmt.Printf("codes %v to %v, d %v, m %v\n", codes[:3], codes[29:], d[0], m[0])

	_, err = f.Uint("general.name")
	fmt.Println(err)
	_, err = gguf.Read(bytes.NewReader(data[:40]), 40)
	fmt.Println(err)
	// Output:
	// example: w is Q4_1, 1 x 32
	// codes [1 1 1] to [2 2 2], d 0.5, m -1
	// gguf: "general.name": byte 48: invalid: is of type string, want integer
	// gguf: byte 8: invalid: 1 tensors do not fit into the 24 bytes left
}
