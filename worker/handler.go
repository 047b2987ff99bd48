//go:build !js

package main

import (
	"io/fs"
	"net/http"
	"strings"
)

// securityHeaders go with every page and file. The policy is the one of index.html and allows nothing from elsewhere.
var securityHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
		"style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=()",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
}

// contentTypes are set by hand: the system's own table differs from machine to machine.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".json": "application/json",
	".wasm": "application/wasm",
	".bin":  "application/octet-stream",
	".png":  "image/png",
}

// newHandler serves the built site and the calls: shards, whose names are hashes, for ever, and everything else with
// revalidation.
func newHandler(site fs.FS) http.Handler {
	files, api := http.FileServerFS(site), newAPI()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			api.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
			return
		}
		for name, value := range securityHeaders {
			w.Header().Set(name, value)
		}
		name := r.URL.Path
		if strings.HasSuffix(name, "/") {
			// No listings: a folder is its index.html or nothing.
			name += "index.html"
			if _, err := fs.Stat(site, strings.TrimPrefix(name, "/")); err != nil {
				http.NotFound(w, r)
				return
			}
		}
		if dot := strings.LastIndexByte(name, '.'); dot >= 0 && contentTypes[name[dot:]] != "" {
			w.Header().Set("Content-Type", contentTypes[name[dot:]])
		}
		w.Header().Set("Cache-Control", "no-cache")
		if strings.HasSuffix(name, ".bin") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		files.ServeHTTP(w, r)
	})
}
