//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package main

import (
	"errors"
	"os"
)

// lockFolder fails: this system locks no folders, so nobody can tell whether one is in use.
func lockFolder(*os.File) error { return errors.ErrUnsupported }
