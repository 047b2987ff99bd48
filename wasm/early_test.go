//go:build js && wasm

package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
)

// tinyByRuns is the tiny model with a shard for each run.
func tinyByRuns(t *testing.T) (manifest []byte, shards [][]byte) {
	t.Helper()
	m, err := planes.ReadManifest(tinyFile(t, planes.ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	last := map[uint32]int{} // run that completes a tensor
	for _, s := range m.Shards {
		for data := tinyFile(t, s.File); len(data) > 0; {
			end := 28 + binary.LittleEndian.Uint32(data[24:])
			last[binary.LittleEndian.Uint32(data[8:])] = len(shards)
			shards, data = append(shards, data[:end]), data[end:]
		}
	}
	m.Shards = nil
	for i, data := range shards {
		sum := sha256.Sum256(data)
		s := planes.Shard{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}
		s.File = s.SHA256 + ".bin"
		if tensor := binary.LittleEndian.Uint32(data[8:]); last[tensor] == i {
			s.Completes = []string{m.Tensors[tensor].Name}
		}
		m.Shards = append(m.Shards, s)
	}
	if manifest, err = m.AppendJSON(nil); err != nil {
		t.Fatal(err)
	}
	return manifest, shards
}

// TestEarly: a chat begins with four of eight planes, goes on while the others come, damaged ones
// among them, and the next answer is a full load's.
func TestEarly(t *testing.T) {
	const ask = `{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":6,"hash":true`
	hashed := func() string {
		var h struct{ Hash string }
		succeeds(t, hash(), &h)
		return h.Hash
	}
	finishTiny(t, "{}")
	if code := canBegin(); code != -1 {
		t.Errorf("planes of what is loaded: %d", code)
	}
	full := askFor(t, ask+"}")
	want := hashed()

	engine = fresh
	manifest, shards := tinyByRuns(t)
	succeeds(t, open(send(t, manifest)), nil)
	next := 0
	bring := func() {
		t.Helper()
		succeeds(t, load(int32(next), send(t, shards[next]), 0), nil)
		next++
	}
	for ; canBegin() == 0; bring() {
		fails(t, "too early", finish(sendText(t, `{"early":true}`)), "bad_request", "no chat can begin")
	}
	// Behind are four upper planes of the last rows with their scales, and four lower planes.
	if next != len(shards)-9 {
		t.Fatalf("after %d of %d shards", next, len(shards))
	}
	var now status
	precise := func(planes, rows int) {
		t.Helper()
		succeeds(t, stats(), &now)
		if now.Precision != (core.Precision{Planes: planes, Of: 8, Rows: rows, OfRows: 325}) {
			t.Errorf("after %d shards: %+v", next, now.Precision)
		}
	}
	succeeds(t, finish(sendText(t, `{"early":true}`)), &now)
	precise(4, 272)
	first := askFor(t, ask+"}")
	firstHash := hashed()
	for range 5 {
		precise(4, 272)
		bring()
	}
	precise(4, 325)
	early := askFor(t, ask+"}")
	if slices.EqualFunc(early, full, equalRecords) || hashed() == want {
		t.Error("four planes answer as eight do")
	}
	if slices.EqualFunc(first, early, equalRecords) || firstHash == hashed() {
		t.Error("272 rows answer as all do")
	}

	var begun struct {
		Cached    int `json:"cached_tokens"`
		Precision struct{ Planes, Of int }
	}
	succeeds(t, begin(sendText(t, ask+"}")), &begun)
	if begun.Cached == 0 || begun.Precision.Planes != 4 {
		t.Errorf("%+v", begun)
	}
	for prefill(0) > 0 {
		t.Error("more than the last token is read again")
	}
	damaged := slices.Clone(shards[next])
	damaged[len(damaged)-1] ^= 1
	for planes := 4; planes < 8; planes++ {
		precise(planes, 325)
		fails(t, "damaged", load(int32(next), send(t, damaged), 0), "shard_corrupt", "")
		succeeds(t, step(), nil)
		bring()
		if planes < 7 {
			damaged = slices.Clone(shards[next])
			damaged[0] ^= 1
		}
	}
	precise(8, 325)
	succeeds(t, step(), nil)
	succeeds(t, finish(sendText(t, "{}")), &now)
	precise(8, 325)
	if engine.reader != nil || engine.exchange != nil {
		t.Error("what loading needed is still there")
	}
	succeeds(t, step(), nil)
	succeeds(t, end(), nil)
	if got := askFor(t, ask+"}"); !slices.EqualFunc(got, full, equalRecords) || hashed() != want {
		t.Error("the next answer is not a full load's")
	}
}
