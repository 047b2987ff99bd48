package main

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the command lines of testdata/script; $TINY is the tiny model.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			tiny, err := filepath.Abs(tinyFolder)
			env.Setenv("TINY", tiny)
			return err
		},
	})
}
