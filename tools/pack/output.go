package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/internal/outfile"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// errOutput reports an output folder that may not be replaced.
var errOutput = errors.New("output folder")

// An output is a model's folder in the making. Everything is written to a
// temporary folder beside the final one, which takes its place in the end: a
// folder of that name is always a whole model.
type output struct {
	dir     string // as the caller named it, for messages
	final   string // the same without symbolic links
	temp    string
	lock    *os.File // temp, locked: it tells sweep that the folder is in use
	mode    fs.FileMode
	written []string // files of temp
}

// newOutput makes the temporary folder. It refuses to replace a folder that
// holds anything but a packed model.
func newOutput(dir string) (*output, error) {
	final, err := outfile.Resolve(dir)
	if err != nil {
		return nil, err
	}
	o := &output{dir: filepath.Clean(dir), final: final}
	if _, err := ownFiles(final); err != nil {
		return nil, o.refused(err)
	}
	// A model is served, so everyone may read it, unless a folder is there that says otherwise.
	o.mode = 0o755
	if info, err := os.Stat(final); err == nil {
		o.mode = info.Mode().Perm()
	}
	parent := filepath.Dir(final)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, err
	}
	if o.temp, err = os.MkdirTemp(parent, ".pack-*"); err != nil {
		return nil, err
	}
	if o.lock, err = os.Open(o.temp); err != nil {
		return nil, errors.Join(err, os.Remove(o.temp))
	}
	if err := lockFolder(o.lock); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		o.discard()
		return nil, err
	}
	return o, nil
}

// refused adds the folder's name to what ownFiles found in it.
func (o *output) refused(err error) error {
	if errors.Is(err, errForeign) {
		return fmt.Errorf("%w %s: %w; it is left as it is", errOutput, o.dir, err)
	}
	return err
}

// write stores one finished file. No file has its own name before all of it is written, which is
// what sweep relies on.
func (o *output) write(file string, data []byte) error {
	o.written = append(o.written, file, file+unfinished)
	path := filepath.Join(o.temp, file)
	if err := os.WriteFile(path+unfinished, data, 0o666); err != nil {
		return err
	}
	return os.Rename(path+unfinished, path)
}

// install writes what is beside the shards, the manifest last, and puts the
// folder in its place. A model that was there is removed; where that fails, it
// is back and nothing is installed.
func (o *output) install(m *packer.Packed) error {
	if m.Activity != nil {
		if err := o.write(planes.ActivityFile, m.Activity); err != nil {
			return err
		}
	}
	if err := o.write(planes.ManifestFile, m.Text); err != nil {
		return err
	}
	// MkdirTemp gives a folder that only its owner may read.
	if err := os.Chmod(o.temp, o.mode); err != nil {
		return err
	}
	old, err := takeAway(o.final, o.temp)
	if err != nil {
		return o.refused(err)
	}
	// Whatever came into being under this name meanwhile is not replaced.
	if err := os.Rename(o.temp, o.final); err != nil {
		return errors.Join(err, old.putBack())
	}
	o.written = nil
	return old.discard()
}

// discard removes what install did not put in its place.
func (o *output) discard() {
	defer o.lock.Close()
	if o.written != nil {
		removeListed(o.temp, o.written)
		return
	}
	os.Remove(o.temp) // nothing was written, or the folder has its final name
}
