package main

import (
	"encoding/binary"
	"math"
	"os"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/sample"
)

// readLogprobs reads what appendLogprobs wrote, as web/worker/token-record.js does. rest is what
// stands behind it.
func readLogprobs(t *testing.T, b []byte) (told []core.TokenLogprob, texts []string, rest []byte) {
	t.Helper()
	u32 := func() uint32 {
		v := binary.LittleEndian.Uint32(b)
		b = b[4:]
		return v
	}
	one := func() sample.Logprob {
		value, length := math.Float32frombits(u32()), u32()
		text := string(b[:length&^controlToken])
		if length&controlToken != 0 {
			text = "control " + text
		}
		texts = append(texts, text)
		b = b[len(b[:length&^controlToken]):]
		return sample.Logprob{Value: value}
	}
	for range u32() {
		top := u32()
		l := core.TokenLogprob{Logprob: one()}
		for range top {
			l.Top = append(l.Top, one())
		}
		told = append(told, l)
	}
	return told, texts, b
}

func TestLogprobsAreWritten(t *testing.T) {
	model, err := core.Open(os.DirFS("../models/tiny"))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]int32{}
	for id := range int32(model.Tokenizer.Vocab()) {
		ids[model.Tokenizer.Bytes(id)] = id
	}
	one := func(text string, value float32) sample.Logprob {
		return sample.Logprob{ID: ids[text], Value: value}
	}
	b := appendLogprobs([]byte("before"), []core.TokenLogprob{
		{Logprob: one("\xe2", -1.5), Top: []sample.Logprob{one("<|im_end|>", -0.25), one("a", -2)}},
		{Logprob: one("b", -math.MaxFloat32)},
	}, model.Tokenizer)
	if string(b[:6]) != "before" {
		t.Errorf("begins with %q", b[:6])
	}
	told, texts, rest := readLogprobs(t, b[6:])
	if len(told) != 2 || len(told[0].Top) != 2 || len(told[1].Top) != 0 || len(rest) != 0 ||
		told[0].Value != -1.5 || told[0].Top[0].Value != -0.25 || told[0].Top[1].Value != -2 ||
		told[1].Value != -math.MaxFloat32 {
		t.Errorf("%+v, %d bytes left", told, len(rest))
	}
	for i, want := range []string{"\xe2", "control <|im_end|>", "a", "b"} {
		if texts[i] != want {
			t.Errorf("text %d is %q, want %q", i, texts[i], want)
		}
	}
}
