//go:build !wasm

// Members are goroutines, which take turns on the one thread of wasm: too slow there.

package main

import (
	"sync"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/team"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// TestTeams: any number of members give the same bits.
func TestTeams(t *testing.T) {
	for i := range packer.Variants {
		v := &packer.Variants[i]
		t.Run(v.Name, func(t *testing.T) {
			for size := 2; size <= 4; size++ {
				for _, member := range newTeam(size) {
					member.all.Go(func() {
						m, err := core.OpenPart(folderOf(t, v), member)
						if err != nil {
							t.Error(err)
							return
						}
						m.Prepare(simd.LookupKernel)
						got := run(t, m, best, simd.LookupKernel, 7, false).String()
						if got != hashes[v.Name] {
							t.Errorf("member %d of %d: %s, want %s", member.rank, size, got, hashes[v.Name])
						}
					})
					if member.rank == size-1 {
						member.all.Wait()
					}
				}
			}
		})
	}
}

// TestTernaryTeams: so they do with ternary weights, of which each member reads its rows.
func TestTernaryTeams(t *testing.T) {
	for _, c := range ternaries {
		name, folder := c.name(), c.folder(t)
		for _, member := range newTeam(3) {
			member.all.Go(func() {
				m, err := core.OpenPart(folder, member)
				if err != nil {
					t.Error(err)
					return
				}
				m.Prepare(simd.LookupKernel)
				got := run(t, m, best, simd.LookupKernel, 7, false).String()
				if got != ternaryHashes[name] {
					t.Errorf("%s, member %d: %s, want %s", name, member.rank, got, ternaryHashes[name])
				}
			})
			if member.rank == member.size-1 {
				member.all.Wait()
			}
		}
	}
}

// member is a team.Team of goroutines.
type member struct {
	*meeting
	rank   int
	buffer []byte
}

type meeting struct {
	all     sync.WaitGroup
	mutex   sync.Mutex
	change  *sync.Cond
	area    []byte
	inside  int // members that have published
	outside int // of those, members that have read
	size    int
}

func newTeam(size int) []*member {
	m := &meeting{size: size, area: make([]byte, team.BufferBytes(1<<16))}
	m.change = sync.NewCond(&m.mutex)
	members := make([]*member, size)
	for r := range members {
		members[r] = &member{m, r, make([]byte, len(m.area))}
	}
	return members
}

func (m *member) Rank() int      { return m.rank }
func (m *member) Size() int      { return m.size }
func (m *member) Buffer() []byte { return m.buffer }

// Share waits until all have published, and before the next one until all have read.
func (m *member) Share(from, to, total int) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for m.outside > 0 {
		m.change.Wait()
	}
	copy(m.area[from:to], m.buffer[from:to])
	if m.inside++; m.inside == m.size {
		m.inside, m.outside = 0, m.size
		m.change.Broadcast()
	} else {
		for m.outside == 0 {
			m.change.Wait()
		}
	}
	copy(m.buffer[:from], m.area[:from])
	copy(m.buffer[to:total], m.area[to:total])
	if m.outside--; m.outside == 0 {
		m.change.Broadcast()
	}
	return nil
}
