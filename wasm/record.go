package main

import (
	"encoding/binary"
	"math"

	"github.com/spikechat/spikechat/core"
)

// appendRecord writes one token for JavaScript, little-endian:
//
//	u32 token, u32 finish (0 going on, 1 stop, 2 length), u32 position, u32 bytes of text, u32 number of counts,
//	u32 counts: for each layer and population the numbers of counted, then the three of core.LookBack,
//	text
//
// Where one of those three is beyond 32 bits, it is 2^32 - 1, and stands for at least that many; core has it exactly.
//
// web/worker/token-record.js reads it. An answer whose activations are not coded has no counts.
func appendRecord(b []byte, t *core.Token) []byte {
	put := func(v uint32) { b = binary.LittleEndian.AppendUint32(b, v) }
	put(uint32(t.ID))
	put(uint32(t.Finish))
	put(uint32(t.Position))
	put(uint32(len(t.Text)))
	if len(t.Counts) == 0 {
		put(0)
		return append(b, t.Text...)
	}
	back := [...]uint64{t.LookBack.Spikes, t.LookBack.Operations, t.LookBack.Dense}
	put(uint32(len(t.Counts)*len(counted(&core.Counts{})) + len(back)))
	for i := range t.Counts {
		for _, v := range counted(&t.Counts[i]) {
			put(v)
		}
	}
	for _, v := range back {
		put(uint32(min(v, math.MaxUint32)))
	}
	return append(b, t.Text...)
}

// counted picks what the page shows: neurons away from rest, those with |k| > 15, binary spikes from rest, executed ones in
// merged planes, Σ |k|.
func counted(c *core.Counts) [5]uint32 {
	return [...]uint32{c.Graded[0], c.Graded[1], c.Spikes, c.Executed, c.Levels}
}
