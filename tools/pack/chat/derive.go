package chat

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
)

// Derive gives the structure of a template. Errors wrap text.ErrUnsupportedTemplate.
func Derive(e Engine, template string, special map[string]string) (*planes.Chat, error) {
	d := &derivation{engine: e, template: template, special: special}
	c, err := d.derive()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", text.ErrUnsupportedTemplate, err)
	}
	return c, nil
}

// derivation is one template with its engine.
type derivation struct {
	engine   Engine
	template string
	special  map[string]string
}

func (d *derivation) derive() (*planes.Chat, error) {
	if strings.Contains(d.template, planes.DateMark) || strings.Contains(d.template, probe(0)[:3]) {
		return nil, fmt.Errorf("it holds U+0000 or %q, which contents are found by", probe(0)[:3])
	}
	c := &planes.Chat{}
	var err error
	if c.Strings, c.System, err = d.strings(""); err != nil {
		return nil, d.explained(err)
	}
	if err := d.trims(c); err != nil {
		return nil, err
	}
	if err := d.thinking(c); err != nil {
		return nil, err
	}
	for _, set := range c.Sets() {
		if err := checkDates(set); err != nil {
			return nil, err
		}
	}
	if err := c.Validate(); err != nil { // before dates are written
		return nil, err
	}
	if err := d.prove(c, alternating); err != nil {
		return nil, err
	}
	if err := d.proveCounts(c); err != nil {
		return nil, err
	}
	d.anyOrder(c)
	c.Blank = true
	if d.prove(c, blank) != nil {
		c.Blank = false
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return c, nil
}

// checkDates refuses what is no date as strftime_now gave it: the page writes whole ones.
func checkDates(set *planes.ChatStrings) error {
	for _, text := range set.All() {
		parts := strings.Split(text, planes.DateMark)
		for i := 1; i < len(parts); i += 2 {
			if i+1 == len(parts) || !planes.IsDateFormat(parts[i]) {
				return fmt.Errorf("it writes %s of a date: only whole dates, of days, months and years as "+
					"strftime_now gives them, can be written later", shown(parts[i]))
			}
		}
	}
	return nil
}

// explained says of an error that the template has no text without a date, where it has one with.
func (d *derivation) explained(err error) error {
	var raised *RaisedError
	if errors.As(err, &raised) || !strings.Contains(d.template, "strftime_now") {
		return err
	}
	_, dated := d.engine.Render(d.template, Conversation{Messages: probes(u, a, u),
		Special: d.special, Date: "2026-12-30"})
	if dated != nil {
		return err
	}
	return fmt.Errorf("it takes a date apart, and only whole dates as strftime_now gives them can be "+
		"written later: %w", err)
}

// probe is content i of the conversations that strings are read out of.
func probe(i int) string { return fmt.Sprintf("zqx%dxqz", i) }

// probes makes messages of roles, with probes as contents.
func probes(roles ...string) (messages []text.Message) {
	for i, role := range roles {
		messages = append(messages, text.Message{Role: role, Content: probe(i)})
	}
	return messages
}

const s, u, a = text.RoleSystem, text.RoleUser, text.RoleAssistant

// render has the date as a mark.
func (d *derivation) render(
	thinking planes.ChatSwitch, messages []text.Message,
) (string, error) {
	return d.engine.Render(d.template,
		Conversation{Messages: messages, Special: d.special, Thinking: thinking})
}

// between gives what a template writes before, between and behind the contents of a conversation:
// one string more than there are messages.
func (d *derivation) between(thinking planes.ChatSwitch, roles ...string) ([]string, error) {
	messages := probes(roles...)
	written, err := d.render(thinking, messages)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(roles))
	for i := range order {
		order[i] = i
	}
	return cut(written, messages, order)
}

// cut takes a text apart at the contents of messages, which have to stand there in that order and
// once.
func cut(written string, messages []text.Message, order []int) (parts []string, err error) {
	rest := written
	for _, i := range order {
		content := messages[i].Content
		turn := turnOf(messages, i)
		if n := strings.Count(written, content); n != 1 {
			return nil, fmt.Errorf("it writes the content of %s %d times", turn, n)
		}
		before, after, found := strings.Cut(rest, content)
		if !found {
			return nil, fmt.Errorf("it writes the content of %s before that of an earlier one", turn)
		}
		parts, rest = append(parts, before), after
	}
	return append(parts, rest), nil
}

// turnOf names a message: "user turn 2".
func turnOf(messages []text.Message, i int) string {
	if messages[i].Role == s {
		return "the system text"
	}
	n := 0
	for _, m := range messages[:i+1] {
		if m.Role == messages[i].Role {
			n++
		}
	}
	return fmt.Sprintf("%s turn %d", messages[i].Role, n)
}

// strings reads the strings of alternating turns, and where the system text goes.
func (d *derivation) strings(
	thinking planes.ChatSwitch,
) (c planes.ChatStrings, system planes.ChatSystem, err error) {
	three, err := d.between(thinking, u, a, u)
	if err != nil {
		return c, "", err
	}
	one, err := d.between(thinking, u)
	if err != nil {
		return c, "", err
	}
	c.Head, c.UserAssistant, c.AssistantUser, c.Answer = three[0], three[1], three[2], three[3]
	if one[0] != c.Head || one[1] != c.Answer {
		return c, "", fmt.Errorf("a conversation of one turn is %q … %q, and one of three %q … %q",
			one[0], one[1], c.Head, c.Answer)
	}
	system, err = d.system(&c, thinking)
	return c, system, err
}

// system reads the strings around a system text.
func (d *derivation) system(
	c *planes.ChatStrings, thinking planes.ChatSwitch,
) (planes.ChatSystem, error) {
	short, long := probes(s, u), probes(s, u, a, u)
	first, err := d.render(thinking, short)
	var raised *RaisedError
	if errors.As(err, &raised) {
		return planes.SystemRefused, nil
	}
	if err != nil {
		return "", err
	}
	second, err := d.render(thinking, long)
	if err != nil {
		return "", err
	}
	if !strings.Contains(first+second, short[0].Content) {
		// Proved below: nothing else of it is written either.
		return planes.SystemIgnored, nil
	}
	parts, err := cut(first, short, []int{0, 1})
	if err != nil {
		return "", err
	}
	c.HeadSystem, c.SystemUser = parts[0], parts[1]
	if _, err := cut(second, long, []int{0, 1, 2, 3}); err == nil {
		return planes.SystemFirst, nil
	}
	parts, err = cut(second, long, []int{1, 2, 0, 3})
	if err != nil {
		return "", err
	}
	c.AssistantSystem, c.SystemLast = parts[2], parts[3]
	return planes.SystemLast, nil
}

// trims finds what is taken off contents: what explains the text of a content between white space.
func (d *derivation) trims(c *planes.Chat) error {
	const around = "\n \n"
	for _, t := range []struct {
		trim  *planes.ChatTrim
		roles []string
		at    int
	}{
		{&c.TrimUser, []string{u}, 0},
		{&c.TrimAssistant, []string{u, a, u}, 1},
		{&c.TrimSystem, []string{s, u}, 0},
		{&c.TrimFirstUser, []string{s, u}, 1},
	} {
		if t.roles[0] == s && !c.HasSystem() {
			continue
		}
		messages := probes(t.roles...)
		messages[t.at].Content = around + messages[t.at].Content + around
		written, err := d.render("", messages)
		if err != nil {
			return err
		}
		fits := false
		for _, *t.trim = range []planes.ChatTrim{planes.TrimNothing, planes.TrimBoth,
			planes.TrimLeft, planes.TrimRight, planes.TrimNewlines} {
			if fits = difference(c, messages, text.ChatOptions{}, written) == nil; fits {
				break
			}
		}
		if !fits {
			*t.trim = planes.TrimNothing
			return difference(c, messages, text.ChatOptions{}, written)
		}
	}
	return nil
}

// marksOfReasoning are those of models that have any, start and end.
var marksOfReasoning = [][2]string{
	{"<think>", "</think>"},
	{"[THINK]", "[/THINK]"},
	{"<thought>", "</thought>"},
	{"<reasoning>", "</reasoning>"},
	{"<seed:think>", "</seed:think>"},
	{"<|START_THINKING|>", "<|END_THINKING|>"},
	{"<|begin_of_thought|>", "<|end_of_thought|>"},
}

// thinking finds the marks of reasoning, and what is otherwise where it is switched.
func (d *derivation) thinking(c *planes.Chat) error {
	t := &planes.ChatThinking{}
	for _, marks := range marksOfReasoning {
		if strings.Contains(d.template, marks[1]) {
			t.Start, t.End = marks[0], marks[1]
			c.Thinking = t
			break
		}
	}
	if c.Thinking == nil {
		return nil
	}
	on, systemOn, err := d.strings(planes.ThinkingOn)
	if err != nil {
		return fmt.Errorf("with thinking on, %w", err)
	}
	off, systemOff, err := d.strings(planes.ThinkingOff)
	if err != nil {
		return fmt.Errorf("with thinking off, %w", err)
	}
	switch {
	case on == off || systemOn != c.System || systemOff != c.System:
	case on == c.Strings:
		t.Default, t.Switched = planes.ThinkingOn, &off
	case off == c.Strings:
		t.Default, t.Switched = planes.ThinkingOff, &on
	}
	return nil
}

// anyOrder adds the strings between turns that do not alternate, if all such conversations can be
// joined.
func (d *derivation) anyOrder(c *planes.Chat) {
	if c.System == planes.SystemLast || c.TrimFirstUser != c.TrimUser && c.HasSystem() {
		return
	}
	with := *c
	with.AnyOrder = true
	if d.orders(&with.Strings, c, "") != nil {
		return
	}
	if t := c.Thinking; t != nil && t.Switched != nil {
		thinking, switched := *t, *t.Switched
		thinking.Switched, with.Thinking = &switched, &thinking
		if d.orders(&switched, c, switchedOf(c)) != nil {
			return
		}
	}
	if d.prove(&with, anyOrder) == nil {
		*c = with
	}
}

// switchedOf gives the state of thinking that Switched is for.
func switchedOf(c *planes.Chat) planes.ChatSwitch {
	if c.Thinking.Default == planes.ThinkingOn {
		return planes.ThinkingOff
	}
	return planes.ThinkingOn
}

func (d *derivation) orders(
	to *planes.ChatStrings, c *planes.Chat, thinking planes.ChatSwitch,
) error {
	type place struct {
		string *string
		roles  []string
		at     int
	}
	places := []place{
		{&to.HeadAssistant, []string{a, u}, 0},
		{&to.UserUser, []string{u, u}, 1},
		{&to.AssistantAssistant, []string{u, a, a, u}, 2},
	}
	if c.HasSystem() {
		places = append(places, place{&to.SystemAssistant, []string{s, a, u}, 1})
	}
	for _, p := range places {
		parts, err := d.between(thinking, p.roles...)
		if err != nil {
			return err
		}
		*p.string = parts[p.at]
	}
	return nil
}
