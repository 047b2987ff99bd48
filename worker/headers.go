package main

import "net/http"

// commonHeaders go with every answer of this server; web/_headers says the same to Cloudflare's
// asset server, which does not add them to what the Worker answers. The policy is the one of
// index.html and allows nothing from elsewhere. Nothing is kept without asking: these headers go
// with refusals too, and a browser that kept "not found" would show it after the file has come.
var commonHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; " +
		"worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=()",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-cache",
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

// guarded is h with the common headers on every answer, refusals among them.
func guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range commonHeaders {
			w.Header().Set(name, value)
		}
		h.ServeHTTP(w, r)
	})
}
