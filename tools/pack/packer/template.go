package packer

import (
	"fmt"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/pack/chat"
)

// templateKey is where a GGUF file has its chat template.
const templateKey = "tokenizer.chat_template"

// chat gives the strings that the template's chats are joined of, and makes the vocabulary fit.
func (p *Job) chat(template string, vocab *planes.Tokenizer) (*planes.Chat, error) {
	if len(template) > planes.MaxTemplateBytes {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", text.ErrUnsupportedTemplate,
			len(template), planes.MaxTemplateBytes)
	}
	if strings.TrimSpace(template) == "" {
		return nil, fmt.Errorf("%w: it is empty; take a file that has one", text.ErrUnsupportedTemplate)
	}
	t, err := text.NewTokenizer(vocab)
	if err != nil {
		return nil, err
	}
	if p.Chat == nil {
		return text.NewChatTemplate(template, t)
	}
	c, err := p.Chat(template, p.specialTokens(vocab))
	if err != nil {
		return nil, err
	}
	if p.fitMarks(c, vocab) {
		if t, err = text.NewTokenizer(vocab); err != nil {
			return nil, err
		}
	}
	return c, chat.CheckTokens(c, t)
}

// specialTokens gives the texts of the tokens that transformers names to a template, by its names.
func (p *Job) specialTokens(vocab *planes.Tokenizer) map[string]string {
	special := map[string]string{}
	set := func(name string, id int64) {
		if 0 <= id && id < int64(len(vocab.Tokens)) {
			special[name] = vocab.Tokens[id]
		}
	}
	set("bos_token", int64(vocab.BOS))
	set("eos_token", int64(vocab.EOS))
	set("unk_token", int64(vocab.Unknown))
	const padding = "tokenizer.ggml.padding_token_id"
	if p.file.Has(padding) {
		if id, err := p.file.Uint(padding); err == nil && id < 1<<31 {
			set("pad_token", int64(id))
		}
	}
	return special
}

// fitMarks makes control tokens of user-defined ones that a template marks turns with, since what a
// person types may hold the others. Marks of reasoning come from the model, as text: they are no
// control tokens, which end an answer. changed: vocab is another one now.
func (p *Job) fitMarks(c *planes.Chat, vocab *planes.Tokenizer) (changed bool) {
	between := c.Strings.UserAssistant + c.Strings.AssistantUser + c.Strings.Answer
	for id, token := range vocab.Tokens {
		kind := &vocab.Kinds[id]
		thought := c.Thinking != nil && (token == c.Thinking.Start || token == c.Thinking.End)
		switch {
		case thought && *kind == planes.TokenControl:
			*kind, changed = planes.TokenUserDefined, true
			p.Report.Note(fmt.Sprintf("%s marks reasoning: it is a token of text", shown(token)))
		case !thought && *kind == planes.TokenUserDefined && strings.TrimSpace(token) != "" &&
			strings.Contains(between, token):
			*kind, changed = planes.TokenControl, true
			p.Report.Note(fmt.Sprintf("%s marks turns: it is a control token", shown(token)))
		}
	}
	return changed
}
