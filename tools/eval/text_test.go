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

	"github.com/spikechat/spikechat/tools/internal/corpus"
)

// The ids of the built-in windows were checked against those of the whole file when it was saved;
// the hash holds them.
func TestBuiltInWindows(t *testing.T) {
	windows, err := builtIn(realModel(t).Tokenizer, false)
	if err != nil {
		t.Fatal(err)
	}
	var indices []int
	hash := sha256.New()
	for _, w := range windows {
		indices = append(indices, w.Index)
		if len(w.IDs) != corpus.WindowTokens {
			t.Errorf("window %d has %d tokens, want %d", w.Index, len(w.IDs), corpus.WindowTokens)
		}
		if err := binary.Write(hash, binary.LittleEndian, w.IDs); err != nil {
			t.Fatal(err)
		}
	}
	if want := []int{0, 16, 33, 50, 67, 84, 100, 117, 134, 151, 168,
		185}; !reflect.DeepEqual(indices, want) {
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
	windows, err := builtIn(tokenizer, false)
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
	split := []corpus.Window{{Index: 7, IDs: append(first, second...)}}
	if _, err := encodeWindows(tokenizer, split); err == nil ||
		!strings.Contains(err.Error(), "window 7") {
		t.Errorf("window whose text has other tokens: %v, want an error that names it", err)
	}
}

func TestReadWindowsOfShortText(t *testing.T) {
	file := filepath.Join(t.TempDir(), "short.txt")
	if err := os.WriteFile(file, []byte("short"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := readWindows(tinyModel(t).Tokenizer, file, false); err == nil ||
		!strings.Contains(err.Error(), "fewer than 512") {
		t.Errorf("error %v, want fewer than 512 tokens", err)
	}
}
