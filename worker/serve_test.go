//go:build !js

package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// start runs the command over a folder until the test ends, and gives its address, which ends
// with a slash.
func start(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	var stderr bytes.Buffer
	done := make(chan int)
	go func() {
		code := run(ctx, append([]string{"-port", "0"}, args...), in, &stderr)
		in.Close()
		done <- code
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-done; code != exitOK {
			t.Errorf("the server ended with %d: %s", code, &stderr)
		}
	})
	lines := bufio.NewReader(out)
	line, _ := lines.ReadString('\n')
	go io.Copy(io.Discard, lines) // what it says more must not block it
	address, _ := strings.CutPrefix(strings.TrimSpace(line), "SpikeChat is at ")
	address, _, _ = strings.Cut(address, "?")
	return address
}

// fetch asks for a path under another Host, or under the address's own if that is "".
func fetch(t *testing.T, address, path, host string) (status int, text string, h http.Header) {
	t.Helper()
	r, err := http.NewRequest("GET", address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	client := &http.Client{Timeout: 10 * time.Second}
	answer, err := client.Do(r)
	if err != nil {
		t.Errorf("/%s: %v", path, err)
		return 0, "", nil
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Errorf("/%s: %v", path, err)
	}
	return answer.StatusCode, string(all), answer.Header
}

// folder is a new folder with these files.
func folder(t *testing.T, content fstest.MapFS) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, content); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOnlyVisitorsFilesAreServed(t *testing.T) {
	dir := folder(t, fstest.MapFS{
		"index.html":               {Data: []byte("page")},
		"_headers":                 {Data: []byte("kept")},
		"_redirects":               {Data: []byte("kept")},
		"_worker.js/index.js":      {Data: []byte("kept")},
		".env":                     {Data: []byte("kept")},
		".git/config":              {Data: []byte("kept")},
		"models/.pack-1/a.bin":     {Data: []byte("kept")},
		"models/_a/_b.bin":         {Data: []byte("seen")},
		"a.b/c..d":                 {Data: []byte("seen")},
		".well-known/security.txt": {Data: []byte("seen")},
		".well-known/.kept":        {Data: []byte("kept")},
		".well-known.txt":          {Data: []byte("kept")},
	})
	address := start(t, "-root", dir)
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		data, err := os.ReadFile(path)
		status, text, _ := fetch(t, address, name, "")
		switch {
		case string(data) != "kept" && (status != 200 || text != string(data)):
			t.Errorf("/%s: %d %q, want %q", name, status, text, data)
		case string(data) == "kept" && (status != 404 || strings.Contains(text, "kept")):
			t.Errorf("/%s: %d %q, want 404", name, status, text)
		}
		seen++
		return err
	})
	if err != nil || seen != 12 {
		t.Fatalf("%d files, %v", seen, err)
	}
}

func TestLinksOutOfTheFolder(t *testing.T) {
	outside := folder(t, fstest.MapFS{"kept.txt": {Data: []byte("kept")}})
	dir := folder(t, fstest.MapFS{
		"index.html": {Data: []byte("page")},
		"seen.txt":   {Data: []byte("seen")},
	})
	for name, target := range map[string]string{
		"file.txt":     filepath.Join(outside, "kept.txt"),
		"folder":       outside,
		"relative.txt": filepath.Join("..", filepath.Base(outside), "kept.txt"),
		"inside.txt":   "seen.txt",
		"round.txt":    "round.txt",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	address := start(t, "-root", dir)
	for path, want := range map[string]int{
		"file.txt": 404, "folder/kept.txt": 404, "relative.txt": 404, "inside.txt": 200, "round.txt": 404,
	} {
		status, text, _ := fetch(t, address, path, "")
		if status != want || strings.Contains(text, "kept") {
			t.Errorf("/%s: %d %q, want %d", path, status, text, want)
		}
	}
}

// TestLinksToWhatIsNotPublic: a link is another name of what is served, and of nothing else.
func TestLinksToWhatIsNotPublic(t *testing.T) {
	hash := strings.Repeat("0", 63)
	kept, seen := &fstest.MapFile{Data: []byte("kept")}, &fstest.MapFile{Data: []byte("seen")}
	outside := folder(t, fstest.MapFS{"kept.bin": kept})
	site := folder(t, fstest.MapFS{
		"index.html": seen, ".git/config": kept, "_headers": kept, "models/.pack-1/a.bin": kept,
		"models/two/a.bin": seen, "a/b/c.bin": seen,
	})
	own := folder(t, fstest.MapFS{
		"mine/a.bin": seen, ".pack-2/a.bin": kept, "top.bin": kept, "two/b.bin": kept,
	})
	store := folder(t, fstest.MapFS{hash + "0.bin": seen, ".kept": kept, "kept.bin": kept})
	link := func(dir, name, target string) {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	link(site, "g.json", ".git/config")
	link(site, "git", ".git")
	link(site, "hh.json", "_headers")
	link(site, "models/vis", ".pack-1")
	link(site, "g2.json", "a/../g.json")
	link(site, "a/b/out", "../../..")
	link(site, "a/absolute.bin", filepath.Join(site, "a/b/c.bin"))
	link(site, "a/up.bin", "./b/../b//c.bin")
	link(site, "a/folder", "b")
	link(site, "a/file.bin", "b/c.bin/../c.bin")
	link(site, "models.json", filepath.Join(outside, "kept.bin"))
	link(own, "mine/p.bin", "../.pack-2/a.bin")
	link(own, "mine/t.bin", "../top.bin")
	link(own, "mine/b.bin", "../two/b.bin") // the site has another model of this name
	link(own, "mine/again.bin", "a.bin")
	link(own, "alias", "mine")
	link(store, hash+"1.bin", ".kept")
	link(store, hash+"2.bin", "kept.bin")
	link(store, hash+"3.bin", filepath.Join(outside, "kept.bin"))
	link(store, hash+"4.bin", filepath.Join("..", filepath.Base(outside), "kept.bin"))
	link(store, hash+"5.bin", hash+"5.bin")
	link(store, hash+"6.bin", hash+"0.bin")
	address := start(t, "-root", site, "-models", own, "-store", store)
	for name, want := range map[string]int{
		"g.json": 404, "git/config": 404, "hh.json": 404, "models/vis/a.bin": 404, "g2.json": 404,
		"a/b/out/index.html": 404, "a/absolute.bin": 404, "a/up.bin": 200, "a/folder/c.bin": 200,
		"a/file.bin": 404, "models.json": 404, "api/models": 404,
		"models/mine/p.bin": 404, "models/mine/t.bin": 404, "models/mine/b.bin": 404,
		"models/mine/again.bin": 200, "models/alias/a.bin": 200, "models/two/a.bin": 200,
		"api/m/" + hash + "0.bin": 200, "api/m/" + hash + "1.bin": 404,
		"api/m/" + hash + "2.bin": 404, "api/m/" + hash + "3.bin": 404,
		"api/m/" + hash + "4.bin": 404, "api/m/" + hash + "5.bin": 404,
		"api/m/" + hash + "6.bin": 200,
	} {
		status, text, _ := fetch(t, address, name, "")
		if status != want || (status == 200) != (text == "seen") {
			t.Errorf("/%s: %d %q, want %d", name, status, text, want)
		}
	}
}

func TestHosts(t *testing.T) {
	dir := folder(t, fstest.MapFS{"index.html": {Data: []byte("page")}})
	address := start(t, "-root", dir)
	for host, want := range map[string]int{
		"localhost": 200, "localhost:1": 200, "LocalHost:8080": 200, "127.0.0.1:80": 200,
		"[::1]": 200, "[::1]:8080": 200,
		"example.com": 421, "example.com:8080": 421, "localhost.example.com": 421,
		"example.com.localhost": 421, "127.0.0.1.example.com": 421, "192.0.2.1": 421, "0.0.0.0": 421,
		"[::2]": 421, "::1": 421, "[::1": 421, "localhost:x": 421, "a@localhost": 421,
	} {
		for _, path := range []string{"", "api/health", "missing"} {
			status, text, header := fetch(t, address, path, host)
			if path == "missing" && want == 200 {
				want = 404
			}
			if status != want || header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("/%s of host %q: %d %v, want %d", path, host, status, header, want)
			}
			if want == 421 && !strings.Contains(text, "-host NAME") {
				t.Errorf("host %q is refused with %q", host, text)
			}
		}
	}
	address = start(t, "-root", dir, "-host", "Chat.example", "-host", "[2001:db8::1]")
	for host, want := range map[string]int{
		"chat.example": 200, "CHAT.example:443": 200, "[2001:db8::1]:80": 200, "localhost": 200,
		"example": 421, "not-chat.example": 421,
	} {
		if status, _, _ := fetch(t, address, "", host); status != want {
			t.Errorf("host %q: %d, want %d", host, status, want)
		}
	}
}

// TestAddresses: who listens everywhere answers for every address, and still for no other name.
func TestAddresses(t *testing.T) {
	dir := folder(t, fstest.MapFS{"index.html": {Data: []byte("page")}})
	for listen, hosts := range map[string]map[string]int{
		"0.0.0.0": {
			"": 200, "192.0.2.1:80": 200, "[2001:db8::1]": 200, "localhost": 200, "0.0.0.0": 200,
			"example.com": 421, "192.0.2.1.example.com": 421, "192.0.2": 421, "0x7f000001": 421,
		},
		"127.0.0.2": {"": 200, "127.0.0.2": 200, "localhost": 200, "127.0.0.3": 421},
	} {
		address := start(t, "-root", dir, "-address", listen)
		for host, want := range hosts {
			if status, _, _ := fetch(t, address, "", host); status != want {
				t.Errorf("listening on %s, host %q: %d, want %d", listen, host, status, want)
			}
		}
	}
}

func TestOwnModels(t *testing.T) {
	site := folder(t, fstest.MapFS{
		"index.html":                {Data: []byte("page")},
		"models/tiny/manifest.json": {Data: []byte("of the site")},
	})
	models := folder(t, fstest.MapFS{
		"manifest.json":            {Data: []byte("kept")},
		".pack-1/manifest.json":    {Data: []byte("kept")},
		"mine/manifest.json":       {Data: []byte("of mine")},
		"mine/00.bin":              {Data: []byte("shard")},
		"tiny/manifest.json":       {Data: []byte("kept")},
		"tiny/00.bin":              {Data: []byte("kept")},
		"models/two/manifest.json": {Data: []byte("two folders down")},
	})
	address := start(t, "-root", site, "-models", models, "-model", "mine")
	for path, want := range map[string]string{
		"models/mine/manifest.json":       "of mine",
		"models/mine/00.bin":              "shard",
		"models/tiny/manifest.json":       "of the site",
		"models/models/two/manifest.json": "two folders down",
		"models/tiny/00.bin":              "404", // one model is never of two folders
		"models/manifest.json":            "404",
		"models/.pack-1/manifest.json":    "404",
		"mine/manifest.json":              "404",
		"models/mine":                     "404",
		"models/mine/":                    "404",
		"models/mine/../tiny/00.bin":      "404",
	} {
		status, text, _ := fetch(t, address, path, "")
		if want == "404" && status == 404 {
			continue
		}
		if status != 200 || text != want {
			t.Errorf("/%s: %d %q, want %s", path, status, text, want)
		}
	}
}
