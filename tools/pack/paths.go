package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// resolve gives the absolute path of a file or folder without symbolic links.
// Of a path that is not there, the part that is there is resolved.
func resolve(path string) (string, error) {
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
	if real, err = resolve(parent); err != nil {
		return "", err
	}
	return filepath.Join(real, base), nil
}

// inside reports whether path is the folder dir or lies in it, whatever links, mounts or letters of
// another case lead there.
func inside(path, dir string) (bool, error) {
	path, err := resolve(path)
	if err != nil {
		return false, err
	}
	if dir, err = resolve(dir); err != nil {
		return false, err
	}
	folder, err := os.Stat(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	for {
		if path == dir {
			return true, nil
		}
		if folder != nil {
			if info, err := os.Stat(path); err == nil && os.SameFile(info, folder) {
				return true, nil
			}
		}
		parent := filepath.Dir(path)
		if parent == path {
			return false, nil
		}
		path = parent
	}
}

// A usedPath is a file that a command reads or writes beside its output folder.
type usedPath struct{ what, path string }

// checkApart refuses an output folder that one of the files is in, or is.
func checkApart(dir string, files ...usedPath) error {
	for _, f := range files {
		if f.path == "" {
			continue
		}
		in, err := inside(f.path, dir)
		if err != nil {
			return err
		}
		if in {
			return fmt.Errorf("%w %s: %s %s is in it; it is left as it is", errOutput, dir, f.what,
				f.path)
		}
	}
	return nil
}
