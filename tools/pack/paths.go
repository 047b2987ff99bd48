package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spikechat/spikechat/tools/internal/outfile"
)

// inside reports whether path is the folder dir or lies in it, whatever links, mounts or letters of
// another case lead there.
func inside(path, dir string) (bool, error) {
	path, err := outfile.Resolve(path)
	if err != nil {
		return false, err
	}
	if dir, err = outfile.Resolve(dir); err != nil {
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

// checkApart refuses an output folder that one of the files is in, or is.
func checkApart(dir string, files ...outfile.Path) error {
	for _, f := range files {
		if f.Name == "" {
			continue
		}
		in, err := inside(f.Name, dir)
		if err != nil {
			return err
		}
		if in {
			return fmt.Errorf("%w %s: %s %s is in it; it is left as it is", errOutput, dir, f.What,
				f.Name)
		}
	}
	return nil
}
