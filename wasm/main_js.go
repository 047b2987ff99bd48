//go:build js && wasm

package main

import "runtime/debug"

func main() {
	debug.SetGCPercent(gcLoading)
	select {}
}
