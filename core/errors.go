package core

import (
	"errors"

	"github.com/spikechat/spikechat/core/internal/request"
	"github.com/spikechat/spikechat/core/text"
)

// The causes a caller can tell apart with errors.Is. Errors about the model's bytes wrap those of
// core/planes instead.
var (
	// ErrBadRequest reports a setting or message that the caller must change.
	ErrBadRequest = request.ErrBad
	// ErrContextFull reports that the conversation does not fit the context; it must be shortened.
	ErrContextFull = errors.New("context full")
	// ErrNotFinite reports weights that lead to infinities or NaN: the model is not one that
	// training made.
	ErrNotFinite = errors.New("activations are not finite")
	// ErrNoAnswer reports a step without an answer under way.
	ErrNoAnswer = errors.New("no answer under way")
	// ErrNotPrepared reports a kernel that Model.Prepare was not called for: a mistake in the
	// program.
	ErrNotPrepared = errors.New("kernel is not prepared")
	// ErrUnsupportedTemplate reports a chat template that text.NewChatTemplate does not recognise.
	ErrUnsupportedTemplate = text.ErrUnsupportedTemplate
)
