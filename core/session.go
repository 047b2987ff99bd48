package core

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
)

// Request asks for one answer.
type Request struct {
	Messages  []text.Message
	Chat      text.ChatOptions
	Coding    coding.Coding
	Lesions   coding.Lesions
	Kernel    simd.Kernel // that Model.Prepare was called for; it changes speed alone
	Autotuner *Autotuner  // where set, it chooses the kernel in place of Kernel
	// MultiplyBatches has prompts multiply codes (KernelChoice), which changes speed alone too.
	MultiplyBatches bool
	Sampling        sample.Options
	// MaxTokens bounds the answer; 0: until the context is full. Memory for so many tokens is asked
	// for when the answer begins, and without a bound as they come.
	MaxTokens int
	Stop      []string
	// Logprobs asks for Token.Logprobs, with so many of the likeliest tokens at each place; all
	// logits are computed then. The tokens and their counts stay the same.
	Logprobs    bool
	TopLogprobs int // 0 to sample.MaxTopLogprobs, only with Logprobs
}

// Prompt tells how a request begins.
type Prompt struct {
	Tokens int // tokens of the conversation so far
	Cached int // of these, tokens that an earlier turn left in the cache
}

// Finish says why an answer ended.
type Finish uint8

const (
	Running        Finish = iota
	FinishedStop          // the model ended its turn or began the next one, or a stop string came
	FinishedLength        // MaxTokens, or the context is full
)

// Token is one token of an answer. Its slices are overwritten by the next one.
type Token struct {
	ID       int32
	Position int
	Finish   Finish
	Text     []byte // UTF-8 that is certain now; may be empty
	// Counts are the spikes of the pass that predicted this token, by layer and population; nil in
	// the float mode.
	Counts []Counts
	// CacheCounts are those of the neurons that keep keys and values, of the same pass: keys and
	// values of each layer in turn, all zero where they stay float. Nil where Counts is.
	CacheCounts []Counts
	LookBack    LookBack // of the same pass; zero where keys and values are float
	// Logprobs are of the tokens whose text begins in Text, where the request asked for them. So
	// they come when their first byte does; those that are wholly of a stop string never come, and
	// neither does the control token that ends an answer.
	Logprobs []TokenLogprob
}

// Session is a conversation: it keeps the cache between turns and computes only what a new turn
// adds.
//
// Begin an answer, call Prefill until nothing is left, then Next until Token.Finish is set; or End
// it early. The caller keeps the loop, so that it can stop within one token, or within some layers
// of one batch of the prompt (PrefillLayers).
type Session struct {
	model  *Model
	state  *State
	tokens []int32        // in the cache, and then the part of the prompt that is still to run
	cached coding.Coding  // that the cache was computed with: its layers alone
	hurt   coding.Lesions // likewise
	// refined is Model.refined when the cache was begun; planes may have been added since.
	refined int
	limit   int // MaxTokens of the answer
	bytes   int // of messages, at most: more cannot fit the context

	tuner   *Autotuner // of the answer under way; nil: the kernel stays
	sampler *sample.Sampler
	stops   *text.StopMatcher
	decoder text.Decoder
	piece   []byte // text of one token, before stop strings are looked for
	text    []byte
	counts  []Counts // of populations, and then of keys and values

	logprobs *logprobs // of the answer under way; nil: not asked for

	generated int
	answering bool
	layer     int   // that the batch of the prompt comes to next; 0: it has not begun
	last      int32 // token that ended the last answer, which the cache has not; -1: none
}

// NewSession makes room for a conversation of context tokens.
func NewSession(m *Model, context int) (*Session, error) {
	if context <= m.Shortest {
		return nil, fmt.Errorf("%w: context of %d, want at least %d: the shortest chat has %d tokens",
			ErrBadRequest, context, m.Shortest+1, m.Shortest)
	}
	batch := simd.PromptBatch
	if simd.MultipliesBatches() {
		batch = simd.DotBatch
	}
	state, err := NewState(m, context, batch)
	if err != nil {
		return nil, err
	}
	sampler, err := sample.NewSampler(m.Config.Vocab, sample.Options{})
	if err != nil {
		return nil, err
	}
	return &Session{
		model: m, state: state, sampler: sampler, last: -1,
		tokens: make([]int32, 0, context),
		bytes:  context * m.Tokenizer.Longest(),
		counts: make([]Counts, len(state.Counts())+len(state.CacheCounts())),
		piece:  make([]byte, 0, 4096),
		text:   make([]byte, 0, 4096),
	}, nil
}

// Begin starts an answer. Errors wrap ErrBadRequest, ErrContextFull or ErrNotPrepared and leave the
// session as it was.
func (s *Session) Begin(r Request) (Prompt, error) {
	if s.answering {
		return Prompt{}, fmt.Errorf("%w: an answer is under way", ErrBadRequest)
	}
	if r.MaxTokens < 0 {
		return Prompt{}, fmt.Errorf("%w: max_tokens is %d", ErrBadRequest, r.MaxTokens)
	}
	if err := r.Coding.Validate(); err != nil {
		return Prompt{}, err
	}
	// One position is needed for the answer.
	bytes, room := 0, s.state.Context()-1
	for _, m := range r.Messages {
		// Refused before it is cut into tokens, which would take seconds and a hundred megabytes
		// for what a page can send.
		if bytes += len(m.Content); bytes > s.bytes {
			return Prompt{}, fmt.Errorf("%w: the conversation has more than %d bytes, "+
				"room for %d tokens", ErrContextFull, s.bytes, room)
		}
	}
	prompt, err := s.model.Template.Encode(s.model.Tokenizer, nil, r.Messages, r.Chat)
	if err != nil {
		return Prompt{}, err
	}
	if len(prompt) > room {
		return Prompt{}, fmt.Errorf("%w: the conversation has %d tokens, room for %d",
			ErrContextFull, len(prompt), room)
	}
	next := s.model.Template.Stops(r.Chat)
	stops, err := text.NewStopMatcher(r.Stop, next...)
	if err != nil {
		return Prompt{}, err
	}
	r.Stop = slices.Concat(r.Stop, next)
	if err := r.Sampling.Validate(); err != nil {
		return Prompt{}, err
	}
	logprobs, err := newLogprobs(&r, s.model.Config.Vocab)
	if err != nil {
		return Prompt{}, err
	}
	// The last prompt token is run again even if it is cached: its logits are needed.
	reuse := min(commonPrefix(s.tokens[:s.state.Position()], prompt), len(prompt)-1)
	if r.Coding.Layers() != s.cached || !r.Lesions.Equal(&s.hurt) || s.outdated() {
		// Tokens computed otherwise would make the answer depend on what was asked before.
		reuse = 0
	}
	kernel := r.Kernel
	if r.Autotuner != nil {
		kernel = r.Autotuner.choice.Kernel
	}
	if err := s.state.Restart(reuse, r.Coding, r.Lesions, kernel); err != nil {
		return Prompt{}, err
	}
	s.state.MultiplyBatches = r.MultiplyBatches
	if err := s.sampler.Reset(r.Sampling); err != nil {
		return Prompt{}, err
	}
	// What the prompt and the longest answer take is asked for now: a browser without so much memory
	// ends the engine, and better before the first word than behind one. The token that ends an
	// answer is not kept.
	s.state.makeRoom(min(len(prompt)+max(min(r.MaxTokens, room), 1)-1, s.state.Context()))
	s.tokens = append(s.tokens[:0], prompt...)
	s.cached, s.hurt = r.Coding.Layers(), s.state.damage.asked
	s.refined = s.model.refined
	s.stops, s.limit = stops, r.MaxTokens
	s.decoder.Reset()
	s.logprobs = logprobs
	s.tuner, s.generated, s.answering, s.last = r.Autotuner, 0, true, -1
	return Prompt{Tokens: len(prompt), Cached: reuse}, nil
}

// outdated reports whether some of the cache was computed with fewer planes than there are now.
func (s *Session) outdated() bool { return s.refined != s.model.refined }

func commonPrefix(a, b []int32) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// Answering reports whether an answer is under way.
func (s *Session) Answering() bool { return s.answering }

// Prefill runs the next batch of the prompt, simd.PromptBatch tokens at most, or simd.DotBatch
// where they are multiplied, and returns how many tokens are left: a browser paints progress in
// between. After an error the answer is over.
func (s *Session) Prefill() (left int, err error) {
	return s.PrefillLayers(s.model.Config.Layers)
}

// PrefillLayers is a part of Prefill: it sends the batch through so many more layers at most, and
// the tokens are left until they have been through all. A browser sees a stop in between.
func (s *Session) PrefillLayers(most int) (left int, err error) {
	if !s.answering {
		return 0, ErrNoAnswer
	}
	state := s.state
	rest := s.tokens[state.Position():]
	n := min(len(rest), simd.PromptBatch)
	if state.MultiplyBatches {
		n = min(len(rest), state.batch)
	}
	if n == 0 {
		return 0, nil
	}
	done, err := s.prefillLayers(rest[:n], max(most, 1), n == len(rest))
	if err != nil {
		s.End()
		return 0, err
	}
	if !done {
		n = 0
	}
	return len(rest) - n, nil
}

// prefillLayers sends a batch through further layers, and after the last one the last batch to the
// output. done is whether it has been through all.
func (s *Session) prefillLayers(batch []int32, most int, last bool) (done bool, err error) {
	state, n, layers := s.state, len(batch), s.model.Config.Layers
	if s.layer == 0 {
		if err := state.enter(state.Position(), batch); err != nil {
			return false, err
		}
	}
	from := s.layer
	s.layer = min(from+most, layers)
	if err := state.through(state.Position(), n, from, s.layer); err != nil {
		return false, err
	}
	if s.layer < layers {
		return false, nil
	}
	s.layer = 0
	if last {
		return true, state.leave(n-1, n)
	}
	return true, state.leave(n, n)
}

// Logits gives the scores [vocab] that the next token is sampled from, once Prefill has nothing
// left. Without this call Next computes only those it needs. Next alters them.
func (s *Session) Logits() []float32 { return s.state.Logits(0) }

// Next samples the next token and, while the answer goes on, computes what follows it. After an
// error the answer is over.
func (s *Session) Next(t *Token) error {
	if !s.answering || s.state.Position() < len(s.tokens) {
		return ErrNoAnswer
	}
	id := s.sample()
	if err := s.model.team.Err(); err != nil {
		s.End()
		return err
	}
	*t = Token{ID: id, Position: len(s.tokens)}
	if s.cached.Steps > 0 {
		n := copy(s.counts, s.state.Counts())
		copy(s.counts[n:], s.state.CacheCounts())
		t.Counts, t.CacheCounts = s.counts[:n:n], s.counts[n:]
	}
	t.LookBack = s.state.LookBack()
	s.generated++
	tokenizer := s.model.Tokenizer
	s.piece, s.text = s.piece[:0], s.text[:0]
	stopped := false
	if tokenizer.IsControl(id) {
		// Every control token ends the turn; only EOS was trained to.
		t.Finish = FinishedStop
	} else {
		token := tokenizer.Bytes(id)
		if s.generated == 1 && tokenizer.PrefixesSpace() {
			// It stands before every text, so that it is none of the answer's.
			token = strings.TrimPrefix(token, " ")
		}
		s.decode(token)
		if s.text, stopped = s.stops.Write(s.text, s.piece); stopped {
			t.Finish = FinishedStop
		} else if s.generated == s.limit || len(s.tokens)+1 >= s.state.Context() {
			t.Finish = FinishedLength
		}
	}
	if t.Finish != Running {
		s.flush(stopped)
		t.Text = s.text
		t.Logprobs = s.logprobs.release(len(s.text))
		s.End()
		s.last = id
		return nil
	}
	t.Text = s.text
	t.Logprobs = s.logprobs.release(len(s.text))
	s.tokens = append(s.tokens, id)
	if s.tuner != nil {
		if err := s.tuner.between(s.state); err != nil {
			s.End()
			return err
		}
	}
	if err := s.state.Forward(s.tokens[len(s.tokens)-1:], false); err != nil {
		s.End()
		return err
	}
	return nil
}

// sample draws the next token.
func (s *Session) sample() int32 {
	if s.logprobs == nil {
		return s.state.Sample(s.sampler, s.tokens)
	}
	return s.logprobs.sample(s.state.drawable(), s.sampler, s.tokens)
}

// decode appends to piece the text that a token completes.
func (s *Session) decode(token string) {
	if s.logprobs == nil {
		s.piece = s.decoder.Write(s.piece, token)
		return
	}
	if token == "" { // its logprob comes with the next one's
		s.logprobs.begin(nil, true)
		return
	}
	// The first byte alone tells where in the text the token begins.
	s.piece = s.decoder.Write(s.piece, token[:1])
	s.logprobs.begin(s.piece, s.decoder.Holds())
	s.piece = s.decoder.Write(s.piece, token[1:])
	s.logprobs.decoded += len(s.piece)
}

// flush appends the text that was held back for the rest of a character or of a stop string.
func (s *Session) flush(stopped bool) {
	if stopped {
		return
	}
	s.piece = s.decoder.Flush(s.piece[:0])
	if s.text, stopped = s.stops.Write(s.text, s.piece); !stopped {
		s.text = s.stops.Flush(s.text)
	}
}

// End ends the answer under way, if any; what has been computed stays in the cache for the next
// turn.
func (s *Session) End() {
	s.answering, s.layer = false, 0
	s.tokens = s.tokens[:s.state.Position()]
}
