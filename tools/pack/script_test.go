//go:build !js

package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pack": main})
}

// TestScripts runs the command lines of testdata/script. Beside the usual
// commands a script has
//
//	model FILE [CHANGE...]   write the tiny model as a GGUF file, changed (see change)
//	zip FILE MEMBER...       put files into a zip
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		// Jinja2 is where pack looks for it.
		Setup: func(env *testscript.Env) error {
			folder, err := filepath.Abs(installedJinja)
			if err != nil {
				return err
			}
			if err := os.MkdirAll(env.WorkDir+"/build", 0o777); err != nil {
				return err
			}
			return os.Symlink(folder, env.WorkDir+"/build/jinja")
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"model": scriptModel,
			"zip":   scriptZip,
		},
	})
}

func scriptModel(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: model FILE [CHANGE...]")
	}
	f := packer.Tiny()
	for _, word := range args[1:] {
		ts.Check(ggufedit.Change(f, word))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), f.Bytes(), 0o666))
}

func scriptZip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: zip FILE MEMBER...")
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	z := zip.NewWriter(f)
	for _, member := range args[1:] {
		w, err := z.Create(member)
		ts.Check(err)
		_, err = w.Write([]byte(ts.ReadFile(member)))
		ts.Check(err)
	}
	ts.Check(z.Close())
	ts.Check(f.Close())
}
