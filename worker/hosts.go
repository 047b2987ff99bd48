//go:build !js

package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// loopbackHosts are the names by which a browser on this machine asks for this machine.
var loopbackHosts = []string{"localhost", "127.0.0.1", "::1"}

// hostName is a Host header without its port and without an IPv6 address's brackets.
func hostName(host string) string {
	return strings.ToLower((&url.URL{Host: host}).Hostname())
}

// forHosts is h for requests to one of these names, at any port. A page elsewhere can let its own
// name resolve to this machine and would then be of one origin with this server; but its requests
// still carry that name.
func forHosts(names []string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(names, hostName(r.Host)) {
			http.Error(w, "this server answers requests to localhost, 127.0.0.1 and [::1] alone; "+
				"start it with -host NAME to allow another name", http.StatusMisdirectedRequest)
			return
		}
		h.ServeHTTP(w, r)
	})
}
