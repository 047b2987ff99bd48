//go:build !js

package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// size of the answer that the tests read slowly or not at all: more than the systems' buffers.
const size = 24 << 20

// listen serves an answer of size bytes with short deadlines.
func listen(t *testing.T, most int, patience, requestTime time.Duration) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(strings.Repeat("x", size)))
	}), requestTime)
	go server.Serve(newConnections(l, most, patience))
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// ask sends a request on a connection of its own, with a small buffer for the answer.
func ask(t *testing.T, address, request string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute)) // of the test
	c.(*net.TCPConn).SetReadBuffer(64 << 10)
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	return c
}

// rest is how many bytes of the answer's body arrive.
func rest(t *testing.T, c net.Conn) (int64, error) {
	t.Helper()
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, err
	}
	return io.Copy(io.Discard, answer.Body)
}

const plainRequest = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

func TestReaderWhoNeverReads(t *testing.T) {
	c := ask(t, listen(t, 10, 100*time.Millisecond, time.Minute), plainRequest)
	time.Sleep(time.Second)
	if n, err := rest(t, c); err == nil || n == size {
		t.Errorf("%d bytes arrive after a second without a read", n)
	}
}

// TestSlowReader: an answer takes many times as long as a write or a request may, at a rate at
// which a part of the system's usual buffer, megabytes, would take longer than one write may.
func TestSlowReader(t *testing.T) {
	const patience = 500 * time.Millisecond
	c := ask(t, listen(t, 10, patience, patience), plainRequest)
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	for began := time.Now(); err == nil && time.Since(began) < 5*patience; {
		var read int64
		read, err = io.CopyN(io.Discard, answer.Body, 16<<10)
		n += read
		time.Sleep(patience / 25)
	}
	if err != nil {
		t.Fatalf("after %d bytes: %v", n, err)
	}
	left, err := io.Copy(io.Discard, answer.Body)
	if n+left != size || err != nil {
		t.Errorf("%d bytes arrive slowly and %d at once, of %d: %v", n, left, size, err)
	}
}

func TestRequestThatNeverEnds(t *testing.T) {
	address := listen(t, 10, time.Minute, 100*time.Millisecond)
	for _, request := range []string{
		"",
		"GET / HT",
		"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
	} {
		c := ask(t, address, request)
		_, err := io.Copy(io.Discard, c)
		if errors.Is(err, net.ErrClosed) || isTimeout(err) {
			t.Errorf("%q keeps its connection: %v", request, err)
		}
	}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// TestStillestConnectionEnds: of three answers the one that moved first makes room.
func TestStillestConnectionEnds(t *testing.T) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	bounded := newConnections(l, 3, time.Minute)
	defer bounded.Close()
	open := func() int {
		bounded.mu.Lock()
		defer bounded.mu.Unlock()
		return len(bounded.open)
	}
	var client []net.Conn
	for range 3 {
		client = append(client, ask(t, l.Addr().String(), ""))
		c, err := bounded.Accept()
		if err != nil {
			t.Fatal(err)
		}
		c.(*connection).wait(false)
		go func() { // an echo for as long as the connection is there
			defer c.Close()
			io.Copy(c, c)
		}()
	}
	for _, i := range []int{0, 2} {
		if _, err := client[i].Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if _, err := client[i].Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
	}
	client = append(client, ask(t, l.Addr().String(), ""))
	fourth, err := bounded.Accept()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range client {
		c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		_, err := c.Read(make([]byte, 1))
		if ended := !isTimeout(err); ended != (i == 1) {
			t.Errorf("connection %d: %v", i, err)
		}
	}
	if n := open(); n != 3 {
		t.Errorf("%d connections are open", n)
	}
	fourth.Close()
	if n := open(); n != 2 {
		t.Errorf("%d connections are open after one was closed", n)
	}
}

// TestUnreadBodies: requests whose bodies never come keep nobody waiting, and are answered.
func TestUnreadBodies(t *testing.T) {
	const most = 4
	address := listen(t, most, time.Minute, time.Minute)
	for _, header := range []string{
		"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
		"PUT / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 99\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n",
	} {
		for range 10 * most {
			ask(t, address, header)
		}
		began := time.Now()
		for _, request := range []string{header, plainRequest} {
			c := ask(t, address, request)
			c.SetDeadline(began.Add(3 * time.Second))
			answer, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil || answer.StatusCode != 200 || !answer.Close {
				t.Fatalf("behind 40 times %q, %q: %v, %v", header, request, answer, err)
			}
		}
	}
}

// TestSilentNewcomers: they cut off no answer, though its reader pauses for as long as they come.
func TestSilentNewcomers(t *testing.T) {
	address := listen(t, 8, time.Minute, time.Minute)
	reader := ask(t, address, plainRequest)
	answer, err := http.ReadResponse(bufio.NewReader(reader), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		for range 8 {
			ask(t, address, "")
			ask(t, address, "GET / HT")
		}
		// One that is answered: all before it have been accepted.
		last := ask(t, address, plainRequest)
		if _, err := http.ReadResponse(bufio.NewReader(last), nil); err != nil {
			t.Fatal(err)
		}
		last.Close()
	}
	if n, err := io.Copy(io.Discard, answer.Body); n != size || err != nil {
		t.Errorf("%d bytes arrive, of %d: %v", n, size, err)
	}
}

// TestEvictedConnections: Accept does not wait until the server has closed what was evicted; but
// files that handlers may have open are bounded, and so are the connections.
func TestEvictedConnections(t *testing.T) {
	const most = 4
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	bounded := newConnections(l, most, time.Minute)
	defer bounded.Close()
	next := func() *connection {
		ask(t, l.Addr().String(), "")
		c, err := bounded.Accept()
		if err != nil {
			t.Error(err)
			return nil
		}
		return c.(*connection)
	}
	var all []*connection
	for range (1 + leavingRatio) * most {
		all = append(all, next())
	}
	if n := len(bounded.open); n != most || bounded.leaving != leavingRatio*most {
		t.Errorf("%d connections are open and %d leave", n, bounded.leaving)
	}
	if all[0].handle(true) {
		t.Error("an evicted connection is handled")
	}
	evicted, open := all[:leavingRatio*most], all[leavingRatio*most:]
	for _, c := range evicted {
		c.Close()
		c.Close()
	}
	if bounded.leaving != 0 {
		t.Errorf("%d connections leave after they were closed", bounded.leaving)
	}
	for _, c := range open {
		c.wait(false)
		if !c.handle(true) {
			t.Error("an open connection is not handled")
		}
	}
	next() // a quarter of most is one
	ask(t, l.Addr().String(), "")
	accepted := make(chan error, 1)
	go func() {
		_, err := bounded.Accept()
		accepted <- err
	}()
	select {
	case <-accepted:
		t.Error("handlers of more evicted connections than a quarter run")
	case <-time.After(50 * time.Millisecond):
	}
	open[0].handle(false)
	if err := <-accepted; err != nil {
		t.Error(err)
	}
}
