package main

import (
	"net/http"
	"strings"
)

// commonHeaders go with every answer of this server; web/_headers says the same to Cloudflare's
// asset server, which does not add them to what the Worker answers. The policy is the one of
// index.html and allows nothing from elsewhere. Nothing is kept without asking: these headers go
// with refusals too, and a browser that kept "not found" would show it after the file has come.
var commonHeaders = map[string]string{
	"Content-Security-Policy":      policy + "; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=()",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-cache",
}

const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " +
	"connect-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"base-uri 'none'; form-action 'none'"

// embedded are the headers of what other sites have in their pages, in the place of the common ones
// of the same name. A frame needs a policy of its own, since of two both would hold; and where the
// page around requires it, the frame must allow itself to be embedded.
var embedded = []struct {
	pattern string // a path, or all that begin with what is before the asterisk
	headers map[string]string
}{
	{"/embed.js", script},
	{"/embed.v1.js", script},
	{"/embed/*", map[string]string{
		"Content-Security-Policy":      policy + "; frame-ancestors *",
		"Cross-Origin-Resource-Policy": "cross-origin",
	}},
}

// script lets a page of any origin load a module.
var script = map[string]string{
	"Cross-Origin-Resource-Policy": "cross-origin",
	"Access-Control-Allow-Origin":  "*",
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
	".md":   "text/markdown; charset=utf-8",
	".txt":  "text/plain; charset=utf-8", // as RFC 9116 wants it of security.txt
}

// guarded is h with the headers of its path on every answer, refusals among them.
func guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		set := func(headers map[string]string) {
			for name, value := range headers {
				w.Header().Set(name, value)
			}
		}
		set(commonHeaders)
		for _, rule := range embedded {
			before, whole := strings.CutSuffix(rule.pattern, "*")
			if r.URL.Path == rule.pattern || whole && strings.HasPrefix(r.URL.Path, before) {
				set(rule.headers)
			}
		}
		h.ServeHTTP(w, r)
	})
}
