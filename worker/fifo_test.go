//go:build unix

package main

import (
	"path/filepath"
	"syscall"
	"testing"
	"testing/fstest"
)

// TestPipes: a pipe that nobody writes to would keep its reader waiting.
func TestPipes(t *testing.T) {
	dir := folder(t, fstest.MapFS{"index.html": {Data: []byte("page")}})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.bin"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := fetch(t, start(t, "-root", dir), "pipe.bin", ""); status != 404 {
		t.Errorf("a pipe: %d, want 404", status)
	}
}
