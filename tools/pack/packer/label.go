package packer

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spikechat/spikechat/core/planes"
)

// label makes a line that a manifest may have of a text that nothing is computed from: what comes
// before the first character that a line may not have, and of that what fits. So no odd licence or
// file name stops the work; what was left out is told.
func (p *Job) label(what, text string) string {
	line := strings.ToValidUTF8(text, "\ufffd")
	if at := strings.IndexFunc(line, func(r rune) bool { return !planes.IsLine(string(r)) }); at >= 0 {
		line = line[:at]
	}
	const more = "…"
	if len(line) > planes.MaxNameBytes {
		at := planes.MaxNameBytes - len(more)
		for !utf8.RuneStart(line[at]) {
			at--
		}
		line = line[:at] + more
	}
	if line != text {
		p.Report.Note(fmt.Sprintf("the %s %s is written as %s", what, shown(text), quoted(line)))
	}
	return line
}

// license gives the licence as the source names it, and "" where it does not.
func (p *Job) license() string {
	const key = "general.license"
	if !p.file.Has(key) {
		return ""
	}
	text, err := p.file.String(key)
	if list, listErr := p.file.Strings(key); listErr == nil {
		text, err = strings.Join(list, ", "), nil
	}
	if err != nil {
		p.Report.Note(fmt.Sprintf("the licence is left out: %v", err))
		return ""
	}
	return p.label("licence", text)
}
