package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core/internal/request"
	"github.com/spikechat/spikechat/core/planes"
)

// Roles of a message.
const (
	RoleSystem    = "system"
	RoleUser      = "user"
	RoleAssistant = "assistant"
)

// Message is one turn of a conversation.
type Message struct{ Role, Content string }

// ChatOptions are what a prompt depends on beside its messages.
type ChatOptions struct {
	Thinking planes.ChatSwitch // "" is what the model has by default
	Date     string            // such as "2026-11-30", for a chat that has dates
}

// Chat writes conversations as prompts.
type Chat struct {
	data    *planes.Chat
	control *added
}

// NewChat takes a valid planes.Chat and the tokenizer whose control tokens its strings hold. Where
// a user turn ends with white space alone it is ErrUnsupportedTemplate: any text could end it.
func NewChat(c *planes.Chat, t *Tokenizer) (*Chat, error) {
	control, err := newAdded(tokensOf(t.data, planes.TokenControl, int32(t.Vocab())))
	if err != nil {
		return nil, err
	}
	chat := &Chat{data: c, control: control}
	for _, s := range c.Sets() {
		if trim(s.UserAssistant, planes.TrimBoth) == "" || trim(s.Answer, planes.TrimBoth) == "" {
			return nil, fmt.Errorf("%w: nothing but white space ends a user's turn",
				ErrUnsupportedTemplate)
		}
	}
	return chat, nil
}

// Encode appends the prompt that asks for the next answer. Our strings are cut at control tokens;
// what stands between two of them, strings and contents, is encoded as one ordinary text. So no
// content makes a control token; and where a user's turn ends with ordinary text alone, contents
// that hold this text are refused. No message can forge a turn.
//
// Errors wrap request.ErrBad.
func (c *Chat) Encode(
	t *Tokenizer, dst []int32, messages []Message, o ChatOptions,
) ([]int32, error) {
	s, err := stringsOf(c.data, o)
	if err != nil {
		return nil, err
	}
	var day date
	if c.data.HasDates() {
		if day, err = parseDate(o.Date); err != nil {
			return nil, err
		}
	}
	for _, mark := range [...]string{s.UserAssistant, s.Answer} {
		if _, _, length := c.control.next(mark); length > 0 {
			continue
		}
		mark = trim(t.asRead(day.insert(mark)), planes.TrimBoth)
		for i, m := range messages {
			if m.Role != RoleAssistant && strings.Contains(t.asRead(m.Content), mark) {
				return nil, fmt.Errorf("%w: message %d holds %.80q, which ends a turn of this model's chats",
					request.ErrBad, i, mark)
			}
		}
	}
	var text strings.Builder
	err = Join(c.data, messages, o, func(part string, ours bool) {
		for ours {
			at, id, length := c.control.next(part)
			if length == 0 {
				break
			}
			text.WriteString(part[:at])
			dst = append(t.Encode(dst, text.String()), id)
			text.Reset()
			part = part[at+length:]
		}
		text.WriteString(part)
	})
	if err != nil {
		return nil, err
	}
	return t.Encode(dst, text.String()), nil
}

// Stops gives the texts that end an answer because the next turn begins with them, where no control
// token comes before: a model that marks turns with ordinary text would go on as the user. Of white
// space before such a text a line feed at most is part of it. Texts with a date are none, nor is
// anything where o is none of this chat's.
func (c *Chat) Stops(o ChatOptions) (stops []string) {
	s, err := stringsOf(c.data, o)
	if err != nil {
		return nil
	}
	for _, next := range [...]string{s.AssistantUser, s.AssistantAssistant, s.AssistantSystem} {
		if at, _, length := c.control.next(next); length > 0 {
			next = next[:at]
		}
		next = trim(next, planes.TrimRight)
		begins := trim(next, planes.TrimLeft)
		if strings.Contains(next[:len(next)-len(begins)], "\n") {
			next = "\n" + begins
		} else {
			next = begins
		}
		if begins != "" && len(next) <= MaxStopBytes && !strings.Contains(next, planes.DateMark) &&
			!slices.Contains(stops, next) {
			stops = append(stops, next)
		}
	}
	return stops
}

// Join calls part for the parts of a prompt one after the other; ours are the strings of c, the
// others contents. Before the first call it gives the error, if any, which wraps request.ErrBad.
func Join(
	c *planes.Chat, messages []Message, o ChatOptions, part func(text string, ours bool),
) error {
	s, err := stringsOf(c, o)
	if err != nil {
		return err
	}
	if messages, err = checkedMessages(c, messages); err != nil {
		return err
	}
	var day date
	if c.HasDates() {
		if day, err = parseDate(o.Date); err != nil {
			return err
		}
	}
	ours := func(text string) { part(day.insert(text), true) }
	system, hasSystem := "", messages[0].Role == RoleSystem
	if hasSystem {
		system, messages = trim(messages[0].Content, c.TrimSystem), messages[1:]
	}
	systemTurn := 0
	if c.System == planes.SystemLast {
		systemTurn = len(messages) - 1
	}
	// What stands before a turn of the user, and of the assistant.
	before := [2]string{s.Head, s.HeadAssistant}
	for i, m := range messages {
		trimming := c.TrimUser
		if hasSystem && i == systemTurn {
			head := s.HeadSystem
			if before = [2]string{s.SystemUser, s.SystemAssistant}; i > 0 {
				head, before[0] = s.AssistantSystem, s.SystemLast
			}
			ours(head)
			part(system, false)
			trimming = c.TrimFirstUser
		}
		if m.Role == RoleUser {
			ours(before[0])
			part(trim(m.Content, trimming), false)
			before = [2]string{s.UserUser, s.UserAssistant}
			continue
		}
		ours(before[1])
		part(answerOf(c, m.Content), false)
		before = [2]string{s.AssistantUser, s.AssistantAssistant}
	}
	ours(s.Answer)
	return nil
}

// stringsOf gives the strings for thinking switched as asked.
func stringsOf(c *planes.Chat, o ChatOptions) (*planes.ChatStrings, error) {
	switch {
	case o.Thinking == "", c.Thinking != nil && c.Thinking.Default == o.Thinking:
		return &c.Strings, nil
	case c.Thinking == nil || c.Thinking.Switched == nil:
		return nil, fmt.Errorf("%w: this model's thinking cannot be switched", request.ErrBad)
	}
	return c.Thinking.Switched, nil
}

// checkedMessages wants known roles, a system message only at the beginning, turns that c can join,
// and a user's message at the end, for that is what gets an answer. It leaves out a system message
// that c does not write.
func checkedMessages(c *planes.Chat, messages []Message) ([]Message, error) {
	if len(messages) == 0 {
		return nil, fmt.Errorf("%w: no messages", request.ErrBad)
	}
	first := 0 // of the turns
	for i, m := range messages {
		switch m.Role {
		case RoleUser, RoleAssistant:
		case RoleSystem:
			if first = 1; i > 0 {
				return nil, badRole(i, "", m, "which only message 0 may be")
			}
		default:
			return nil, badRole(i, "", m, "want system, user or assistant")
		}
	}
	if last := len(messages) - 1; messages[last].Role != RoleUser {
		return nil, badRole(last, ", the last,", messages[last], "want user")
	}
	turns := messages[first:]
	if first > 0 {
		blank := isBlankTurn(c, messages[0])
		if c.System == planes.SystemRefused && !blank {
			return nil, badRole(0, "", messages[0], "which this model's chats do not have")
		}
		if !c.HasSystem() || blank {
			messages = turns
		}
	}
	for i, m := range turns {
		if isBlankTurn(c, m) {
			return nil, fmt.Errorf("%w: message %d is blank, and this model's chats have no blank turns",
				request.ErrBad, first+i)
		}
		if !c.AnyOrder && (m.Role == RoleUser) != (i%2 == 0) {
			return nil, badRole(first+i, "", m, "and this model's chats alternate, from user on")
		}
	}
	return messages, nil
}

func badRole(i int, place string, m Message, what string) error {
	return fmt.Errorf("%w: message %d%s is of role %q, %s", request.ErrBad, i, place, m.Role, what)
}

// isBlankTurn: nothing of it would be in the prompt, in a chat that has no such turns.
func isBlankTurn(c *planes.Chat, m Message) bool {
	if m.Role == RoleAssistant {
		m.Content = answerOf(c, m.Content)
	}
	return !c.Blank && trim(m.Content, planes.TrimBoth) == ""
}

// answerOf gives what a prompt has of an earlier answer: no reasoning.
func answerOf(c *planes.Chat, content string) string {
	if c.Thinking != nil {
		for {
			_, after, found := strings.Cut(content, c.Thinking.End)
			if !found {
				break
			}
			content = trim(after, planes.TrimBoth)
		}
	}
	return trim(content, c.TrimAssistant)
}

// trim takes off white space: Python's, since templates are written for Python's Jinja.
func trim(text string, how planes.ChatTrim) string {
	if how == planes.TrimNewlines {
		for strings.HasPrefix(text, "\n") {
			text = text[1:]
		}
	}
	if how == planes.TrimLeft || how == planes.TrimBoth {
		text = strings.TrimLeftFunc(text, isBlank)
	}
	if how == planes.TrimRight || how == planes.TrimBoth {
		text = strings.TrimRightFunc(text, isBlank)
	}
	return text
}
