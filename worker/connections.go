//go:build !js

package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// writeBuffer is the most that the system holds of an answer, in bytes. A writer is woken when a
// good part of the buffer is free: with the megabytes that Linux grows it to, a slow reader would
// look as if it stood still.
const writeBuffer = 256 << 10

// connections is a listener with a bound on what it holds. One connection more than most evicts
// another, so that readers who never read keep nobody else out:
//   - the one that has waited longest for a request, if more than a quarter of all wait, so that
//     those who ask for nothing cut off nobody's answer;
//   - else the one whose answer has been still for longest.
//
// A write that makes no progress ends with an error after patience; an answer as a whole may take
// any time.
type connections struct {
	net.Listener
	most     int
	patience time.Duration

	clock atomic.Int64 // counts reads and writes
	mu    sync.Mutex
	open  map[*connection]struct{}
	// Evicted connections, whose sockets are closed already.
	leaving  int // those that the server has not closed yet
	handling int // those of them whose handlers run, and may have a file open
	fewer    sync.Cond
}

// leavingRatio is how many evicted connections the server may still have, for each that is open.
// It keeps one for half a second, at the cost of a goroutine, after an answer that it gave before
// the request was read.
const leavingRatio = 16

func newConnections(l net.Listener, most int, patience time.Duration) *connections {
	open := make(map[*connection]struct{}, most)
	c := &connections{Listener: l, most: most, patience: patience, open: open}
	c.fewer.L = &c.mu
	return c
}

func (l *connections) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(writeBuffer) // if it fails, slow readers have less patience to count on
	}
	c := &connection{Conn: conn, listener: l, waiting: true}
	c.move()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) == l.most {
		l.evict()
	}
	for l.handling > l.most/4 || l.leaving > leavingRatio*l.most {
		l.fewer.Wait()
	}
	c.since = l.clock.Add(1)
	l.open[c] = struct{}{}
	return c, nil
}

// evict wants the lock. The server learns of it by an error and closes what it has open.
func (l *connections) evict() {
	var oldest, stillest *connection
	waiting := 0
	for c := range l.open {
		switch {
		case c.waiting:
			waiting++
			if oldest == nil || c.since < oldest.since {
				oldest = c
			}
		case stillest == nil || c.moved.Load() < stillest.moved.Load():
			stillest = c
		}
	}
	c := stillest
	if waiting > l.most/4 || c == nil {
		c = oldest
	}
	delete(l.open, c)
	c.evicted = true
	l.leaving++
	if c.handled {
		l.handling++
	}
	c.Conn.Close()
}

// connection is one of connections.
type connection struct {
	net.Conn
	listener *connections
	moved    atomic.Int64 // the listener's clock at the last read or write

	// Guarded by the listener's lock.
	waiting bool  // for a whole request
	since   int64 // the listener's clock when that began
	handled bool  // a handler runs
	evicted bool
	closed  bool // by the server
}

func (c *connection) move() { c.moved.Store(c.listener.clock.Add(1)) }

func (c *connection) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.move()
	}
	return n, err
}

func (c *connection) Write(p []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(c.listener.patience)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	if n > 0 {
		c.move()
	}
	return n, err
}

func (c *connection) Close() error {
	l := c.listener
	l.mu.Lock()
	delete(l.open, c)
	if c.evicted && !c.closed {
		l.leaving--
		l.fewer.Signal()
	}
	c.closed = true
	l.mu.Unlock()
	return c.Conn.Close()
}

// wait notes that the connection waits for a request, or that a whole one has come.
func (c *connection) wait(waiting bool) {
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	if waiting && !c.waiting {
		c.since = c.listener.clock.Add(1)
	}
	c.waiting = waiting
}

// handle notes that a handler begins or ends, and reports whether the connection is still there.
func (c *connection) handle(begins bool) bool {
	l := c.listener
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.evicted && c.handled && !begins {
		l.handling--
		l.fewer.Signal()
	}
	c.handled = begins && !c.evicted
	return !c.evicted
}

// connectionKey is the key of a request's connection in its context.
type connectionKey struct{}

// watch has the server tell its connections what they are used for.
func watch(server *http.Server) {
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connectionKey{}, c)
	}
	server.ConnState = func(conn net.Conn, state http.ConnState) {
		if c, ok := conn.(*connection); ok {
			c.wait(state != http.StateActive)
		}
	}
	h := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connectionKey{}).(*connection); ok {
			if !c.handle(true) {
				panic(http.ErrAbortHandler)
			}
			defer c.handle(false)
		}
		h.ServeHTTP(w, r)
	})
}
