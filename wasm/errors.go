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

// codeOf gives the stable code that JavaScript sees.
func codeOf(err error) errorCode {
	var manifest manifestError
	switch {
	case errors.Is(err, core.ErrContextFull):
		return codeContextFull
	case errors.Is(err, core.ErrBadRequest), errors.Is(err, core.ErrNoAnswer):
		return codeBadRequest
	case errors.Is(err, planes.ErrChecksum):
		return codeShardCorrupt
	case errors.Is(err, planes.ErrUnsupported):
		return codeVersionMismatch
	case errors.As(err, &manifest):
		return codeManifestInvalid
	case errors.Is(err, planes.ErrInvalid), errors.Is(err, planes.ErrLimit),
		errors.Is(err, core.ErrNotFinite),
		errors.Is(err, core.ErrUnsupportedTemplate):
		return codeModelInvalid
	}
	return codeEngineCrashed
}

// fail makes an error the result.
func fail(code errorCode, message string) {
	// It cannot fail: there is no number, and all text is UTF-8 now.
	engine.result, _ = strictjson.Append(engine.result[:0], &struct {
		Code      string `json:"code"`
		Message   string `json:"message"`
		Retryable bool   `json:"retryable"`
	}{string(code), string([]rune(message)), code == codeShardCorrupt})
}
