//go:build !js

package core

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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
		"go.mod": "module trap\n\ngo 1.27\n",
		"trap.go": `package trap; import "simd/archsimd"
func Fused(x, y, z float32) float32 { return x*y + z }
func FusedLanes(x, y, z archsimd.Float32x4) archsimd.Float32x4 { return x.MulAdd(y, z) }
`,
	} {
		if err := os.WriteFile(filepath.Join(trap, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// Go keeps a test's result until a file changes that the test was built from or has read, and
	// files for other machines are none of the former.
	files, err := filepath.Glob(filepath.Join("simd", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in simd: %v", len(files), err)
	}
	for _, file := range files {
		if _, err := os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	// The references are in every build, so the experiment shows all there is.
	for _, env := range [][]string{
		{"GOOS=linux", "GOARCH=arm64", "GOEXPERIMENT=simd"},
		{"GOOS=linux", "GOARCH=amd64", "GOAMD64=v3", "GOEXPERIMENT=simd"},
	} {
		target := strings.Join(env, " ")
		caught := assembly(t, trap, env, ".")
		for _, line := range []string{"trap.go:2", "trap.go:3"} {
			if !slices.ContainsFunc(fused.FindAllSubmatch(caught, -1), func(found [][]byte) bool {
				return strings.HasSuffix(string(found[1]), line)
			}) {
				t.Errorf("%s: what %s fuses on purpose was not found: the test is blind", target, line)
			}
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
