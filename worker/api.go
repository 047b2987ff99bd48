package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
)

// backend is what the calls answer from: folders natively, bindings on Cloudflare. What is not
// there is fs.ErrNotExist.
type backend interface {
	// models is the list of the site's models, JSON that the build wrote.
	models(ctx context.Context) ([]byte, error)
	// object opens a file of the store of models that are kept outside the site.
	object(ctx context.Context, name string) (*object, error)
}

// corsHeaders go with every call: pages of any origin may read what everybody may have. What is not
// on a browser's own list of harmless request headers is asked for first, by OPTIONS.
var corsHeaders = map[string]string{
	"Access-Control-Allow-Origin":   "*",
	"Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
	"Cross-Origin-Resource-Policy":  "cross-origin",
}

const (
	allowedMethods = "GET, HEAD, OPTIONS"
	allowedHeaders = "If-Match, If-Modified-Since, If-None-Match, If-Range, " +
		"If-Unmodified-Since, Range"
	preflightAge = "86400" // seconds
)

// isCall reports whether a path is a call's. The modules of web/api are files beside them.
// wrangler.jsonc says the same to Cloudflare.
func isCall(path string) bool {
	return path == "/api/health" || path == "/api/models" || strings.HasPrefix(path, "/api/m/")
}

// newAPI answers the calls, the only paths that reach Go on Cloudflare: pages and shards are static
// assets there, because a new Go instance starts for every request and costs about 12 ms of CPU.
func newAPI(b backend) http.Handler {
	return guarded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range corsHeaders {
			w.Header().Set(name, value)
		}
		serveCall(w, r, b)
	}))
}

// serveCall does not use a ServeMux, which would redirect paths that it takes for untidy.
func serveCall(w http.ResponseWriter, r *http.Request, b backend) {
	path := strings.TrimPrefix(r.URL.Path, "/api/")
	switch {
	case !isCall(r.URL.Path):
		refuse(w, http.StatusNotFound, "no_such_call", "there is no such call")
	case r.Method == http.MethodOptions:
		w.Header().Set("Access-Control-Allow-Methods", allowedMethods)
		w.Header().Set("Access-Control-Allow-Headers", allowedHeaders)
		w.Header().Set("Access-Control-Max-Age", preflightAge)
		w.WriteHeader(http.StatusNoContent)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", allowedMethods)
		refuse(w, http.StatusMethodNotAllowed, "method_not_allowed", "only "+allowedMethods)
	case path == "health":
		answer(w, http.StatusOK, []byte(`{"status":"ok"}`+"\n"))
	case path == "models":
		text, err := b.models(r.Context())
		if err != nil {
			refuseError(w, err)
			return
		}
		answer(w, http.StatusOK, text)
	default:
		serveObject(w, r, b, strings.TrimPrefix(path, "m/"))
	}
}

// answer sends JSON that nobody keeps.
func answer(w http.ResponseWriter, status int, text []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	w.Write(text)
}

// refuse sends an error: a code for programs and a sentence for people, both of them our own words
// in ASCII, which Go and JSON quote alike. encoding/json would make the Worker a quarter larger.
func refuse(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, fmt.Appendf(nil, `{"error":{"code":%q,"message":%q}}`+"\n", code, message))
}

// refuseError sends an error of the backend. Its own words may name the insides of a deployment.
func refuseError(w http.ResponseWriter, err error) {
	if errors.Is(err, fs.ErrNotExist) {
		refuse(w, http.StatusNotFound, "not_found", "this site has no such file")
		return
	}
	refuse(w, http.StatusServiceUnavailable, "unavailable", "the file cannot be read now: try again")
}
