//go:build js

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall/js"
	"time"
)

// bindings are what wrangler.jsonc names: ASSETS, the site's files, and MODELS, a bucket of R2,
// which a deployment may lack.
type bindings struct {
	assets, bucket js.Value
}

func newBindings() *bindings {
	env := js.Global().Get("context").Get("env")
	return &bindings{env.Get("ASSETS"), env.Get("MODELS")}
}

func (b *bindings) models(context.Context) ([]byte, error) {
	// Of the address the asset server reads the path alone.
	response, err := await(b.assets.Call("fetch", "https://assets.local/models.json"))
	if err != nil {
		return nil, err
	}
	switch status := response.Get("status").Int(); {
	case status == 404:
		return nil, fs.ErrNotExist
	case status != 200:
		return nil, fmt.Errorf("models.json: status %d", status)
	}
	text, err := await(response.Call("text"))
	if err != nil {
		return nil, err
	}
	return []byte(text.String()), nil
}

func (b *bindings) object(_ context.Context, name string) (*object, error) {
	if b.bucket.IsUndefined() {
		return nil, fs.ErrNotExist
	}
	key := "m/" + name
	head, err := await(b.bucket.Call("head", key))
	switch {
	case err != nil:
		return nil, err
	case head.IsNull():
		return nil, fs.ErrNotExist
	}
	return &object{
		etag:    head.Get("httpEtag").String(),
		changed: time.UnixMilli(int64(head.Get("uploaded").Call("getTime").Float())),
		content: &stored{
			bucket: b.bucket,
			key:    key,
			etag:   head.Get("etag").String(),
			size:   int64(head.Get("size").Float()),
		},
	}, nil
}

// stored is the content of an object in R2. Its bytes are never read into Go: mendedWriter asks for
// the stream in the place of reading.
type stored struct {
	bucket    js.Value
	key, etag string // the tag without quotes, as R2's conditions want it
	size, at  int64
}

func (s *stored) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.at
	case io.SeekEnd:
		offset += s.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	s.at = offset
	return offset, nil
}

func (s *stored) Read([]byte) (int, error) {
	return 0, errors.New("an object is passed on as a stream, not read")
}

func (s *stored) Close() error { return nil }

// stream gives the next n bytes as a ReadableStream: of the object whose head was seen, or none.
func (s *stored) stream(n int64) (js.Value, error) {
	found, err := await(s.bucket.Call("get", s.key, map[string]any{
		"range":  map[string]any{"offset": s.at, "length": n},
		"onlyIf": map[string]any{"etagMatches": s.etag},
	}))
	switch {
	case err != nil:
		return js.Value{}, err
	case found.IsNull():
		return js.Value{}, fs.ErrNotExist
	case found.Get("body").IsUndefined():
		return js.Value{}, errors.New("the object was replaced meanwhile")
	}
	return found.Get("body"), nil
}

// await is the value of a promise.
func await(promise js.Value) (js.Value, error) {
	type result struct {
		value js.Value
		err   error
	}
	done := make(chan result, 1)
	then := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- result{value: args[0]}
		return nil
	})
	defer then.Release()
	fail := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- result{err: errors.New(args[0].Call("toString").String())}
		return nil
	})
	defer fail.Release()
	promise.Call("then", then, fail)
	got := <-done
	return got.value, got.err
}
