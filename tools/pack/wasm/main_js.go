//go:build js && wasm

//lint:file-ignore U1000 what is exported is called by JavaScript

package main

import (
	"fmt"
	"iter"
	"runtime/debug"
	"unsafe"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/strictjson"
	"github.com/spikechat/spikechat/tools/pack/chat"
)

// wasm never gives memory back: collecting often is cheaper than letting garbage double it.
const gcPercent = 20

func main() {
	debug.SetGCPercent(gcPercent)
	select {}
}

// readFile is JavaScript's (web/packing/worker.js): it fills n bytes from an offset of the files,
// one behind the other, and gives 0 where it could.
//
//go:wasmimport spike read
//go:noescape
func readFile(to unsafe.Pointer, offset float64, n int32) int32

func readSlice(p []byte, offset int64) error {
	if readFile(unsafe.Pointer(unsafe.SliceData(p)), float64(offset), int32(len(p))) != 0 {
		return errRead
	}
	return nil
}

// renderTemplate is JavaScript's (web/packing/templates.js): it renders what the JSON of n bytes
// asks of one of its engines, and keeps the text for the next two. It gives an outcome.
//
//go:wasmimport spike render
//go:noescape
func renderTemplate(engine int32, call unsafe.Pointer, n int32) int32

//go:wasmimport spike rendered_len
func renderedLen() int32

//go:wasmimport spike rendered
//go:noescape
func rendered(to unsafe.Pointer)

// engines are in the order of web/packing/templates.js.
var engines = []chat.Engine{newEngine("minijinja", 0), newEngine("@huggingface/jinja", 1)}

func newEngine(name string, index int32) *pageEngine {
	return &pageEngine{name, func(call []byte) (outcome, string) {
		how := renderTemplate(index, unsafe.Pointer(unsafe.SliceData(call)), int32(len(call)))
		said := make([]byte, renderedLen())
		if len(said) > 0 {
			rendered(unsafe.Pointer(unsafe.SliceData(said)))
		}
		return outcome(how), string(said)
	}}
}

// module is what is under way.
var module struct {
	exchange []byte // what JavaScript wrote for the next call
	result   []byte // what the last call answers
	data     []byte // beside it
	next     func() (event, error, bool)
	// The packed model that is being read, to be ranked.
	manifest *planes.Manifest
	reader   *planes.Reader
}

// buffer gives the address of n bytes that JavaScript may write; 0 when n is out of range.
//
//go:wasmexport buffer
func buffer(n int32) int32 {
	if n < 0 || n > planes.MaxManifestBytes {
		return 0
	}
	if int(n) > cap(module.exchange) || module.exchange == nil {
		module.exchange = make([]byte, max(n, 1))
	}
	module.exchange = module.exchange[:max(n, 1)]
	return addressOf(module.exchange)
}

func addressOf(b []byte) int32 { return int32(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) }

// Where the last call's answer is, as JSON, and the bytes beside it.

//go:wasmexport result_ptr
func resultPtr() int32 { return addressOf(module.result) }

//go:wasmexport result_len
func resultLen() int32 { return int32(len(module.result)) }

//go:wasmexport data_ptr
func dataPtr() int32 { return addressOf(module.data) }

//go:wasmexport data_len
func dataLen() int32 { return int32(len(module.data)) }

// call runs one exported function. Its error, or what it panics with, becomes the result as JSON,
// and the code is -1.
func call(f func() error) (code int32) {
	module.result, module.data = module.result[:0], nil
	defer func() {
		if p := recover(); p != nil {
			fail(codeCrashed, fmt.Sprint(p))
			code = -1
		}
	}()
	if err := f(); err != nil {
		fail(codeOf(err), err.Error())
		return -1
	}
	return 0
}

func fail(code, message string) {
	// It cannot fail: there is no number, and all text is UTF-8 now.
	module.result, _ = strictjson.Append(module.result[:0], &struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}{code, string([]rune(message))})
}

// open begins to pack the files that have been written, as the JSON of opened.
//
//go:wasmexport open
func open(n int32) int32 {
	return call(func() error {
		var given opened
		err := strictjson.Unmarshal(module.exchange[:n], &given, strictjson.Lossy)
		if err != nil {
			return err
		}
		module.next, _ = iter.Pull2(packing(given.Files, readSlice, engines))
		return nil
	})
}

// rank_open begins to read a packed model, whose manifest has been written.
//
//go:wasmexport rank_open
func rankOpen(n int32) int32 {
	return call(func() (err error) {
		if module.manifest, err = planes.ReadManifest(module.exchange[:n]); err == nil {
			module.reader = planes.NewReader(module.manifest)
		}
		return err
	})
}

// rank_load reads its next shard.
//
//go:wasmexport rank_load
func rankLoad(n int32) int32 {
	return call(func() error { return module.reader.Shard(module.exchange[:n], false) })
}

// rank begins to rank it, once all shards are there.
//
//go:wasmexport rank
func rankAll() int32 {
	return call(func() error {
		if err := module.reader.Close(); err != nil {
			return err
		}
		module.next, _ = iter.Pull2(ranking(module.manifest, module.reader))
		return nil
	})
}

// next goes on to the next event, which is the result; its bytes are the data beside it.
//
//go:wasmexport next
func next() int32 {
	return call(func() error {
		e, err, ok := module.next()
		if err != nil || !ok {
			return err
		}
		module.data = e.data
		module.result, err = strictjson.Append(module.result, &e.told)
		return err
	})
}
