//go:build js && wasm

package main

import (
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/team"
)

// TestJoin: a member of a team knows how much it shares, and one that is left alone ends with an
// error: under Node nobody else is there (tools/setup/alone.cjs).
func TestJoin(t *testing.T) {
	engine = fresh
	t.Cleanup(func() { engine = fresh })
	fails(t, "ninth member", join(8, 9), "bad_request", "member 8 of a team of 9")
	fails(t, "member 2 of 2", join(2, 2), "bad_request", "member 2 of a team of 2")
	succeeds(t, join(0, 1), nil)
	succeeds(t, open(send(t, tinyFile(t, planes.ManifestFile))), nil)
	if n := shareBytes(); n != 0 {
		t.Errorf("an engine alone shares %d bytes", n)
	}
	fails(t, "after open", join(0, 2), "bad_request", "join after open")

	engine = fresh
	succeeds(t, join(1, 2), nil)
	var d description
	succeeds(t, open(send(t, tinyFile(t, planes.ManifestFile))), &d)
	before := cap(engine.exchange)
	for i, shard := range d.Shards {
		// As threads unpack for each other.
		succeeds(t, unpack(send(t, tinyFile(t, shard.File))), nil)
		unpacked := slices.Clone(result(t))
		if len(unpacked) <= int(shard.Bytes) {
			t.Errorf("shard %d: %d bytes became %d", i, shard.Bytes, len(unpacked))
		}
		fails(t, "for a shard", load(int32(i), send(t, unpacked), shardVerified),
			"shard_corrupt", "bytes, want")
		succeeds(t, load(int32(i), send(t, unpacked), shardUnpacked), nil)
	}
	if now := cap(engine.exchange); now != before {
		t.Errorf("the buffer grew from %d to %d bytes", before, now)
	}
	if n := shareBytes(); int(n) != team.BufferBytes(325) {
		t.Errorf("a member shares %d bytes", n)
	}
	fails(t, "alone", finish(sendText(t, "{}")), "engine_crashed", "a thread of the engine is gone")
	fails(t, "alone", stats(), "engine_crashed", "a thread of the engine is gone")
}
