package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"

	"golang.org/x/time/rate"
)

// control is where tests speak to the proxy; no file of the site begins so.
const control = "/.faults/"

// Served is one answer, as GET /.faults/served lists them; DELETE forgets them.
type Served struct {
	Path  string `json:"path"`
	Fault string `json:"fault,omitempty"` // the fault it had
	Bytes int    `json:"bytes"`           // of the body, as many as were handed to the network
}

type proxy struct {
	upstream *url.URL
	mux      *http.ServeMux

	mu     sync.Mutex
	rules  Rules
	left   []int         // by rule: answers that it is still for, where Times is not 0
	line   *rate.Limiter // nil without a limit
	served []Served
}

func newProxy(upstream *url.URL) *proxy {
	p := &proxy{upstream: upstream, mux: http.NewServeMux(), served: []Served{}}
	p.mux.HandleFunc("PUT "+control+"rules", p.putRules)
	p.mux.HandleFunc("GET "+control+"served", p.getServed)
	p.mux.HandleFunc("DELETE "+control+"served", p.deleteServed)
	p.mux.HandleFunc("/", p.file)
	return p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

func (p *proxy) putRules(w http.ResponseWriter, r *http.Request) {
	rules, err := readRules(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rules, p.line = rules, limiter(rules.BytesPerSecond)
	p.left = nil
	for _, rule := range rules.Rules {
		p.left = append(p.left, rule.Times)
	}
	w.WriteHeader(http.StatusNoContent)
}

func (p *proxy) getServed(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(p.served)
}

func (p *proxy) deleteServed(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.served = []Served{}
	w.WriteHeader(http.StatusNoContent)
}

// fault gives the rule for a file's next answer, an empty one where it is served as it is, and the
// line that all answers share.
func (p *proxy) fault(file string) (Rule, *rate.Limiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, rule := range p.rules.Rules {
		if !rule.matches(file) || rule.Times > 0 && p.left[i] == 0 {
			continue
		}
		p.left[i]--
		return rule, p.line
	}
	return Rule{}, p.line
}

// file answers with a file of the server behind, and with the fault that a rule has for it.
func (p *proxy) file(w http.ResponseWriter, r *http.Request) {
	rule, line := p.fault(r.URL.Path)
	served := Served{Path: r.URL.Path, Fault: rule.name()}
	defer func() {
		p.mu.Lock()
		p.served = append(p.served, served)
		p.mu.Unlock()
	}()
	if rule.Status != 0 {
		rule.writeStatus(w)
		return
	}
	answer, body, err := p.fetch(r, r.URL.Path)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	if rule.Swap != "" {
		if _, body, err = p.fetch(r, rule.Swap); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		answer.Header.Set("Content-Length", fmt.Sprint(len(body)))
	}
	if rule.Type != "" {
		answer.Header.Set("Content-Type", rule.Type)
	}
	if rule.Flip != nil && len(body) > 0 {
		bit := *rule.Flip % (8 * len(body))
		body[bit/8] ^= 1 << (bit % 8)
	}
	end := len(body)
	for _, n := range []*int{rule.Cut, rule.Stall} {
		if n != nil {
			end = min(end, *n)
		}
	}
	if rule.BytesPerSecond != 0 {
		line = limiter(rule.BytesPerSecond)
	}
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.StatusCode)
	served.Bytes = send(r.Context(), w, body[:end], line)
	if rule.Stall != nil {
		<-r.Context().Done() // until the browser gives up
	}
	if end < len(body) {
		panic(http.ErrAbortHandler) // breaks the connection: a return would end the answer properly
	}
}

// fetch asks the server behind for a file, as the browser asked for r.
func (p *proxy) fetch(r *http.Request, file string) (*http.Response, []byte, error) {
	to := *p.upstream
	to.Path, to.RawQuery = file, r.URL.RawQuery
	request, err := http.NewRequestWithContext(r.Context(), r.Method, to.String(), nil)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	request.Header = r.Header.Clone()
	// Not a Client: redirects are the browser's.
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	return answer, body, nil
}

// send writes as fast as the line allows and gives how many bytes it handed over.
func send(ctx context.Context, w http.ResponseWriter, body []byte, line *rate.Limiter) int {
	control := http.NewResponseController(w)
	sent := 0
	for piece := range pieces(body, line) {
		if line != nil && line.WaitN(ctx, len(piece)) != nil {
			break
		}
		n, err := w.Write(piece)
		sent += n
		if err != nil || control.Flush() != nil {
			break
		}
	}
	return sent
}
