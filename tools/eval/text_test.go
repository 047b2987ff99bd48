package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Windows lie evenly: first and last are taken, none twice, and the distances differ by one at most.
func TestSpread(t *testing.T) {
	for total := 1; total < 200; total++ {
		windows := cut(make([]int32, total*windowTokens+total%windowTokens))
		if len(windows) != total {
			t.Fatalf("%d windows, want %d", len(windows), total)
		}
		for n := 1; n <= min(total, 20); n++ {
			picked, err := spread(windows, n)
			if err != nil || len(picked) != n {
				t.Fatalf("%d of %d: got %d, %v", n, total, len(picked), err)
			}
			if picked[0].index != 0 || n > 1 && picked[n-1].index != total-1 {
				t.Errorf("%d of %d: from %d to %d", n, total, picked[0].index, picked[n-1].index)
			}
			for i := 1; i < n; i++ {
				distance, least := picked[i].index-picked[i-1].index, (total-1)/(n-1)
				if distance < least || distance > least+1 {
					t.Errorf("%d of %d: window %d is %d after the one before, want %d or one more", n, total, i, distance, least)
				}
			}
		}
		if _, err := spread(windows, total+1); err == nil {
			t.Errorf("%d windows of %d", total+1, total)
		}
	}
}

func TestCutKeepsOrder(t *testing.T) {
	ids := make([]int32, 3*windowTokens-1)
	for i := range ids {
		ids[i] = int32(i)
	}
	for i, w := range cut(ids) {
		if len(w.ids) != windowTokens || w.ids[0] != int32(i*windowTokens) {
			t.Errorf("window %d: %d tokens from %d", i, len(w.ids), w.ids[0])
		}
	}
}

func TestFirstCharacters(t *testing.T) {
	for _, c := range []struct {
		data string
		n    int
		want string
	}{
		{"", 3, ""},
		{"ab", 3, "ab"},
		{"añ€😀b", 4, "añ€😀"},
		{"a\r\nb\rc\n\rd", 99, "a\nb\nc\n\nd"},
		{"a\r\nb", 2, "a\n"},
		{"\r\r\n", 9, "\n\n"},
		{"\ufffda\xff", 2, "\ufffda"}, // what lies behind is not looked at
	} {
		if got, err := firstCharacters([]byte(c.data), c.n); got != c.want || err != nil {
			t.Errorf("%q, %d characters: %q, %v, want %q", c.data, c.n, got, err, c.want)
		}
	}
	for _, data := range []string{"ab\xff", "ab\xe2\x82"} {
		if _, err := firstCharacters([]byte(data), 9); err == nil || !strings.Contains(err.Error(), "byte 2") {
			t.Errorf("%q: error %v, want byte 2 named", data, err)
		}
	}
}

// The ids of the built-in windows were checked against those of the whole file when it was saved; the hash holds them.
func TestBuiltInWindows(t *testing.T) {
	windows, err := builtIn(realModel(t).Tokenizer)
	if err != nil {
		t.Fatal(err)
	}
	var indices []int
	hash := sha256.New()
	for _, w := range windows {
		indices = append(indices, w.index)
		if len(w.ids) != windowTokens {
			t.Errorf("window %d has %d tokens, want %d", w.index, len(w.ids), windowTokens)
		}
		if err := binary.Write(hash, binary.LittleEndian, w.ids); err != nil {
			t.Fatal(err)
		}
	}
	if want := []int{0, 16, 33, 50, 67, 84, 100, 117, 134, 151, 168, 185}; !reflect.DeepEqual(indices, want) {
		t.Errorf("windows %v, want %v", indices, want)
	}
	const want = "01fb10a9037531726e62161b76834ca22624a40788010500e06f0eee5ee04707"
	if got := fmt.Sprintf("%x", hash.Sum(nil)); got != want {
		t.Errorf("sha256 of the ids, little-endian int32: %s, want %s", got, want)
	}
}

// What is saved is read back with the same ids.
func TestSaveWindows(t *testing.T) {
	tokenizer := realModel(t).Tokenizer
	windows, err := builtIn(tokenizer)
	if err != nil {
		t.Fatal(err)
	}
	data, err := encodeWindows(tokenizer, windows)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != string(wikitext2) {
		t.Error("the built-in windows are saved as other bytes than they were read from")
	}
	// " the" and "re" are one word: the text alone would join them.
	first, second := tokenizer.Encode(nil, " the"), tokenizer.Encode(nil, "re")
	split := []window{{index: 7, ids: append(first, second...)}}
	if _, err := encodeWindows(tokenizer, split); err == nil || !strings.Contains(err.Error(), "window 7") {
		t.Errorf("window whose text has other tokens: %v, want an error that names it", err)
	}
}

func TestReadWindowsOfShortText(t *testing.T) {
	file := filepath.Join(t.TempDir(), "short.txt")
	if err := os.WriteFile(file, []byte("short"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := readWindows(tinyModel(t).Tokenizer, file); err == nil || !strings.Contains(err.Error(), "fewer than 512") {
		t.Errorf("error %v, want fewer than 512 tokens", err)
	}
}
