package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

func TestLesionsOfARequest(t *testing.T) {
	const every, all = coding.Every, coding.AllHeads
	r, err := parseRequest([]byte(`{"lesions":{"thresholds":[{"factor":2},
		{"layer":3,"population":"down","factor":1.5},{"layer":null,"population":"qkv","factor":8}],
		"silenced":[{"layer":0},{"part":"attention"},{"layer":2,"part":"feed_forward"},
			{"population":"gate_up"},{"layer":1,"population":"attn_out"},{"layer":4,"head":5}],
		"dropped_planes":2}}`), simd.LookupKernel)
	want := coding.Lesions{
		Thresholds: []coding.RaisedThreshold{{Layer: every, Population: every, Factor: 2},
			{Layer: 3, Population: coding.Down, Factor: 1.5},
			{Layer: every, Population: coding.QKV, Factor: 8}},
		Silenced: []coding.Silence{{Layer: 0, Population: every, Head: all},
			{Layer: every, Population: coding.QKV, Head: all},
			{Layer: every, Population: coding.AttnOut, Head: all},
			{Layer: 2, Population: coding.GateUp, Head: all},
			{Layer: 2, Population: coding.Down, Head: all},
			{Layer: every, Population: coding.GateUp, Head: all},
			{Layer: 1, Population: coding.AttnOut, Head: all},
			{Layer: 4, Population: every, Head: 5}},
		DroppedPlanes: 2,
	}
	if err != nil || !r.Lesions.Equal(&want) {
		t.Errorf("%+v, %v, want %+v", r.Lesions, err, want)
	}
	for _, none := range []string{`{}`, `{"lesions":null}`, `{"lesions":{}}`,
		`{"lesions":{"thresholds":[],"silenced":null,"dropped_planes":0}}`} {
		if r, err := parseRequest([]byte(none), simd.LookupKernel); err != nil || !r.Lesions.None() {
			t.Errorf("%s: %+v, %v", none, r.Lesions, err)
		}
	}
	for text, words := range map[string]string{
		`{"lesion":[]}`:                                  `unknown field "lesions.lesion"`,
		`{"silenced":[{"lay":1}]}`:                       `unknown field "lesions.silenced.0.lay"`,
		`{"silenced":[{}]}`:                              "lesions.silenced.0 names nothing",
		`{"silenced":[{"layer":1},{"part":"brain"}]}`:    `lesions.silenced.1: part "brain", want`,
		`{"silenced":[{"head":1}]}`:                      "head 1 needs a layer",
		`{"silenced":[{"layer":0,"head":-1}]}`:           "head -1 needs a layer",
		`{"silenced":[{"layer":-1}]}`:                    "layer -1",
		`{"silenced":[{"layer":0.5}]}`:                   `field "lesions.silenced.0.layer"`,
		`{"silenced":[{"layer":0,"head":1,"part":"x"}]}`: "more than one",
		`{"silenced":[{"population":"qkv","part":"x"}]}`: "more than one",
		`{"thresholds":[{"population":"down "}]}`:        `population "down ", want qkv, attn_out`,
		`{"thresholds":[{"factor":"2"}]}`:                `field "lesions.thresholds.0.factor"`,
		`{"dropped_planes":0.5}`:                         `field "lesions.dropped_planes"`,
		`{"thresholds":[{"factor":2}],"thresholds":[]}`:  `duplicate object member name "thresholds"`,
	} {
		_, err := parseRequest([]byte(`{"lesions":`+text+`}`), simd.LookupKernel)
		if !errors.Is(err, core.ErrBadRequest) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %q", text, err, words)
		}
	}
}

func TestInspectionsAreChecked(t *testing.T) {
	for text, words := range map[string]string{
		`{"kind":"brain"}`:        `kind "brain", want one of`,
		`{}`:                      `kind "", want one of`,
		`{"kind":"neuron","x":1}`: `unknown field "x"`,
		`{"layer":"1"}`:           `field "layer"`,
	} {
		if _, err := parseInspection([]byte(text)); !errors.Is(err, core.ErrBadRequest) ||
			!strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %q", text, err, words)
		}
	}
}
