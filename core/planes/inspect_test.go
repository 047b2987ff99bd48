package planes_test

import (
	"errors"
	"os"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
)

const tinyModel = "../../models/tiny/"

func TestRunsAddUp(t *testing.T) {
	text, err := os.ReadFile(tinyModel + planes.ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	m, err := planes.ReadManifest(text)
	if err != nil {
		t.Fatal(err)
	}
	shard, err := os.ReadFile(tinyModel + m.Shards[0].File)
	if err != nil {
		t.Fatal(err)
	}
	runs, err := planes.Runs(m, shard)
	if err != nil {
		t.Fatal(err)
	}
	packed := 0
	ends := map[int]bool{0: true}
	for _, r := range runs {
		if r.Raw <= 0 || r.Packed <= 0 || r.Part == "" || r.Tensor < 0 || r.Tensor >= len(m.Tensors) {
			t.Errorf("run %+v", r)
		}
		packed += r.Packed
		ends[packed] = true
	}
	if packed != len(shard) {
		t.Errorf("runs of %d bytes in a shard of %d", packed, len(shard))
	}
	// A shard cut anywhere but between two runs is refused.
	for n := 0; n < len(shard); n += 1 + n/50 {
		got, err := planes.Runs(m, shard[:n])
		if ends[n] != (err == nil) || err != nil && (got != nil || !errors.Is(err, planes.ErrInvalid)) {
			t.Errorf("cut to %d of %d bytes: %d runs, %v", n, len(shard), len(got), err)
		}
	}
	// So is one whose header names a tensor or a part that is not there.
	for _, at := range []int{8 + 3, 12 + 3, 16 + 4 + 3, 24 + 3} {
		bad := append([]byte(nil), shard...)
		bad[at] ^= 0x80
		if got, err := planes.Runs(m, bad); got != nil || !errors.Is(err, planes.ErrInvalid) {
			t.Errorf("byte %d changed: %d runs, %v", at, len(got), err)
		}
	}
}
