package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
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
	answer, err := p.fetch(r, r.URL.Path)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	// Passed on as it comes, for the line alone is to say how long a file takes; read whole where
	// something is done to it.
	body, broken := io.Reader(answer.Body), false
	if rule.name() != "" {
		whole, end, err := p.damaged(r, rule, answer)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		body, broken = bytes.NewReader(whole[:end]), end < len(whole)
	}
	if rule.BytesPerSecond != 0 {
		line = limiter(rule.BytesPerSecond)
	}
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	served.Bytes = send(r.Context(), w, body, line)
	if rule.Stall != nil {
		<-r.Context().Done() // until the browser gives up
	}
	if broken {
		panic(http.ErrAbortHandler) // breaks the connection: a return would end the answer properly
	}
}

// damaged reads an answer's body and does to it, and to the head, what a rule says: of the body
// only the bytes before end are to be sent.
func (p *proxy) damaged(r *http.Request, rule Rule, answer *http.Response) (body []byte, end int,
	err error) {
	if rule.Swap != "" {
		other, err := p.fetch(r, rule.Swap)
		if err != nil {
			return nil, 0, err
		}
		defer other.Body.Close()
		answer.Body = other.Body
	}
	if body, err = io.ReadAll(answer.Body); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", r.URL.Path, err)
	}
	if rule.Swap != "" {
		answer.Header.Set("Content-Length", fmt.Sprint(len(body)))
	}
	if rule.Type != "" {
		answer.Header.Set("Content-Type", rule.Type)
	}
	if rule.Flip != nil && len(body) > 0 {
		bit := *rule.Flip % (8 * len(body))
		body[bit/8] ^= 1 << (bit % 8)
	}
	end = len(body)
	for _, n := range []*int{rule.Cut, rule.Stall} {
		if n != nil {
			end = min(end, *n)
		}
	}
	return body, end, nil
}

// fetch asks the server behind for a file, as the browser asked for r. The caller closes its body.
func (p *proxy) fetch(r *http.Request, file string) (*http.Response, error) {
	to := *p.upstream
	to.Path, to.RawQuery = file, r.URL.RawQuery
	request, err := http.NewRequestWithContext(r.Context(), r.Method, to.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	request.Header = r.Header.Clone()
	// Not a Client: redirects are the browser's.
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return answer, nil
}

// send writes as fast as the line allows and gives how many bytes it handed over.
func send(ctx context.Context, w http.ResponseWriter, body io.Reader, line *rate.Limiter) int {
	control := http.NewResponseController(w)
	piece := make([]byte, pieceBytes(line))
	for sent := 0; ; {
		n, err := body.Read(piece)
		if line != nil && line.WaitN(ctx, n) != nil {
			return sent
		}
		written, failed := w.Write(piece[:n])
		sent += written
		if failed != nil || control.Flush() != nil || err != nil {
			return sent
		}
	}
}
