package text

import (
	"errors"
	"fmt"
	"strings"
)

// jinjaKind is what a step of a template does.
type jinjaKind uint8

const (
	jinjaText      jinjaKind = iota // writes its text
	jinjaValue                      // writes the variable it names
	jinjaStatement                  // controls: for, if, set and their ends
)

// jinjaStep is one step of a template in one spelling: literal text is joined,
// names and signs of a statement are separated by one space, x['name'] is x . name,
// and strings are in single quotes.
type jinjaStep struct {
	kind jinjaKind
	text string
}

// maxTemplateBytes bounds a template; real ones have a few hundred bytes to some ten thousand.
const maxTemplateBytes = 64 << 10

// parseJinja reads the small part of Jinja that chat templates of the ChatML kind use, with the
// settings of the reference renderer: trim_blocks (the line feed after a statement is dropped),
// lstrip_blocks (blanks before a statement that begins its line are dropped), and no line feed at
// the end.
func parseJinja(template string) ([]jinjaStep, error) {
	if len(template) > maxTemplateBytes {
		return nil, fmt.Errorf("%d bytes, at most %d", len(template), maxTemplateBytes)
	}
	rest := strings.TrimSuffix(strings.ReplaceAll(template, "\r\n", "\n"), "\n")
	var p jinjaProgram
	// what was before rest: a line's beginning; a tag closed with "-"
	lineStart, trimLeft := true, false
	for {
		open := strings.IndexByte(rest, '{')
		for open >= 0 && (open+1 == len(rest) || !strings.ContainsRune("{%#", rune(rest[open+1]))) {
			next := strings.IndexByte(rest[open+1:], '{')
			if next < 0 {
				open = -1
			} else {
				open += 1 + next
			}
		}
		text := rest
		if open >= 0 {
			text = rest[:open]
		}
		if trimLeft {
			text = strings.TrimLeft(text, " \t\n")
		}
		if open < 0 {
			p.write(text)
			return p.steps, nil
		}
		mark := rest[open+1]
		if mark == '#' {
			return nil, errors.New("comments are not supported")
		}
		body := rest[open+2:]
		if strings.HasPrefix(body, "-") {
			body = body[1:]
			text = strings.TrimRight(text, " \t\n")
		} else if mark == '%' {
			blank := strings.TrimRight(text, " \t")
			if strings.HasSuffix(blank, "\n") || blank == "" && lineStart {
				text = blank
			}
		}
		p.write(text)
		tokens, after, err := lexJinja(body, mark)
		if err != nil {
			return nil, err
		}
		trimLeft = strings.HasPrefix(after, "-")
		rest = strings.TrimPrefix(after, "-")[2:]
		lineStart = false
		if mark == '%' {
			p.statement(tokens)
			rest, lineStart = strings.CutPrefix(rest, "\n")
		} else if err := p.output(tokens); err != nil {
			return nil, err
		}
	}
}

// jinjaToken is a name, number or sign, or a string without its quotes.
type jinjaToken struct {
	text     string
	isString bool
}

// lexJinja cuts the inside of a tag into tokens; after begins with the tag's end.
func lexJinja(body string, mark byte) (tokens []jinjaToken, after string, err error) {
	closing := "}}"
	if mark == '%' {
		closing = "%}"
	}
	for body != "" {
		if strings.HasPrefix(strings.TrimPrefix(body, "-"), closing) {
			return tokens, body, nil
		}
		c := body[0]
		switch {
		case c == ' ' || c == '\t' || c == '\n':
			body = body[1:]
		case c == '\'' || c == '"':
			text, n, err := jinjaString(body)
			if err != nil {
				return nil, "", err
			}
			tokens = append(tokens, jinjaToken{text, true})
			body = body[n:]
		default:
			n := 0
			for n < len(body) && isNameByte(body[n]) {
				n++
			}
			if n == 0 {
				n = 1
				if strings.HasPrefix(body, "!=") || strings.HasPrefix(body, "==") {
					n = 2
				}
			}
			tokens = append(tokens, jinjaToken{body[:n], false})
			body = body[n:]
		}
	}
	return nil, "", errors.New("a tag has no end")
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// jinjaString reads the string that body begins with; n counts its quotes too.
func jinjaString(body string) (text string, n int, err error) {
	var b strings.Builder
	for i := 1; i < len(body); i++ {
		c := body[i]
		if c == body[0] {
			return b.String(), i + 1, nil
		}
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		i++
		if i == len(body) {
			break
		}
		switch body[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '\\', '\'', '"':
			b.WriteByte(body[i])
		default:
			return "", 0, fmt.Errorf("escape \\%c in a string is not supported", body[i])
		}
	}
	return "", 0, errors.New("a string has no end")
}

// jinjaProgram collects steps.
type jinjaProgram struct{ steps []jinjaStep }

// write adds literal text to the text before it.
func (p *jinjaProgram) write(text string) {
	if text == "" {
		return
	}
	if last := len(p.steps) - 1; last >= 0 && p.steps[last].kind == jinjaText {
		p.steps[last].text += text
		return
	}
	p.steps = append(p.steps, jinjaStep{jinjaText, text})
}

func (p *jinjaProgram) statement(tokens []jinjaToken) {
	p.steps = append(p.steps, jinjaStep{jinjaStatement, spell(tokens)})
}

// output adds what an expression writes: strings and variables joined by + or ~.
func (p *jinjaProgram) output(tokens []jinjaToken) error {
	for begin := 0; ; {
		end := begin
		for end < len(tokens) &&
			(tokens[end].isString || tokens[end].text != "+" && tokens[end].text != "~") {
			end++
		}
		switch operand := tokens[begin:end]; {
		case len(operand) == 0:
			return errors.New("an expression lacks a value")
		case len(operand) == 1 && operand[0].isString:
			p.write(operand[0].text)
		default:
			p.steps = append(p.steps, jinjaStep{jinjaValue, spell(operand)})
		}
		if end == len(tokens) {
			return nil
		}
		begin = end + 1
	}
}

// spell writes tokens in the one spelling of jinjaStep.
func spell(tokens []jinjaToken) string {
	var words []string
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		if !t.isString && t.text == "[" && i+2 < len(tokens) && tokens[i+1].isString &&
			tokens[i+2].text == "]" && !tokens[i+2].isString {
			words = append(words, ".", tokens[i+1].text)
			i += 2
			continue
		}
		if t.isString {
			words = append(words, "'"+t.text+"'")
		} else {
			words = append(words, t.text)
		}
	}
	return strings.Join(words, " ")
}
