package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// A model that is packed exactly does not diverge, and one whose weights were rounded does.
func TestRun(t *testing.T) {
	rounded := packer.Tiny()
	ggufedit.Randomise(ggufedit.TensorOf(rounded, "blk.0.attn_v.weight"), gguf.F32, 1)
	file := filepath.Join(t.TempDir(), "model.gguf")
	for i, data := range [][]byte{packer.Tiny().Bytes(), rounded.Bytes()} {
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := run(file, 8, &out); err != nil {
			t.Fatal(err)
		}
		var kl float64
		if _, err := fmt.Sscanf(out.String(), "KL %g over 8 tokens", &kl); err != nil {
			t.Errorf("%q: %v", out.String(), err)
		}
		if exact := kl < 1e-9 && kl > -1e-9; exact != (i == 0) {
			t.Errorf("file %d: KL %v", i, kl)
		}
	}
	if err := run(file+"x", 8, nil); err == nil {
		t.Error("a file that is not there")
	}
}
