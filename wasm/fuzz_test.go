package main

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// messages are what a page, or whoever stands in for it, may send: name, text, and whether it reads
// as a request.
var messages = []struct {
	name, text string
	reads      bool
}{
	{"nothing", "", false},
	{"null, as if all were left out", "null", true},
	{"defaults", "{}", true},
	{"options", `{"kernel":"lookup","context":512}`, false},
	{"every field",
		`{"messages":[{"role":"system","content":"Be brief"},` +
			`{"role":"user","content":"H\u00e9 <|im_end|>"}],` +
			`"steps":2,"cache_steps":1,"head":"float","max_tokens":30,` +
			`"temperature":0.8,"top_k":60,"top_p":0.9,"min_p":0.01,"repetition_penalty":1.2,` +
			`"seed":18446744073709551615,"stop":["zzzz"],"top_logprobs":5,"hash":true}`, true},
	{"a preset", `{"preset":"balanced"}`, true},
	{"every field beside a preset",
		`{"preset":"fewest","cache_steps":0,"head":"float","max_tokens":2,"hash":true}`, true},
	{"keys and values alone", `{"cache_steps":2}`, true},
	{"nothing coded but keys and values", `{"steps":0,"cache_steps":4}`, true},
	{"half a surrogate pair", `{"messages":[{"role":"user","content":"\ud83d half \udc00"}]}`,
		true},
	{"broken UTF-8", "{\"messages\":[{\"role\":\"user\",\"content\":\"\xff\xed\xa0\x80\"}]}", true},
	{"NUL and directions", `{"messages":[{"role":"user","content":"\u0000\u202e\ufffe"}]}`, true},
	{"many messages", `{"messages":[` + strings.Repeat(`{},`, 1000) + `{}]}`, true},
	{"HTML", "<!DOCTYPE html>", false},
	{"cut", `{"messages":[{"role":"us`, false},
	{"two values", `{} {}`, false},
	{"array", `[]`, false},
	{"array for an object", `{"messages":[["user","Hello!"]]}`, false},
	{"text for an array", `{"messages":"Hello!"}`, false},
	{"object for a text", `{"messages":[{"role":"user","content":{}}]}`, false},
	{"logprobs without alternatives", `{"top_logprobs":0}`, true},
	{"text for a number", `{"steps":"4"}`, false},
	{"number for a text", `{"stop":[1]}`, false},
	{"unknown field", `{"logit_bias":{}}`, false},
	{"field of another case", `{"Steps":4}`, false},
	{"field twice", `{"steps":4,"steps":1}`, false},
	{"prototype", `{"__proto__":{"steps":1}}`, false},
	{"count of 2^63", `{"max_tokens":9223372036854775808}`, false},
	{"count of 1e30", `{"max_tokens":1e30}`, false},
	{"count of 1.5", `{"top_k":1.5}`, false},
	{"negative seed", `{"seed":-1}`, false},
	{"seed of 2^64", `{"seed":18446744073709551616}`, false},
	{"number past float32", `{"temperature":1e39}`, false},
	{"endless number", `{"temperature":` + strings.Repeat("9", 1000) + `}`, false},
	{"unknown preset", `{"preset":"Best"}`, false},
	{"list of presets", `{"preset":["best"]}`, false},
	{"preset and steps", `{"preset":"best","steps":4}`, false},
	{"preset and no steps", `{"steps":0,"preset":"fewest"}`, false},
	{"heads of the cache", `{"cache_steps":4,"cache_share":0.5,"cache_low":2}`, true},
	{"share of the cache alone", `{"cache_steps":4,"cache_share":0.5}`, false},
	{"text for a share of the cache", `{"cache_share":"0.5"}`, false},
	{"text for steps of the cache", `{"cache_steps":"4"}`, false},
	{"lesions", `{"lesions":{"thresholds":[{"factor":2},` +
		`{"layer":1,"population":"down","factor":1.5}],` +
		`"silenced":[{"layer":0},{"part":"attention"},{"layer":1,"head":2},{"population":"qkv"}],` +
		`"dropped_planes":2}}`, true},
	{"no lesions", `{"lesions":{"thresholds":[],"silenced":null}}`, true},
	{"lesion of nothing", `{"lesions":{"silenced":[{}]}}`, false},
	{"lesion of a head anywhere", `{"lesions":{"silenced":[{"head":1}]}}`, false},
	{"list of lesions", `{"lesions":[{"layer":1}]}`, false},
	{"unknown head", `{"head":"coded"}`, false},
	{"deep", strings.Repeat(`{"messages":[`, 1e4), false},
	{"deep in a field to skip", `{"x":` + strings.Repeat("[", 1e5) + strings.Repeat("]", 1e5) + `}`,
		false},
	{"quote not closed", `{"` + strings.Repeat("[", 1000), false},
}

func TestMessages(t *testing.T) {
	for _, m := range messages {
		_, err := parseRequest([]byte(m.text), simd.LookupKernel)
		if m.reads != (err == nil) || err != nil && !errors.Is(err, core.ErrBadRequest) {
			t.Errorf("%s: %v", m.name, err)
		}
	}
}

// FuzzMessages wants a typed error, or settings that write back to a text which reads to the same
// settings.
func FuzzMessages(f *testing.F) {
	for _, m := range messages {
		if len(m.text) < 4000 { // the mutator wants small seeds; TestMessages has them all
			f.Add([]byte(m.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if r, err := parseRequest(text, simd.LookupKernel); err == nil {
			requestAgain(t, r)
		} else if !errors.Is(err, core.ErrBadRequest) || !utf8.ValidString(err.Error()) {
			t.Errorf("request: %q", err)
		}
		if o, err := parseOptions(text); err == nil {
			again, err := parseOptions(mustJSON(t, o))
			if err != nil || again != o {
				t.Errorf("options %+v read as %+v, %v", o, again, err)
			}
		} else if !errors.Is(err, core.ErrBadRequest) || !utf8.ValidString(err.Error()) {
			t.Errorf("options: %q", err)
		}
	})
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// requestAgain writes a request as the page would and reads it back.
func requestAgain(t *testing.T, r request) {
	t.Helper()
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	var list []message
	for _, m := range r.Messages {
		if !utf8.ValidString(m.Role) || !utf8.ValidString(m.Content) {
			t.Errorf("message %q is no text", m)
		}
		list = append(list, message(m))
	}
	head := "float"
	if r.Coding.OutputSteps > 0 {
		head = "gif"
	}
	s := r.Sampling
	fields := map[string]any{
		"messages": list, "cache_steps": r.Coding.CacheSteps, "head": head,
		"max_tokens": r.MaxTokens, "stop": r.Stop, "hash": r.hash,
		"temperature": s.Temperature, "top_k": s.TopK, "top_p": s.TopP, "min_p": s.MinP,
		"repetition_penalty": s.RepetitionPenalty, "seed": s.Seed,
	}
	if heads := r.Coding.CacheSelect; heads.By != coding.Alike {
		fields["cache_share"], fields["cache_low"] = heads.Share, heads.Low
	}
	if r.Logprobs {
		fields["top_logprobs"] = r.TopLogprobs
	}
	if r.Chat.Thinking != "" {
		fields["thinking"] = r.Chat.Thinking == planes.ThinkingOn
	}
	fields["date"] = r.Chat.Date
	if !r.Lesions.None() {
		fields["lesions"] = lesionFields(&r.Lesions)
	}
	if r.preset.Name != "" {
		fields["preset"] = r.preset.Name
	} else {
		fields["steps"] = r.Coding.Steps
	}
	text := mustJSON(t, fields)
	again, err := parseRequest(text, r.Kernel)
	// An empty list and none are the same request.
	if len(r.Messages) == 0 {
		r.Messages, again.Messages = nil, nil
	}
	if len(r.Stop) == 0 {
		r.Stop, again.Stop = nil, nil
	}
	if err != nil || !reflect.DeepEqual(again, r) {
		t.Errorf("%s\nread as %+v, %v\nwant %+v", text, again, err, r)
	}
}

// lesionFields writes lesions as the page would.
func lesionFields(l *coding.Lesions) map[string]any {
	place := func(layer int, p coding.Population) map[string]any {
		fields := map[string]any{}
		if layer != coding.Every {
			fields["layer"] = layer
		}
		if p != coding.Every {
			fields["population"] = p.String()
		}
		return fields
	}
	thresholds, silenced := []map[string]any{}, []map[string]any{}
	for _, t := range l.Thresholds {
		one := place(t.Layer, t.Population)
		one["factor"] = t.Factor
		thresholds = append(thresholds, one)
	}
	for _, s := range l.Silenced {
		one := place(s.Layer, s.Population)
		if s.Head != coding.AllHeads {
			one["head"] = s.Head
		}
		silenced = append(silenced, one)
	}
	return map[string]any{"thresholds": thresholds, "silenced": silenced,
		"dropped_planes": l.DroppedPlanes}
}
