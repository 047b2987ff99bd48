// Package outfile writes the files of tools: never over a file that the tool reads or that is of
// another kind, and either whole or not at all.
package outfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrTarget reports a file that may not be written where it was asked for.
var ErrTarget = errors.New("output file")

// A Path is a file that a command reads or writes; What says which, for messages.
type Path struct{ What, Name string }

// Check refuses a file to write that is one of the files that the command uses, by whatever
// names and links. A file that is there is replaced only if it is empty or of the kind that is
// written, which ours tells.
func Check(target Path, ours func(path string) error, others ...Path) error {
	if target.Name == "" {
		return nil
	}
	path, err := Resolve(target.Name)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s %s is not a regular file", ErrTarget, target.What, target.Name)
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		var cause *fs.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return fmt.Errorf("open %s: %w", target.Name, err)
	}
	for _, other := range others {
		if other.Name == "" {
			continue
		}
		used, err := Resolve(other.Name)
		if err != nil {
			return err
		}
		same := used == path
		if usedInfo, err := os.Stat(used); err == nil && info != nil {
			same = same || os.SameFile(info, usedInfo)
		}
		if same {
			return fmt.Errorf("%w: %s %s is %s; it is left as it is",
				ErrTarget, target.What, target.Name, other.What)
		}
	}
	if info != nil && info.Size() > 0 && ours(path) != nil {
		return fmt.Errorf("%w: %s %s holds something else; it is left as it is",
			ErrTarget, target.What, target.Name)
	}
	return nil
}

// A newFile is a file that was written whole beside the path that it is for.
type newFile struct{ temp, path string }

// writeBeside writes a file beside path, where a full disk does no harm to what is there. The
// caller either puts it in its place or discards it.
func writeBeside(path string, data []byte) (*newFile, error) {
	path, err := Resolve(path)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
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

// Write replaces a file by a whole one, or leaves it as it is. What is there is asked again:
// Check was called before a model was packed.
func Write(target Path, data []byte, ours func(path string) error) error {
	f, err := writeBeside(target.Name, data)
	if err != nil {
		return err
	}
	defer f.discard()
	if err := Check(target, ours); err != nil {
		return err
	}
	return f.place()
}

// Resolve gives the absolute path of a file or folder without symbolic links.
// Of a path that is not there, the part that is there is Resolved.
func Resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		return real, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	if _, err := os.Lstat(path); err == nil {
		return "", fmt.Errorf("%s: a symbolic link to nothing", path)
	}
	parent, base := filepath.Split(path)
	if real, err = Resolve(parent); err != nil {
		return "", err
	}
	return filepath.Join(real, base), nil
}
