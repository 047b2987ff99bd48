package packer

import (
	"bytes"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
)

// A model that is ranked after it was packed has the rankings of one that was ranked then, and its
// other shards stay.
func TestRankingAfterwardsGivesTheSameRankings(t *testing.T) {
	bare, r := mustPack(t, Tiny())
	files := fstest.MapFS{}
	for name, file := range bare.files {
		files[name] = file
	}
	var progress []int
	ranked, err := Rank(bare.manifest, r, func(tokens, all int) error {
		progress = append(progress, tokens*100/all)
		return nil
	}, func(file string, data []byte) error {
		files[file] = &fstest.MapFile{Data: bytes.Clone(data)}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(progress) != 1+calibrationWindows || progress[len(progress)-1] != 100 ||
		!slices.IsSorted(progress) {
		t.Errorf("progress %v", progress)
	}
	if n := len(files) - len(bare.files); n != 1 {
		t.Errorf("%d further shards, want 1", n)
	}
	files[planes.ManifestFile] = &fstest.MapFile{Data: ranked.Text}
	_, after, err := planes.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	model, err := core.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	if model == nil {
		t.Fatal("no model")
	}
	job := &Job{Source: MemorySource("test.gguf", Tiny().Bytes()), Name: "test",
		Calibration: CalibrationText, Report: &recorder{},
		Emit: func(string, []byte) error { return nil }}
	if _, err := job.Run(); err != nil {
		t.Fatal(err)
	}
	for _, name := range rankingNames {
		got, err := after.Ranking(name)
		if err != nil {
			t.Fatal(err)
		}
		want := job.tensors.rankings[name]
		if !slices.Equal(got.Groups, want.Groups) || !slices.Equal(got.Heads, want.Heads) {
			t.Errorf("%s: another ranking than when packing", name)
		}
	}
	if _, err := Rank(ranked.Manifest, after, nil, nil); err != ErrRanked {
		t.Errorf("ranking twice: %v", err)
	}
}
