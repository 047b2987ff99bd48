//go:build js && wasm

package main

import (
	"fmt"
	"unsafe"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/team"
)

// shareParts is JavaScript's: web/worker/meeting.js.
//
//go:wasmimport spike share
//go:noescape
func shareParts(buffer unsafe.Pointer, from, to, total int32) int32

// crew is the team of several workers, each with an engine, that this one is a member of.
type crew struct {
	rank, size int
	buffer     []byte
}

func (c *crew) Rank() int      { return c.rank }
func (c *crew) Size() int      { return c.size }
func (c *crew) Buffer() []byte { return c.buffer }

func (c *crew) Share(from, to, total int) error {
	if shareParts(unsafe.Pointer(&c.buffer[0]), int32(from), int32(to), int32(total)) != 0 {
		return fmt.Errorf("%w: a thread of the engine is gone", team.ErrBroken)
	}
	return nil
}

// join makes this engine a member of a team. It comes before open.
//
//go:wasmexport join
func join(rank, size int32) int32 {
	return call(func() error {
		if engine.manifest != nil {
			return fmt.Errorf("%w: join after open", core.ErrBadRequest)
		}
		if err := core.CheckTeam(int(rank), int(size)); err != nil {
			return err
		}
		engine.crew = nil
		if size > 1 {
			engine.crew = &crew{rank: int(rank), size: int(size)}
		}
		return nil
	})
}

// shareBytes is the size of the buffer that the team shares through, once a manifest is open.
//
//go:wasmexport share_bytes
func shareBytes() int32 {
	if engine.crew == nil {
		return 0
	}
	return int32(len(engine.crew.buffer))
}
