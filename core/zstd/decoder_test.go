package zstd

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// contents are what the frames of the tests hold: everything that makes an encoder choose another
// kind of block.
func contents() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(n, values int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.IntN(values))
		}
		return b
	}
	skewed := func(n int, rate float64) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(min(255, int(r.ExpFloat64()*rate)))
		}
		return b
	}
	const sentence = "the king and his three sons went to the old house by the sea. "
	text := []byte(strings.Repeat(sentence, 40))
	all := map[string][]byte{
		"nothing": {}, "one": {7}, "two": {7, 9}, "text": text,
		"zeros": make([]byte, 1<<18), "period of 3": bytes.Repeat([]byte{1, 2, 3}, 70000),
		"noise": noise(1<<18, 256), "one bit": noise(1<<18, 2), "five bits": noise(1<<17+1, 32),
		"steep": skewed(1<<18, 2), "flat": skewed(1<<18, 60),
		"steep and noise": append(skewed(1<<17, 3), noise(1<<17, 256)...),
		"halves":          append(noise(60000, 256), skewed(60000, 1)...),
	}
	for n := range 70 {
		all[fmt.Sprintf("%d bytes", n)] = skewed(n, 4)
		all[fmt.Sprintf("%d letters", n)] = text[:n]
	}
	for range 40 {
		// Pieces of earlier content, far and near, between fresh bytes.
		var b []byte
		for len(b) < 50000 {
			if b = append(b, skewed(r.IntN(40), 20)...); len(b) > 0 {
				at := r.IntN(len(b))
				b = append(b, b[at:min(len(b), at+r.IntN(200))]...)
			}
		}
		all[fmt.Sprintf("pieces %d", len(b))] = b
	}
	return all
}

// encoder is another implementation.
func encoder(tb testing.TB, options ...zstd.EOption) *zstd.Encoder {
	tb.Helper()
	e, err := zstd.NewWriter(nil, append(options, zstd.WithEncoderConcurrency(1))...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { e.Close() })
	return e
}

func encode(tb testing.TB, data []byte, options ...zstd.EOption) []byte {
	tb.Helper()
	return encoder(tb, options...).EncodeAll(data, nil)
}

var levels = []zstd.EncoderLevel{
	zstd.SpeedFastest, zstd.SpeedDefault, zstd.SpeedBetterCompression, zstd.SpeedBestCompression,
}

// TestDecode unpacks what another implementation packed, with one Decoder, so that nothing of a
// frame reaches the next.
func TestDecode(t *testing.T) {
	var d Decoder
	all := contents()
	for _, level := range levels {
		for _, how := range [][]zstd.EOption{
			{zstd.WithSingleSegment(true), zstd.WithEncoderCRC(false)},
			{zstd.WithSingleSegment(true), zstd.WithEncoderCRC(true)},
			{zstd.WithSingleSegment(true), zstd.WithNoEntropyCompression(true)},
			{zstd.WithWindowSize(1 << 20), zstd.WithZeroFrames(true)},
		} {
			e := encoder(t, append(how, zstd.WithEncoderLevel(level))...)
			for name, want := range all {
				frame := e.EncodeAll(want, nil)
				if len(frame) == 0 {
					continue // of no bytes
				}
				got := make([]byte, len(want)+8)
				copy(got[len(want):], "sentinel")
				err := d.Decode(got[:len(want):len(want)], frame)
				if errors.Is(err, ErrSize) && frame[4]>>5 == 0 {
					continue // a frame of less than 256 bytes that is not one segment declares no size
				}
				if err != nil || !bytes.Equal(got[:len(want)], want) ||
					string(got[len(want):]) != "sentinel" {
					t.Fatalf("%s, %v: %v", name, level, err)
				}
			}
		}
	}
}

// TestDecodeAll: frames follow each other, exactly as many as are wanted.
func TestDecodeAll(t *testing.T) {
	var d Decoder
	options := []zstd.EOption{zstd.WithSingleSegment(true), zstd.WithZeroFrames(true)}
	var src []byte
	var want, got [][]byte
	for _, name := range []string{"text", "nothing", "text"} {
		content := contents()[name]
		src = append(src, encode(t, content, options...)...)
		want, got = append(want, content), append(got, make([]byte, len(content)))
	}
	if err := d.DecodeAll(src, got...); err != nil || !slices.EqualFunc(got, want, bytes.Equal) {
		t.Errorf("three frames: %v", err)
	}
	if err := d.DecodeAll(src, got[:2]...); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a frame too many: %v", err)
	}
	if err := d.DecodeAll(src, append(got, nil)...); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a frame too few: %v", err)
	}
	if err := d.DecodeAll(nil); err != nil {
		t.Errorf("no frame: %v", err)
	}
	rest, err := d.DecodeFirst(got[0], src)
	if err != nil || len(rest) == 0 || d.DecodeAll(rest, got[1:]...) != nil {
		t.Errorf("the first frame alone: %v", err)
	}
}

// TestUnpack: what is unpacked decodes to the same, and holds it as it is.
func TestUnpack(t *testing.T) {
	var d Decoder
	options := []zstd.EOption{zstd.WithSingleSegment(true), zstd.WithZeroFrames(true)}
	for name, content := range contents() {
		frame := encode(t, content, options...)
		src := append(bytes.Clone(frame), frame...)
		before := []byte("before")
		// Enough; enough for one of them; for none.
		for i, room := range []int{4*len(content) + 400, rawBytes(len(content)) + len(frame), 0} {
			dst := append(make([]byte, 0, len(before)+max(room, len(src))), before...)
			got := d.Unpack(dst, src)
			rest, ok := bytes.CutPrefix(got, before)
			a, b := make([]byte, len(content)), make([]byte, len(content))
			if err := d.DecodeAll(rest, a, b); !ok || err != nil || !bytes.Equal(a, content) ||
				!bytes.Equal(b, content) {
				t.Fatalf("%s, room %d: %v", name, room, err)
			}
			if len(got) > cap(dst) {
				t.Fatalf("%s, room %d: %d bytes", name, room, len(got))
			}
			if n := min(len(content), maxBlockSize); i == 0 && !bytes.Contains(rest, content[:n]) {
				t.Errorf("%s is not there as it is", name)
			}
		}
	}
	for _, bad := range []string{"", "<!DOCTYPE html>"} {
		if got := d.Unpack(make([]byte, 0, 100), []byte(bad)); string(got) != bad {
			t.Errorf("%q became %q", bad, got)
		}
	}
	frame := encode(t, contents()["text"], options...)
	for n := range frame {
		if got := d.Unpack(make([]byte, 0, 10_000), frame[:n]); !bytes.Equal(got, frame[:n]) {
			t.Errorf("a frame cut to %d bytes became another", n)
		}
	}
}

// TestRefused alters good frames.
func TestRefused(t *testing.T) {
	want := contents()["text"]
	frame := encode(t, want, zstd.WithSingleSegment(true), zstd.WithEncoderCRC(true))
	var d Decoder
	got := make([]byte, len(want))
	for _, c := range []struct {
		name  string
		frame []byte
		want  error
		words string
	}{
		{"empty", nil, ErrCorrupt, "no frame header"},
		{"HTML", []byte("<!DOCTYPE html>"), ErrCorrupt, "no frame header"},
		{"skippable", []byte{0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0}, ErrCorrupt, "no frame header"},
		{"two frames", append(bytes.Clone(frame), frame...), ErrCorrupt, "bytes behind it"},
		{"checksum cut", frame[:len(frame)-1], ErrCorrupt, "checksum cut short"},
		{"reserved bit", change(frame, 4, frame[4]|8), ErrCorrupt, "reserved bit"},
		{"dictionary", change(frame, 4, frame[4]|1), ErrUnsupported, "dictionary"},
		{"size", encode(t, want[1:], zstd.WithSingleSegment(true)),
			ErrSize, "declares 2479 bytes, want 2480"},
		{"no size", []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 1, 0, 0}, ErrSize, "declares none"},
		{"window", []byte{0x28, 0xb5, 0x2f, 0xfd, 0x80, 14 << 3, 0, 0, 0, 0, 1, 0, 0},
			ErrUnsupported, "window of 2^24"},
	} {
		err := d.Decode(got, c.frame)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.words)
		}
	}
	for n := range frame {
		if err := d.Decode(got, frame[:n]); err == nil {
			t.Errorf("cut to %d bytes: no error", n)
		}
	}
	if err := d.Decode(got, frame); err != nil || !bytes.Equal(got, want) {
		t.Errorf("after all that: %v", err)
	}
}

func change(b []byte, at int, to byte) []byte {
	b = bytes.Clone(b)
	b[at] = to
	return b
}

// FuzzDecode wants what the other implementation says of the same bytes.
func FuzzDecode(f *testing.F) {
	all := contents()
	for _, level := range levels {
		e := encoder(f, zstd.WithEncoderLevel(level), zstd.WithSingleSegment(true),
			zstd.WithEncoderCRC(level == zstd.SpeedDefault))
		for _, data := range all {
			if len(data) < 4000 { // the mutator wants small seeds
				f.Add(e.EncodeAll(data, nil), len(data))
			}
		}
	}
	other, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxMemory(1<<20), zstd.WithDecodeAllCapLimit(true), zstd.IgnoreChecksum(true))
	if err != nil {
		f.Fatal(err)
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, frame []byte, size int) {
		if size < 0 || size > 1<<18 {
			return
		}
		got := make([]byte, size+8)
		copy(got[size:], "sentinel")
		err := d.Decode(got[:size:size], frame)
		if string(got[size:]) != "sentinel" {
			t.Fatal("wrote past the end")
		}
		unpacked := d.Unpack(make([]byte, 0, 2*size+2*len(frame)), frame)
		again := make([]byte, size)
		if (d.Decode(again, unpacked) == nil) != (err == nil) ||
			err == nil && !bytes.Equal(again, got[:size]) {
			t.Fatalf("unpacked it decodes otherwise; packed: %v", err)
		}
		want, wantErr := other.DecodeAll(frame, make([]byte, 0, size))
		if err == nil && (wantErr != nil || !bytes.Equal(got[:size], want)) {
			t.Fatalf("decoded to %d bytes; the other one to %d: %v", size, len(want), wantErr)
		}
		if err != nil && wantErr == nil && len(want) == size && !errors.Is(err, ErrSize) &&
			!errors.Is(err, ErrUnsupported) && !strings.Contains(err.Error(), "no frame header") &&
			!strings.Contains(err.Error(), "behind it") {
			t.Fatalf("the other one decoded it; here: %v", err)
		}
	})
}
