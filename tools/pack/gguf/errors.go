package gguf

import (
	"errors"
	"fmt"
)

// Causes of refusal, to be told apart with errors.Is.
var (
	// ErrInvalid means that the file contradicts itself or the format:
	// usually it is cut short, damaged, or no GGUF file at all.
	ErrInvalid = errors.New("invalid")
	// ErrUnsupported means that the file may be sound but uses something that
	// is not read here, which the message names.
	ErrUnsupported = errors.New("unsupported")
	// ErrLimit means that a count or size is above a limit of this package.
	ErrLimit = errors.New("over limit")
)

// A FormatError says what is wrong with a file and where. Err wraps one of the
// sentinels above, or the error of the underlying reader.
type FormatError struct {
	Name   string // metadata key or tensor name, empty when not yet known
	Offset int64  // byte offset in the file, -1 when there is no one place
	Err    error
}

func (e *FormatError) Error() string {
	s := "gguf: "
	if e.Name != "" {
		s += fmt.Sprintf("%q: ", e.Name)
	}
	if e.Offset >= 0 {
		s += fmt.Sprintf("byte %d: ", e.Offset)
	}
	return s + e.Err.Error()
}

func (e *FormatError) Unwrap() error { return e.Err }

// invalidf, unsupportedf and limitf word a cause under its sentinel.
func invalidf(format string, a ...any) error     { return causef(ErrInvalid, format, a...) }
func unsupportedf(format string, a ...any) error { return causef(ErrUnsupported, format, a...) }
func limitf(format string, a ...any) error       { return causef(ErrLimit, format, a...) }

func causef(sentinel error, format string, a ...any) error {
	return fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, a...))
}
