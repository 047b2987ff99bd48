//go:build !js

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"worker": main})
}

// TestScripts runs the command lines of testdata/script. $FREE is a port that nothing uses, $TAKEN
// one that something does, and beside the usual commands a script has
//
//	get ADDRESS STATUS WORDS   wants an answer within ten seconds
//	idle HOST:PORT PATH N      asks N times, on a connection each, and reads no answer
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			for _, name := range []string{"TAKEN", "FREE"} {
				l, err := net.Listen("tcp", "localhost:0")
				if err != nil {
					return err
				}
				env.Setenv(name, fmt.Sprint(l.Addr().(*net.TCPAddr).Port))
				if name == "FREE" {
					l.Close()
				} else {
					env.Defer(func() { l.Close() })
				}
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"get":  scriptGet,
			"idle": scriptIdle,
		},
	})
}

func scriptGet(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: get ADDRESS STATUS WORDS")
	}
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	var err error
	deadline := time.Now().Add(10 * time.Second)
	for ; time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var r *http.Response
		if r, err = client.Get(args[0]); err != nil {
			continue // not yet listening
		}
		text, readErr := io.ReadAll(r.Body)
		r.Body.Close()
		if readErr != nil || fmt.Sprint(r.StatusCode) != args[1] ||
			!strings.Contains(string(text), args[2]) {
			ts.Fatalf("%s: %s %q, %v", args[0], r.Status, text, readErr)
		}
		return
	}
	ts.Fatalf("%s: %v", args[0], err)
}

func scriptIdle(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: idle HOST:PORT PATH N")
	}
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	for range n {
		c, err := net.Dial("tcp", args[0])
		ts.Check(err)
		ts.Defer(func() { c.Close() })
		_, err = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", args[1])
		ts.Check(err)
	}
}
