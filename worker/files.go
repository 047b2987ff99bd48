//go:build !js

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// files are what the server may read: regular files inside these folders. A symbolic link may lead
// to another file of its folder, and no further.
type files struct {
	site  *os.Root
	own   *os.Root // models of the user's own, beside the site; nil if there are none
	store *os.Root // objects of /api/m/; nil if there are none
}

// openFiles opens the folders. That of the own models may be missing, and the last two may have no
// name.
func openFiles(site, own, store string) (*files, error) {
	f := &files{}
	var err error
	if f.site, err = os.OpenRoot(site); err != nil {
		return nil, err
	}
	if own != "" {
		f.own, err = os.OpenRoot(own)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			f.close()
			return nil, err
		}
	}
	if store != "" {
		if f.store, err = os.OpenRoot(store); err != nil {
			f.close()
			return nil, fmt.Errorf("-store: %v", err) // not wrapped: it is not the site that is missing
		}
	}
	return f, nil
}

func (f *files) close() {
	for _, root := range []*os.Root{f.site, f.own, f.store} {
		if root != nil {
			root.Close()
		}
	}
}

// open opens a file by its address without the leading slash. models/NAME/ is an own model if the
// site has none of that name. What may not be served is fs.ErrNotExist, as if it were not there.
func (f *files) open(name string) (*os.File, fs.FileInfo, error) {
	if !fs.ValidPath(name) || private(name) {
		return nil, nil, fs.ErrNotExist
	}
	if own, ok := strings.CutPrefix(name, "models/"); ok && f.isOwnModel(own) {
		return openRegular(f.own, own)
	}
	return openRegular(f.site, name)
}

// isOwnModel reports whether a name below models/ is in the folder of a model that the site lacks.
func (f *files) isOwnModel(name string) bool {
	model, _, inside := strings.Cut(name, "/")
	if !inside || f.own == nil {
		return false
	}
	_, err := f.site.Lstat(filepath.Join("models", model))
	return errors.Is(err, fs.ErrNotExist)
}

// has reports whether open would open it.
func (f *files) has(name string) bool {
	file, _, err := f.open(name)
	if err != nil {
		return false
	}
	file.Close()
	return true
}

// private reports whether a name is for the one who keeps the site and not for its visitors: what
// begins with a dot (.git, .env, a packer's unfinished folder), and the files at the top that
// configure an asset server (_headers, _redirects, _worker.js). .well-known is made for visitors.
func private(name string) bool {
	top, below, _ := strings.Cut(name, "/")
	if top == ".well-known" {
		top, name = "", below
	}
	return strings.HasPrefix(top, "_") || strings.HasPrefix(name, ".") ||
		strings.Contains(name, "/.")
}

// openRegular opens a regular file. Anything else could block (a pipe that nobody writes to) or
// have side effects (a device), so it is looked at first; and since it can be replaced in between,
// it is opened without waiting and looked at again.
func openRegular(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	name, err := filepath.Localize(name)
	if err != nil {
		return nil, nil, fs.ErrNotExist
	}
	info, err := root.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fs.ErrNotExist
	}
	file, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err = file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, info, nil
}
