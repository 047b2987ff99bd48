package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// TestAnswers: a chat gives the logits whose hash stands in testdata/answers.json, which
// web/test/architectures.test.js wants of Chromium.
func TestAnswers(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "answers.json"))
	if err != nil {
		t.Fatal(err)
	}
	var answers struct {
		Question  string            `json:"question"`
		MaxTokens int               `json:"max_tokens"`
		Hashes    map[string]string `json:"hashes"`
	}
	if err := json.Unmarshal(data, &answers); err != nil {
		t.Fatal(err)
	}
	models := map[string]*core.Model{}
	for i := range packer.Variants {
		v := &packer.Variants[i]
		models[v.Name] = modelOf(t, v)
	}
	for _, c := range ternaries {
		models[c.name()] = c.model(t)
	}
	for name, m := range models {
		s, err := core.NewSession(m, 128)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Begin(core.Request{Coding: best, Kernel: simd.LookupKernel,
			MaxTokens: answers.MaxTokens,
			Messages:  []text.Message{{Role: text.RoleUser, Content: answers.Question}}})
		for left := 1; err == nil && left > 0; {
			left, err = s.Prefill()
		}
		hash := core.HashSeed
		for token := (core.Token{}); err == nil && token.Finish == core.Running; {
			hash = core.HashLogits(hash, s.Logits())
			err = s.Next(&token)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%016x", hash); got != answers.Hashes[name] {
			t.Errorf("%q: %q, want %s", name, got, answers.Hashes[name])
		}
	}
}
