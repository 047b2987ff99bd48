package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"path"
	"strings"
	"time"
)

// object is a file of the store, open. Its content is read from where it was sought to.
type object struct {
	etag    string // quoted
	changed time.Time
	content io.ReadSeekCloser
}

// objectName reports whether a name is that of an object: the SHA-256 of its bytes in lower-case
// hexadecimal digits, and the ending of a shard or of a manifest.
func objectName(name string) bool {
	hash, kind, _ := strings.Cut(name, ".")
	_, err := hex.DecodeString(hash)
	return len(hash) == 2*sha256.Size && err == nil && hash == strings.ToLower(hash) &&
		(kind == "bin" || kind == "json")
}

// serveObject sends an object, or the part of it that is asked for, by RFC 9110: preconditions in
// the order of 13.2.2, which are http.ServeContent's, and ranges as singleRange says.
func serveObject(w http.ResponseWriter, r *http.Request, b backend, name string) {
	if !objectName(name) {
		refuse(w, http.StatusNotFound, "not_found", "want a SHA-256 and .bin or .json")
		return
	}
	o, err := b.object(r.Context(), name)
	if err != nil {
		refuseError(w, err)
		return
	}
	defer o.content.Close()
	w.Header().Set("Content-Type", contentTypes[path.Ext(name)])
	w.Header().Set("ETag", o.etag)
	// The name is the hash of the bytes. Refusals have their own header, from errorsAsJSON.
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(&errorsAsJSON{ResponseWriter: w}, tidyRequest(r), name, o.changed, o.content)
}

// conditional are the request headers that decide what is sent. Each is one field by RFC 9110,
// also where it comes as several lines.
var conditional = []string{
	"If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Range",
}

// tidyRequest is r with each conditional header on one line, and with a range only where one is to
// be answered.
func tidyRequest(r *http.Request) *http.Request {
	plain := r.Clone(r.Context())
	for _, name := range conditional {
		if lines := plain.Header.Values(name); len(lines) > 1 {
			plain.Header.Set(name, strings.Join(lines, ", "))
		}
	}
	asked := singleRange(plain.Header.Get("Range"))
	if asked == "" || r.Method != http.MethodGet { // 14.2: ranges are defined for GET alone
		plain.Header.Del("Range")
	} else {
		plain.Header.Set("Range", asked)
	}
	return plain
}

// farthest is a position that no object has, and that http.ServeContent can read.
const farthest = "999999999999999999"

// singleRange is a Range header in the form that http.ServeContent reads right, or "" where the
// header is to be ignored: it is malformed, is of another unit than bytes, or asks for several
// ranges (RFC 9110, 14.2, lets a server ignore those; no loader asks for them).
func singleRange(text string) string {
	unit, spec, found := strings.Cut(strings.Trim(text, " \t"), "=")
	first, last, dash := strings.Cut(strings.Trim(spec, " \t"), "-")
	from, fromOK := position(first)
	to, toOK := position(last)
	switch {
	case !found || !dash || !strings.EqualFold(unit, "bytes") || !fromOK || !toOK:
		return ""
	case from == "" && to == "":
		return ""
	case from == "" && to == "0": // the last 0 bytes: valid, and nothing can satisfy it
		return "bytes=" + farthest + "-"
	case from != "" && to != "" && less(to, from):
		return ""
	}
	return "bytes=" + from + "-" + to
}

// position is a number of bytes without leading zeros, at most farthest; "" of "".
func position(digits string) (number string, ok bool) {
	notDigit := func(c rune) bool { return c < '0' || c > '9' }
	if strings.ContainsFunc(digits, notDigit) {
		return "", false
	}
	if number = strings.TrimLeft(digits, "0"); number == "" && digits != "" {
		number = "0"
	}
	if less(farthest, number) {
		number = farthest
	}
	return number, true
}

// less compares two numbers without leading zeros, of any length.
func less(a, b string) bool {
	return len(a) < len(b) || len(a) == len(b) && a < b
}

// errorsAsJSON turns the refusals of http.ServeContent into ours. Other answers, their bodies
// among them, pass through it.
type errorsAsJSON struct {
	http.ResponseWriter
	refused bool
}

func (w *errorsAsJSON) WriteHeader(status int) {
	if status < http.StatusBadRequest {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.refused = true
	for _, name := range []string{"ETag", "Last-Modified", "Accept-Ranges"} {
		w.Header().Del(name)
	}
	switch status {
	case http.StatusPreconditionFailed:
		refuse(w.ResponseWriter, status, "precondition_failed", "the file is another")
	case http.StatusRequestedRangeNotSatisfiable:
		refuse(w.ResponseWriter, status, "range_not_satisfiable", "the file ends before")
	default:
		refuse(w.ResponseWriter, status, "unavailable", http.StatusText(status))
	}
}

func (w *errorsAsJSON) Write(p []byte) (int, error) {
	if w.refused {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// ReadFrom lets the writer below see what is sent: it may have a shorter way.
func (w *errorsAsJSON) ReadFrom(r io.Reader) (int64, error) {
	if w.refused {
		return io.Copy(io.Discard, r)
	}
	return io.Copy(w.ResponseWriter, r)
}
