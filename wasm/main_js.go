//go:build js && wasm

package main

import "runtime/debug"

func main() {
	// Letting the heap double would cost a visitor's memory that wasm never gives back. Once the model is there (finish) less
	// garbage is let lie about.
	debug.SetGCPercent(20)
	select {}
}
