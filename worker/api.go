package main

import (
	"encoding/json"
	"net/http"
)

// newAPI answers /api/*, the only paths that reach Go on Cloudflare: pages and shards are static
// assets there, because a new Go instance starts for every request and costs about 12 ms of CPU.
func newAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/health", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusNotFound, map[string]string{"error": "no such call"})
	})
	return guarded(mux)
}

func answer(w http.ResponseWriter, status int, v map[string]string) {
	// A map of strings always marshals.
	text, _ := json.Marshal(v)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(append(text, '\n'))
}
