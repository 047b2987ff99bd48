package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/strictjson"
	"github.com/spikechat/spikechat/core/text"
)

// readJSON decodes a message; fields that v does not have, and fields that stand twice, are refused
// by name. Half of a surrogate pair, which a text in JavaScript may hold, becomes U+FFFD.
func readJSON(text []byte, v any) error {
	err := strictjson.Unmarshal(text, v, strictjson.Lossy)
	if err == nil {
		return nil
	}
	var place *strictjson.Error
	errors.As(err, &place)
	// As JavaScript would write it: "messages.0.name".
	field := strings.ReplaceAll(strings.TrimPrefix(place.Path, "/"), "/", ".")
	switch {
	case errors.Is(err, strictjson.ErrUnknown):
		return fmt.Errorf("%w: unknown field %.80q", core.ErrBadRequest, field)
	case errors.Is(err, strictjson.ErrValue):
		return fmt.Errorf("%w: field %.80q: %w", core.ErrBadRequest, field, place.Err)
	}
	return fmt.Errorf("%w: %w", core.ErrBadRequest, err)
}

// options is what finish asks for.
type options struct {
	Kernel  string `json:"kernel"`
	Context int    `json:"context"` // tokens of a conversation
	Early   bool   `json:"early"`   // before all shards have come
}

// parseOptions reads the settings of a whole model. Whether they make sense is left to core.
func parseOptions(text []byte) (options, error) {
	o := options{Kernel: "auto", Context: defaultContext}
	var given struct {
		Kernel  *string `json:"kernel"`
		Context *int    `json:"context"`
		Early   bool    `json:"early"`
	}
	err := readJSON(text, &given)
	// null counts as left out, here as everywhere.
	if given.Kernel != nil {
		o.Kernel = *given.Kernel
	}
	if given.Context != nil {
		o.Context = *given.Context
	}
	o.Early = given.Early
	return o, err
}

// request is what begin asks for.
type request struct {
	core.Request
	preset coding.Preset // that Coding comes from; the zero value where steps were asked for
	hash   bool          // over the logits of every step
	aside  bool          // the conversation is to stay as it is
}

// parseRequest reads the settings of one answer; what is left out, or null, has the default of
// core.
func parseRequest(body []byte, kernel simd.Kernel) (request, error) {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	r := struct {
		Messages   []message `json:"messages"`
		Preset     string    `json:"preset"`
		Steps      *int      `json:"steps"`       // 0 says something else than nothing
		CacheSteps *int      `json:"cache_steps"` // likewise
		// part of the key and value heads that has cache_steps
		CacheShare        *float32 `json:"cache_share"`
		CacheLow          *int     `json:"cache_low"` // T of the others
		Head              string   `json:"head"`
		MaxTokens         int      `json:"max_tokens"`
		Temperature       float32  `json:"temperature"`
		TopK              int      `json:"top_k"`
		TopP              float32  `json:"top_p"`
		MinP              float32  `json:"min_p"`
		RepetitionPenalty float32  `json:"repetition_penalty"`
		Seed              uint64   `json:"seed"`
		Stop              []string `json:"stop"`
		TopLogprobs       *int     `json:"top_logprobs"` // 0 asks for logprobs too
		Thinking          *bool    `json:"thinking"`     // false says something else than nothing
		Date              string   `json:"date"`
		Hash              bool     `json:"hash"`
		Lesions           *lesions `json:"lesions"`
		Aside             bool     `json:"aside"`
	}{}
	if err := readJSON(body, &r); err != nil {
		return request{}, err
	}
	preset, c, err := codingOf(r.Preset, r.Steps, r.CacheSteps)
	if err != nil {
		return request{}, err
	}
	if (r.CacheShare == nil) != (r.CacheLow == nil) {
		return request{}, fmt.Errorf("%w: one of cache_share and cache_low without the other",
			core.ErrBadRequest)
	}
	if r.CacheShare != nil {
		c.CacheSelect = coding.HeadSelection{
			By: coding.BySaliency, Share: *r.CacheShare, Low: *r.CacheLow,
		}
	}
	hurt, err := r.Lesions.core()
	if err != nil {
		return request{}, err
	}
	request := request{hash: r.Hash, aside: r.Aside, preset: preset, Request: core.Request{
		Coding:  c,
		Lesions: hurt,
		Kernel:  kernel,
		Sampling: sample.Options{
			Temperature: r.Temperature, TopK: r.TopK, TopP: r.TopP, MinP: r.MinP,
			RepetitionPenalty: r.RepetitionPenalty, Seed: r.Seed,
		},
		MaxTokens: r.MaxTokens,
		Stop:      r.Stop,
		Chat:      text.ChatOptions{Date: r.Date},
	}}
	if r.Thinking != nil {
		request.Chat.Thinking = planes.ThinkingOff
		if *r.Thinking {
			request.Chat.Thinking = planes.ThinkingOn
		}
	}
	if r.TopLogprobs != nil {
		request.Logprobs, request.TopLogprobs = true, *r.TopLogprobs
	}
	switch r.Head {
	case "", "gif":
	case "float":
		request.Coding.OutputSteps, request.Coding.OutputResidual = 0, false
	default:
		return request, fmt.Errorf("%w: head %.40q, want gif or float", core.ErrBadRequest, r.Head)
	}
	for _, m := range r.Messages {
		request.Messages = append(request.Messages, text.Message(m))
	}
	return request, nil
}

// codingOf gives what preset, steps and cache_steps ask for: a preset, or T for all neurons alike.
// Whether the numbers make sense is left to core; nil is left out.
func codingOf(
	preset string, steps, cacheSteps *int,
) (p coding.Preset, c coding.Coding, err error) {
	if steps == nil {
		if preset == "" {
			preset = coding.DefaultPreset
		}
		if p, err = coding.FindPreset(preset); err != nil {
			return p, c, err
		}
		c = p.Coding
	} else {
		if preset != "" {
			return p, c, fmt.Errorf("%w: preset and steps exclude each other", core.ErrBadRequest)
		}
		c = coding.Coding{Steps: *steps, CacheSteps: *steps}
		// The head keeps T=4 and its residual whatever the layers have, because its input decides
		// the token directly; but where nothing is coded, it is not either.
		if *steps > 0 {
			c.OutputSteps, c.OutputResidual = coding.MaxSteps, true
		}
	}
	if cacheSteps != nil {
		c.CacheSteps, c.CacheSelect = *cacheSteps, coding.HeadSelection{}
	}
	return p, c, nil
}

// fits refuses a preset that the model cannot do.
func (r *request) fits(m *planes.Manifest) error {
	if r.preset.Coding.Fits(m.Ranks) {
		return nil
	}
	return fmt.Errorf("%w: preset %q: the model %.40q has no ranking of its neurons",
		core.ErrBadRequest, r.preset.Name, m.Name)
}

// population describes one of a layer's spiking inputs.
type population struct {
	Name    string `json:"name"`
	Neurons int    `json:"neurons"`
	FanOut  int    `json:"fan_out"`
}

// chat is what a model's chats can have.
type chat struct {
	System   bool      `json:"system"` // a system text becomes part of the prompt
	Dates    bool      `json:"dates"`  // the prompt holds the date
	Thinking *thinking `json:"thinking,omitzero"`
}

// thinking has the marks of reasoning, and the state that it has by default where it can be
// switched.
type thinking struct {
	Start   string            `json:"start"`
	End     string            `json:"end"`
	Default planes.ChatSwitch `json:"default,omitzero"`
}

// chatOf describes the chats of a model; one before version 4 is ChatML.
func chatOf(c *planes.Chat) chat {
	if c == nil {
		return chat{System: true}
	}
	d := chat{System: c.HasSystem(), Dates: c.HasDates()}
	if c.Thinking != nil {
		d.Thinking = &thinking{c.Thinking.Start, c.Thinking.End, c.Thinking.Default}
	}
	return d
}

// description is what the page learns from the manifest.
type description struct {
	Name        string         `json:"name"`
	License     string         `json:"license"`
	Layers      int            `json:"layers"`
	Heads       int            `json:"heads"` // attention heads of a layer
	Hidden      int            `json:"hidden"`
	Vocab       int            `json:"vocab"`
	Context     int            `json:"context"`
	Populations []population   `json:"populations"`
	Cache       []population   `json:"cache"`   // of neurons that keep keys and values
	Presets     []string       `json:"presets"` // names of those that the model can do
	Chat        chat           `json:"chat"`
	Shards      []planes.Shard `json:"shards"`
	Bytes       int64          `json:"bytes"`
	// SHA-256 of the manifest as it was sent, in hexadecimal: it names that of every shard, so two
	// models of the same one are the same.
	SHA256 string `json:"sha256"`
}

func describe(m *planes.Manifest, sent []byte) *description {
	d := &description{SHA256: fmt.Sprintf("%x", sha256.Sum256(sent)),
		Name: m.Name, License: m.License, Layers: m.Config.Layers,
		Heads: m.Config.Heads, Hidden: m.Config.Hidden, Vocab: m.Config.Vocab,
		Context: m.Config.Context, Shards: m.Shards, Bytes: m.Bytes(), Chat: chatOf(m.Chat)}
	for p := range coding.Population(coding.Populations) {
		d.Populations = append(d.Populations,
			population{p.String(), m.Config.Neurons(p), m.Config.FanOut(p)})
	}
	for _, name := range cacheNames {
		// Query heads that share a key and value head: those that a kept spike reaches each time.
		shared := m.Config.Heads / m.Config.KVHeads
		d.Cache = append(d.Cache, population{name, m.Config.KVHeads * m.Config.HeadDim, shared})
	}
	for _, p := range coding.Presets() {
		if p.Coding.Fits(m.Ranks) {
			d.Presets = append(d.Presets, p.Name)
		}
	}
	return d
}
