package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/tools/internal/corpus"
)

func TestJSON(t *testing.T) {
	var stdout, stderr bytes.Buffer
	args := []string{"-model", tinyFolder, "-windows", "2", "-steps", "2", "-output", "1",
		"-workers", "2", "-json"}
	if code := run(args, &stdout, &stderr); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	// Unmarshal refuses anything before or after the one value.
	var got map[string]any
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatalf("standard output is not JSON alone: %v\n%s", err, &stdout)
	}
	for _, key := range []string{"ppl", "kl", "top1", "spikes", "tokens", "windows", "steps",
		"output_steps", "seconds"} {
		if got[key] == nil {
			t.Errorf("no %q in %s", key, &stdout)
		}
	}
	for key, want := range map[string]float64{"windows": 2, "tokens": 2 * corpus.WindowTokens,
		"steps": 2, "output_steps": 1} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
	spikes, _ := got["spikes"].(map[string]any)
	for _, key := range []string{"neurons", "synapses", "active", "strong", "spikes", "executed",
		"levels", "synaptic_operations",
		"active_share", "strong_share", "synaptic_share"} {
		if v, ok := spikes[key].(float64); !ok || v <= 0 {
			t.Errorf("spikes: %q is %v, want more than 0", key, spikes[key])
		}
	}
	populations, _ := spikes["populations"].(map[string]any)
	for _, key := range []string{"qkv", "attn_out", "gate_up", "down"} {
		if populations[key] == nil {
			t.Errorf("no population %q in %s", key, &stdout)
		}
	}
	if !strings.Contains(stderr.String(), "2 of 2 windows") {
		t.Errorf("progress %q", &stderr)
	}
}

func TestTable(t *testing.T) {
	for steps, words := range map[string][]string{
		"0": {"perplexity", "KL           0.00000", "nothing spikes"},
		"4": {"T=4, keys and values float, output float", "perplexity", "gate_up",
			"synaptic operations", "all"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run([]string{"-model", tinyFolder, "-windows", "1", "-steps", steps}, &stdout,
			&stderr); code != exitOK {
			t.Fatalf("exit code %d: %s", code, &stderr)
		}
		for _, word := range words {
			if !strings.Contains(stdout.String(), word) {
				t.Errorf("-steps %s: no %q in\n%s", steps, word, &stdout)
			}
		}
	}
}

func TestSaveFlag(t *testing.T) {
	text, saved := filepath.Join(t.TempDir(), "text.txt"),
		filepath.Join(t.TempDir(), "windows.json")
	if err := os.WriteFile(text, []byte(strings.Repeat("one two\r\n", 800)), 0o666); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"-model", tinyFolder, "-text", text, "-windows", "1", "-save", saved},
		&stdout, &stderr); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	data, err := os.ReadFile(saved)
	if err != nil {
		t.Fatal(err)
	}
	var windows []storedWindow
	if err := json.Unmarshal(data, &windows); err != nil || len(windows) != 1 ||
		!strings.HasPrefix(windows[0].Text, "one two\none two\n") {
		t.Errorf("saved %s, %v", data, err)
	}
	if stdout.Len() > 0 {
		t.Errorf("standard output %q", &stdout)
	}
}
