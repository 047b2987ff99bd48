package main

import (
	"errors"
	"iter"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/chat"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// kind says what an event is.
type kind string

const (
	kindName   kind = "name"   // Text is the model's name
	kindSource kind = "source" // Text is the SHA-256 of the file
	kindRead   kind = "read"   // Done of Total bytes of the file have been hashed
	kindTensor kind = "tensor" // Done of Total weights have been packed
	kindNote   kind = "note"   // Text is a sentence about the model
	kindShard  kind = "shard"  // Data is a shard, Text its file
	kindRanked kind = "ranked" // Done of Total tokens have been run through the model
	kindDone   kind = "done"   // Data is the manifest
)

// An event is what packing has come to, with the bytes beside it, which are valid until the next
// one.
type event struct {
	told
	data []byte
}

// told is what JavaScript reads of an event.
type told struct {
	Kind  kind   `json:"kind"`
	Text  string `json:"text"`
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
}

// errLeft ends what nobody listens to any more.
var errLeft = errors.New("nobody listens")

// teller turns calls into events.
type teller struct {
	yield func(event, error) bool
	left  bool
}

func (t *teller) tell(e event) error {
	if !t.left && !t.yield(e, nil) {
		t.left = true
	}
	if t.left {
		return errLeft
	}
	return nil
}

func (t *teller) shard(file string, data []byte) error {
	return t.tell(event{told{Kind: kindShard, Text: file, Total: int64(len(data))}, data})
}

// It is a packer.Reporter. Who has left is noticed at the next shard.

func (t *teller) Tensor(_ packer.Tensor, done, total int64) {
	t.tell(event{told: told{Kind: kindTensor, Done: done, Total: total}})
}
func (t *teller) Quantised(packer.Tensor, float64) {}
func (t *teller) Calibrated(int, int)              {}
func (t *teller) Counted(int, int)                 {}
func (t *teller) Note(text string) {
	t.tell(event{told: told{Kind: kindNote, Text: text}})
}

// packing packs a GGUF file, or the parts of one; read fills p from an offset of them, one behind
// the other. The error comes last, where there is one.
func packing(
	files []file, read func(p []byte, offset int64) error, engines []chat.Engine,
) iter.Seq2[event, error] {
	return func(yield func(event, error) bool) {
		t := &teller{yield: yield}
		if err := pack(files, read, engines, t); err != nil && !t.left {
			yield(event{}, err)
		}
	}
}

func pack(
	files []file, read func(p []byte, offset int64) error, engines []chat.Engine, t *teller,
) error {
	model := packer.PlainName(nameOf(files))
	if err := t.tell(event{told: told{Kind: kindName, Text: model}}); err != nil {
		return err
	}
	source, err := openFiles(files, read, func(end, total int64) {
		t.tell(event{told: told{Kind: kindRead, Done: end, Total: total}})
	})
	if err != nil {
		return err
	}
	if err := t.tell(event{told: told{Kind: kindSource, Text: source.SHA256}}); err != nil {
		return err
	}
	job := packer.Job{Source: source, Name: model, Report: t, Quick: true, Emit: t.shard,
		Chat: agreed(engines)}
	packed, err := job.Run()
	if err != nil {
		return err
	}
	return t.tell(event{told{Kind: kindDone, Total: int64(len(packed.Text))}, packed.Text})
}

// ranking ranks the neurons of a packed model. The first event of kindRanked comes early.
func ranking(m *planes.Manifest, tensors core.Tensors) iter.Seq2[event, error] {
	return func(yield func(event, error) bool) {
		t := &teller{yield: yield}
		if err := rank(m, tensors, t); err != nil && !t.left {
			yield(event{}, err)
		}
	}
}

func rank(m *planes.Manifest, tensors core.Tensors, t *teller) error {
	ranked, err := packer.Rank(m, tensors, func(tokens, all int) error {
		return t.tell(event{told: told{Kind: kindRanked, Done: int64(tokens), Total: int64(all)}})
	}, t.shard)
	if err != nil {
		return err
	}
	return t.tell(event{told{Kind: kindDone, Total: int64(len(ranked.Text))}, ranked.Text})
}

// errArchive refuses what would have to be inflated into memory.
var errArchive = errors.New("this is an archive: unpack it, and open the GGUF file inside")

func noScratch() (packer.Scratch, error) { return nil, errArchive }

// errRead reports that the browser could not read the file.
var errRead = errors.New("the browser could not read the file: it may have been changed or moved")

// Codes of web/shared/errors.js.
const (
	codeUnreadable  = "file_unreadable"
	codeUnsupported = "model_unsupported"
	codeInvalid     = "model_invalid"
	codeBadRequest  = "bad_request"
	codeCrashed     = "engine_crashed"
)

// codeOf gives the stable code that JavaScript sees.
func codeOf(err error) string {
	for _, known := range []struct {
		err  error
		code string
	}{
		{errRead, codeUnreadable},
		{packer.ErrUnsupported, codeUnsupported}, {gguf.ErrUnsupported, codeUnsupported},
		{core.ErrUnsupportedTemplate, codeUnsupported}, {errArchive, codeUnsupported},
		{core.ErrBadRequest, codeBadRequest}, {packer.ErrRanked, codeBadRequest},
		{core.ErrNotFinite, codeInvalid}, {planes.ErrChecksum, codeInvalid},
		{packer.ErrModel, codeInvalid}, {packer.ErrSource, codeInvalid},
		{gguf.ErrInvalid, codeInvalid}, {gguf.ErrLimit, codeInvalid},
		{planes.ErrInvalid, codeInvalid}, {planes.ErrLimit, codeInvalid},
	} {
		if errors.Is(err, known.err) {
			return known.code
		}
	}
	return codeCrashed
}
