package chat

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
)

// A template can count turns and characters: random conversations would hardly meet what it counts
// to. So its own numbers are tried. Words that it looks for are not: nearly every template that
// knows tools or reasoning does, and here such a word is plain text, as all that a person types.

// Bounds on what is tried.
const (
	maxNumbers = 16
	maxNumber  = 1 << 16 // of characters
	maxTurns   = 256     // of messages, where a number might count them
)

var (
	block   = regexp.MustCompile(`(?s)\{[{%].*?[%}]\}`)
	literal = regexp.MustCompile(`'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"`)
	number  = regexp.MustCompile(`\b[0-9]+\b`)
)

// numbers gives those that a template's blocks have, ascending.
func numbers(template string) (found []int) {
	for _, code := range block.FindAllString(template, -1) {
		for _, digits := range number.FindAllString(literal.ReplaceAllString(code, ""), -1) {
			n, err := strconv.Atoi(digits)
			if err == nil && n <= maxNumber && !slices.Contains(found, n) && len(found) < maxNumbers {
				found = append(found, n)
			}
		}
	}
	slices.Sort(found)
	return found
}

// proveCounts tries contents of many lengths, and many turns.
func (d *derivation) proveCounts(c *planes.Chat) error {
	turns, lengths := []int{45, 129}, []int{3000, 20000}
	for _, n := range numbers(d.template) {
		if n <= maxTurns {
			turns = append(turns, n|1, n|1+2)
		}
		if n > 2 {
			lengths = append(lengths, n-1, n, n+1)
		}
	}
	for _, n := range turns {
		short := func(string, int) string { return "x" }
		if err := d.proveOn(c, ofContents(c, n, short)); err != nil {
			return fmt.Errorf("with %d turns, %w", n, err)
		}
	}
	for _, n := range lengths {
		long := func(string, int) string { return strings.Repeat("x", n) }
		if err := d.proveOn(c, ofContents(c, 3, long)); err != nil {
			return fmt.Errorf("with contents of %d characters, %w", n, err)
		}
	}
	return nil
}

// ofContents makes a conversation of so many alternating turns, and a system text where there may
// be one. Turn i is -1 for that.
func ofContents(
	c *planes.Chat, turns int, content func(role string, i int) string,
) (messages []text.Message) {
	if c.System != planes.SystemRefused {
		messages = append(messages, text.Message{Role: s, Content: content(s, -1)})
	}
	for i := range turns {
		role := [2]string{u, a}[i%2]
		messages = append(messages, text.Message{Role: role, Content: content(role, i)})
	}
	return messages
}

// proveOn wants of one conversation what the structure joins, in each state of thinking.
func (d *derivation) proveOn(c *planes.Chat, messages []text.Message) error {
	for _, thinking := range switchesOf(c) {
		if err := d.compare(c, messages, text.ChatOptions{Thinking: thinking,
			Date: "2026-12-30"}); err != nil {
			return err
		}
	}
	return nil
}

// compare wants of one conversation what the structure joins.
func (d *derivation) compare(
	c *planes.Chat, messages []text.Message, o text.ChatOptions,
) error {
	written, err := d.engine.Render(d.template, Conversation{Messages: messages,
		Special: d.special, Thinking: o.Thinking, Date: o.Date})
	if err != nil {
		return err
	}
	return difference(c, messages, o, written)
}

// switchesOf gives the states of thinking that a chat has, the default by no word.
func switchesOf(c *planes.Chat) []planes.ChatSwitch {
	if c.Thinking != nil && c.Thinking.Switched != nil {
		return []planes.ChatSwitch{"", planes.ThinkingOn, planes.ThinkingOff}
	}
	return []planes.ChatSwitch{""}
}
