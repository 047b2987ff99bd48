package gguf_test

import (
	"errors"
	"io"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// FuzzRead wants a typed error or a file whose every tensor can be read, lies
// apart from all others, and whose every value has an accessor.
func FuzzRead(f *testing.F) {
	for _, c := range bad {
		f.Add([]byte(c.file))
	}
	f.Add(sample().Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := read(b)
		if err != nil {
			var fe *gguf.FormatError
			if file != nil || !errors.As(err, &fe) {
				t.Fatalf("file %v beside error %v", file, err)
			}
			if !errors.Is(err, gguf.ErrInvalid) && !errors.Is(err, gguf.ErrUnsupported) && !errors.Is(err, gguf.ErrLimit) {
				t.Fatalf("error without a cause: %v", err)
			}
			return
		}
		used := make([]bool, len(b))
		for i := range file.Tensors {
			tensor := &file.Tensors[i]
			if file.Tensor(tensor.Name) != tensor {
				t.Fatalf("tensor %q is not found by its name", tensor.Name)
			}
			if tensor.Columns()*tensor.Rows() < 1 || tensor.RowBytes()*tensor.Rows() != tensor.Bytes {
				t.Fatalf("tensor %+v does not consist of its rows", tensor)
			}
			data, err := io.ReadAll(file.Data(tensor))
			if err != nil || int64(len(data)) != tensor.Bytes {
				t.Fatalf("tensor %q: read %d of %d bytes, %v", tensor.Name, len(data), tensor.Bytes, err)
			}
			for j := range data {
				at := file.DataOffset + tensor.Offset + int64(j)
				if used[at] {
					t.Fatalf("tensor %q shares byte %d", tensor.Name, at)
				}
				used[at] = true
			}
		}
		for _, key := range file.Keys {
			v := file.Value(key)
			if v == nil || v.Type != gguf.Array && v.Len() != 1 || v.Len() > gguf.MaxArray {
				t.Fatalf("key %q: %+v", key, v)
			}
		}
	})
}
