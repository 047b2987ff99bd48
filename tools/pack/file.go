package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// errTarget reports a file that may not be written where it was asked for.
var errTarget = errors.New("output file")

// checkTarget refuses a file to write that is one of the files that the command uses, by whatever
// names and links. A file that is there is replaced only if it is empty or of the kind that is
// written, which ours tells.
func checkTarget(target usedPath, ours func(path string) error, others ...usedPath) error {
	if target.path == "" {
		return nil
	}
	path, err := resolve(target.path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s %s is not a regular file", errTarget, target.what, target.path)
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		var cause *fs.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return fmt.Errorf("open %s: %w", target.path, err)
	}
	for _, other := range others {
		if other.path == "" {
			continue
		}
		used, err := resolve(other.path)
		if err != nil {
			return err
		}
		same := used == path
		if usedInfo, err := os.Stat(used); err == nil && info != nil {
			same = same || os.SameFile(info, usedInfo)
		}
		if same {
			return fmt.Errorf("%w: %s %s is %s; it is left as it is",
				errTarget, target.what, target.path, other.what)
		}
	}
	if info != nil && info.Size() > 0 && ours(path) != nil {
		return fmt.Errorf("%w: %s %s holds something else; it is left as it is",
			errTarget, target.what, target.path)
	}
	return nil
}

// A newFile is a file that was written whole beside the path that it is for.
type newFile struct{ temp, path string }

// writeBeside writes a file beside path, where a full disk does no harm to what is there. The
// caller either puts it in its place or discards it.
func writeBeside(path string, data []byte) (*newFile, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".pack-*")
	if err != nil {
		return nil, err
	}
	n := &newFile{f.Name(), path}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close(), os.Chmod(n.temp, mode)); err != nil {
		n.discard()
		return nil, err
	}
	return n, nil
}

// place gives the file its name.
func (n *newFile) place() error { return os.Rename(n.temp, n.path) }

// discard removes the file unless it has its name.
func (n *newFile) discard() { os.Remove(n.temp) }

// writeFile replaces a file by a whole one, or leaves it as it is. What is there is asked again:
// checkTarget was called before a model was packed.
func writeFile(target usedPath, data []byte, ours func(path string) error) error {
	f, err := writeBeside(target.path, data)
	if err != nil {
		return err
	}
	defer f.discard()
	if err := checkTarget(target, ours); err != nil {
		return err
	}
	return f.place()
}
