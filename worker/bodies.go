//go:build !js

package main

import (
	"net/http"
	"time"
)

// longAgo is a deadline that has passed.
var longAgo = time.Unix(1, 0)

// withoutBodies is h, which reads no request's body. net/http would wait for such a body, in order
// to use the connection again. Here what has not come with the header is not waited for, nor asked
// for by "100 Continue", and the connection ends with the answer.
func withoutBodies(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 { // -1 where the length is not known
			w.Header().Set("Connection", "close")
			http.NewResponseController(w).SetReadDeadline(longAgo)
			r.Body.Close()
		}
		h.ServeHTTP(w, r)
	})
}
