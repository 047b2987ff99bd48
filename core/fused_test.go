//go:build !js

package core

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fused matches an instruction that multiplies and adds with one rounding, in the listing of go
// build -gcflags=-S, and the source line before it.
var fused = regexp.MustCompile(`(?m)^\s+0x[0-9a-f]+ \d+ \(([^)]+)\)\s+` +
	`(FN?M(?:ADD|SUB)[SD]|VFML[AS]|VFN?M(?:ADD|SUB)\d+[SP][SD])\s`)

// assembly compiles packages for another machine and gives the compiler's listing.
func assembly(t *testing.T, dir string, env []string, packages ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", append([]string{"build", "-gcflags=-S"}, packages...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var listing bytes.Buffer
	cmd.Stdout, cmd.Stderr = &listing, &listing
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, listing.Bytes())
	}
	return listing.Bytes()
}

// TestNothingIsFused: Go may turn x*y + z into one instruction on these targets, which rounds once
// and so changes bits. float32(x*y) + z forbids it, and one forgotten conversion shows here.
func TestNothingIsFused(t *testing.T) {
	trap := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module trap\n\ngo 1.27\n",
		"trap.go": "package trap\n\nfunc Fused(x, y, z float32) float32 { return x*y + z }\n",
	} {
		if err := os.WriteFile(filepath.Join(trap, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// The references are in every build, so one setting of the experiment for each target shows all
	// there is.
	for _, env := range [][]string{
		{"GOOS=linux", "GOARCH=arm64", "GOEXPERIMENT="},
		{"GOOS=linux", "GOARCH=amd64", "GOAMD64=v3", "GOEXPERIMENT=simd"},
	} {
		target := strings.Join(env, " ")
		if found := fused.FindSubmatch(assembly(t, trap, env, ".")); found == nil ||
			!strings.HasSuffix(string(found[1]), "trap.go:3") {
			t.Errorf("%s: a fused instruction made on purpose was not found: the test is blind",
				target)
		}
		listing := assembly(t, ".", env, ".", "./coding", "./sample", "./simd", "./text", "./tile")
		if bytes.Count(listing, []byte("STEXT")) < 100 {
			t.Errorf("%s: a listing of %d bytes holds hardly any function", target, len(listing))
		}
		for _, found := range fused.FindAllSubmatch(listing, -1) {
			t.Errorf("%s: %s is %s", target, found[1], found[2])
		}
	}
}
