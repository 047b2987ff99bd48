//go:build !js

package main

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// writeBuffer is the most that the system holds of an answer, in bytes. A writer is woken when a
// good part of the buffer is free: with the megabytes that Linux grows it to, a slow reader would
// look as if it stood still.
const writeBuffer = 256 << 10

// connections is a listener with a bound on what it holds. One connection more than most ends the
// one that has been still for longest, so that readers who never read keep nobody else out. A
// write that makes no progress ends with an error after patience; an answer as a whole may take
// any time.
type connections struct {
	net.Listener
	most     int
	patience time.Duration

	clock atomic.Int64 // counts reads and writes
	mu    sync.Mutex
	open  map[*connection]struct{} // until the server has closed them, and thus their files
	fewer sync.Cond                // open has shrunk
}

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
	c := &connection{Conn: conn, listener: l}
	c.move()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) == l.most {
		l.endStillest()
	}
	for len(l.open) == l.most {
		l.fewer.Wait()
	}
	l.open[c] = struct{}{}
	return c, nil
}

// endStillest wants the lock. The server learns of the end by an error and closes what it has open.
func (l *connections) endStillest() {
	var stillest *connection
	for c := range l.open {
		if stillest == nil || c.moved.Load() < stillest.moved.Load() {
			stillest = c
		}
	}
	stillest.Conn.Close()
}

// connection is one of connections.
type connection struct {
	net.Conn
	listener *connections
	moved    atomic.Int64 // the listener's clock at the last read or write
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
	c.listener.mu.Lock()
	delete(c.listener.open, c)
	c.listener.mu.Unlock()
	c.listener.fewer.Signal()
	return c.Conn.Close()
}
