package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spikechat/spikechat/core/planes"
)

// errLock reports a model that is not the one a lock file names.
var errLock = errors.New("does not match the lock file")

const maxLockBytes = 1 << 16

// A lock says which bytes packing must give. It is committed where the model
// itself is not. The manifest names every shard by its hash, so the manifest's
// hash stands for them all; the other fields tell a reader what differs.
type lock struct {
	Format         string     `json:"format"`
	Version        int        `json:"version"`
	Name           string     `json:"name"`
	Source         lockSource `json:"source"`
	ManifestSHA256 string     `json:"manifest_sha256"`
	Shards         int        `json:"shards"`
	Bytes          int64      `json:"bytes"` // of all shards
}

type lockSource struct {
	SHA256 string `json:"sha256"`
}

// newLock describes a packed model; text is its manifest's JSON.
func newLock(m *planes.Manifest, text []byte) lock {
	sum := sha256.Sum256(text)
	return lock{
		Format: m.Format, Version: m.Version, Name: m.Name, Source: lockSource{m.Source.SHA256},
		ManifestSHA256: hex.EncodeToString(sum[:]), Shards: len(m.Shards), Bytes: m.Bytes(),
	}
}

// String names the model and its size.
func (l lock) String() string {
	return fmt.Sprintf("%s: %s, %d bytes", shown(l.Name), count(l.Shards, "shard"), l.Bytes)
}

// count words a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// readLock reads a lock file.
func readLock(name string) (lock, error) {
	var l lock
	text, err := readLimited(name, maxLockBytes)
	if err != nil {
		return l, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return l, fmt.Errorf("%s: not a lock file: %w", name, err)
	}
	return l, nil
}

func (l lock) write(name string) error {
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o666)
}

// checkSource compares the source alone, before anything is packed.
func (l lock) checkSource(file, sha256 string) error {
	if l.Source.SHA256 != sha256 {
		return fmt.Errorf("source %s %w: its sha256 is %s, locked is %s",
			file, errLock, sha256, shown(l.Source.SHA256))
	}
	return nil
}

// check compares a packed model with the lock and names the first difference.
func (l lock) check(got lock) error {
	for _, c := range []struct {
		what         string
		got, allowed any
	}{
		{"format", got.Format, l.Format},
		{"format version", got.Version, l.Version},
		{"name", got.Name, l.Name},
		{"sha256 of the source", got.Source.SHA256, l.Source.SHA256},
		{"number of shards", got.Shards, l.Shards},
		{"number of bytes", got.Bytes, l.Bytes},
		{"sha256 of manifest.json", got.ManifestSHA256, l.ManifestSHA256},
	} {
		if c.got != c.allowed {
			return fmt.Errorf("packed model %w: %s is %s, locked is %s",
				errLock, c.what, shown(fmt.Sprint(c.got)), shown(fmt.Sprint(c.allowed)))
		}
	}
	return nil
}

// readLimited reads a file of at most limit bytes.
func readLimited(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: %w: more than %d bytes", name, errModel, limit)
	}
	return data, nil
}
