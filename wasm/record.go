package main

import (
	"encoding/binary"

	"github.com/spikechat/spikechat/core"
)

// appendRecord writes one token for JavaScript, little-endian:
//
//	u32 token, u32 finish (0 going on, 1 stop, 2 length), u32 position, u32 bytes of text, u32 number of counts,
//	u32 counts: for each layer and population the fields of core.Counts,
//	text
//
// web/record.js reads it. An answer whose activations are not coded has no counts.
func appendRecord(b []byte, t *core.Token) []byte {
	put := func(v uint32) { b = binary.LittleEndian.AppendUint32(b, v) }
	put(uint32(t.ID))
	put(uint32(t.Finish))
	put(uint32(t.Position))
	put(uint32(len(t.Text)))
	put(uint32(len(t.Counts) * core.CountFields))
	for i := range t.Counts {
		for _, v := range t.Counts[i].Fields() {
			put(v)
		}
	}
	return append(b, t.Text...)
}
