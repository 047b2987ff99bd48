//go:build !js

package main

import (
	"errors"
	"net/http"
	"path"
	"strings"
	"syscall"
)

// newHandler serves the built site, own models and the calls to requests for these host names.
func newHandler(site *files, allowed hosts) http.Handler {
	api := newAPI(site)
	return guarded(forHosts(allowed, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case isCall(r.URL.Path):
			api.ServeHTTP(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		default:
			name := strings.TrimPrefix(r.URL.Path, "/")
			if name == "" || strings.HasSuffix(name, "/") {
				name += "index.html" // no listings: a folder is its index.html or nothing
			}
			serveFile(w, r, site, name)
		}
	})))
}

// serveFile is http.ServeFileFS without its redirections: /index.html is an address like any other.
func serveFile(w http.ResponseWriter, r *http.Request, site *files, name string) {
	f, info, err := site.open(name)
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		http.Error(w, "too many open files: try again", http.StatusServiceUnavailable)
		return
	}
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	kind := contentTypes[path.Ext(name)]
	if kind == "" {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	http.ServeContent(w, r, name, info.ModTime(), f)
}
