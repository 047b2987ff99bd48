package main

import (
	"encoding/binary"
	"math"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/text"
)

// appendRecord writes one token for JavaScript, little-endian:
//
//	u32 token, u32 finish (0 going on, 1 stop, 2 length), u32 position,
//	u32 bytes of text, u32 number of counts,
//	u32 counts: for each layer and population the numbers of counted,
//		for the keys and the values of each layer the numbers of cacheCounted,
//		then the three of core.LookBack,
//	text
//
// Where one of those three is beyond 32 bits, it is 2^32 - 1, and stands for at least that many;
// core has it exactly.
//
// web/worker/token-record.js reads it. An answer whose activations are not coded has no counts. One
// that asked for logprobs has more behind each record: see appendLogprobs.
func appendRecord(b []byte, t *core.Token) []byte {
	put := func(v uint32) { b = binary.LittleEndian.AppendUint32(b, v) }
	counts := 0
	if len(t.Counts) > 0 {
		counts = len(t.Counts)*len(countedNames) + len(t.CacheCounts)*len(cacheCountedNames) +
			len(lookBackNames)
	}
	for _, v := range [recordHeader]uint32{
		uint32(t.ID), uint32(t.Finish), uint32(t.Position), uint32(len(t.Text)), uint32(counts),
	} {
		put(v)
	}
	if counts == 0 {
		return append(b, t.Text...)
	}
	for i := range t.Counts {
		for _, v := range counted(&t.Counts[i]) {
			put(v)
		}
	}
	for i := range t.CacheCounts {
		for _, v := range cacheCounted(&t.CacheCounts[i]) {
			put(v)
		}
	}
	back := [len(lookBackNames)]uint64{t.LookBack.Spikes, t.LookBack.Operations, t.LookBack.Dense}
	for _, v := range back {
		put(uint32(min(v, math.MaxUint32)))
	}
	return append(b, t.Text...)
}

// appendLogprobs writes those that come with a token, little-endian:
//
//	u32 number of tokens told of; for each
//		u32 number of likeliest tokens,
//		the token itself, and then those: for each
//			f32 logprob, u32 bytes of text, plus 2^31 for a control token, text
//
// A token's text is its bytes as they are, which need not be whole characters.
func appendLogprobs(b []byte, told []core.TokenLogprob, t *text.Tokenizer) []byte {
	put := func(v uint32) { b = binary.LittleEndian.AppendUint32(b, v) }
	one := func(l sample.Logprob) {
		bytes := t.Bytes(l.ID)
		length := uint32(len(bytes))
		if t.IsControl(l.ID) {
			length |= controlToken
		}
		put(math.Float32bits(l.Value))
		put(length)
		b = append(b, bytes...)
	}
	put(uint32(len(told)))
	for _, l := range told {
		put(uint32(len(l.Top)))
		one(l.Logprob)
		for _, other := range l.Top {
			one(other)
		}
	}
	return b
}

// counted picks what the page shows: neurons away from rest, those with |k| > 15, binary spikes
// from rest, executed ones in merged planes, Σ |k|.
func counted(c *core.Counts) [len(countedNames)]uint32 {
	return [...]uint32{c.Graded[0], c.Graded[1], c.Spikes, c.Executed, c.Levels}
}

// cacheCounted picks what the page shows of keys or values: neurons away from rest, those with
// |k| > 15, binary spikes from rest.
func cacheCounted(c *core.Counts) [len(cacheCountedNames)]uint32 {
	return [...]uint32{c.Graded[0], c.Graded[1], c.Spikes}
}
