// Package localteam makes teams of goroutines, for tests.
package localteam

import (
	"runtime"
	"sync/atomic"

	"github.com/spikechat/spikechat/core/team"
)

// meeting is what the members of one team have in common.
type meeting struct {
	size    int
	arrived atomic.Int64
	broken  atomic.Bool
	areas   [2][]byte // used in turn
}

// Member is one of a team of goroutines.
type Member struct {
	*meeting
	rank   int
	shares int64
	buffer []byte
}

// New makes a team whose members share through buffers of such a size.
func New(size, bytes int) []*Member {
	m := &meeting{size: size, areas: [2][]byte{make([]byte, bytes), make([]byte, bytes)}}
	members := make([]*Member, size)
	for r := range members {
		members[r] = &Member{meeting: m, rank: r, buffer: make([]byte, bytes)}
	}
	return members
}

func (m *Member) Rank() int      { return m.rank }
func (m *Member) Size() int      { return m.size }
func (m *Member) Buffer() []byte { return m.buffer }

// Break ends the team.
func (m *Member) Break() { m.broken.Store(true) }

// Share waits for all members, spinning.
func (m *Member) Share(from, to, total int) error {
	area := m.areas[m.shares%2]
	copy(area[from:to], m.buffer[from:to])
	m.shares++
	m.arrived.Add(1)
	for m.arrived.Load() < m.shares*int64(m.size) {
		if m.broken.Load() {
			return team.ErrBroken
		}
		runtime.Gosched()
	}
	copy(m.buffer[:from], area[:from])
	copy(m.buffer[to:total], area[to:total])
	return nil
}
