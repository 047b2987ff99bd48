//go:build !(js && wasm)

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
)

// main is here so that the messages (request.go, record.go) build, are tested and fuzzed natively
// too. "contract" prints what JavaScript must agree with; tools/setup/agree.mjs compares.
func main() {
	if len(os.Args) == 3 && os.Args[1] == "contract" {
		if err := printContract(os.Stdout, os.Stdin, os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "wasm:", err)
			os.Exit(1)
		}
		return
	}
	fmt.Fprintln(os.Stderr,
		`wasm: the engine runs inside a page: "make site" builds it with GOOS=js GOARCH=wasm`)
	os.Exit(2)
}

// contract is everything that both languages state, in Go's words.
type contract struct {
	ExchangeBytes    int            `json:"exchange_bytes"`
	MaxManifestBytes int            `json:"max_manifest_bytes"`
	DefaultContext   int            `json:"default_context"`
	MaxContext       int            `json:"max_context"`
	MaxVocabulary    int            `json:"max_vocabulary"`
	MaxStops         int            `json:"max_stops"`
	StepLevels       int            `json:"step_levels"`
	MaxRaise         int            `json:"max_raise"`
	MaxLesions       int            `json:"max_lesions"`
	MaxPlanes        int            `json:"max_planes"`
	Parts            []string       `json:"parts"`
	Inspections      []string       `json:"inspections"`
	RecordHeader     int            `json:"record_header_bytes"`
	ControlToken     int            `json:"control_token"`
	MaxTopLogprobs   int            `json:"max_top_logprobs"`
	Finish           map[string]int `json:"finish"`
	Counts           []string       `json:"counts"`
	CacheCounts      []string       `json:"cache_counts"`
	Cache            []string       `json:"cache"`
	LookBack         []string       `json:"look_back"`
	Populations      []string       `json:"populations"`
	Presets          []string       `json:"presets"`
	DefaultPreset    string         `json:"default_preset"`
	Roles            []string       `json:"roles"`
	Codes            []errorCode    `json:"codes"`
	// of the messages on stdin, each with Go's error
	Refused []string `json:"refused"`
}

// message is one line of stdin: what the page would send to begin or to finish.
type message struct {
	Begin  json.RawMessage `json:"begin"`
	Finish json.RawMessage `json:"finish"`
}

// printContract writes the contract as JSON. in holds messages that the page lets through, one a
// line; those that the engine refuses on the model in folder are listed in it.
func printContract(w io.Writer, in io.Reader, folder string) error {
	c := contract{
		ExchangeBytes: exchangeLimit, MaxManifestBytes: planes.MaxManifestBytes,
		DefaultContext: defaultContext, MaxContext: planes.MaxContext,
		MaxVocabulary: planes.MaxTokens,
		MaxStops:      text.MaxStops, StepLevels: coding.StepLevels, RecordHeader: 4 * recordHeader,
		ControlToken: controlToken, MaxTopLogprobs: sample.MaxTopLogprobs,
		Finish: map[string]int{"stop": int(core.FinishedStop),
			"length": int(core.FinishedLength)},
		MaxRaise: coding.MaxRaise, MaxLesions: coding.MaxLesions, MaxPlanes: planes.MaxPlanes,
		Inspections: inspectionKinds[:],

		Counts:      countedNames[:],
		CacheCounts: cacheCountedNames[:],
		Cache:       cacheNames[:],
		LookBack:    lookBackNames[:],

		DefaultPreset: coding.DefaultPreset,
		Roles:         []string{text.RoleSystem, text.RoleUser, text.RoleAssistant},
		Codes: []errorCode{codeContextFull, codeBadRequest, codeShardCorrupt, codeVersionMismatch,
			codeManifestInvalid, codeModelInvalid, codeEngineCrashed},
		Refused: []string{},
	}
	for p := range coding.Population(coding.Populations) {
		c.Populations = append(c.Populations, p.String())
	}
	for _, part := range parts {
		c.Parts = append(c.Parts, part.name)
	}
	for _, p := range coding.Presets() {
		c.Presets = append(c.Presets, p.Name)
	}
	model, err := core.Open(os.DirFS(folder))
	if err != nil {
		return err
	}
	model.Prepare(simd.LookupKernel)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, exchangeLimit)
	for lines.Scan() {
		var m message
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			return err
		}
		if err := try(model, m); err != nil {
			c.Refused = append(c.Refused, fmt.Sprintf("%.200s: %v", lines.Text(), err))
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(c)
}

// try reports whether the engine takes a message.
func try(model *core.Model, m message) error {
	if m.Finish != nil {
		o, err := parseOptions(m.Finish)
		if err == nil {
			_, err = model.KernelOf(o.Kernel)
		}
		return err
	}
	r, err := parseRequest(m.Begin, simd.LookupKernel)
	if err != nil {
		return err
	}
	session, err := core.NewSession(model, model.Config.Context)
	if err != nil {
		return err
	}
	_, err = session.Begin(r.Request)
	return err
}
