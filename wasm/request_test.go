package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/strictjson"
	"github.com/spikechat/spikechat/core/text"
)

func TestCodingOfARequest(t *testing.T) {
	preset := func(name string) coding.Coding {
		p, err := coding.FindPreset(name)
		if err != nil {
			t.Fatal(err)
		}
		return p.Coding
	}
	with := func(c coding.Coding,
		change func(*coding.Coding)) coding.Coding {
		change(&c)
		return c
	}
	uniform := func(steps, cache, head int) coding.Coding {
		return coding.Coding{Steps: steps, CacheSteps: cache, OutputSteps: head,
			OutputResidual: head > 0}
	}
	for text, want := range map[string]coding.Coding{
		`{}`:                    preset(coding.DefaultPreset),
		`{"preset":"best"}`:     preset("best"),
		`{"preset":"balanced"}`: preset("balanced"),
		`{"preset":"fewest"}`:   preset("fewest"),
		`{"preset":"fewest","cache_steps":4}`: with(preset("fewest"),
			func(c *coding.Coding) { c.CacheSteps = 4 }),
		`{"preset":"fewest","head":"float"}`: with(preset("fewest"),
			func(c *coding.Coding) { c.OutputSteps, c.OutputResidual = 0, false }),
		`{"cache_steps":0}`: with(preset(coding.DefaultPreset),
			func(c *coding.Coding) { c.CacheSteps = 0 }),
		`{"steps":4}`:                            uniform(4, 4, 4),
		`{"steps":1}`:                            uniform(1, 1, 4),
		`{"steps":2,"cache_steps":4}`:            uniform(2, 4, 4),
		`{"steps":4,"cache_steps":0}`:            uniform(4, 0, 4),
		`{"steps":2,"head":"float"}`:             uniform(2, 2, 0),
		`{"steps":0}`:                            uniform(0, 0, 0),
		`{"steps":0,"cache_steps":2}`:            uniform(0, 2, 0),
		`{"steps":1,"preset":""}`:                uniform(1, 1, 4), // an empty name is none
		`{"steps":1,"preset":null,"head":"gif"}`: uniform(1, 1, 4),
		`{"steps":null,"cache_steps":null}`:      preset(coding.DefaultPreset),
		`{"preset":"fewest","steps":null}`:       preset("fewest"),
		`{"steps":2,"cache_steps":null}`:         uniform(2, 2, 4),
		`{"steps":-2147483648}`:                  uniform(-1<<31, -1<<31, 0), // core refuses it
		`{"steps":4,"cache_steps":-2147483648}`:  uniform(4, -1<<31, 4),
		`{"steps":4,"head":null}`:                uniform(4, 4, 4),
		`{"steps":4,"head":""}`:                  uniform(4, 4, 4),
		`{"steps":2,"cache_steps":4,"cache_share":0.5,"cache_low":2}`: with(uniform(2, 4, 4),
			func(c *coding.Coding) {
				c.CacheSelect = coding.HeadSelection{By: coding.BySaliency, Share: 0.5, Low: 2}
			}),
		`{"preset":"fewest","cache_share":0,"cache_low":1}`: with(preset("fewest"),
			func(c *coding.Coding) {
				c.CacheSelect = coding.HeadSelection{By: coding.BySaliency,
					Low: 1}
			}),
		// core refuses it
		`{"preset":"fewest","cache_share":0.5,"cache_low":0}`: with(preset("fewest"),
			func(c *coding.Coding) {
				c.CacheSelect = coding.HeadSelection{By: coding.BySaliency,
					Share: 0.5}
			}),
		`{"preset":"fewest","cache_share":null,"cache_low":null}`: preset("fewest"),
	} {
		r, err := parseRequest([]byte(text), simd.PopcountKernel)
		if err != nil || r.Coding != want || r.Kernel != simd.PopcountKernel {
			t.Errorf("%s: %+v, %v, want %+v", text, r.Coding, err, want)
		}
	}
	const alone = "one of cache_share and cache_low without the other"
	for text, words := range map[string]string{
		`{"preset":"best","steps":4}`:                   "preset and steps exclude each other",
		`{"preset":"most"}`:                             `preset "most", want best, balanced or fewest`,
		`{"preset":1}`:                                  `field "preset"`,
		`{"cache_steps":1.5}`:                           `field "cache_steps"`,
		`{"cache_steps":"4"}`:                           `field "cache_steps"`,
		`{"cache_low":"1"}`:                             `field "cache_low"`,
		`{"cachesteps":4}`:                              `unknown field "cachesteps"`,
		`{"preset":"` + strings.Repeat("x", 999) + `"}`: `preset "xxx`,

		`{"preset":"fewest","cache_low":1}`:                    alone,
		`{"preset":"fewest","cache_low":0,"cache_share":null}`: alone,
		`{"steps":4,"cache_share":0.5}`:                        alone,
		`{"steps":4,"cache_share":0}`:                          alone,
	} {
		if _, err := parseRequest([]byte(text), simd.LookupKernel); !errors.Is(err,
			core.ErrBadRequest) || !strings.Contains(err.Error(), words) {
			t.Errorf("%.40s: %v, want %q", text, err, words)
		}
	}
}

func TestOptionsLeftOut(t *testing.T) {
	for _, text := range []string{`{}`, `{"kernel":null,"context":null}`} {
		want := options{Kernel: "auto", Context: 2048}
		if o, err := parseOptions([]byte(text)); err != nil || o != want {
			t.Errorf("%s: %+v, %v", text, o, err)
		}
	}
	if o, err := parseOptions([]byte(`{"kernel":"","context":0}`)); err != nil || o != (options{}) {
		t.Errorf("%+v, %v: what makes no sense is left to core", o, err)
	}
}

// TestPresetsOfAModelWithoutARanking: what the description leaves out is refused, and nothing else
// is.
func TestPresetsOfAModelWithoutARanking(t *testing.T) {
	ranking := planes.Tensor{Name: planes.SaliencyName, Kind: planes.KindRanking}
	for _, m := range []*planes.Manifest{
		{Name: "old", Version: 1},
		{Name: "not calibrated", Version: 2},
		{Name: "ranked", Version: 2, Tensors: []planes.Tensor{ranking}},
	} {
		m.Config.Heads, m.Config.KVHeads = 1, 1
		can := describe(m, nil).Presets
		if want := len(coding.Presets()); m.Tensors == nil &&
			!slices.Equal(can, []string{"best"}) || m.Tensors != nil && len(can) != want {
			t.Errorf("%s: presets %q", m.Name, can)
		}
		for _, p := range coding.Presets() {
			r, err := parseRequest([]byte(`{"preset":"`+p.Name+`"}`), simd.LookupKernel)
			if err != nil {
				t.Fatal(err)
			}
			err = r.fits(m)
			if slices.Contains(can, p.Name) {
				if err != nil {
					t.Errorf("%s, %s: %v", m.Name, p.Name, err)
				}
			} else if want := `preset "` + p.Name + `": the model "` + m.Name +
				`" has no ranking`; !errors.Is(err, core.ErrBadRequest) ||
				!strings.Contains(err.Error(), want) {
				t.Errorf("%s, %s: %v, want %s", m.Name, p.Name, err, want)
			}
		}
		r, err := parseRequest([]byte(`{"steps":2}`), simd.LookupKernel)
		if err != nil || r.fits(m) != nil {
			t.Errorf("%s: steps are refused: %v", m.Name, errors.Join(err, r.fits(m)))
		}
	}
}

// TestChatOfARequest: what is left out leaves the model's default.
func TestChatOfARequest(t *testing.T) {
	for body, want := range map[string]text.ChatOptions{
		`{}`:                                     {},
		`{"thinking":null,"date":null}`:          {},
		`{"thinking":true}`:                      {Thinking: planes.ThinkingOn},
		`{"thinking":false,"date":"2026-11-30"}`: {Thinking: planes.ThinkingOff, Date: "2026-11-30"},
	} {
		r, err := parseRequest([]byte(body), simd.LookupKernel)
		if err != nil || r.Chat != want {
			t.Errorf("%s: %+v, %v, want %+v", body, r.Chat, err, want)
		}
	}
}

// TestDescriptionOfChats: what the page shows controls for.
func TestDescriptionOfChats(t *testing.T) {
	strings := planes.ChatStrings{Head: "\x00%d\x00"}
	for _, c := range []struct {
		chat *planes.Chat
		want string
	}{
		{nil, `{"system":true,"dates":false}`},
		{&planes.Chat{System: planes.SystemRefused}, `{"system":false,"dates":false}`},
		{&planes.Chat{System: planes.SystemLast, Strings: strings}, `{"system":true,"dates":true}`},
		{&planes.Chat{Thinking: &planes.ChatThinking{Start: "a", End: "b"}},
			`{"system":true,"dates":false,"thinking":{"start":"a","end":"b"}}`},
		{&planes.Chat{Thinking: &planes.ChatThinking{Start: "a", End: "b",
			Default: planes.ThinkingOff, Switched: &strings}},
			`{"system":true,"dates":true,"thinking":{"start":"a","end":"b","default":"off"}}`},
	} {
		m := &planes.Manifest{Name: "m", Version: 4, Chat: c.chat}
		m.Config.Heads, m.Config.KVHeads = 1, 1
		written, err := strictjson.Append(nil, &describe(m, nil).Chat)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := json.Compact(&got, written); err != nil || got.String() != c.want {
			t.Errorf("%s, %v, want %s", got.String(), err, c.want)
		}
	}
}
