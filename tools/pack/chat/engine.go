package chat

import (
	"fmt"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
)

// Conversation is what a template is rendered for, with its generation prompt.
type Conversation struct {
	Messages []text.Message
	// Special has the texts of tokens by the names that transformers gives to templates: bos_token,
	// eos_token, unk_token, pad_token; those that the vocabulary lacks are undefined.
	Special map[string]string
	// Thinking gives the variables enable_thinking and thinking; "" leaves both undefined.
	Thinking planes.ChatSwitch
	// Date is what strftime_now has, such as "2026-11-30". "" has strftime_now(format) give the
	// format itself between two planes.DateMark.
	Date string
}

// An Engine renders templates in Jinja as transformers does: with trim_blocks, lstrip_blocks, the
// loop controls, raise_exception, strftime_now, tojson that escapes nothing, no tools and no
// documents.
type Engine interface {
	// Render gives the text. What the template raises by raise_exception is a *RaisedError.
	Render(template string, c Conversation) (string, error)
}

// RaisedError is what a template says by raise_exception: that it has no such conversations.
type RaisedError struct{ Message string }

func (e *RaisedError) Error() string { return fmt.Sprintf("it raises %.200q", e.Message) }
