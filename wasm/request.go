//go:build js && wasm

package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// strictJSON decodes one JSON value; fields that v does not have are refused by name.
func strictJSON(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%w: %w", core.ErrBadRequest, err)
	}
	return nil
}

// parseRequest reads the settings of one answer; what is left out has the default of core.
func parseRequest(text []byte, kernel simd.Kernel) (core.Request, error) {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	r := struct {
		Messages          []message `json:"messages"`
		Steps             int       `json:"steps"`
		Head              string    `json:"head"`
		MaxTokens         int       `json:"max_tokens"`
		Temperature       float32   `json:"temperature"`
		TopK              int       `json:"top_k"`
		TopP              float32   `json:"top_p"`
		MinP              float32   `json:"min_p"`
		RepetitionPenalty float32   `json:"repetition_penalty"`
		Seed              uint64    `json:"seed"`
		Stop              []string  `json:"stop"`
	}{Steps: simd.MaxSteps, Head: "gif"}
	if err := strictJSON(text, &r); err != nil {
		return core.Request{}, err
	}
	request := core.Request{
		Coding:    core.Coding{Steps: r.Steps, Kernel: kernel},
		Sampling:  core.Sampling{Temperature: r.Temperature, TopK: r.TopK, TopP: r.TopP, MinP: r.MinP, RepetitionPenalty: r.RepetitionPenalty, Seed: r.Seed},
		MaxTokens: r.MaxTokens,
		Stop:      r.Stop,
	}
	switch r.Head {
	case "gif":
		// The head keeps T=4 whatever the layers have: its input decides the token directly.
		request.Coding.HeadSteps = simd.MaxSteps
	case "float":
	default:
		return core.Request{}, fmt.Errorf("%w: head %.40q, want gif or float", core.ErrBadRequest, r.Head)
	}
	for _, m := range r.Messages {
		request.Messages = append(request.Messages, core.Message(m))
	}
	return request, nil
}

// population describes one of a layer's spiking inputs.
type population struct {
	Name    string `json:"name"`
	Neurons int    `json:"neurons"`
	FanOut  int    `json:"fan_out"`
}

// description is what the page learns from the manifest.
type description struct {
	Name        string         `json:"name"`
	License     string         `json:"license"`
	Layers      int            `json:"layers"`
	Hidden      int            `json:"hidden"`
	Vocab       int            `json:"vocab"`
	Context     int            `json:"context"`
	Populations []population   `json:"populations"`
	Shards      []planes.Shard `json:"shards"`
	Bytes       int64          `json:"bytes"`
	UsableAfter int            `json:"usable_after"`
}

func describe(m *planes.Manifest) description {
	d := description{Name: m.Name, License: m.License, Layers: m.Config.Layers, Hidden: m.Config.Hidden, Vocab: m.Config.Vocab,
		Context: m.Config.Context, Shards: m.Shards, Bytes: m.Bytes(), UsableAfter: len(m.Shards)}
	for p := range core.Population(core.Populations) {
		d.Populations = append(d.Populations, population{p.String(), core.Neurons(&m.Config, p), core.FanOut(&m.Config, p)})
	}
	return d
}
