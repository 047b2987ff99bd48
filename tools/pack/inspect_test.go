package main

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/packer"
)

// tinyJob packs the tiny model, without calibration.
func tinyJob() *packer.Job {
	return &packer.Job{
		Source: packer.MemorySource("t.gguf", packer.Tiny().Bytes()), Name: "t",
		Report: newProgress(io.Discard, io.Discard, true),
	}
}

func TestInspectAddsUp(t *testing.T) {
	dir := t.TempDir() + "/m"
	l, err := packTo(dir, tinyJob(), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := inspect(dir, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"blk.2.ffn_down.weight", "8 planes: plane 7", "4 planes: offsets",
		fmt.Sprintf("%d bytes of ", l.Bytes)} {
		if !bytes.Contains(out.Bytes(), []byte(want)) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
