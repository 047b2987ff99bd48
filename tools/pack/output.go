package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
)

// errOutput reports an output folder that may not be replaced.
var errOutput = errors.New("output folder")

// An output is a model's folder in the making. Everything is written to a
// temporary folder beside the final one, which takes its place in the end: a
// folder of that name is always a whole model.
type output struct {
	dir, temp string
}

// newOutput makes the temporary folder. It refuses to replace a folder that
// holds anything but a packed model.
func newOutput(dir string) (*output, error) {
	dir = filepath.Clean(dir)
	if err := replaceable(dir); err != nil {
		return nil, err
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp(parent, ".pack-*")
	if err != nil {
		return nil, err
	}
	return &output{dir, temp}, nil
}

// replaceable checks that dir is absent, empty or a packed model.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() || e.Name() != planes.ManifestFile && !strings.HasSuffix(e.Name(), ".bin") {
			return fmt.Errorf("%w %s: holds %q, which is no part of a packed model; it is left as it is", errOutput, dir, e.Name())
		}
	}
	return nil
}

// shard stores one finished shard.
func (o *output) shard(file string, data []byte) error {
	return os.WriteFile(filepath.Join(o.temp, file), data, 0o666)
}

// install writes the manifest and puts the folder in its place.
func (o *output) install(manifest []byte) error {
	if err := o.shard(planes.ManifestFile, manifest); err != nil {
		return err
	}
	// MkdirTemp gives a folder that only its owner may read; a model is served.
	if err := os.Chmod(o.temp, 0o755); err != nil {
		return err
	}
	// The old folder makes room under another name, because a rename cannot
	// replace a folder that holds files.
	old := o.temp + ".old"
	err := os.Rename(o.dir, old)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	hadOld := err == nil
	if err := os.Rename(o.temp, o.dir); err != nil {
		if hadOld {
			err = errors.Join(err, os.Rename(old, o.dir))
		}
		return err
	}
	return os.RemoveAll(old)
}

// discard removes what install did not put in its place.
func (o *output) discard() { os.RemoveAll(o.temp) }
