package planes

import (
	"errors"
	"fmt"
)

// The causes a caller can tell apart with errors.Is. Every error of this package wraps exactly one
// of them.
var (
	// ErrInvalid reports bytes that no writer of this format makes: a wrong magic, a size that does
	// not fit, a reference to nothing.
	ErrInvalid = errors.New("invalid model data")
	// ErrUnsupported reports well-formed data of a version or kind that this build does not know.
	ErrUnsupported = errors.New("unsupported model data")
	// ErrChecksum reports a shard whose SHA-256 is not the one the manifest gives: a damaged or
	// swapped file.
	ErrChecksum = errors.New("wrong checksum")
	// ErrLimit reports a size or count above the limit stated in limits.go. Nothing was allocated for
	// it.
	ErrLimit = errors.New("limit exceeded")
)

// FormatError says where in a model the bytes were wrong.
type FormatError struct {
	Shard  int    // index in the manifest's loading order, -1 when the place is the manifest
	Tensor string // name of the tensor concerned, "" when none is
	Offset int64  // byte offset in the shard, -1 when unknown
	Err    error  // cause; wraps one of the sentinels
}

func (e *FormatError) Error() string {
	place := "manifest"
	if e.Shard >= 0 {
		place = fmt.Sprintf("shard %d", e.Shard)
	}
	if e.Offset >= 0 {
		place += fmt.Sprintf(", byte %d", e.Offset)
	}
	if e.Tensor != "" {
		place += fmt.Sprintf(", tensor %q", e.Tensor)
	}
	return place + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// invalid makes a manifest error that wraps ErrInvalid.
func invalid(format string, args ...any) error {
	return tensorError("", ErrInvalid, format, args...)
}

// tooMuch makes a manifest error that wraps ErrLimit.
func tooMuch(format string, args ...any) error {
	return tensorError("", ErrLimit, format, args...)
}

// tensorError makes a manifest error that wraps cause, with the name of the tensor concerned or "".
func tensorError(name string, cause error, format string, args ...any) error {
	err := fmt.Errorf("%w: "+format, append([]any{cause}, args...)...)
	return &FormatError{Shard: -1, Offset: -1, Tensor: name, Err: err}
}

// errPairPlanes names what a later version will read.
var errPairPlanes = fmt.Errorf("%w: signed pairs of planes", ErrUnsupported)
