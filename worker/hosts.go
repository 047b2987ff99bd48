//go:build !js

package main

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// hosts are those that requests may be for. A page elsewhere can let its own name resolve to this
// machine and would then be of one origin with this server; but its requests still carry that name.
type hosts struct {
	names     []string
	addresses bool // any IP address too: nobody can let one resolve to another machine
}

// loopback are the names by which a browser on this machine asks for this machine.
var loopback = hosts{names: []string{"localhost", "127.0.0.1", "::1"}}

// hostName is a Host header without its port and without an IPv6 address's brackets.
func hostName(host string) string {
	return strings.ToLower((&url.URL{Host: host}).Hostname())
}

func (h *hosts) allow(host string) bool {
	name := hostName(host)
	return slices.Contains(h.names, name) || h.addresses && net.ParseIP(name) != nil
}

// add adds a name or an address.
func (h *hosts) add(name string) error {
	if name == "" || hostName(name) != strings.Trim(strings.ToLower(name), "[]") {
		return errors.New("want a name or an address, without a port")
	}
	h.names = append(slices.Clip(h.names), hostName(name))
	return nil
}

// forHosts is h for requests to these hosts, at any port.
func forHosts(allowed hosts, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowed.allow(r.Host) {
			http.Error(w, "this server answers requests to localhost, 127.0.0.1 and [::1] alone; "+
				"start it with -host NAME to allow another name", http.StatusMisdirectedRequest)
			return
		}
		h.ServeHTTP(w, r)
	})
}
