//go:build !js

package main

import (
	"context"
	"io"
	"io/fs"
	"strings"
)

// mostModels is the most bytes of models.json that are read.
const mostModels = 1 << 20

func (f *files) models(context.Context) ([]byte, error) {
	file, info, err := f.open(modelsList)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info.Size() > mostModels {
		return nil, fs.ErrInvalid
	}
	return io.ReadAll(io.LimitReader(file, mostModels))
}

// object opens a file of the folder that stands for Cloudflare's R2. Its tag is its name, which is
// the hash of its bytes.
func (f *files) object(_ context.Context, name string) (*object, error) {
	if f.store == nil {
		return nil, fs.ErrNotExist
	}
	file, info, err := openRegular(f.store, name, objectName)
	if err != nil {
		return nil, err
	}
	hash, _, _ := strings.Cut(name, ".")
	return &object{etag: `"` + hash + `"`, changed: info.ModTime(), content: file}, nil
}
