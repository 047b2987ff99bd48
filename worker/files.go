//go:build !js

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// files are what the server may read: regular files inside these folders. A symbolic link may lead
// to another file of its folder that is served under its own name too, and no further.
type files struct {
	site  *os.Root
	own   *os.Root // models of the user's own, beside the site; nil if there are none
	store *os.Root // objects of /api/m/; nil if there are none
	list  string   // file in place of the site's models.json; "" if there is none
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
		return openRegular(f.own, own, func(name string) bool {
			return !private("models/"+name) && f.isOwnModel(name)
		})
	}
	if name == modelsList && f.list != "" {
		return openNamed(f.list)
	}
	return openRegular(f.site, name, func(name string) bool { return !private(name) })
}

// modelsList is the list of the models.
const modelsList = "models.json"

// openNamed opens a file that the one who started the server has named.
func openNamed(name string) (*os.File, fs.FileInfo, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, info, nil
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

// openRegular opens a regular file that is public under the name that links lead to. Anything else
// could block (a pipe that nobody writes to) or have side effects (a device), so it is looked at
// first; and since it can be replaced in between, it is opened without waiting and looked at again.
func openRegular(root *os.Root, name string, public func(string) bool) (*os.File, fs.FileInfo,
	error) {
	name, info, err := resolve(root, name)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() || !public(name) {
		return nil, nil, fs.ErrNotExist
	}
	file, err := root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
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

// mostLinks is how many symbolic links may lie on the way to a file, as in package os.
const mostLinks = 255

// resolve follows the symbolic links of a valid path, and gives the path of what is there, with
// slashes. Where a link leads out of the folder, or round in a circle, there is nothing.
func resolve(root *os.Root, name string) (string, fs.FileInfo, error) {
	if _, err := filepath.Localize(name); err != nil {
		return "", nil, fs.ErrNotExist
	}
	info, err := root.Lstat(".")
	if err != nil {
		return "", nil, err
	}
	at, links := ".", 0 // info is that of at, which has no links in it
	for left := strings.Split(name, "/"); len(left) > 0; {
		part := left[0]
		left = left[1:]
		switch {
		case !info.IsDir():
			return "", nil, fs.ErrNotExist
		case part == "" || part == ".":
			continue
		case part == ".." && at == ".":
			return "", nil, fs.ErrNotExist
		}
		next := path.Join(at, part)
		found, err := root.Lstat(filepath.FromSlash(next))
		if err != nil {
			return "", nil, err
		}
		if found.Mode().Type() != fs.ModeSymlink {
			at, info = next, found
			continue
		}
		target, err := root.Readlink(filepath.FromSlash(next))
		if err != nil {
			return "", nil, err
		}
		if links++; links > mostLinks || filepath.IsAbs(target) {
			return "", nil, fs.ErrNotExist
		}
		left = append(strings.Split(filepath.ToSlash(target), "/"), left...)
	}
	return at, info, nil
}
