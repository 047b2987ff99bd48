package packer

import (
	"bytes"
	"maps"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
)

// A table that is too large for memory is read again for each of its planes, and gives the same
// bytes, errors of rounding included.
func TestTablesThatAreNotKeptGiveTheSameBytes(t *testing.T) {
	for _, typ := range []gguf.TensorType{gguf.Q8_0, gguf.Q4_1, gguf.F16} {
		for _, headPlanes := range []int{0, 5} {
			if typ == gguf.Q4_1 && headPlanes > 0 {
				continue // stored offsets are never cut
			}
			f := Tiny()
			ggufedit.Randomise(ggufedit.TensorOf(f, embedding), typ, 7)
			file := f.Bytes()
			pack := func(keepTables int64) (map[string][]byte, *recorder) {
				files, report := map[string][]byte{}, &recorder{}
				p := &Job{
					Source: MemorySource("test.gguf", file), Name: "test", Report: report,
					HeadPlanes: headPlanes, keepTables: keepTables,
					Emit: func(file string, data []byte) error {
						files[file] = bytes.Clone(data)
						return nil
					},
				}
				m, err := p.Run()
				if err != nil {
					t.Fatal(err)
				}
				files["manifest"] = m.Text
				return files, report
			}
			kept, wantReport := pack(keptBytes)
			read, report := pack(1)
			if !maps.EqualFunc(kept, read, bytes.Equal) {
				t.Errorf("%v, %d planes: the files differ", typ, headPlanes)
			}
			if !maps.Equal(wantReport.worst, report.worst) {
				t.Errorf("%v: errors %v, want %v", typ, report.worst, wantReport.worst)
			}
		}
	}
}
