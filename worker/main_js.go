//go:build js

package main

import "github.com/syumai/workers"

func main() { workers.Serve(mended(newAPI(newBindings()))) }
