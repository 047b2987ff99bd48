package text

import (
	"fmt"
	"slices"

	"github.com/spikechat/spikechat/core/internal/request"
)

// Roles of a message.
const (
	RoleSystem    = "system"
	RoleUser      = "user"
	RoleAssistant = "assistant"
)

// Message is one turn of a conversation.
type Message struct{ Role, Content string }

// ChatTemplate writes a conversation as the prompt a model was trained on, in
// the form called ChatML: each turn is
//
//	start role "\n" content end "\n"
//
// with start and end control tokens. NewChatTemplate makes one.
type ChatTemplate struct {
	start, end string // text of the control tokens
	hasSystem  bool   // a conversation without a system turn gets one
	system     string // content of that turn
}

// Encode appends the prompt that asks for the assistant's next turn: the
// default system turn where messages has none, all messages, and the header of
// the answer. Contents are ordinary text (Tokenizer.Encode), so no message can forge a turn.
//
// It gives request.ErrBad when checkMessages does, and ErrUnsupportedTemplate
// when the vocabulary lacks the template's control tokens.
func (c *ChatTemplate) Encode(t *Tokenizer, dst []int32, messages []Message) ([]int32, error) {
	if err := checkMessages(messages); err != nil {
		return nil, err
	}
	start, err := c.control(t, c.start)
	if err != nil {
		return nil, err
	}
	end, err := c.control(t, c.end)
	if err != nil {
		return nil, err
	}
	if c.hasSystem && messages[0].Role != RoleSystem {
		messages = slices.Insert(slices.Clone(messages), 0, Message{RoleSystem, c.system})
	}
	for _, m := range messages {
		dst = append(dst, start)
		// One text, because the line feed may join the content's first characters in one token.
		dst = t.Encode(dst, m.Role+"\n"+m.Content)
		dst = append(dst, end)
		dst = t.Encode(dst, "\n")
	}
	dst = append(dst, start)
	return t.Encode(dst, RoleAssistant+"\n"), nil
}

func (c *ChatTemplate) control(t *Tokenizer, text string) (int32, error) {
	id, ok := t.Control(text)
	if !ok {
		return 0, fmt.Errorf("%w: %q is no control token of the vocabulary",
			ErrUnsupportedTemplate, text)
	}
	return id, nil
}

// checkMessages wants known roles, a system message only at the beginning, and
// a user's message at the end, for that is what gets an answer.
func checkMessages(messages []Message) error {
	if len(messages) == 0 {
		return fmt.Errorf("%w: no messages", request.ErrBad)
	}
	for i, m := range messages {
		switch m.Role {
		case RoleUser, RoleAssistant:
		case RoleSystem:
			if i > 0 {
				return fmt.Errorf("%w: message %d is of role %q, which only message 0 may be",
					request.ErrBad, i, m.Role)
			}
		default:
			return fmt.Errorf("%w: message %d is of role %q, want %s, %s or %s",
				request.ErrBad, i, m.Role, RoleSystem, RoleUser, RoleAssistant)
		}
	}
	if last := len(messages) - 1; messages[last].Role != RoleUser {
		return fmt.Errorf("%w: message %d, the last, is of role %q, want %s", request.ErrBad, last,
			messages[last].Role, RoleUser)
	}
	return nil
}
