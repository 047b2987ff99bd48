//go:build js && wasm

package main

import "runtime/debug"

func main() {
	// The weights stay for the life of the worker and a token allocates nothing: collecting often would only read 100 MB
	// again and again, and letting the heap double would cost a visitor's memory that wasm never gives back.
	debug.SetGCPercent(20)
	select {}
}
