// Package text turns messages into tokens and tokens into text. A Tokenizer is byte-level BPE:
// text is cut into pieces, and the bytes of a piece are merged. A ChatTemplate writes a
// conversation as the prompt that a model was trained on. On the way back a Decoder holds
// incomplete UTF-8 back, and a StopMatcher what may be the beginning of a stop string.
//
// Errors about a model wrap ErrUnsupportedTemplate or the causes of core/planes, errors about a
// request core.ErrBadRequest.
package text

import "errors"

// ErrUnsupportedTemplate reports a chat template that NewChatTemplate does not recognise.
var ErrUnsupportedTemplate = errors.New("unsupported chat template")
