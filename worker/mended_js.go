//go:build js

package main

import (
	"io"
	"net"
	"net/http"
	"strings"
	"syscall/js"
)

// mended is h with requests and a writer as net/http's own server gives them. syumai/workers
// v0.32.0 cuts every header at its commas, leaves URL absolute and RequestURI, Proto and
// RemoteAddr's port empty, lets a later status replace an earlier one, and gives a HEAD with
// Content-Length a body of so many bytes, which never come.
func mended(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, pieces := range r.Header {
			r.Header[name] = []string{strings.Join(pieces, ",")}
		}
		if r.Host == "" {
			r.Host = r.URL.Host
		}
		r.Header.Del("Host")
		r.URL.Scheme, r.URL.Host = "", ""
		r.RequestURI = r.URL.RequestURI()
		r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
		r.RemoteAddr = net.JoinHostPort(r.RemoteAddr, "0")
		r.TransferEncoding = nil
		writer := &mendedWriter{ResponseWriter: w}
		if r.Method == http.MethodHead {
			writer.passOn(js.Null())
		}
		h.ServeHTTP(writer, r)
	})
}

// mendedWriter is the writer of one answer.
type mendedWriter struct {
	http.ResponseWriter
	began  bool
	passed bool // the body is JavaScript's, or there is none
}

func (w *mendedWriter) WriteHeader(status int) {
	if !w.began {
		w.began = true
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *mendedWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.passed {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// passOn gives the answer a stream of JavaScript's as its body, or null. Its bytes do not come
// through Go, where they would cost CPU.
func (w *mendedWriter) passOn(stream js.Value) {
	w.ResponseWriter.(interface{ WriteRawJSBody(js.Value) }).WriteRawJSBody(stream)
	w.passed = true
}

// ReadFrom is what http.ServeContent comes to with a part of an object, which is passed on.
func (w *mendedWriter) ReadFrom(r io.Reader) (int64, error) {
	part, ok := r.(*io.LimitedReader)
	if !ok {
		return io.Copy(struct{ io.Writer }{w}, r)
	}
	stored, ok := part.R.(*stored)
	if !ok || part.N == 0 {
		return io.Copy(struct{ io.Writer }{w}, r)
	}
	stream, err := stored.stream(part.N)
	if err != nil {
		// Nothing has been sent: status and headers can still change.
		for _, name := range []string{"Accept-Ranges", "Content-Range", "ETag", "Last-Modified"} {
			w.Header().Del(name)
		}
		w.began = false
		refuseError(w, err)
		return 0, err
	}
	w.passOn(stream)
	return part.N, nil
}
