package main

import (
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/chat"
	"github.com/spikechat/spikechat/tools/pack/jinja"
)

// templateReader makes the strings that a model's chats are joined of.
type templateReader struct {
	engine jinja.Engine
	// locked are those of a lock file, which is for the very source that is packed: the standard
	// model so needs no Jinja2. Nil: the template is executed.
	locked *planes.Chat
}

func (r *templateReader) derive(
	template string, special map[string]string,
) (*planes.Chat, error) {
	if r.locked != nil {
		return r.locked, nil
	}
	if err := r.engine.Start(); err != nil {
		return nil, err
	}
	return chat.Derive(&r.engine, template, special)
}
