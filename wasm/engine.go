//go:build js && wasm

package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"unsafe"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/strictjson"
	"github.com/spikechat/spikechat/core/team"
)

// exchangeLeast is room for most questions.
const exchangeLeast = 16 << 10

// How much garbage may lie about, in percent of what is kept. wasm never gives memory back, so that
// letting the heap double would cost a visitor that much for good. Collecting is cheap once the
// model is there: what stays holds few pointers.
const (
	gcLoading = 20
	gcReady   = 4
)

// answerRoom is how many positions the shortest chat and its answer get beyond the chat itself,
// where the context that was asked for does not hold it.
const answerRoom = 256

// engine is the one model of this worker, its conversation, and what is answered beside it.
var engine struct {
	exchange []byte // what JavaScript wrote for the next call
	result   []byte // what the last call answers

	crew     *crew // nil: an engine alone
	manifest *planes.Manifest
	reader   *planes.Reader
	chat     *core.Chat // as soon as the shard of its tokenizer is there
	model    *core.Model
	session  *core.Session // the conversation
	// aside answers what is no part of the conversation, so that cache and place of that one stay;
	// nil before the first such question.
	aside   *core.Session
	current *core.Session // whose answer is under way, or was the last
	choice  core.KernelChoice
	tuner   *core.Autotuner // of the setting auto, else nil
	context int
	token   core.Token

	hashing bool   // the answer under way asked for it
	hash    uint64 // over the logits of its steps

	logprobs bool // the answer under way asked for them
}

// buffer gives the address of n bytes that JavaScript may write; 0 when n is out of range.
//
//go:wasmexport buffer
func buffer(n int32) int32 {
	if n < 0 || n > exchangeLimit {
		return 0
	}
	if int(n) > cap(engine.exchange) || engine.exchange == nil {
		// Twice what there was at least, or a caller that asks for ever more would leave as many
		// buffers behind.
		engine.exchange = make([]byte,
			min(max(int(n), 2*cap(engine.exchange), exchangeLeast), exchangeLimit))
	}
	engine.exchange = engine.exchange[:max(n, 1)]
	return int32(uintptr(unsafe.Pointer(&engine.exchange[0])))
}

// resultPtr and resultLen give the place of the last call's answer.
//
//go:wasmexport result_ptr
func resultPtr() int32 { return int32(uintptr(unsafe.Pointer(unsafe.SliceData(engine.result)))) }

//go:wasmexport result_len
func resultLen() int32 { return int32(len(engine.result)) }

// call runs one exported function. Its error, or what it panics with, becomes the result as JSON,
// and the code is -1.
func call(f func() error) (code int32) {
	engine.result = engine.result[:0]
	defer func() {
		if p := recover(); p != nil {
			fail(codeEngineCrashed, fmt.Sprint(p))
			code = -1
			endAfterPanic()
		}
	}()
	if err := f(); err != nil {
		fail(codeOf(err), err.Error())
		return -1
	}
	return 0
}

// endAfterPanic ends the answer under way, which nobody can go on with. A session too broken to end
// is given up.
func endAfterPanic() {
	if engine.current == nil {
		return
	}
	defer func() {
		if recover() == nil {
			return
		}
		if engine.current == engine.session {
			engine.session = nil
		} else {
			engine.aside = nil
		}
		engine.current = nil
	}()
	engine.current.End()
}

// asideSession gives the session of what is no part of the conversation. It is made when it is
// first asked for.
func asideSession() (s *core.Session, err error) {
	if engine.aside == nil {
		engine.aside, err = core.NewSession(engine.model, engine.context)
	}
	return engine.aside, err
}

// answer makes the struct that v points to, as JSON, the result.
func answer(v any) (err error) {
	engine.result, err = strictjson.Append(engine.result[:0], v)
	return err
}

// input gives the n bytes that JavaScript wrote.
func input(n int32) []byte {
	if n < 0 || int(n) > len(engine.exchange) {
		return nil
	}
	return engine.exchange[:n]
}

// open reads the manifest and answers with what the page must know before it fetches shards.
//
//go:wasmexport open
func open(n int32) int32 {
	return call(func() error {
		sent := input(n)
		m, err := planes.ReadManifest(sent)
		if err == nil {
			err = core.CheckTensors(m)
		}
		if err != nil {
			return manifestError{err}
		}
		engine.manifest, engine.reader, engine.chat, engine.model = m, planes.NewReader(m), nil, nil
		if crew := engine.crew; crew != nil {
			engine.reader.Keep(core.Part(&m.Config, crew.rank, crew.size))
			crew.buffer = make([]byte, team.BufferBytes(m.Config.Vocab))
		}
		engine.session, engine.aside, engine.current, engine.tuner = nil, nil, nil, nil
		debug.SetGCPercent(gcLoading) // another model may have been there
		described := describe(m, sent)
		// For the largest at once: shards differ in size, and every smaller buffer would be
		// garbage.
		largest := int64(0)
		for i := range m.Shards {
			largest = max(largest, m.Shards[i].Bytes)
		}
		if engine.crew != nil {
			largest += largest / 2 // unpacked
		}
		buffer(int32(min(largest, exchangeLimit)))
		return answer(described)
	})
}

// How JavaScript hands over a shard, beside 0: nothing was done with it.
const (
	shardVerified = 1 // its SHA-256 was compared
	shardUnpacked = 2 // it was compared, and unpack has made this of it
)

// load reads shard i, the next one in order; how says what was done with it.
//
//go:wasmexport load
func load(i, n, how int32) int32 {
	return call(func() error {
		if engine.reader == nil || int(i) != engine.reader.Next() {
			return fmt.Errorf("%w: shard %d is not the next one", core.ErrBadRequest, i)
		}
		var err error
		if how == shardUnpacked {
			err = engine.reader.Unpacked(input(n))
		} else {
			err = engine.reader.Shard(input(n), how == shardVerified)
		}
		if err != nil {
			return err
		}
		if engine.model != nil {
			return engine.model.Refine(core.Arrived(engine.reader))
		}
		if !slices.Contains(engine.manifest.Shards[i].Completes, planes.TokenizerName) {
			return nil
		}
		// Made now, it takes a time in which JavaScript waits for the next shards anyway.
		chat, err := core.ReadChat(engine.manifest, engine.reader)
		engine.chat = chat
		return err
	})
}

// unpack answers with what loads faster than a shard whose SHA-256 was compared, in any engine that
// has opened the manifest.
//
//go:wasmexport unpack
func unpack(n int32) int32 {
	return call(func() error {
		if engine.reader == nil {
			return fmt.Errorf("%w: no shards are being loaded", core.ErrBadRequest)
		}
		shard := input(n)
		// What load takes without a larger buffer; what is too large for it stays packed.
		engine.result = slices.Grow(engine.result, cap(engine.exchange))
		engine.result = engine.reader.Unpack(engine.result, shard)
		return nil
	})
}

// canBegin is 1 where a chat can begin with what is loaded, else 0.
//
//go:wasmexport can_begin
func canBegin() int32 {
	begins := int32(0)
	if code := call(func() error {
		if engine.reader == nil {
			return fmt.Errorf("%w: no shards are being loaded", core.ErrBadRequest)
		}
		if core.CanBegin(core.Arrived(engine.reader), engine.chat) {
			begins = 1
		}
		return nil
	}); code != 0 {
		return code
	}
	return begins
}

// finish puts the model together once all shards are loaded, or enough to begin with, where the
// options say so. Then more shards follow between two tokens, and after the last one it is called
// again.
//
//go:wasmexport finish
func finish(n int32) int32 {
	return call(func() error {
		options, err := parseOptions(input(n))
		if err != nil {
			return err
		}
		if engine.model == nil && engine.reader == nil {
			return fmt.Errorf("%w: finish before open", core.ErrBadRequest)
		}
		if engine.reader != nil {
			if err := assemble(options.Early); err != nil {
				return err
			}
		}
		// Checked before the old session goes: two of them at once may not fit into memory, and a
		// session that is there goes on after a mistake in the options.
		context := min(options.Context, engine.model.Config.Context)
		if context < 1 {
			return fmt.Errorf("%w: context of %d, want at least 1", core.ErrBadRequest, context)
		}
		if shortest := engine.model.Shortest; context <= shortest {
			// No question would fit. The page is told of the context in use.
			context = min(shortest+answerRoom, engine.model.Config.Context)
		}
		choice, err := engine.model.KernelOf(options.Kernel)
		if err != nil {
			return err
		}
		engine.model.Prepare(choice.Kernel)
		if engine.session == nil || engine.context != context {
			engine.session, engine.aside, engine.current = nil, nil, nil
			if engine.session, err = core.NewSession(engine.model, context); err != nil {
				return err
			}
		}
		engine.context = context
		if engine.tuner == nil || !choice.Auto {
			engine.choice, engine.tuner = choice, nil
			if choice.Auto {
				engine.tuner = core.NewAutotuner(engine.model)
			}
		}
		return answer(running())
	})
}

// assemble puts together the model of what has come: all shards, or with early those that a chat
// can begin with.
func assemble(early bool) error {
	if engine.reader.Next() == len(engine.manifest.Shards) {
		early = false
	} else if early && !core.CanBegin(core.Arrived(engine.reader), engine.chat) {
		return fmt.Errorf("%w: after %d of %d shards no chat can begin", core.ErrBadRequest,
			engine.reader.Next(), len(engine.manifest.Shards))
	}
	if !early {
		if err := engine.reader.Close(); err != nil {
			return err
		}
	}
	if engine.model == nil {
		var crew team.Team
		if engine.crew != nil {
			crew = engine.crew
		}
		model, err := core.NewModelWith(engine.manifest, core.Arrived(engine.reader), engine.chat,
			crew)
		if err != nil {
			return err
		}
		engine.model = model
	}
	if !early {
		// What is not needed any more makes room for the session, for wasm's memory never shrinks:
		// the shards' buffer, the reader and its scratch.
		engine.reader, engine.exchange, engine.result = nil, nil, nil
	}
	runtime.GC()
	debug.SetGCPercent(gcReady)
	return nil
}

// status is what runs.
type status struct {
	Kernel          string         `json:"kernel"`
	PromptKernel    string         `json:"prompt_kernel"`
	Why             string         `json:"why"`
	Context         int            `json:"context"`
	SIMD            bool           `json:"simd"`
	Precision       core.Precision `json:"precision"`
	HeapBytes       uint64         `json:"heap_bytes,omitzero"`
	HeapSystemBytes uint64         `json:"heap_system_bytes,omitzero"`
}

func running() *status {
	choice := engine.choice
	if engine.tuner != nil {
		choice = engine.tuner.Choice()
	}
	s := &status{
		Kernel: choice.Name, PromptKernel: choice.PromptName(), Why: choice.Why,
		Context: engine.context, SIMD: simd.Available(),
	}
	if engine.model != nil {
		s.Precision = engine.model.Precision()
	}
	return s
}

// begin starts an answer.
//
//go:wasmexport begin
func begin(n int32) int32 {
	return call(func() error {
		if engine.session == nil {
			return fmt.Errorf("%w: begin before finish", core.ErrBadRequest)
		}
		r, err := parseRequest(input(n), engine.choice.Kernel)
		if err != nil {
			return err
		}
		if err := r.fits(engine.manifest); err != nil {
			return err
		}
		r.Autotuner, r.MultiplyBatches = engine.tuner, engine.choice.MultiplyBatches
		session := engine.session
		if r.aside {
			if session, err = asideSession(); err != nil {
				return err
			}
		}
		if engine.current != session && engine.current != nil && engine.current.Answering() {
			return fmt.Errorf("%w: an answer is under way", core.ErrBadRequest)
		}
		prompt, err := session.Begin(r.Request)
		if err != nil {
			return err
		}
		engine.current = session
		engine.hashing, engine.hash = r.hash, core.HashSeed
		engine.logprobs = r.Logprobs
		return answer(&struct {
			Tokens    int            `json:"prompt_tokens"`
			Cached    int            `json:"cached_tokens"`
			Precision core.Precision `json:"precision"`
		}{prompt.Tokens, prompt.Cached, engine.model.Precision()})
	})
}

// prefill sends a batch of the prompt through so many more layers at most, or with 0 through all,
// and returns how many tokens are left, or -1. They are left until all layers have them.
//
//go:wasmexport prefill
func prefill(layers int32) int32 {
	left := 0
	if code := call(func() (err error) {
		if engine.current == nil {
			return core.ErrNoAnswer
		}
		if layers <= 0 {
			left, err = engine.current.Prefill()
		} else {
			left, err = engine.current.PrefillLayers(int(layers))
		}
		return err
	}); code != 0 {
		return code
	}
	return int32(left)
}

// step samples one token; the result is a token record (record.go).
//
//go:wasmexport step
func step() int32 { return call(stepSession) }

func stepSession() error {
	if engine.current == nil {
		return core.ErrNoAnswer
	}
	hash := engine.hash
	if engine.hashing {
		hash = core.HashLogits(hash, engine.current.Logits()) // before Next, which alters them
	}
	if err := engine.current.Next(&engine.token); err != nil {
		return err
	}
	engine.hash = hash
	engine.result = appendRecord(engine.result[:0], &engine.token)
	if engine.logprobs {
		engine.result = appendLogprobs(engine.result, engine.token.Logprobs, engine.model.Tokenizer)
	}
	return nil
}

// hash answers with the hash over the logits of every step since begin, which must have asked for
// it: all builds give the same one.
//
//go:wasmexport hash
func hash() int32 {
	return call(func() error {
		if !engine.hashing {
			return fmt.Errorf("%w: the answer did not ask for a hash", core.ErrBadRequest)
		}
		return answer(&struct {
			Hash string `json:"hash"`
		}{fmt.Sprintf("%016x", engine.hash)})
	})
}

// end ends an answer early; what was computed stays in the cache.
//
//go:wasmexport end
func end() int32 {
	return call(func() error {
		if engine.current != nil {
			engine.current.End()
		}
		return nil
	})
}

// inspect reads tokens of the conversation again and answers with what some neurons did, or how
// likely a token was (see inspection).
//
//go:wasmexport inspect
func inspect(n int32) int32 {
	return call(func() error {
		if engine.session == nil {
			return fmt.Errorf("%w: inspect before finish", core.ErrBadRequest)
		}
		i, err := parseInspection(input(n))
		if err != nil {
			return err
		}
		if i.Kind == kindAlternatives {
			told, err := engine.session.ReplayLogprobs(i.Position, i.Top)
			if err != nil {
				return err
			}
			engine.result = appendLogprobs(engine.result, []core.TokenLogprob{told},
				engine.model.Tokenizer)
			return nil
		}
		result, err := i.run(engine.session)
		if err != nil {
			return err
		}
		return answer(result)
	})
}

// stats answers with figures about memory, of all members of a team together.
//
//go:wasmexport stats
func stats() int32 {
	return call(func() error {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		bytes := []uint64{m.HeapAlloc, m.Sys}
		if crew := engine.crew; crew != nil && crew.buffer != nil {
			exchange := team.NewExchange(crew)
			if err := exchange.Sum(bytes); err != nil {
				return err
			}
		}
		now := running()
		now.HeapBytes, now.HeapSystemBytes = bytes[0], bytes[1]
		return answer(now)
	})
}
