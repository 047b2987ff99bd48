package main

import (
	"fmt"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/strictjson"
	"github.com/spikechat/spikechat/tools/pack/chat"
)

// An outcome is how a template engine of the page's has ended.
type outcome int32

const (
	outcomeText   outcome = 0
	outcomeRaised outcome = 1 // the template called raise_exception; the text is its message
	outcomeFailed outcome = 2 // the text says why
)

// A pageEngine is one of the template engines that web/packing/templates.js has. It is a
// chat.Engine.
type pageEngine struct {
	name   string
	render func(call []byte) (outcome, string)
}

// asked is what an engine of the page's is asked to render.
type asked struct {
	Template string    `json:"template"`
	Messages []message `json:"messages"`
	Special  []special `json:"special"`
	Thinking string    `json:"thinking"`
	Date     string    `json:"date"`
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type special struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// specialNames are those that chat.Conversation.Special may have.
var specialNames = [...]string{"bos_token", "eos_token", "unk_token", "pad_token"}

// Render is that of chat.Engine.
func (e *pageEngine) Render(template string, c chat.Conversation) (string, error) {
	a := asked{Template: template, Thinking: string(c.Thinking), Date: c.Date}
	for _, m := range c.Messages {
		a.Messages = append(a.Messages, message(m))
	}
	for _, name := range specialNames {
		if text, ok := c.Special[name]; ok {
			a.Special = append(a.Special, special{name, text})
		}
	}
	line, err := strictjson.Append(nil, &a)
	if err != nil {
		return "", err
	}
	switch how, said := e.render(line); how {
	case outcomeText:
		return said, nil
	case outcomeRaised:
		return "", &chat.RaisedError{Message: said}
	default:
		return "", fmt.Errorf("%s says %.200q", e.name, said)
	}
}

// agreed gives the structure of a template that all engines find alike. What they do not agree on
// is refused, for nobody here says which of them is right.
func agreed(engines []chat.Engine) func(string, map[string]string) (*planes.Chat, error) {
	return func(template string, special map[string]string) (*planes.Chat, error) {
		return chat.Agreed(template, special, engines...)
	}
}
