package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var tinyFolder = filepath.Join("..", "..", "models", "tiny")

// command runs the tool in this process.
func command(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestCommandLine(t *testing.T) {
	text := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(text, bytes.Repeat([]byte("A neuron fires. "), 60), 0o666); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "made")
	for _, c := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{[]string{"-h"}, exitOK, "usage: ternary [flags]"},
		{[]string{"-colour"}, exitUsage, "flag provided but not defined: -colour"},
		{[]string{"-steps", "8"}, exitUsage, "8 steps, want 1 to 7"},
		{[]string{"-by", "size"}, exitUsage, `no measure "size"`},
		{[]string{"-workers", "0"}, exitUsage, "-workers is 0, want at least 1"},
		{[]string{"model"}, exitUsage, `unexpected argument "model"`},
		{[]string{"-nearest", "-ordered"}, exitUsage, "knows no order"},
		{[]string{"-model", "nowhere"}, exitFailure, `run "make model"`},
		{[]string{"-model", tinyFolder, "-calibrate", "missing.txt", "-o", folder}, exitFailure,
			"missing.txt: no such file"},
	} {
		code, stdout, stderr := command(c.args...)
		if code != c.code || !strings.Contains(stderr, c.stderr) || stdout != "" {
			t.Errorf("%v: code %d, %q, %q", c.args, code, stdout, stderr)
		}
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("a run that failed left a folder")
	}
	args := []string{"-model", tinyFolder, "-calibrate", text, "-o", folder, "-steps", "2",
		"-ordered", "-share", "0.5", "-more", "3"}
	if code, _, stderr := command(append(args, "-limit", "1ns")...); code != exitFailure ||
		!strings.Contains(stderr, "7 matrices are kept") {
		t.Errorf("no time was left: code %d, %q", code, stderr)
	}
	code, stdout, stderr := command(args...)
	if code != exitOK || !strings.Contains(stdout, "gptq T=2 ordered T=3 for 0.5 by saliency, ") ||
		!strings.Contains(stderr, ": 21 of 21, blk.2.ffn_down.weight, ") {
		t.Errorf("code %d, %q, %q", code, stdout, stderr)
	}
	if code, again, stderr := command(args...); code != exitOK || stderr != "" ||
		strings.Fields(again)[11] != strings.Fields(stdout)[11] {
		t.Errorf("read again: code %d, %q, %q", code, again, stderr)
	}
}
