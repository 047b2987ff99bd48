package text

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// jinjaSource is an expression: its tokens, and once something needs it what they say.
type jinjaSource struct {
	tokens []jinjaToken
	isTest bool // of an if: without brackets there is no other if in it
	parsed *jinjaExpression
}

// maxExpression bounds the tokens of one expression, and so how deep its operations can stand.
const maxExpression = 1000

// jinjaExpression is an operation on others. Those without operands are "text", "number" and
// "name"; "." and "test" have the name as text.
type jinjaExpression struct {
	operation string
	text      string
	operands  []*jinjaExpression
}

// read parses the expression, the first time that it is asked for.
func (s *jinjaSource) read() (*jinjaExpression, error) {
	if s.parsed != nil {
		return s.parsed, nil
	}
	if len(s.tokens) > maxExpression {
		return nil, fmt.Errorf("an expression of %d parts, at most %d", len(s.tokens),
			maxExpression)
	}
	p := expressionParser{rest: s.tokens}
	parse := p.conditional
	if s.isTest {
		parse = p.or
	}
	e := parse()
	if p.err == nil && len(p.rest) > 0 {
		p.fail("%q where an expression should end", p.rest[0].text)
	}
	if p.err != nil {
		return nil, p.err
	}
	s.parsed = e
	return e, nil
}

// expressionParser goes over tokens, each method by one rule of Jinja's grammar. After an error,
// what it gives means nothing.
type expressionParser struct {
	rest  []jinjaToken
	depth int
	err   error
}

func (p *expressionParser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
	p.rest = nil
}

// take goes over one of some names or signs, and gives it, or "".
func (p *expressionParser) take(words ...string) string {
	if len(p.rest) == 0 || p.rest[0].isString || !slices.Contains(words, p.rest[0].text) {
		return ""
	}
	word := p.rest[0].text
	p.rest = p.rest[1:]
	return word
}

func (p *expressionParser) need(word string) {
	if p.take(word) != "" {
		return
	}
	if len(p.rest) > 0 {
		p.fail("%.40q where %q is needed", p.rest[0].text, word)
	}
	p.fail("no %q where one is needed", word)
}

func operation(name string, operands ...*jinjaExpression) *jinjaExpression {
	return &jinjaExpression{operation: name, operands: operands}
}

func (p *expressionParser) conditional() *jinjaExpression {
	if p.depth++; p.depth > maxJinjaDepth {
		p.fail("parts of an expression inside each other, more than %d", maxJinjaDepth)
		return nil
	}
	defer func() { p.depth-- }()
	e := p.or()
	for p.take("if") != "" {
		condition := p.or()
		otherwise := operation("undefined")
		if p.take("else") != "" {
			otherwise = p.conditional()
		}
		e = operation("if", condition, e, otherwise)
	}
	return e
}

func (p *expressionParser) or() *jinjaExpression {
	e := p.and()
	for p.take("or") != "" {
		e = operation("or", e, p.and())
	}
	return e
}

func (p *expressionParser) and() *jinjaExpression {
	e := p.not()
	for p.take("and") != "" {
		e = operation("and", e, p.not())
	}
	return e
}

func (p *expressionParser) not() *jinjaExpression {
	nots := 0
	for p.take("not") != "" {
		nots++
	}
	e := p.comparison()
	for ; nots > 0; nots-- {
		e = operation("not", e)
	}
	return e
}

func (p *expressionParser) comparison() *jinjaExpression {
	e := p.sum()
	for i := 0; ; i++ {
		name := p.take("==", "!=", "<", ">", "<=", ">=", "in")
		if name == "" && len(p.rest) > 1 && p.rest[0].is("not") && p.rest[1].is("in") {
			name, p.rest = "not in", p.rest[2:]
		}
		switch {
		case name == "":
			return e
		case i > 0:
			p.fail("a comparison of three")
		case name == "not in":
			e = operation("not", operation("in", e, p.sum()))
		case name == "!=":
			e = operation("not", operation("==", e, p.sum()))
		default:
			e = operation(name, e, p.sum())
		}
	}
}

func (p *expressionParser) sum() *jinjaExpression {
	e := p.joined()
	for p.take("+") != "" {
		e = operation("+", e, p.joined())
	}
	return e
}

func (p *expressionParser) joined() *jinjaExpression {
	e := p.tested()
	for p.take("~") != "" {
		e = operation("~", e, p.tested())
	}
	return e
}

// tested reads a value with what follows it: .name, [index], filters and tests.
func (p *expressionParser) tested() *jinjaExpression {
	e := p.primary()
	for len(p.rest) > 0 {
		switch {
		case p.take(".") != "":
			e = &jinjaExpression{operation: ".", text: p.name(), operands: []*jinjaExpression{e}}
		case p.take("[") != "":
			e = p.index(e)
		case p.take("|") != "":
			p.fail("the filter %.40q", p.name())
		case p.take("(") != "":
			if e.operation == "name" && e.text == "raise_exception" {
				// What it says is nobody's concern. The tag's brackets are in pairs.
				for depth := 1; depth > 0; p.rest = p.rest[1:] {
					if p.rest[0].is("(") {
						depth++
					} else if p.rest[0].is(")") {
						depth--
					}
				}
				e = operation("raise")
				continue
			}
			p.fail("a call")
		case p.take("is") != "":
			not := p.take("not") != ""
			e = &jinjaExpression{operation: "test", text: p.name(), operands: []*jinjaExpression{e}}
			if not {
				e = operation("not", e)
			}
			// Jinja takes most other words for an argument of the test, "if" among them.
			if len(p.rest) > 0 && (p.rest[0].isString ||
				!slices.Contains([]string{"and", "or", "else", ")"}, p.rest[0].text)) {
				p.fail("%.40q behind a test", p.rest[0].text)
			}
			return e
		default:
			return e
		}
	}
	return e
}

// name takes a name.
func (p *expressionParser) name() string {
	if len(p.rest) == 0 || p.rest[0].isString || !isNameByte(p.rest[0].text[0]) {
		p.fail("no name where one is needed")
		return ""
	}
	name := p.rest[0].text
	p.rest = p.rest[1:]
	return name
}

// index reads what stands in brackets behind e.
func (p *expressionParser) index(e *jinjaExpression) *jinjaExpression {
	if p.take(":") != "" {
		p.fail("a part of a list that is not [1:]")
		return e
	}
	at := p.conditional()
	if p.err != nil {
		return e
	}
	if p.take(":") != "" {
		if at.operation != "number" || at.text != "1" {
			p.fail("a part of a list that is not [1:]")
		}
		e = operation("[1:]", e)
	} else if at.operation == "text" {
		e = &jinjaExpression{operation: ".", text: at.text, operands: []*jinjaExpression{e}}
	} else {
		e = operation("[]", e, at)
	}
	p.need("]")
	return e
}

func (p *expressionParser) primary() *jinjaExpression {
	if len(p.rest) == 0 {
		p.fail("an expression lacks a value")
		return operation("undefined")
	}
	t := p.rest[0]
	switch {
	case t.isString:
		var text strings.Builder
		for ; len(p.rest) > 0 && p.rest[0].isString; p.rest = p.rest[1:] {
			text.WriteString(p.rest[0].text)
		}
		return &jinjaExpression{operation: "text", text: text.String()}
	case p.take("(") != "":
		e := p.conditional()
		p.need(")")
		return e
	case p.take("[") != "":
		list := operation("list")
		for p.err == nil && p.take("]") == "" {
			list.operands = append(list.operands, p.conditional())
			if len(p.rest) == 0 || !p.rest[0].is("]") {
				p.need(",")
			}
		}
		return list
	case p.take("-") != "":
		return &jinjaExpression{operation: "number", text: "-" + p.name()}
	case '0' <= t.text[0] && t.text[0] <= '9':
		p.rest = p.rest[1:]
		return &jinjaExpression{operation: "number", text: t.text}
	case isNameByte(t.text[0]):
		p.rest = p.rest[1:]
		return &jinjaExpression{operation: "name", text: t.text}
	}
	p.fail("%q in an expression", t.text)
	return operation("undefined")
}

// jinjaValue is what an expression comes to.
type jinjaValue struct {
	kind    valueKind
	text    string       // a text
	truth   bool         // a bool
	list    []jinjaValue // a list
	whole   bool         // a list of all messages
	message int          // a message's place in the conversation
}

type valueKind uint8

const (
	undefinedValue valueKind = iota
	noneValue
	boolValue
	textValue
	listValue
	messageValue
	loopValue
	functionValue
	firstValue // a number that says whether a turn of a loop is the first: index0 or index
)

var errUndecided = errors.New("something that depends on what a message says")

func boolOf(truth bool) jinjaValue   { return jinjaValue{kind: boolValue, truth: truth} }
func textOf(text string) jinjaValue  { return jinjaValue{kind: textValue, text: text} }
func (v jinjaValue) hasHole() bool   { return strings.IndexByte(v.text, holeMark) >= 0 }
func (v jinjaValue) isText() bool    { return v.kind == textValue }
func (v jinjaValue) isPlain() bool   { return v.isText() && !v.hasHole() }
func (v jinjaValue) isNothing() bool { return v.kind == undefinedValue || v.kind == noneValue }

// holds says whether a condition of this value is true.
func (v jinjaValue) holds() (bool, error) {
	switch v.kind {
	case undefinedValue, noneValue:
		return false, nil
	case boolValue:
		return v.truth, nil
	case textValue:
		if v.hasHole() {
			return false, errUndecided
		}
		return v.text != "", nil
	case listValue:
		return len(v.list) > 0, nil
	case messageValue, loopValue, functionValue:
		return true, nil
	}
	return false, errors.New("a number as a condition")
}

// value works an expression out for the conversation of a reading.
func (r *reading) value(e *jinjaExpression) (jinjaValue, error) {
	switch e.operation {
	case "undefined":
		return jinjaValue{}, nil
	case "text":
		return textOf(e.text), nil
	case "name":
		return r.variable(e.text)
	case "number":
		return jinjaValue{}, fmt.Errorf("the number %.40s", e.text)
	case "raise":
		return jinjaValue{}, errors.New("an error that the template raises")
	case "list":
		list := jinjaValue{kind: listValue}
		for _, o := range e.operands {
			item, err := r.value(o)
			if err != nil {
				return list, err
			}
			list.list = append(list.list, item)
		}
		return list, nil
	case "<", ">", "<=", ">=":
		if e.operands[1].operation == "number" {
			return r.compareNumber(e)
		}
		return jinjaValue{}, fmt.Errorf("the comparison %s", e.operation)
	case "==":
		if e.operands[1].operation == "number" {
			return r.compareNumber(e)
		}
	case "or", "and", "if":
		return r.choice(e)
	}
	left, err := r.value(e.operands[0])
	if err != nil {
		return left, err
	}
	switch e.operation {
	case "not":
		holds, err := left.holds()
		return boolOf(!holds), err
	case ".":
		return r.attribute(left, e.text)
	case "test":
		return test(left, e.text)
	case "[1:]":
		if left.kind != listValue || !left.whole {
			return left, errors.New("[1:] of something else than all messages")
		}
		return jinjaValue{kind: listValue, list: left.list[1:]}, nil
	case "[]":
		at := e.operands[1]
		if left.kind != listValue || !left.whole || at.operation != "number" ||
			at.text != "0" && at.text != "-1" {
			return left, errors.New("an index that is not messages[0]")
		}
		if at.text == "0" {
			return left.list[0], nil
		}
		return left.list[len(left.list)-1], nil
	}
	right, err := r.value(e.operands[1])
	if err != nil {
		return right, err
	}
	switch e.operation {
	case "==":
		return equal(left, right)
	case "in":
		return contains(right, left)
	}
	// + and ~
	if !left.isText() || !right.isText() {
		return left, fmt.Errorf("%s of something else than two texts", e.operation)
	}
	bytes := len(left.text) + len(right.text)
	if r.left -= bytes >> 10; r.left < 0 || bytes > maxTemplateBytes {
		return left, errTooMuch
	}
	return textOf(left.text + right.text), nil
}

// choice works out "or", "and" and "if": of the operands only those that count.
func (r *reading) choice(e *jinjaExpression) (jinjaValue, error) {
	first, err := r.value(e.operands[0])
	if err != nil {
		return first, err
	}
	holds, err := first.holds()
	switch {
	case err != nil:
		return first, err
	case e.operation == "if" && !holds:
		return r.value(e.operands[2])
	case e.operation == "or" && holds, e.operation == "and" && !holds:
		return first, nil
	}
	return r.value(e.operands[1])
}

// compareNumber compares loop.index0 with 0 or loop.index with 1, the one way or the other: what
// else a number could be compared with would count messages.
func (r *reading) compareNumber(e *jinjaExpression) (jinjaValue, error) {
	left, err := r.value(e.operands[0])
	if err != nil {
		return left, err
	}
	if left.kind != firstValue || left.text != e.operands[1].text {
		return left, errors.New("a comparison that counts")
	}
	switch e.operation {
	case "==", "<=":
		return boolOf(left.truth), nil
	case ">":
		return boolOf(!left.truth), nil
	}
	return left, fmt.Errorf("the comparison %s", e.operation)
}

func equal(a, b jinjaValue) (jinjaValue, error) {
	switch {
	case a.isPlain() && b.isPlain():
		return boolOf(a.text == b.text), nil
	case a.kind == boolValue && b.kind == boolValue:
		return boolOf(a.truth == b.truth), nil
	case a.isNothing() || b.isNothing():
		return boolOf(a.kind == b.kind), nil
	case a.hasHole() || b.hasHole():
		return a, errUndecided
	case a.kind == b.kind || a.kind >= listValue || b.kind >= listValue:
		return a, errors.New("a comparison of messages")
	}
	return boolOf(false), nil // a text and a bool
}

// contains says whether an item is in a list of texts, or is a field of a message.
func contains(all, item jinjaValue) (jinjaValue, error) {
	if !item.isPlain() {
		return item, errUndecided
	}
	if all.kind == messageValue {
		return boolOf(item.text == "role" || item.text == "content"), nil
	}
	if all.kind != listValue {
		return item, errors.New("in of something else than a list")
	}
	for _, one := range all.list {
		if !one.isPlain() {
			return item, errors.New("in of a list that is not of texts")
		}
		if one.text == item.text {
			return boolOf(true), nil
		}
	}
	return boolOf(false), nil
}

// test is what "is" asks.
func test(v jinjaValue, name string) (jinjaValue, error) {
	switch name {
	case "defined":
		return boolOf(v.kind != undefinedValue), nil
	case "undefined":
		return boolOf(v.kind == undefinedValue), nil
	case "none":
		return boolOf(v.kind == noneValue), nil
	case "string":
		return boolOf(v.isText()), nil
	case "true", "false":
		return boolOf(v.kind == boolValue && v.truth == (name == "true")), nil
	}
	return v, fmt.Errorf("the test %.40q", name)
}

// attribute gives a.name, which is a['name'] as well.
func (r *reading) attribute(v jinjaValue, name string) (jinjaValue, error) {
	switch v.kind {
	case messageValue:
		switch name {
		case "role":
			return textOf(r.roles[v.message]), nil
		case "content":
			return textOf(hole(v.message)), nil
		case "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault",
			"update", "values":
			// A message is a Python dict: Jinja finds these methods.
			return v, fmt.Errorf("the method %s of a message", name)
		}
		return jinjaValue{}, nil
	case loopValue:
		switch first := r.turn == 0; name {
		case "first":
			return boolOf(first), nil
		case "last":
			return boolOf(r.turn == r.turns-1), nil
		case "index0":
			return jinjaValue{kind: firstValue, text: "0", truth: first}, nil
		case "index":
			return jinjaValue{kind: firstValue, text: "1", truth: first}, nil
		}
	}
	return v, fmt.Errorf("the attribute %.40q", name)
}
