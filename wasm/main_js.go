//go:build js && wasm

// Command wasm is the engine inside the page's worker. JavaScript calls the functions it exports (engine.go) and keeps
// the token loop; everything passes through plain memory, so that a token costs no call through syscall/js.
package main

import "runtime/debug"

func main() {
	// The weights stay for the life of the worker and a token allocates nothing: collecting often would only read 100 MB
	// again and again, and letting the heap double would cost a visitor's memory that wasm never gives back.
	debug.SetGCPercent(20)
	select {}
}
