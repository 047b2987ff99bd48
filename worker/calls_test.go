//go:build !js

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// callTable is testdata/calls.json, which worker/test/calls.mjs tries on Cloudflare's runtime too.
// In its strings {bin} and {json} are names of objects, {BIN} is the first in capitals, {etag},
// {changed} and {size} are of the first; {before} and {after} are other dates, {models} and
// {manifest} are texts, and {any} is whatever comes.
type callTable struct {
	JSON, File map[string]string // headers that cases are "like"
	Cases      []struct {
		Name, Method, Path string
		Headers            [][2]string
		Status             int
		Part               []int   // the body: first and last byte of the object, -1 for its end
		Text               *string // the body
		Code               string  // of the error that is the body
		Like               string
		Want               map[string]string
		Absent             []string // headers
	}
}

func TestCallTable(t *testing.T) {
	text, err := os.ReadFile("testdata/calls.json")
	if err != nil {
		t.Fatal(err)
	}
	var table callTable
	if err := json.Unmarshal(text, &table); err != nil {
		t.Fatal(err)
	}
	if len(table.Cases) < 30 {
		t.Fatalf("%d cases", len(table.Cases))
	}
	store, names, shard, manifest := tinyStore(t)
	const models = `{"models":[]}`
	root := folder(t, fstest.MapFS{
		"index.html":  {Data: []byte("page")},
		"models.json": {Data: []byte(models)},
	})
	site, err := openFiles(root, "", store)
	if err != nil {
		t.Fatal(err)
	}
	defer site.close()
	server := httptest.NewServer(newHandler(site, loopback))
	defer server.Close()

	info, err := os.Stat(filepath.Join(store, names[0]))
	if err != nil {
		t.Fatal(err)
	}
	changed := info.ModTime().UTC()
	hash, _, _ := strings.Cut(names[0], ".")
	fill := strings.NewReplacer("{bin}", names[0], "{json}", names[1],
		"{BIN}", strings.ToUpper(hash)+".bin", "{etag}", `"`+hash+`"`,
		"{size}", fmt.Sprint(len(shard)), "{models}", models, "{manifest}", string(manifest),
		"{changed}", changed.Format(http.TimeFormat),
		"{before}", changed.Add(-time.Hour).Format(http.TimeFormat),
		"{after}", changed.Add(time.Hour).Format(http.TimeFormat)).Replace
	for _, c := range table.Cases {
		t.Run(c.Name, func(t *testing.T) {
			r, err := http.NewRequest(c.Method, server.URL+fill(c.Path), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range c.Headers {
				r.Header.Add(h[0], fill(h[1]))
			}
			answer, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			got, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != c.Status {
				t.Errorf("status %d, want %d", answer.StatusCode, c.Status)
			}
			want := map[string]string{}
			for _, headers := range []map[string]string{
				map[string]map[string]string{"json": table.JSON, "file": table.File}[c.Like], c.Want,
			} {
				for name, value := range headers {
					want[name] = fill(value)
				}
			}
			for name, value := range want {
				if h := answer.Header.Get(name); h != value && (value != "{any}" || h == "") {
					t.Errorf("%s is %q, want %q", name, h, value)
				}
			}
			for _, name := range c.Absent {
				if h := answer.Header.Values(name); len(h) > 0 {
					t.Errorf("%s is %q, want none", name, h)
				}
			}
			switch {
			case c.Part != nil:
				last := c.Part[1]
				if last < 0 {
					last += len(shard)
				}
				if string(got) != string(shard[c.Part[0]:last+1]) {
					t.Errorf("%d bytes that are not %d to %d", len(got), c.Part[0], last)
				}
			case c.Text != nil:
				if string(got) != fill(*c.Text) {
					t.Errorf("%q, want %q", got, fill(*c.Text))
				}
			default:
				var refusal struct {
					Error struct{ Code, Message string }
				}
				err := json.Unmarshal(got, &refusal)
				if err != nil || refusal.Error.Code != c.Code || refusal.Error.Message == "" {
					t.Errorf("%q, %v, want the code %s", got, err, c.Code)
				}
			}
		})
	}
}

// tinyStore is a folder with the tiny model's shard and manifest, named by their hashes.
func tinyStore(t *testing.T) (dir string, names [2]string, shard, manifest []byte) {
	t.Helper()
	found, err := filepath.Glob("../models/tiny/*.bin")
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	dir = t.TempDir()
	read := func(file, kind string) (string, []byte) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		name := hex.EncodeToString(sum[:]) + kind
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
		return name, data
	}
	names[0], shard = read(found[0], ".bin")
	names[1], manifest = read("../models/tiny/manifest.json", ".json")
	return dir, names, shard, manifest
}

func TestSingleRange(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "bytes": "", "bytes=": "", "=0-1": "", "bytes=-": "", "bytes=--1": "", "bytes=1-2-3": "",
		"bytes=0-1,": "", "bytes=0x1-2": "", "bytes=٣-٤": "", "bytes=2-1": "", "bytes=10-9": "",
		"bytes=1-": "bytes=1-", "bytes=-1": "bytes=-1", "bytes=9-10": "bytes=9-10",
		"bytes=00-000": "bytes=0-0", "bytes=-0": "bytes=" + farthest + "-",
		"bytes=0-9999999999999999999999": "bytes=0-" + farthest,
		"bytes=-99999999999999999999999": "bytes=-" + farthest,
		" Bytes=\t1-2 ":                  "bytes=1-2",
	} {
		if got := singleRange(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestBackendErrors: words of the backend's own are not for visitors.
func TestBackendErrors(t *testing.T) {
	dir := t.TempDir()
	site, err := openFiles(dir, "", dir)
	if err != nil {
		t.Fatal(err)
	}
	site.close() // whatever is read now fails
	for path, status := range map[string]int{
		"/api/models": 503, "/api/m/" + strings.Repeat("0", 64) + ".bin": 503, "/api/health": 200,
	} {
		w := httptest.NewRecorder()
		newAPI(site).ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != status || strings.Contains(w.Body.String(), "closed") ||
			w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v %s", path, w.Code, w.Header(), w.Body)
		}
	}
}
