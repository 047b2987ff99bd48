package text

import (
	"fmt"
	"strings"
)

// NewChatTemplate recognises a chat template in Jinja, as model files carry it,
// if it writes ChatML: a loop over the messages, each written as start, role,
// line feed, content, end, line feed; before the first, if wanted, a default
// system turn; after the last the header of the answer. Spelling is free within that
// (quotes, spaces, message.role or message['role'], + or ~, text outside of expressions).
// Anything else is refused with ErrUnsupportedTemplate: a template that is
// followed nearly gives a model that answers nearly well, and nobody sees why.
func NewChatTemplate(jinja string) (*ChatTemplate, error) {
	program, err := parseJinja(jinja)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupportedTemplate, err)
	}
	c, err := matchChatML(program)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupportedTemplate, err)
	}
	return c, nil
}

// matchChatML reads the template's parts out of its steps.
func matchChatML(program []jinjaStep) (*ChatTemplate, error) {
	r := jinjaReader{rest: program}
	if r.take(jinjaStatement, "if not add_generation_prompt is defined") {
		r.need(jinjaStatement, "set add_generation_prompt = false")
		r.need(jinjaStatement, "endif")
	}
	r.need(jinjaStatement, "for message in messages")
	var system string
	hasSystem := r.take(jinjaStatement, "if loop . first and messages [ 0 ] . role != 'system'")
	if hasSystem {
		system = r.text()
		r.need(jinjaStatement, "endif")
	}
	start := r.text()
	r.need(jinjaValue, "message . role")
	afterRole := r.text()
	r.need(jinjaValue, "message . content")
	afterContent := r.text()
	r.need(jinjaStatement, "endfor")
	r.need(jinjaStatement, "if add_generation_prompt")
	header := r.text()
	r.need(jinjaStatement, "endif")
	if r.failed || len(r.rest) > 0 {
		return nil, fmt.Errorf("not the steps of ChatML, from %s on", r.place())
	}
	end, ok := strings.CutSuffix(afterContent, "\n")
	if !ok || start == "" || end == "" || start == end || afterRole != "\n" ||
		header != start+RoleAssistant+"\n" {
		return nil, fmt.Errorf("a turn is %q role %q content %q and the answer's header %q",
			start, afterRole, afterContent, header)
	}
	c := &ChatTemplate{start: start, end: end, hasSystem: hasSystem}
	if hasSystem {
		content, head := strings.CutPrefix(system, start+RoleSystem+"\n")
		content, tail := strings.CutSuffix(content, afterContent)
		if !head || !tail || strings.Contains(content, start) || strings.Contains(content, end) {
			return nil, fmt.Errorf("default system turn is %q", system)
		}
		c.system = content
	}
	return c, nil
}

// jinjaReader walks over steps. After the first that is not as needed it stands still.
type jinjaReader struct {
	rest   []jinjaStep
	failed bool
}

func (r *jinjaReader) take(kind jinjaKind, text string) bool {
	if r.failed || len(r.rest) == 0 || r.rest[0] != (jinjaStep{kind, text}) {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *jinjaReader) need(kind jinjaKind, text string) {
	if !r.take(kind, text) {
		r.failed = true
	}
}

// text takes literal text; none gives "".
func (r *jinjaReader) text() string {
	if r.failed || len(r.rest) == 0 || r.rest[0].kind != jinjaText {
		return ""
	}
	text := r.rest[0].text
	r.rest = r.rest[1:]
	return text
}

func (r *jinjaReader) place() string {
	if len(r.rest) == 0 {
		return "the end"
	}
	return fmt.Sprintf("%q", r.rest[0].text)
}
