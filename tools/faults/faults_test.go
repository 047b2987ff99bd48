package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// start runs the command before a server of two files until the test ends, and gives its address.
func start(t *testing.T) string {
	t.Helper()
	files := map[string]string{"/a.bin": "0123456789", "/b.bin": "abcdefghij"}
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("X-Range", r.Header.Get("Range"))
		io.WriteString(w, body)
	}))
	t.Cleanup(upstream.Close)
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var stderr bytes.Buffer
	done := make(chan int)
	go func() { done <- run(ctx, []string{"-to", upstream.URL}, in, &stderr) }()
	t.Cleanup(func() {
		cancel()
		if code := <-done; code != exitOK {
			t.Errorf("it ended with %d: %s", code, &stderr)
		}
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// ask sends a request; err is what reading its body ended with.
func ask(t *testing.T, method, address, body string) (status int, h http.Header, text string,
	err error) {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Range", "bytes=0-")
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{}}
	answer, err := client.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(answer.Body)
	return answer.StatusCode, answer.Header, string(read), err
}

func TestFaults(t *testing.T) {
	address := start(t)
	for _, c := range []struct {
		rule, text string
		status     int
		breaks     bool
	}{
		{rule: `"times": 1, "status": 204`, status: 204},
		{rule: `"cut": 0`, breaks: true, status: 200},
		{rule: `"cut": 9`, text: "012345678", breaks: true, status: 200},
		{rule: `"cut": 10`, text: "0123456789", status: 200},
		{rule: `"flip": 0`, text: "1123456789", status: 200},
		{rule: `"flip": 79`, text: "012345678\xb9", status: 200},
		{rule: `"flip": 80`, text: "1123456789", status: 200},
		{rule: `"stall": 3`, text: "012", breaks: true, status: 200},
		{rule: `"status": 429, "retry_after": "7"`, text: "Too Many Requests\n", status: 429},
		{rule: `"type": "text/html"`, text: "0123456789", status: 200},
		{rule: `"swap": "/b.bin"`, text: "abcdefghij", status: 200},
		{rule: `"swap": "/none.bin"`, text: "404 page not found\n", status: 200},
		{rule: `"bytes_per_second": 100`, text: "0123456789", status: 200},
	} {
		t.Run(c.rule, func(t *testing.T) {
			for _, path := range []string{"/a.bin", "*.bin"} {
				rules := `{"rules": [{"path": "` + path + `", ` + c.rule + `}]}`
				if status, _, text, err := ask(t, "PUT", address+"/.faults/rules", rules); status != 204 ||
					err != nil {
					t.Fatalf("rules: %d %s %v", status, text, err)
				}
				status, header, text, err := ask(t, "GET", address+"/a.bin", "")
				// A connection that breaks before the first byte may break before the head.
				if (err != nil) != c.breaks || text != c.text || status != c.status &&
					!(c.breaks && c.text == "") {
					t.Errorf("%s: %d %q, %v; want %d %q, broken %t", path, status, text, err, c.status, c.text,
						c.breaks)
				}
				if strings.Contains(c.rule, "retry") && header.Get("Retry-After") != "7" {
					t.Error("no Retry-After")
				}
				if strings.Contains(c.rule, "type") && header.Get("Content-Type") != "text/html" {
					t.Errorf("type %q", header.Get("Content-Type"))
				}
			}
		})
	}
}

func TestAsItIs(t *testing.T) {
	address := start(t)
	status, header, text, err := ask(t, "GET", address+"/a.bin", "")
	if status != 200 || text != "0123456789" || err != nil || header.Get("X-Range") != "bytes=0-" {
		t.Errorf("%d %q %v %v", status, text, err, header)
	}
	if status, _, _, _ := ask(t, "GET", address+"/none", ""); status != 404 {
		t.Errorf("a missing file: %d", status)
	}
}

func TestTimesAndOrder(t *testing.T) {
	address := start(t)
	ask(t, "PUT", address+"/.faults/rules", `{"rules": [
		{"path": "/a.bin", "status": 503, "times": 2}, {"path": "*.bin", "status": 500, "times": 1}]}`)
	var got []int
	for range 4 {
		status, _, _, _ := ask(t, "GET", address+"/a.bin", "")
		got = append(got, status)
	}
	if !slices.Equal(got, []int{503, 503, 500, 200}) {
		t.Errorf("answers %v", got)
	}
	_, _, text, _ := ask(t, "GET", address+"/.faults/served", "")
	var served []Served
	if err := json.Unmarshal([]byte(text), &served); err != nil {
		t.Fatal(err)
	}
	if len(served) != 4 || served[2] != (Served{"/a.bin", "status", 0}) ||
		served[3] != (Served{"/a.bin", "", 10}) {
		t.Errorf("served %v", served)
	}
	ask(t, "DELETE", address+"/.faults/served", "")
	if _, _, text, _ := ask(t, "GET", address+"/.faults/served", ""); text != "[]\n" {
		t.Errorf("after forgetting: %s", text)
	}
}

func TestLine(t *testing.T) {
	address := start(t)
	ask(t, "PUT", address+"/.faults/rules", `{"bytes_per_second": 50}`)
	began := time.Now()
	for range 2 {
		if _, _, text, err := ask(t, "GET", address+"/a.bin", ""); text != "0123456789" || err != nil {
			t.Fatal(text, err)
		}
	}
	// 20 bytes at 50 a second, of which one may go at once.
	if took := time.Since(began); took < 370*time.Millisecond {
		t.Errorf("20 bytes took %v", took)
	}
}

func TestRulesRefused(t *testing.T) {
	address := start(t)
	for _, rules := range []string{
		``, `[]`, `{"rule": []}`, `{"bytes_per_second": -1}`,
		`{"rules": [{"path": "/a.bin"}]}`, `{"rules": [{"cut": 1}]}`,
		`{"rules": [{"path": "/a.bin", "cut": 1, "flip": 1}]}`,
		`{"rules": [{"path": "/a.bin", "cut": -1}]}`, `{"rules": [{"path": "/a.bin", "status": 99}]}`,
		`{"rules": [{"path": "/a.bin", "cut": 1, "retry_after": "1"}]}`,
		`{"rules": [{"path": "/a.bin", "swap": "../b.bin"}]}`,
	} {
		if status, _, _, _ := ask(t, "PUT", address+"/.faults/rules", rules); status != 400 {
			t.Errorf("%s: %d", rules, status)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{}, {"-to", "localhost:1"}, {"-to", "http://localhost", "more"}, {"-none"},
	} {
		var stderr bytes.Buffer
		if code := run(t.Context(), args, io.Discard, &stderr); code != exitUsage || stderr.Len() == 0 {
			t.Errorf("%q: %d %s", args, code, &stderr)
		}
	}
}
