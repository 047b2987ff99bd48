// Command wasm packs a GGUF file inside a page: package packer for GOOS=js. JavaScript
// (web/packing) calls what main_js.go exports: open with the file's name and size, then next until
// its event is the last one. Each event is a shard to keep, or how far packing has come, so that
// the caller gets a turn between any two of them. The file is read through the import spike.read.
package main
