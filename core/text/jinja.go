package text

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A template in Jinja is read into a tree of nodes, with the settings of the reference renderer:
// trim_blocks (the line feed after a statement or a comment is dropped), lstrip_blocks (blanks
// before one that begins its line are dropped), and no line feed at the end. Expressions stay
// tokens until something needs them (jinja_expression.go): most of what published templates hold
// is about tools, and is never reached.

// maxTemplateBytes bounds a template; real ones have a few hundred bytes to some ten thousand.
const maxTemplateBytes = 64 << 10

// maxJinjaDepth bounds how deep statements, and parts of an expression, stand inside each other.
const maxJinjaDepth = 64

// jinjaKind is what a node does.
type jinjaKind uint8

const (
	jinjaText   jinjaKind = iota // writes its text
	jinjaOutput                  // writes the value of its expression
	jinjaSet                     // gives the variable of its name the value of its expression
	jinjaIf                      // has the body of the first branch whose condition holds
	jinjaFor                     // has its body for each item of its expression, under its name
	jinjaOther                   // a statement that is not known, named by its text
)

// jinjaNode is one part of a template.
type jinjaNode struct {
	kind       jinjaKind
	text       string // of jinjaText; a name or a word otherwise
	expression jinjaSource
	branches   []jinjaBranch // of jinjaIf
	body       []jinjaNode   // of jinjaFor
}

// jinjaBranch is one way on of an if.
type jinjaBranch struct {
	condition jinjaSource // without tokens: else
	body      []jinjaNode
}

// jinjaToken is a name, number or sign, or a string without its quotes.
type jinjaToken struct {
	text     string
	isString bool
}

func (t jinjaToken) is(text string) bool { return !t.isString && t.text == text }

// parseJinja reads a template.
func parseJinja(template string) ([]jinjaNode, error) {
	if len(template) > maxTemplateBytes {
		return nil, fmt.Errorf("%d bytes, at most %d", len(template), maxTemplateBytes)
	}
	if strings.IndexByte(template, 0) >= 0 {
		return nil, errors.New("a NUL character")
	}
	// Not by a Replacer, which is 10 kB of code for a visitor.
	lines := strings.ReplaceAll(strings.ReplaceAll(template, "\r\n", "\n"), "\r", "\n")
	items, err := cutJinja(lines)
	if err != nil {
		return nil, err
	}
	p := jinjaParser{rest: items}
	nodes, end, err := p.nodes(0)
	if err == nil && end != "" {
		err = fmt.Errorf("%q without its beginning", end)
	}
	return nodes, err
}

// jinjaItem is literal text, or the tokens inside a tag.
type jinjaItem struct {
	mark   byte // of the tag: '{' for an output, '%' for a statement; 0: text
	text   string
	tokens []jinjaToken
}

// cutJinja cuts a template into text and tags, and trims the text.
func cutJinja(template string) (items []jinjaItem, err error) {
	rest := strings.TrimSuffix(template, "\n")
	// What was before rest: a line's beginning; a tag closed with "-".
	lineStart, trimLeft := true, false
	for {
		open := openingTag(rest)
		text := rest
		if open >= 0 {
			text = rest[:open]
		}
		if trimLeft {
			text = strings.TrimLeftFunc(text, isBlank)
		}
		if open < 0 {
			return addText(items, text), nil
		}
		mark, body := rest[open+1], rest[open+2:]
		if strings.HasPrefix(body, "-") {
			body = body[1:]
			text = strings.TrimRightFunc(text, isBlank)
		} else if kept, found := strings.CutPrefix(body, "+"); found && mark != '{' {
			body = kept
		} else if mark != '{' {
			line := strings.LastIndexByte(text, '\n') + 1
			if (line > 0 || lineStart) && strings.TrimLeftFunc(text[line:], isBlank) == "" {
				text = text[:line]
			}
		}
		items = addText(items, text)
		item := jinjaItem{mark: mark}
		var after string
		if mark == '#' {
			end := strings.Index(body, "#}")
			if end < 0 {
				return nil, errors.New("a comment has no end")
			}
			if end > 0 && (body[end-1] == '-' || body[end-1] == '+') {
				end--
			}
			after = body[end:]
		} else {
			if item.tokens, after, err = lexJinja(body, mark); err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		sign := after[0]
		trimLeft = sign == '-'
		if trimLeft || sign == '+' {
			after = after[1:]
		}
		rest, lineStart = after[2:], false
		if mark != '{' && !trimLeft && sign != '+' {
			rest, lineStart = strings.CutPrefix(rest, "\n")
		}
	}
}

// openingTag gives where the first tag begins, or -1.
func openingTag(text string) int {
	for at := 0; ; at++ {
		next := strings.IndexByte(text[at:], '{')
		if next < 0 || at+next+1 == len(text) {
			return -1
		}
		at += next
		if strings.IndexByte("{%#", text[at+1]) >= 0 {
			return at
		}
	}
}

// addText adds literal text, if there is any.
func addText(items []jinjaItem, text string) []jinjaItem {
	if text == "" {
		return items
	}
	return append(items, jinjaItem{text: text})
}

// isBlank is Python's str.isspace.
func isBlank(r rune) bool { return unicode.IsSpace(r) || 0x1C <= r && r <= 0x1F }

// signs are those of two characters; all others have one.
var signs = []string{"==", "!=", "<=", ">=", "//", "**"}

// lexJinja cuts the inside of a tag into tokens; after begins with the tag's end. Within brackets
// there is none: "}}" ends two of them.
func lexJinja(body string, mark byte) (tokens []jinjaToken, after string, err error) {
	closing := "%}"
	if mark == '{' {
		closing = "}}"
	}
	var brackets []byte // the signs that end those around, the innermost last
	for body != "" {
		end := body
		if body[0] == '-' || body[0] == '+' && mark != '{' {
			end = body[1:]
		}
		if len(brackets) == 0 && strings.HasPrefix(end, closing) {
			return tokens, body, nil
		}
		c := body[0]
		n := 1
		switch {
		case c == ' ' || c == '\t' || c == '\n':
			body = body[1:]
			continue
		case c == '\'' || c == '"':
			var text string
			if text, n, err = jinjaString(body); err != nil {
				return nil, "", err
			}
			tokens = append(tokens, jinjaToken{text, true})
			body = body[n:]
			continue
		case isNameByte(c):
			for n < len(body) && isNameByte(body[n]) {
				n++
			}
		case strings.IndexByte("([{", c) >= 0:
			brackets = append(brackets, ")]}"[strings.IndexByte("([{", c)])
		case strings.IndexByte(")]}", c) >= 0:
			last := len(brackets) - 1
			if last < 0 || brackets[last] != c {
				return nil, "", fmt.Errorf("%q without its beginning", c)
			}
			brackets = brackets[:last]
		default:
			for _, sign := range signs {
				if strings.HasPrefix(body, sign) {
					n = len(sign)
				}
			}
		}
		tokens = append(tokens, jinjaToken{body[:n], false})
		body = body[n:]
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

// jinjaParser puts statements around what they hold.
type jinjaParser struct {
	rest        []jinjaItem
	generations int // around what is read
}

// nodes reads up to a word that goes on with, or ends, the statement around; end is that word, ""
// at the end of the template. The word's tag stays in rest.
func (p *jinjaParser) nodes(depth int) (nodes []jinjaNode, end string, err error) {
	if depth > maxJinjaDepth {
		return nil, "", fmt.Errorf("statements inside each other, more than %d", maxJinjaDepth)
	}
	for len(p.rest) > 0 {
		item := p.rest[0]
		switch {
		case item.mark == 0:
			nodes = append(nodes, jinjaNode{kind: jinjaText, text: item.text})
		case item.mark == '{':
			nodes = append(nodes, jinjaNode{
				kind: jinjaOutput, expression: jinjaSource{tokens: item.tokens},
			})
		case len(item.tokens) == 0 || item.tokens[0].isString:
			return nil, "", errors.New("a statement without a word")
		default:
			word := item.tokens[0].text
			switch word {
			case "else", "endif", "endfor", "generation", "endgeneration":
				if len(item.tokens) > 1 {
					return nil, "", fmt.Errorf("%.40q behind %s", item.tokens[1].text, word)
				}
			}
			switch word {
			case "elif", "else", "endif", "endfor", "endgeneration":
				return nodes, word, nil
			default:
				node, err := p.statement(word, item.tokens[1:], depth)
				if err != nil {
					return nil, "", err
				}
				nodes = append(nodes, node)
				continue
			}
		}
		p.rest = p.rest[1:]
	}
	return nodes, "", nil
}

// statement reads the statement that rest begins with, up to its end.
func (p *jinjaParser) statement(
	word string, tokens []jinjaToken, depth int,
) (node jinjaNode, err error) {
	p.rest = p.rest[1:]
	switch word {
	case "if":
		return p.ifNode(tokens, depth)
	case "for":
		node = jinjaNode{kind: jinjaFor}
		// Others are refused where they are reached.
		if err = assignable(tokens, "in"); err != nil {
			return node, err
		}
		if len(tokens) >= 3 && tokens[1].is("in") &&
			!slices.ContainsFunc(tokens, func(t jinjaToken) bool { return t.is("if") }) {
			node.text, node.expression.tokens = tokens[0].text, tokens[2:]
		}
		var end string
		if node.body, end, err = p.nodes(depth + 1); err != nil {
			return node, err
		}
		if end != "endfor" {
			return node, errors.New("a loop has no end, or an else")
		}
		p.rest = p.rest[1:]
		return node, nil
	case "generation":
		// It marks what is trained on, and writes nothing.
		p.generations++
		b := jinjaBranch{}
		var end string
		if b.body, end, err = p.nodes(depth + 1); err == nil && end != "endgeneration" {
			err = errors.New("a generation has no end")
		}
		if err != nil {
			return node, err
		}
		p.generations--
		p.rest = p.rest[1:]
		return jinjaNode{kind: jinjaIf, branches: []jinjaBranch{b}}, nil
	case "set":
		if err = assignable(tokens, "="); err != nil {
			return node, err
		}
		if p.generations > 0 {
			// The reference renderer forgets it behind the generation; Jinja's own would not.
			return node, errors.New("a set in a generation")
		}
		if len(tokens) >= 3 && tokens[1].is("=") {
			node = jinjaNode{kind: jinjaSet, text: tokens[0].text}
			node.expression.tokens = tokens[2:]
			return node, nil
		}
		for _, t := range tokens {
			if t.is("=") {
				return jinjaNode{kind: jinjaOther, text: "set of several, or of an attribute"}, nil
			}
		}
		return node, errors.New("a set that has an end is not supported")
	case "break", "continue", "include", "import", "from":
		return jinjaNode{kind: jinjaOther, text: word}, nil
	}
	return node, fmt.Errorf("the statement %.40q is not supported", word)
}

// assignable refuses what Jinja lets no template set, and what it defines itself, where a word
// behind it says that it is set.
func assignable(tokens []jinjaToken, word string) error {
	if len(tokens) < 2 || !tokens[1].is(word) {
		return nil
	}
	t := tokens[0]
	switch t.text {
	case "true", "True", "false", "False", "none", "None", "loop", "self":
	default:
		if !t.isString && isNameByte(t.text[0]) && t.text[0] > '9' {
			return nil
		}
	}
	return fmt.Errorf("%.40q as a variable", t.text)
}

// ifNode reads an if with the condition tokens.
func (p *jinjaParser) ifNode(tokens []jinjaToken, depth int) (node jinjaNode, err error) {
	node.kind = jinjaIf
	for more := true; more; {
		if len(tokens) == 0 {
			return node, errors.New("an if without a condition")
		}
		b := jinjaBranch{condition: jinjaSource{tokens: tokens, isTest: true}}
		var end string
		if b.body, end, err = p.nodes(depth + 1); err != nil {
			return node, err
		}
		node.branches = append(node.branches, b)
		if end == "elif" {
			tokens = p.rest[0].tokens[1:]
		} else {
			more = false
			if end == "else" {
				p.rest = p.rest[1:]
				b := jinjaBranch{}
				if b.body, end, err = p.nodes(depth + 1); err != nil {
					return node, err
				}
				node.branches = append(node.branches, b)
			}
			if end != "endif" {
				return node, errors.New("an if has no end")
			}
		}
		p.rest = p.rest[1:]
	}
	return node, nil
}
