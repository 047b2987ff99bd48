// Package request holds the one error that every refusal of a caller's request wraps, so that the
// packages below core can give it without importing core.
package request

import "errors"

// ErrBad reports a setting or message that the caller must change. It is core.ErrBadRequest.
var ErrBad = errors.New("bad request")
