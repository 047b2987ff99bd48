package packer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spikechat/spikechat/core/planes"
)

// ErrLock reports a model that is not the one a lock file names.
var ErrLock = errors.New("does not match the lock file")

// A Lock says which bytes packing must give. It is committed where the model
// itself is not. The manifest names every shard by its hash, so the manifest's
// hash stands for them all; the other fields tell a reader what differs. The
// activity, which the manifest does not name, has a hash of its own.
type Lock struct {
	Format         string     `json:"format"`
	Version        int        `json:"version"`
	Name           string     `json:"name"`
	Source         lockSource `json:"source"`
	ManifestSHA256 string     `json:"manifest_sha256"`
	ActivitySHA256 string     `json:"activity_sha256,omitempty"` // "" is compared with nothing
	Shards         int        `json:"shards"`
	Bytes          int64      `json:"bytes"` // of all shards
	// Chat is what the manifest has, so that the source's template need not be executed again; nil
	// before version 4.
	Chat *planes.Chat `json:"chat,omitzero"`
}

type lockSource struct {
	SHA256 string `json:"sha256"`
}

// NewLock describes a packed model.
func NewLock(p *Packed) Lock {
	m := p.Manifest
	l := Lock{
		Format: m.Format, Version: m.Version, Name: m.Name, Source: lockSource{m.Source.SHA256},
		ManifestSHA256: hashOf(p.Text), Shards: len(m.Shards), Bytes: m.Bytes(),
		Chat: m.Chat,
	}
	if p.Activity != nil {
		l.ActivitySHA256 = hashOf(p.Activity)
	}
	return l
}

// hashOf is the SHA-256 of a file's bytes, in hexadecimal.
func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// String names the model and its size.
func (l Lock) String() string {
	return fmt.Sprintf("%s: %s, %d bytes", shown(l.Name), count(l.Shards, "shard"), l.Bytes)
}

// count words a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// ReadLock reads a lock file's text: one JSON object that has at least the format, a version and
// both hashes.
func ReadLock(text []byte) (Lock, error) {
	var l Lock
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return l, fmt.Errorf("not a lock file: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return l, errors.New("not a lock file: something follows its object")
	}
	switch {
	case l.Format != planes.Format:
		return l, fmt.Errorf("not a lock file: its format is %s, want %s", shown(l.Format),
			planes.Format)
	case l.Version < 1:
		return l, fmt.Errorf("not a lock file: its version is %d, want at least 1", l.Version)
	case !isSHA256(l.Source.SHA256):
		return l, errors.New("not a lock file: source.sha256 is not 64 hexadecimal digits")
	case !isSHA256(l.ManifestSHA256):
		return l, errors.New("not a lock file: manifest_sha256 is not 64 hexadecimal digits")
	case l.ActivitySHA256 != "" && !isSHA256(l.ActivitySHA256):
		return l, errors.New("not a lock file: activity_sha256 is not 64 hexadecimal digits")
	}
	if l.Chat != nil {
		if err := l.Chat.Validate(); err != nil {
			return l, fmt.Errorf("not a lock file: %w", err)
		}
	}
	return l, nil
}

// isSHA256 reports whether a text is a hash as NewLock writes it.
func isSHA256(text string) bool {
	sum, err := hex.DecodeString(text)
	return err == nil && len(sum) == sha256.Size && hex.EncodeToString(sum) == text
}

// JSON is the text of a lock file.
func (l Lock) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}

// CheckSource compares the source alone, before anything is packed.
func (l Lock) CheckSource(file, sha256 string) error {
	if l.Source.SHA256 != sha256 {
		return fmt.Errorf("source %s %w: its sha256 is %s, locked is %s",
			file, ErrLock, sha256, shown(l.Source.SHA256))
	}
	return nil
}

// Check compares a packed model with the lock and names the first difference.
func (l Lock) Check(got Lock) error {
	if l.ActivitySHA256 == "" {
		got.ActivitySHA256 = ""
	}
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
		{"sha256 of activity.json", got.ActivitySHA256, l.ActivitySHA256},
	} {
		if c.got != c.allowed {
			return fmt.Errorf("packed model %w: %s is %s, locked is %s",
				ErrLock, c.what, shown(fmt.Sprint(c.got)), shown(fmt.Sprint(c.allowed)))
		}
	}
	return nil
}
