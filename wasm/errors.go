//go:build js && wasm

package main

import (
	"errors"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/strictjson"
)

// manifestError marks an error of the manifest, which has a code of its own.
type manifestError struct{ error }

func (e manifestError) Unwrap() error { return e.error }

// errorCode gives the stable code that JavaScript sees; web/shared/errors.js lists them.
func errorCode(err error) string {
	var manifest manifestError
	switch {
	case errors.Is(err, core.ErrContextFull):
		return "context_full"
	case errors.Is(err, core.ErrBadRequest), errors.Is(err, core.ErrNoAnswer):
		return "bad_request"
	case errors.Is(err, planes.ErrChecksum):
		return "shard_corrupt"
	case errors.Is(err, planes.ErrUnsupported):
		return "version_mismatch"
	case errors.As(err, &manifest):
		return "manifest_invalid"
	case errors.Is(err, planes.ErrInvalid), errors.Is(err, planes.ErrLimit), errors.Is(err, core.ErrNotFinite),
		errors.Is(err, core.ErrUnsupportedTemplate):
		return "model_invalid"
	}
	return "engine_crashed"
}

// fail makes an error the result.
func fail(code, message string) {
	// It cannot fail: there is no number, and all text is UTF-8 now.
	engine.result, _ = strictjson.Append(engine.result[:0], &struct {
		Code      string `json:"code"`
		Message   string `json:"message"`
		Retryable bool   `json:"retryable"`
	}{code, string([]rune(message)), code == "shard_corrupt"})
}
