//go:build !js

package main

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"
)

var site = fstest.MapFS{
	"index.html":                {Data: []byte("<!doctype html>page")},
	"engine.js":                 {Data: []byte("export {};")},
	"style.css":                 {Data: []byte("body{}")},
	"spikechat-simd.wasm":       {Data: []byte("\x00asm\x01\x00\x00\x00")},
	"icon.png":                  {Data: []byte("\x89PNG")},
	".well-known/security.txt":  {Data: []byte("Contact: x")},
	"notes":                     {Data: []byte("<script>alert(1)</script>")},
	"models/tiny/manifest.json": {Data: []byte("{}")},
	"models/tiny/00ff.bin":      {Data: []byte("0123456789")},
	"api/engine.js":             {Data: []byte("export {};")},
	"embed/index.html":          {Data: []byte("<!doctype html>frame")},
}

func get(t *testing.T, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "http://localhost/", nil)
	// Set by hand: NewRequest and clients clean a path, and a hostile client does not.
	r.URL.Path = target
	r.Host = "localhost" // NewRequest leaves it out for CONNECT
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	newHandler(onDisk(t), loopback).ServeHTTP(w, r)
	return w.Result()
}

// onDisk is the site as the worker sees it.
func onDisk(t *testing.T) *files {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, site); err != nil {
		t.Fatal(err)
	}
	f, err := openFiles(dir, "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.close)
	return f
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFiles(t *testing.T) {
	for _, c := range []struct{ path, kind, text string }{
		{"/", "text/html; charset=utf-8", "<!doctype html>page"},
		{"/index.html", "text/html; charset=utf-8", "<!doctype html>page"},
		{"/embed/", "text/html; charset=utf-8", "<!doctype html>frame"},
		{"/engine.js", "text/javascript; charset=utf-8", "export {};"},
		{"/api/engine.js", "text/javascript; charset=utf-8", "export {};"}, // not a call
		{"/style.css", "text/css; charset=utf-8", "body{}"},
		{"/spikechat-simd.wasm", "application/wasm", "\x00asm\x01\x00\x00\x00"},
		{"/icon.png", "image/png", "\x89PNG"},
		{"/.well-known/security.txt", "text/plain; charset=utf-8", "Contact: x"},
		{"/notes", "application/octet-stream", "<script>alert(1)</script>"},
		{"/models/tiny/manifest.json", "application/json", "{}"},
		{"/models/tiny/00ff.bin", "application/octet-stream", "0123456789"},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			r := get(t, method, c.path)
			text := body(t, r)
			if method == "HEAD" && text == "" {
				text = c.text
			}
			h := r.Header
			if r.StatusCode != 200 || h.Get("Content-Type") != c.kind || text != c.text ||
				h.Get("Cache-Control") != "no-cache" || r.ContentLength != int64(len(c.text)) {
				t.Errorf("%s %s: %d %v, %d bytes %q", method, c.path, r.StatusCode, h, r.ContentLength, text)
			}
		}
	}
}

// TestEveryAnswerIsGuarded: pages, files, refusals and calls alike.
func TestEveryAnswerIsGuarded(t *testing.T) {
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/", 200}, {"GET", "/models/tiny/00ff.bin", 200}, {"GET", "/missing", 404},
		{"POST", "/", 405}, {"GET", "/api/health", 200}, {"GET", "/api/m/x", 404},
		{"GET", "/api/x", 404},
	} {
		r := get(t, c.method, c.path)
		policy := r.Header.Get("Content-Security-Policy")
		for _, want := range []string{
			"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "connect-src 'self'",
			"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
		} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s %s: policy %q lacks %q", c.method, c.path, policy, want)
			}
		}
		for _, never := range []string{
			"'unsafe-eval'", "'unsafe-inline'", "*", "http:", "https:", "blob:",
		} {
			if strings.Contains(policy, never) {
				t.Errorf("%s %s: policy %q allows %s", c.method, c.path, policy, never)
			}
		}
		readers := "same-origin"
		if isCall(c.path) {
			readers = "cross-origin" // calls are for pages of any origin
		}
		if r.StatusCode != c.status || r.Header.Get("X-Content-Type-Options") != "nosniff" ||
			r.Header.Get("Referrer-Policy") != "no-referrer" ||
			r.Header.Get("Cross-Origin-Resource-Policy") != readers {
			t.Errorf("%s %s: %d %v", c.method, c.path, r.StatusCode, r.Header)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, path := range []string{
		"/missing.js", "/missing.bin", "/index.htm", "/engine.js/", "/models", "/models/",
		"/models/tiny", "/models/tiny/", "/embed", "//", "/api/", "/api/x",
		"/api//health", "/api/health/",
		"/../index.html/..", "/../../etc/passwd",
		"/..", "/.", "/./index.html", "/models/../index.html", "/models//tiny/manifest.json",
		"/..%2f..%2fetc/passwd", "/\\..\\..\\windows", "/index.html\x00.js",
		"/" + strings.Repeat("a/", 10000),
	} {
		r := get(t, "GET", path)
		text := body(t, r)
		if r.StatusCode != 404 || strings.Contains(text, "doctype") ||
			r.Header.Get("Content-Type") != "text/plain; charset=utf-8" ||
			r.Header.Get("Cache-Control") != "no-cache" || r.Header.Get("Location") != "" {
			t.Errorf("%.60q: %d %v %q", path, r.StatusCode, r.Header, text)
		}
	}
}

func TestMethods(t *testing.T) {
	for _, method := range []string{
		"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get",
	} {
		if r := get(t, method, "/"); r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d, Allow %q", method, r.StatusCode, r.Header.Get("Allow"))
		}
	}
}

func TestRevalidationAndRanges(t *testing.T) {
	r := get(t, "GET", "/engine.js")
	date := r.Header.Get("Last-Modified")
	r = get(t, "GET", "/engine.js", "If-Modified-Since", date)
	if date == "" || r.StatusCode != 304 || body(t, r) != "" {
		t.Errorf("asked since %q: %d", date, r.StatusCode)
	}
	r = get(t, "GET", "/models/tiny/00ff.bin", "Range", "bytes=2-4")
	if r.StatusCode != 206 || body(t, r) != "234" {
		t.Errorf("range: %d", r.StatusCode)
	}
	r = get(t, "GET", "/models/tiny/00ff.bin", "Range", "bytes=20-")
	if r.StatusCode != 416 {
		t.Errorf("range past the end: %d", r.StatusCode)
	}
}

func TestCalls(t *testing.T) {
	const (
		notFound = `{"error":{"code":"not_found","message":"this site has no such file"}}`
		notHash  = `{"error":{"code":"not_found","message":"want a SHA-256 and .bin or .json"}}`
	)
	for _, c := range []struct {
		method, path string
		status       int
		text         string
	}{
		{"GET", "/api/health", 200, `{"status":"ok"}`},
		{"GET", "/api/models", 404, notFound},
		{"GET", "/api/m/x", 404, notHash},
	} {
		r := get(t, c.method, c.path)
		text, h := strings.TrimSpace(body(t, r)), r.Header
		if r.StatusCode != c.status || text != c.text ||
			h.Get("Content-Type") != "application/json" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s: %d %v %s", c.method, c.path, r.StatusCode, h, text)
		}
	}
	if r := get(t, "POST", "/api/health"); r.StatusCode == 200 {
		t.Error("POST /api/health is answered")
	}
}

// TestCallsAreGuarded: on Cloudflare the calls are answered without the server around them.
func TestCallsAreGuarded(t *testing.T) {
	for _, path := range []string{"/api/health", "/api/x"} {
		w := httptest.NewRecorder()
		newAPI(onDisk(t)).ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		for name, want := range commonHeaders {
			switch name {
			case "Cache-Control":
				want = "no-store" // a call's answer is of its moment
			case "Cross-Origin-Resource-Policy":
				want = "cross-origin"
			}
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}

// TestEveryKindOfFileHasAType: a browser refuses modules and style sheets of no type.
func TestEveryKindOfFileHasAType(t *testing.T) {
	err := filepath.WalkDir("../web", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (name == "../web/test" || name == "../web/examples"):
			return fs.SkipDir
		case entry.IsDir() || strings.HasSuffix(name, ".d.ts"): // which no browser loads
			return nil
		}
		if kind := filepath.Ext(name); kind != "" && contentTypes[kind] == "" {
			t.Errorf("%s would be application/octet-stream", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestCloudflareSendsTheSameHeaders holds web/_headers, which Cloudflare's asset server reads, to
// the table of this server.
func TestCloudflareSendsTheSameHeaders(t *testing.T) {
	text, err := os.ReadFile("../web/_headers")
	if err != nil {
		t.Fatal(err)
	}
	rules, detached := map[string]map[string]string{}, map[string][]string{}
	var paths []string
	path := ""
	for line := range strings.Lines(string(text)) {
		line, indented := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "  ")
		name, value, found := strings.Cut(line, ": ")
		if other, ok := strings.CutPrefix(line, "! "); ok {
			detached[path] = append(detached[path], other)
		} else if !indented && line != "" {
			path = line
			paths = append(paths, path)
			rules[path] = map[string]string{}
		} else if found {
			rules[path][name] = value
		} else if line != "" {
			t.Errorf("no header: %q", line)
		}
	}
	want, order := map[string]map[string]string{"/*": commonHeaders}, []string{"/*"}
	for _, rule := range embedded {
		want[rule.pattern] = rule.headers
		order = append(order, rule.pattern)
	}
	if !reflect.DeepEqual(rules, want) || !slices.Equal(paths, order) {
		t.Errorf("web/_headers says %v, want %v", rules, want)
	}
	// Cloudflare joins the values of two rules, and of two policies both hold: a rule that is to
	// have its own takes the common one away.
	for path, headers := range rules {
		var twice []string
		for name := range headers {
			if path != "/*" && commonHeaders[name] != "" {
				twice = append(twice, name)
			}
		}
		slices.Sort(twice)
		if !slices.Equal(detached[path], twice) {
			t.Errorf("web/_headers takes %q away from %s, want %q", detached[path], path, twice)
		}
	}
}

// TestEmbedding: what other sites embed says that they may, once, and nothing else does.
func TestEmbedding(t *testing.T) {
	for _, c := range []struct{ path, ancestors, readers, origins string }{
		{"/", "'none'", "same-origin", ""},
		{"/page.js", "'none'", "same-origin", ""},
		{"/embed.js", "'none'", "cross-origin", "*"},
		{"/embed.v1.js", "'none'", "cross-origin", "*"},
		{"/embed.v2.js", "'none'", "same-origin", ""},
		{"/embed", "'none'", "same-origin", ""},
		{"/embedded", "'none'", "same-origin", ""},
		{"/embed/", "*", "cross-origin", ""},
		{"/embed/missing", "*", "cross-origin", ""},
	} {
		h := get(t, "GET", c.path).Header
		policies := h.Values("Content-Security-Policy")
		if len(policies) != 1 || !strings.HasSuffix(policies[0], "; frame-ancestors "+c.ancestors) ||
			h.Get("Cross-Origin-Resource-Policy") != c.readers ||
			h.Get("Access-Control-Allow-Origin") != c.origins ||
			h.Get("Cross-Origin-Embedder-Policy") != "require-corp" {
			t.Errorf("%s: %v", c.path, h)
		}
	}
}

// TestHostingFiles holds the settings for other servers in docs/hosting to what they must say.
func TestHostingFiles(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile("../docs/hosting/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	nginx := read("nginx.conf")
	sends := func(headers map[string]string) {
		for name, value := range headers {
			if !strings.Contains(nginx, " "+name+" "+value+" always;") &&
				!strings.Contains(nginx, " "+name+` "`+value+`" always;`) &&
				!strings.Contains(nginx, ` "`+value+`";`) { // of a map
				t.Errorf("nginx.conf does not send %s: %s", name, value)
			}
		}
	}
	sends(commonHeaders)
	for _, rule := range embedded {
		sends(rule.headers)
	}
	var netlify struct {
		Build struct {
			Publish, Command string
			Processing       struct {
				Skip bool `toml:"skip_processing"`
			}
		}
	}
	meta, err := toml.Decode(read("netlify.toml"), &netlify)
	if err != nil || len(meta.Undecoded()) > 0 || netlify.Build.Publish != "dist" {
		t.Errorf("netlify.toml: %v, %v, %+v", err, meta.Undecoded(), netlify)
	}
}
