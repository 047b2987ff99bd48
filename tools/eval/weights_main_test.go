package main

import (
	"bytes"
	"strings"
	"testing"
)

// What makes no sense for the table of weights is refused before anything is read.
func TestWeightsCommandLine(t *testing.T) {
	for _, c := range []struct{ args, wrong string }{
		{"-weights", "-weights wants -table, and -match wants -weights"},
		{"-match gptq", "-weights wants -table, and -match wants -weights"},
		{"-weights -match ( -table -json t.json", "-match is \"(\", which is no regular expression"},
		{"-weights -plot p.svg -table -json t.json", "-weights draws no figure: leave -plot out"},
		{"-weights -windows 3 -table -json t.json", "the first 4 windows: leave -windows out"},
	} {
		var stderr bytes.Buffer
		if _, err := parse(strings.Fields(c.args), &stderr); err == nil ||
			!strings.Contains(stderr.String(), c.wrong) {
			t.Errorf("%s: %v, %q", c.args, err, stderr.String())
		}
	}
}
