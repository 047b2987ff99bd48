package text

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
)

// NewChatTemplate recognises a chat template in Jinja, as model files carry it, if it writes
// ChatML: before the first message, if wanted, a default system turn; each message as start, role,
// line feed, content, end, line feed; after the last the header of the answer. t has the texts of
// the tokens that a template may name.
//
// Spelling is free: the template is read as a distinction of cases. What it writes for a message
// may depend on whose it is, on whether it is the first or the last, and on whether there is a
// system message; so it is worked out for all conversations of up to five messages, with a hole
// where a content stands, and compared. What depends on anything else is refused, and so is any
// operation on a content: then these conversations stand for all. Nothing is left of the template
// when it is known: a question is written by joining strings. Models before version 4 of the format
// have a template; for later ones tools/pack had an engine execute it.
//
// Anything else is refused with ErrUnsupportedTemplate: a template that is followed nearly gives a
// model that answers nearly well, and nobody sees why.
func NewChatTemplate(jinja string, t *Tokenizer) (*planes.Chat, error) {
	c, err := recogniseChatML(jinja, t)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupportedTemplate, err)
	}
	for _, mark := range [...]string{c.start, c.end} {
		if _, ok := t.Control(mark); !ok {
			return nil, fmt.Errorf("%w: %q is no control token of the vocabulary",
				ErrUnsupportedTemplate, mark)
		}
	}
	return c.chat(), nil
}

// chatML is a template of the form called ChatML: each turn is
//
//	start role "\n" content end "\n"
//
// with start and end control tokens.
type chatML struct {
	start, end string // text of the control tokens
	hasSystem  bool   // a conversation without a system turn gets one
	system     string // content of that turn
}

// chat gives the strings between contents. Any content may be blank, and turns need not alternate.
func (c *chatML) chat() *planes.Chat {
	head := ""
	if c.hasSystem {
		head = c.start + RoleSystem + "\n" + c.system + c.end + "\n"
	}
	system := c.start + RoleSystem + "\n"
	user, userNext := c.start+RoleUser+"\n", c.end+"\n"+c.start+RoleUser+"\n"
	assistant := c.start + RoleAssistant + "\n"
	assistantNext := c.end + "\n" + assistant
	return &planes.Chat{AnyOrder: true, Blank: true, Strings: planes.ChatStrings{
		Head: head + user, HeadSystem: system, SystemUser: userNext, UserAssistant: assistantNext,
		AssistantUser: userNext, Answer: assistantNext, HeadAssistant: head + assistant,
		SystemAssistant: assistantNext, UserUser: userNext, AssistantAssistant: assistantNext,
	}}
}

func recogniseChatML(jinja string, t *Tokenizer) (*chatML, error) {
	program, err := parseJinja(jinja)
	if err != nil {
		return nil, err
	}
	return matchChatML(program, t)
}

// maxShape is how many messages the compared conversations have. A loop may leave out the first
// message, so that up to two are special at the beginning and one at the end. With five, two
// ordinary ones stand side by side.
const maxShape = 5

// matchChatML reads the template's parts out of what it writes for two conversations, and wants the
// rest to follow.
func matchChatML(program []jinjaNode, t *Tokenizer) (*chatML, error) {
	r := reading{program: program, tokenizer: t}
	withSystem, err := r.write([]string{RoleSystem, RoleUser})
	if err != nil {
		return nil, err
	}
	alone, err := r.write([]string{RoleUser})
	if err != nil {
		return nil, err
	}
	c, err := partsOfChatML(withSystem, alone)
	if err != nil {
		return nil, err
	}
	for mark := range t.control {
		if strings.Contains(c.system, mark) {
			return nil, fmt.Errorf("the default system turn contains the control token %q", mark)
		}
	}
	for _, roles := range shapes() {
		got, err := r.write(roles)
		if err != nil {
			return nil, err
		}
		if want := c.shape(roles); got != want {
			return nil, fmt.Errorf("it writes %s, and as ChatML that is %s", shown(got),
				shown(want))
		}
	}
	return c, nil
}

// shapes gives the roles of all conversations of up to maxShape messages.
func shapes() (all [][]string) {
	begun := [][]string{{RoleSystem}, {RoleUser}, {RoleAssistant}}
	for range maxShape {
		var longer [][]string
		for _, roles := range begun {
			if roles[len(roles)-1] == RoleUser {
				all = append(all, roles)
			}
			for _, next := range []string{RoleUser, RoleAssistant} {
				longer = append(longer, append(roles[:len(roles):len(roles)], next))
			}
		}
		begun = longer
	}
	return all
}

// partsOfChatML takes what a template writes for a system message and a user's, and for a user's
// alone.
func partsOfChatML(withSystem, alone string) (*chatML, error) {
	refuse := func(written string) (*chatML, error) {
		return nil, fmt.Errorf("it writes %s, which is not ChatML", shown(written))
	}
	before, rest, found := strings.Cut(withSystem, hole(0))
	_, after, foundToo := strings.Cut(rest, hole(1))
	start, isSystem := strings.CutSuffix(before, RoleSystem+"\n")
	end, isAnswer := strings.CutSuffix(after, start+RoleAssistant+"\n")
	end, isLine := strings.CutSuffix(end, "\n")
	if !found || !foundToo || !isSystem || !isAnswer || !isLine || start == "" || end == "" ||
		start == end || strings.IndexByte(start+end, holeMark) >= 0 {
		return refuse(withSystem)
	}
	c := &chatML{start: start, end: end}
	before, _, found = strings.Cut(alone, hole(0))
	system, isUser := strings.CutSuffix(before, start+RoleUser+"\n")
	if !found || !isUser {
		return refuse(alone)
	}
	if system != "" {
		content, head := strings.CutPrefix(system, start+RoleSystem+"\n")
		content, tail := strings.CutSuffix(content, end+"\n")
		if !head || !tail || strings.Contains(content, start) || strings.Contains(content, end) {
			return refuse(alone)
		}
		c.hasSystem, c.system = true, content
	}
	return c, nil
}

// shape is what the template writes for a conversation, with holes in place of contents.
func (c *chatML) shape(roles []string) string {
	var b strings.Builder
	turn := func(role, content string) {
		b.WriteString(c.start + role + "\n" + content + c.end + "\n")
	}
	if c.hasSystem && roles[0] != RoleSystem {
		turn(RoleSystem, c.system)
	}
	for i, role := range roles {
		turn(role, hole(i))
	}
	return b.String() + c.start + RoleAssistant + "\n"
}

// A hole stands for the content of message i. No template has its mark.
const holeMark = 0

func hole(i int) string { return string([]byte{holeMark, '0' + byte(i), holeMark}) }

// shown gives a written text for people, its holes in brackets.
func shown(written string) string {
	const most = 300
	for i := range maxShape {
		written = strings.ReplaceAll(written, hole(i), fmt.Sprintf("[message %d]", i))
	}
	if len(written) > most {
		written = written[:most] + "…"
	}
	return fmt.Sprintf("%q", written)
}

// reading works out what a template writes.
type reading struct {
	program   []jinjaNode
	tokenizer *Tokenizer

	roles       []string // of the conversation
	variables   map[string]jinjaValue
	turn, turns int // of the loop under way; 0 turns: of none
	out         strings.Builder
	left        int // nodes, and thousands of joined bytes, until it is too much
}

// maxNodes bounds the work for one conversation. Real templates take some hundred.
const maxNodes = 20_000

var errTooMuch = errors.New("more than a template can be about")

// write gives what the template writes for a conversation of these roles.
func (r *reading) write(roles []string) (string, error) {
	r.roles, r.variables, r.turns, r.left = roles, map[string]jinjaValue{}, 0, maxNodes
	r.out.Reset()
	if err := r.nodes(r.program); err != nil {
		return "", fmt.Errorf("for messages of %s there is %w",
			strings.Join(roles, ", "), err)
	}
	return r.out.String(), nil
}

func (r *reading) nodes(nodes []jinjaNode) error {
	for i := range nodes {
		n := &nodes[i]
		if r.left--; r.left < 0 || r.out.Len() > maxShape*maxTemplateBytes {
			return errTooMuch
		}
		var err error
		switch n.kind {
		case jinjaText:
			r.out.WriteString(n.text)
		case jinjaOutput:
			err = r.output(&n.expression)
		case jinjaSet:
			r.variables[n.text], err = r.source(&n.expression)
		case jinjaIf:
			err = r.branch(n.branches)
		case jinjaFor:
			err = r.loop(n)
		default:
			err = fmt.Errorf("the statement %q", n.text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) source(s *jinjaSource) (jinjaValue, error) {
	e, err := s.read()
	if err != nil {
		return jinjaValue{}, err
	}
	return r.value(e)
}

func (r *reading) output(s *jinjaSource) error {
	v, err := r.source(s)
	if err != nil {
		return err
	}
	if !v.isText() && v.kind != undefinedValue {
		return errors.New("something written that is no text")
	}
	r.out.WriteString(v.text)
	return nil
}

func (r *reading) branch(branches []jinjaBranch) error {
	for i := range branches {
		b := &branches[i]
		holds := len(b.condition.tokens) == 0
		if !holds {
			v, err := r.source(&b.condition)
			if err == nil {
				holds, err = v.holds()
			}
			if err != nil {
				return err
			}
		}
		if holds {
			return r.nodes(b.body)
		}
	}
	return nil
}

// loop has the body for each message. What it sets is gone when the turn is.
func (r *reading) loop(n *jinjaNode) error {
	if n.text == "" {
		return errors.New("a loop with a condition, or with several variables")
	}
	list, err := r.source(&n.expression)
	if err != nil {
		return err
	}
	if list.kind != listValue || r.turns > 0 {
		return errors.New("a loop over something else than messages, or in another")
	}
	outside := r.variables
	defer func() { r.variables, r.turns = outside, 0 }()
	r.turns = len(list.list)
	for i, item := range list.list {
		r.turn = i
		r.variables = make(map[string]jinjaValue, len(outside)+1)
		for name, value := range outside {
			r.variables[name] = value
		}
		r.variables[n.text] = item
		if err := r.nodes(n.body); err != nil {
			return err
		}
	}
	return nil
}

// variable gives what a name stands for. As the reference renderer has it, tools and documents are
// there and none.
func (r *reading) variable(name string) (jinjaValue, error) {
	if v, ok := r.variables[name]; ok {
		return v, nil
	}
	switch name {
	case "messages":
		all := jinjaValue{kind: listValue, whole: true}
		for i := range r.roles {
			all.list = append(all.list, jinjaValue{kind: messageValue, message: i})
		}
		return all, nil
	case "add_generation_prompt", "true", "True":
		return boolOf(true), nil
	case "false", "False":
		return boolOf(false), nil
	case "none", "None", "tools", "documents":
		return jinjaValue{kind: noneValue}, nil
	case "raise_exception", "strftime_now", "range", "namespace", "dict", "cycler", "joiner",
		"lipsum", "self":
		return jinjaValue{kind: functionValue}, nil
	case "loop":
		if r.turns > 0 {
			return jinjaValue{kind: loopValue}, nil
		}
	case "unk_token", "pad_token", "sep_token", "cls_token", "mask_token",
		"additional_special_tokens":
		// The reference renderer has those that the source's tokenizer names, which is not known.
		return jinjaValue{}, fmt.Errorf("the variable %s", name)
	case "bos_token", "eos_token":
		id := r.tokenizer.data.BOS
		if name == "eos_token" {
			id = r.tokenizer.data.EOS
		}
		if id >= 0 && strings.IndexByte(r.tokenizer.Bytes(id), holeMark) < 0 {
			return textOf(r.tokenizer.Bytes(id)), nil
		}
	}
	return jinjaValue{}, nil
}
