//go:build js && wasm

package main

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
	"unsafe"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
)

// fresh is the engine before the first call.
var fresh = engine

// send writes bytes as JavaScript does and gives their number.
func send(t *testing.T, data []byte) int32 {
	t.Helper()
	at := buffer(int32(len(data)))
	if at == 0 || uintptr(at) != uintptr(unsafe.Pointer(&engine.exchange[0])) ||
		cap(engine.exchange) < len(data) {
		t.Fatalf("buffer(%d) = %d", len(data), at)
	}
	return int32(copy(engine.exchange[:len(data)], data))
}

func sendText(t *testing.T, text string) int32 { return send(t, []byte(text)) }

// result reads the answer as JavaScript does.
func result(t *testing.T) []byte {
	t.Helper()
	if int(resultLen()) != len(engine.result) ||
		uintptr(resultPtr()) != uintptr(unsafe.Pointer(unsafe.SliceData(engine.result))) {
		t.Fatalf("result of %d bytes at %d", resultLen(), resultPtr())
	}
	return engine.result
}

// succeeds wants code 0 and decodes the answer, if any is expected.
func succeeds(t *testing.T, code int32, into any) {
	t.Helper()
	if code != 0 {
		t.Fatalf("code %d: %s", code, result(t))
	}
	if into != nil {
		if err := json.Unmarshal(result(t), into); err != nil {
			t.Fatalf("%v in %s", err, result(t))
		}
	}
}

// fails wants code -1 and an error with a code of web/shared/errors.js and some words.
func fails(t *testing.T, place string, code int32, want, words string) {
	t.Helper()
	var e struct {
		Code, Message string
		Retryable     *bool
	}
	if code != -1 {
		t.Errorf("%s: code %d, want -1", place, code)
		return
	}
	if err := json.Unmarshal(result(t), &e); err != nil {
		t.Errorf("%s: %v in %s", place, err, result(t))
		return
	}
	if e.Code != want || !strings.Contains(e.Message, words) || e.Retryable == nil ||
		*e.Retryable != (want == "shard_corrupt") {
		t.Errorf("%s: %s, want %s with %q", place, result(t), want, words)
	}
}

func tinyFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "models", "tiny", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// loadTiny brings the tiny model up to the point where finish may come.
func loadTiny(t *testing.T) description {
	t.Helper()
	engine = fresh
	var d description
	succeeds(t, open(send(t, tinyFile(t, planes.ManifestFile))), &d)
	for i, s := range d.Shards {
		succeeds(t, load(int32(i), send(t, tinyFile(t, s.File)), int32(i%2)), nil)
	}
	return d
}

func finishTiny(t *testing.T, options string) {
	t.Helper()
	loadTiny(t)
	succeeds(t, finish(sendText(t, options)), nil)
}

// record is a token record as web/worker/token-record.js reads it.
type record struct {
	token, finish, position uint32
	counts                  []uint32
	text                    string
}

func readRecord(t *testing.T) record {
	t.Helper()
	b := result(t)
	u32 := func(i int) uint32 { return binary.LittleEndian.Uint32(b[4*i:]) }
	r := record{token: u32(0), finish: u32(1), position: u32(2)}
	text, counts := int(u32(3)), int(u32(4))
	if len(b) != 20+4*counts+text {
		t.Fatalf("record of %d bytes for %d counts and %d bytes of text", len(b), counts, text)
	}
	for i := range counts {
		r.counts = append(r.counts, u32(5+i))
	}
	r.text = string(b[20+4*counts:])
	return r
}

// askFor runs a request to its end.
func askFor(t *testing.T, request string) (records []record) {
	t.Helper()
	var prompt struct {
		PromptTokens int `json:"prompt_tokens"`
		CachedTokens int `json:"cached_tokens"`
	}
	succeeds(t, begin(sendText(t, request)), &prompt)
	for before := int32(prompt.PromptTokens - prompt.CachedTokens); before > 0; {
		left := prefill(0)
		if left < 0 || left >= before {
			t.Fatalf("prefill leaves %d of %d: %s", left, before, result(t))
		}
		before = left
	}
	for len(records) == 0 || records[len(records)-1].finish == 0 {
		succeeds(t, step(), nil)
		records = append(records, readRecord(t))
		if r := records[len(records)-1]; int(r.position) != prompt.PromptTokens+len(records)-1 {
			t.Fatalf("token %d stands at %d behind a prompt of %d", len(records)-1, r.position,
				prompt.PromptTokens)
		}
	}
	return records
}

func TestDescription(t *testing.T) {
	d := loadTiny(t)
	if !slices.Equal(d.Presets, []string{"best", "balanced", "fewest"}) {
		t.Errorf("presets %q", d.Presets)
	}
	if d.Name != "tiny" || d.Layers != 3 || d.Hidden != 96 || d.Vocab != 325 || d.Context != 2048 ||
		d.Bytes == 0 {
		t.Errorf("%+v", d)
	}
	want := []population{{"qkv", 96, 160}, {"attn_out", 96, 96}, {"gate_up", 96, 320},
		{"down", 160, 96}}
	if !slices.Equal(d.Populations, want) {
		t.Errorf("populations %+v, want %+v", d.Populations, want)
	}
	if want := []population{{"keys", 32, 3}, {"values", 32, 3}}; !slices.Equal(d.Cache, want) {
		t.Errorf("cache %+v, want %+v", d.Cache, want)
	}
	var f map[string]any
	succeeds(t, finish(sendText(t, `{"kernel":"popcount","context":512}`)), &f)
	if f["kernel"] != "popcount" || f["why"] != "asked for" || f["context"] != 512.0 ||
		f["simd"] != simd.Available() {
		t.Errorf("finish: %v", f)
	}
	succeeds(t, finish(sendText(t, `{}`)), &f)
	if f["kernel"] != "lookup" && f["kernel"] != "popcount" || f["context"] != 2048.0 {
		t.Errorf("finish again: %v", f)
	}
	succeeds(t, stats(), &f)
	if f["heap_bytes"] == nil || f["context"] != 2048.0 || f["kernel"] == "" {
		t.Errorf("stats: %v", f)
	}
}

// TestAutoTellsWhatRuns: the status says which kernel runs before and after both are measured.
func TestAutoTellsWhatRuns(t *testing.T) {
	loadTiny(t)
	var before, after status
	succeeds(t, finish(sendText(t, `{"context":256}`)), &before)
	if before.Kernel != "lookup" || strings.Contains(before.Why, "measured:") {
		t.Errorf("after loading: %+v", before)
	}
	prompts := "lookup"
	if simd.MultipliesBatches() {
		prompts = "dot"
	}
	if before.PromptKernel != prompts {
		t.Errorf("prompts: %+v, want %s", before, prompts)
	}
	records := askFor(t, `{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":40}`)
	if len(records) != 40 {
		t.Fatalf("the answer ends after %d tokens: the prompt is not fit for this test",
			len(records))
	}
	succeeds(t, stats(), &after)
	if !strings.HasPrefix(after.Why, "measured: lookup ") {
		t.Errorf("after an answer: %+v", after)
	}
	if after.Kernel != "lookup" && after.Kernel != "popcount" {
		t.Errorf("after an answer: %+v", after)
	}
	succeeds(t, finish(sendText(t, `{"kernel":"popcount","context":256}`)), &after)
	if after.Kernel != "popcount" || after.PromptKernel != "popcount" || after.Why != "asked for" {
		t.Errorf("asked for: %+v", after)
	}
	succeeds(t, finish(sendText(t, `{"kernel":"auto","context":256}`)), &after)
	if after.Kernel != before.Kernel || after.Why != before.Why {
		t.Errorf("auto again: %+v, want %+v", after, before)
	}
}

// TestAnswersAreThoseOfCore drives the exports and a session side by side.
func TestAnswersAreThoseOfCore(t *testing.T) {
	finishTiny(t, `{"kernel":"lookup","context":256}`)
	model, err := core.Open(os.DirFS(filepath.Join("..", "models", "tiny")))
	if err != nil {
		t.Fatal(err)
	}
	model.Prepare(simd.LookupKernel)
	session, err := core.NewSession(model, 256)
	if err != nil {
		t.Fatal(err)
	}
	// so few that the tiny model, which says anything, does not end its turn before
	const tokens = 8
	request := core.Request{
		Messages: []text.Message{{Role: "system", Content: "Be brief"},
			{Role: "user", Content: "Hé <|im_end|>"}},
		Coding:    coding.Coding{Steps: 2, CacheSteps: 1},
		MaxTokens: tokens,
		Sampling: sample.Options{Temperature: 0.8, TopK: 60, TopP: 0.9, MinP: 0.01,
			RepetitionPenalty: 1.2, Seed: 1<<64 - 1},
		Stop: []string{"zzzz"},
	}
	if _, err := session.Begin(request); err != nil {
		t.Fatal(err)
	}
	for left := 1; left > 0; {
		if left, err = session.Prefill(); err != nil {
			t.Fatal(err)
		}
	}
	records := askFor(t, `{"messages":[{"role":"system","content":"Be brief"},
			{"role":"user","content":"H\u00e9 <|im_end|>"}],
		"steps":2,"cache_steps":1,"head":"float","max_tokens":8,
		"temperature":0.8,"top_k":60,"top_p":0.9,"min_p":0.01,
		"repetition_penalty":1.2,"seed":18446744073709551615,"stop":["zzzz"]}`)
	for i, got := range records {
		var token core.Token
		if err := session.Next(&token); err != nil {
			t.Fatal(err)
		}
		var counts []uint32
		for _, c := range token.Counts {
			counts = append(counts, c.Graded[0], c.Graded[1], c.Spikes, c.Executed, c.Levels)
		}
		if len(token.CacheCounts) != 3*2 {
			t.Fatalf("token %d: %d counts of keys and values", i, len(token.CacheCounts))
		}
		kept := uint32(0)
		for _, c := range token.CacheCounts {
			counts = append(counts, c.Graded[0], c.Graded[1], c.Spikes)
			kept += c.Spikes
		}
		if kept == 0 || uint64(kept) != token.LookBack.Spikes {
			t.Fatalf("token %d: %d spikes of keys and values by layer, %d of all", i, kept,
				token.LookBack.Spikes)
		}
		counts = append(counts, uint32(token.LookBack.Spikes), uint32(token.LookBack.Operations),
			uint32(token.LookBack.Dense))
		want := record{uint32(token.ID), uint32(token.Finish), uint32(token.Position), counts,
			string(token.Text)}
		if got.token != want.token || got.finish != want.finish || got.position != want.position ||
			got.text != want.text || !slices.Equal(got.counts, want.counts) {
			t.Fatalf("token %d: %+v, want %+v", i, got, want)
		}
		if len(counts) != 3*4*5+3*2*3+3 || counts[0] == 0 || !utf8.ValidString(got.text) {
			t.Fatalf("token %d: %+v", i, got)
		}
	}
	if last := records[len(records)-1]; last.finish != uint32(core.FinishedLength) ||
		len(records) != tokens {
		t.Errorf("%d tokens, finish %d", len(records), last.finish)
	}
}

// TestAside answers beside the conversation, which goes on as if nothing had been: its cache is
// there, and so is what can be looked at.
func TestAside(t *testing.T) {
	finishTiny(t, `{"kernel":"lookup","context":256}`)
	const hello = `{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":4`
	const other = `{"messages":[{"role":"user","content":"Another one"}],"max_tokens":5,"steps":1`
	const look = `{"kind":"population","layer":1,"population":"down","position":3}`
	askFor(t, hello+"}")
	succeeds(t, inspect(sendText(t, look)), nil)
	seen := string(result(t))
	cached := func(aside string) (n int) {
		var prompt struct {
			Cached int `json:"cached_tokens"`
		}
		succeeds(t, begin(sendText(t, hello+aside)), &prompt)
		succeeds(t, end(), nil)
		return prompt.Cached
	}
	whole := cached("}")
	if whole == 0 {
		t.Fatal("the conversation is not cached")
	}
	inConversation := askFor(t, hello+"}")
	alone := askFor(t, other+`,"aside":true}`)
	if got := cached("}"); got != whole {
		t.Errorf("%d tokens of the conversation are cached after another answer, want %d", got, whole)
	}
	if got := askFor(t, hello+"}"); !slices.EqualFunc(got, inConversation, equalRecords) {
		t.Error("the conversation's answer is another after one beside it")
	}
	succeeds(t, inspect(sendText(t, look)), nil)
	if got := string(result(t)); got != seen {
		t.Errorf("what is looked at is another conversation: %s, want %s", got, seen)
	}
	if got := askFor(t, other+"}"); !slices.EqualFunc(got, alone, equalRecords) {
		t.Error("the answer beside the conversation is another than in it")
	}
	succeeds(t, begin(sendText(t, hello+`,"aside":true}`)), nil)
	fails(t, "both at once", begin(sendText(t, hello+"}")), "bad_request", "under way")
	succeeds(t, end(), nil)
}

func equalRecords(a, b record) bool {
	return a.token == b.token && a.finish == b.finish && a.position == b.position &&
		a.text == b.text && slices.Equal(a.counts, b.counts)
}

// TestHash gets the hash that core's own test wants, with both kernels and from cache, and costs
// nothing unasked.
func TestHash(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "core", "testdata", "logits.json"))
	if err != nil {
		t.Fatal(err)
	}
	var answers map[string]struct {
		Messages  json.RawMessage
		MaxTokens int `json:"max_tokens"`
		Hash      string
	}
	if err := json.Unmarshal(text, &answers); err != nil {
		t.Fatal(err)
	}
	want := answers["tiny"]
	ask, err := json.Marshal(map[string]any{"messages": want.Messages, "max_tokens": want.MaxTokens,
		"hash": true})
	if err != nil {
		t.Fatal(err)
	}
	finishTiny(t, `{"kernel":"lookup"}`)
	fails(t, "hash of nothing", hash(), "bad_request", "did not ask")
	for _, kernel := range []string{"lookup", "popcount", "lookup"} {
		succeeds(t, finish(sendText(t, `{"kernel":"`+kernel+`"}`)), nil)
		askFor(t, string(ask))
		var got struct{ Hash string }
		succeeds(t, hash(), &got)
		if got.Hash != want.Hash {
			t.Errorf("%s: hash %s, want %s", kernel, got.Hash, want.Hash)
		}
		fails(t, "step after the end", step(), "bad_request", "no answer")
		succeeds(t, hash(), &got)
		if got.Hash != want.Hash {
			t.Errorf("%s: hash %s after a refused step", kernel, got.Hash)
		}
	}
	askFor(t, `{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":2}`)
	fails(t, "hash not asked for", hash(), "bad_request", "did not ask")
}

// TestPresets asks for each and back again: an answer does not depend on the one before.
func TestPresets(t *testing.T) {
	finishTiny(t, `{"kernel":"lookup","context":256}`)
	hashes := map[string]string{}
	for _, name := range []string{"best", "fewest", "balanced", "fewest", "", "best"} {
		askFor(t,
			`{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":8,"hash":true,`+
				`"preset":"`+name+`"}`)
		var got struct{ Hash string }
		succeeds(t, hash(), &got)
		if name == "" {
			name = coding.DefaultPreset
		}
		if before, again := hashes[name]; again && before != got.Hash {
			t.Errorf("%s: hash %s, before %s", name, got.Hash, before)
		}
		hashes[name] = got.Hash
	}
	if hashes["best"] == hashes["balanced"] || hashes["balanced"] == hashes["fewest"] ||
		hashes["fewest"] == hashes["best"] {
		t.Errorf("presets do not differ: %v", hashes)
	}
	// What the manifest does not list cannot be asked for; the rest can.
	engine.manifest.Tensors = slices.DeleteFunc(engine.manifest.Tensors,
		func(t planes.Tensor) bool { return t.Kind == planes.KindRanking })
	const hello = `{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":2`
	fails(t, "balanced", begin(sendText(t, hello+`,"preset":"balanced"}`)), "bad_request",
		`preset "balanced": the model "tiny" has no ranking of its neurons`)
	if got := askFor(t, hello+`,"preset":"best"}`); len(got) != 2 {
		t.Errorf("%d tokens without a ranking", len(got))
	}
}

func TestWrongOrder(t *testing.T) {
	engine = fresh
	n := func(text string) int32 { return sendText(t, text) }
	const ask = `{"messages":[{"role":"user","content":"Hello!"}]}`
	fails(t, "load first", load(0, n("x"), 0), "bad_request", "shard 0 is not the next one")
	fails(t, "finish first", finish(n("{}")), "bad_request", "finish before open")
	fails(t, "begin first", begin(n(ask)), "bad_request", "begin before finish")
	fails(t, "prefill first", prefill(0), "bad_request", "no answer")
	fails(t, "step first", step(), "bad_request", "no answer")
	succeeds(t, end(), nil)
	succeeds(t, stats(), nil)

	succeeds(t, open(send(t, tinyFile(t, planes.ManifestFile))), nil)
	fails(t, "finish without shards", finish(n("{}")), "model_invalid", "0 of 1 shards")
	fails(t, "begin without shards", begin(n(ask)), "bad_request", "begin before finish")
	fails(t, "another shard", load(1, n("x"), 0), "bad_request", "shard 1 is not the next one")
	fails(t, "shard -1", load(-1, n("x"), 0), "bad_request", "shard -1 is not the next one")

	finishTiny(t, "{}")
	fails(t, "load after finish", load(1, n("x"), 0), "bad_request", "shard 1 is not the next one")
	fails(t, "step before begin", step(), "bad_request", "no answer")
	succeeds(t, begin(n(ask)), nil)
	fails(t, "begin twice", begin(n(ask)), "bad_request", "under way")
	fails(t, "step before prefill", step(), "bad_request", "no answer")
	whole := prefill(1) // of a batch, one layer
	if left := prefill(0); left <= 0 || left >= whole {
		t.Errorf("%d left after one block, %d before", left, whole)
	}
	succeeds(t, end(), nil)
	fails(t, "prefill after end", prefill(0), "bad_request", "no answer")
	if got := askFor(t,
		`{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":3}`); len(got) != 3 {
		t.Errorf("%d tokens in the end", len(got))
	}
	// A new model takes the old one away at once: nothing half-loaded answers.
	succeeds(t, open(send(t, tinyFile(t, planes.ManifestFile))), nil)
	fails(t, "begin on a model half loaded", begin(n(ask)), "bad_request", "begin before finish")
}

func TestBuffer(t *testing.T) {
	engine = fresh
	for _, n := range []int32{0, 1, 0, exchangeLimit, 5, 0} {
		if at := buffer(n); at == 0 {
			t.Errorf("buffer(%d) = 0", n)
		}
	}
	first := buffer(7)
	for _, n := range []int32{-1, -1 << 31, exchangeLimit + 1, 1<<31 - 1} {
		if at := buffer(n); at != 0 {
			t.Errorf("buffer(%d) = %d, want 0", n, at)
		}
	}
	if again := buffer(exchangeLimit); again != first {
		t.Errorf("the buffer moved from %d to %d", first, again)
	}
	// A number that does not fit what was written gives an error, not a read past it.
	buffer(10)
	for _, n := range []int32{-1, 11, 1<<31 - 1} {
		fails(t, "open", open(n), "manifest_invalid", "not a manifest")
	}
}

// TestMemoryOfLoading: what the exchange buffer takes, and how much garbage may lie about, from an
// empty engine to one that answers, and to the next model.
func TestMemoryOfLoading(t *testing.T) {
	engine = fresh
	capacity := func(when string, want int) {
		t.Helper()
		if got := cap(engine.exchange); got != want {
			t.Errorf("%s: room for %d bytes, want %d", when, got, want)
		}
	}
	garbage := func(when string, want int) {
		t.Helper()
		if got := debug.SetGCPercent(want); got != want { // which tells what it was
			t.Errorf("%s: garbage of %d %%, want %d", when, got, want)
		}
	}
	buffer(1)
	capacity("one byte", exchangeLeast)
	buffer(exchangeLeast + 1)
	capacity("a byte more than there was room for", 2*exchangeLeast)
	buffer(5 * exchangeLeast)
	capacity("more than twice as much", 5*exchangeLeast)
	buffer(1)
	capacity("one byte again", 5*exchangeLeast)
	buffer(exchangeLimit - 1)
	buffer(exchangeLimit)
	capacity("the most", exchangeLimit)

	for _, model := range []string{"the first model", "another"} {
		engine.exchange = nil
		var d description
		succeeds(t, open(send(t, tinyFile(t, planes.ManifestFile))), &d)
		largest := 0
		for _, s := range d.Shards {
			largest = max(largest, int(s.Bytes))
		}
		if largest <= 2*exchangeLeast || largest >= exchangeLimit {
			t.Fatalf("shards of up to %d bytes show nothing", largest)
		}
		capacity(model+" is open", largest)
		garbage(model+" is open", gcLoading)
		for i, s := range d.Shards {
			succeeds(t, load(int32(i), send(t, tinyFile(t, s.File)), 1), nil)
			if engine.chat == nil {
				t.Errorf("shard %d is there, with the tokenizer, and the chat is not made yet", i)
			}
		}
		capacity(model+" is loaded", largest)
		succeeds(t, finish(sendText(t, "{}")), nil)
		if engine.exchange != nil {
			t.Errorf("%s is ready: the buffer of %d bytes is still there", model,
				cap(engine.exchange))
		}
		garbage(model+" is ready", gcReady)
		sendText(t, "{}")
		capacity(model+" is asked", exchangeLeast)
	}
}

func TestBadModels(t *testing.T) {
	text := string(tinyFile(t, planes.ManifestFile))
	manifest := func(old, new string) []byte {
		if !strings.Contains(text, old) {
			t.Fatalf("no %s in the manifest", old)
		}
		return []byte(strings.Replace(text, old, new, 1))
	}
	for _, c := range []struct{ name, old, new, code, words string }{
		{"HTML", "{", "<html>", "manifest_invalid", "not a manifest"},
		{"version", `"version": 2`, `"version": 99`, "version_mismatch", "version 99"},
		{"unknown field", `"name"`, `"title"`, "manifest_invalid", "title"},
		{"limit", `"layers": 3`, `"layers": 3000`, "manifest_invalid", "layers is 3000"},
		{"ranking of another width", `"intermediate": 160`, `"intermediate": 192`,
			"manifest_invalid", "ranking of 536 bytes in version 2, want 572"},
		{"ranking of fewer layers", `"layers": 3`, `"layers": 4`, "manifest_invalid",
			"ranking of 536 bytes"},
		{"ternary", `"kind": "unsigned"`, `"kind": "pair"`, "version_mismatch", "signed pairs"},
	} {
		engine = fresh
		fails(t, c.name, open(send(t, manifest(c.old, c.new))), c.code, c.words)
	}
	engine = fresh
	filler := strings.ReplaceAll(text, "blk.0.attn_q.weight", "blk.0.filler.weight")
	fails(t, "tensor of no model", open(sendText(t, filler)), "manifest_invalid",
		`tensor "blk.0.filler.weight"`)
	var d description
	succeeds(t, open(send(t, []byte(text))), &d)
	shard := tinyFile(t, d.Shards[0].File)
	fails(t, "cut shard", load(0, send(t, shard[:100]), 1), "shard_corrupt", "100 bytes")
	succeeds(t, load(0, send(t, shard), 1), nil) // given again

	succeeds(t, open(send(t, []byte(text))), nil)
	flipped := slices.Clone(shard)
	flipped[5000] ^= 1
	fails(t, "flipped bit", load(0, send(t, flipped), 0), "shard_corrupt", "sha256")
	succeeds(t, open(send(t, []byte(text))), nil)
	flipped[0] ^= 1
	fails(t, "hostile shard", load(0, send(t, flipped), 1), "model_invalid", "shard 0, byte 0")

	// A model whose parts do not fit together shows at finish.
	for _, c := range []struct{ name, old, new, code, words string }{
		{"width", "\"heads\": 3,\n  \"kv_heads\": 1,\n  \"head_dim\": 32",
			"\"heads\": 1,\n  \"kv_heads\": 1,\n  \"head_dim\": 96", "model_invalid",
			"32 x 96, want 96 x 96"},
	} {
		succeeds(t, open(send(t, manifest(c.old, c.new))), nil)
		succeeds(t, load(0, send(t, shard), 1), nil)
		fails(t, c.name, finish(sendText(t, "{}")), c.code, c.words)
		fails(t, c.name+": begin", begin(sendText(t, "{}")), "bad_request", "begin before finish")
	}
	// What makes a chat shows as soon as the tokenizer's shard is there.
	for _, c := range []struct{ name, old, new, words string }{
		{"template", `{% for message in messages %}`, `{% for m in messages %}`, "template"},
		{"context", `"context": 2048`, `"context": 20`, "leaves no room for an answer"},
	} {
		succeeds(t, open(send(t, manifest(c.old, c.new))), nil)
		fails(t, c.name, load(0, send(t, shard), 1), "model_invalid", c.words)
		fails(t, c.name+": finish", finish(sendText(t, "{}")), "model_invalid", c.words)
	}
	// A tokenizer shows then too, and again.
	succeeds(t, open(send(t, manifest(`"vocab": 325`, `"vocab": 324`))), nil)
	fails(t, "vocabulary", load(0, send(t, shard), 1), "model_invalid",
		"325 entries for a vocabulary of 324")
	fails(t, "vocabulary: finish", finish(sendText(t, "{}")), "model_invalid",
		"325 entries for a vocabulary of 324")
}

func TestRefusedOptions(t *testing.T) {
	loadTiny(t)
	for options, words := range map[string]string{
		"": "EOF", "[]": "JSON", "null null": "after top-level value",
		`{"threads":2}`:     `unknown field "threads"`,
		`{"kernel":"fast"}`: `kernel "fast"`, `{"context":0}`: "context of 0",
		`{"context":-5}`: "context of -5", `{"context":1.5}`: `"context"`,
		`{"Kernel":"lookup"}`:                     `unknown field "Kernel"`,
		`{"kernel":"lookup","kernel":"popcount"}`: `"kernel"`,
	} {
		fails(t, options, finish(sendText(t, options)), "bad_request", words)
	}
	succeeds(t, finish(sendText(t, `{"context":100000000}`)), nil) // the model's own limit counts
	// A context that holds no question is larger than asked for.
	var used map[string]any
	succeeds(t, finish(sendText(t, `{"context":1}`)), &used)
	if want := float64(engine.model.Shortest + answerRoom); used["context"] != want {
		t.Errorf("context of %v, want %v", used["context"], want)
	}
	succeeds(t, begin(sendText(t, `{"messages":[{"role":"user","content":"a"}]}`)), nil)
	succeeds(t, end(), nil)
	// A session that is there goes on: what it has in its cache too.
	const hello = `{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":2}`
	askFor(t, hello)
	for _, options := range []string{`{"context":0}`, `{"context":-5}`,
		`{"kernel":"fast","context":64}`} {
		fails(t, options, finish(sendText(t, options)), "bad_request", "")
		var prompt struct {
			CachedTokens int `json:"cached_tokens"`
		}
		succeeds(t, begin(sendText(t, hello)), &prompt)
		succeeds(t, end(), nil)
		if prompt.CachedTokens == 0 {
			t.Errorf("%s: the cache is empty", options)
		}
	}
}

func TestRefusedRequests(t *testing.T) {
	finishTiny(t, `{"kernel":"lookup","context":128}`)
	const hello = `"messages":[{"role":"user","content":"Hello!"}]`
	long := strings.Repeat("all work and no play ", 50000)
	for _, c := range []struct{ request, code, words string }{
		{"", "bad_request", "EOF"},
		{"{", "bad_request", "EOF"},
		{"[]", "bad_request", "JSON"},
		{"{" + hello + "} {}", "bad_request", "after top-level value"},
		{"{}", "bad_request", "no messages"},
		{`{"messages":[]}`, "bad_request", "no messages"},
		{`{"messages":"Hello!"}`, "bad_request", `field "messages"`},
		{`{"messages":[{"role":"user","text":"x"}]}`, "bad_request",
			`unknown field "messages.0.text"`},
		{`{"messages":[{"role":"tool","content":"x"}]}`, "bad_request", `role "tool"`},
		{`{"messages":[{"role":"user","content":{}}]}`, "bad_request",
			`field "messages.0.content"`},
		{"{" + hello + `,"logit_bias":{}}`, "bad_request", `unknown field "logit_bias"`},
		{"{" + hello + `,"Steps":4}`, "bad_request", `unknown field "Steps"`},
		{"{" + hello + `,"steps":4,"steps":1}`, "bad_request", `"steps"`},
		{"{" + hello + `,"steps":5}`, "bad_request", "5 steps"},
		{"{" + hello + `,"steps":-1}`, "bad_request", "-1 steps"},
		{"{" + hello + `,"steps":"4"}`, "bad_request", `field "steps"`},
		{"{" + hello + `,"steps":1.5}`, "bad_request", `field "steps"`},
		{"{" + hello + `,"cache_steps":3}`, "bad_request", "3 steps for keys and values"},
		{"{" + hello + `,"cache_steps":-1}`, "bad_request", "-1 steps for keys and values"},
		{"{" + hello + `,"cache_steps":2,"cache_share":0.5,"cache_low":4}`, "bad_request",
			"bad request: 2 steps for some key and value heads and 4 for the rest"},
		{"{" + hello + `,"cache_share":1.5,"cache_low":2}`, "bad_request",
			"bad request: share 1.5 of key and value heads"},
		{"{" + hello + `,"preset":"uniform"}`, "bad_request",
			`preset "uniform", want best, balanced or fewest`},
		{"{" + hello + `,"preset":"best","steps":2}`, "bad_request",
			"preset and steps exclude each other"},
		{"{" + hello + `,"head":"coded"}`, "bad_request", `head "coded"`},
		{"{" + hello + `,"max_tokens":-1}`, "bad_request", "max_tokens is -1"},
		{"{" + hello + `,"max_tokens":1e30}`, "bad_request", `field "max_tokens"`},
		{"{" + hello + `,"temperature":-1}`, "bad_request", "temperature is -1"},
		{"{" + hello + `,"temperature":1e39}`, "bad_request", "temperature"},
		{"{" + hello + `,"top_k":-1}`, "bad_request", "top_k is -1"},
		{"{" + hello + `,"top_p":1.1}`, "bad_request", "top_p is 1.1"},
		{"{" + hello + `,"min_p":-0.1}`, "bad_request", "min_p"},
		{"{" + hello + `,"repetition_penalty":0.5}`, "bad_request", "repetition_penalty is 0.5"},
		{"{" + hello + `,"seed":-1}`, "bad_request", `field "seed"`},
		{"{" + hello + `,"seed":18446744073709551616}`, "bad_request", `field "seed"`},
		{"{" + hello + `,"stop":[""]}`, "bad_request", "stop string 0 is empty"},
		{"{" + hello + `,"stop":"x"}`, "bad_request", `field "stop"`},
		{"{" + hello + `,"stop":[1]}`, "bad_request", `field "stop.0"`},
		{"{" + hello + `,"hash":1}`, "bad_request", `field "hash"`},
		{"{" + hello + `,"top_logprobs":21}`, "bad_request", "top_logprobs is 21, want 0 to 20"},
		{"{" + hello + `,"top_logprobs":-1}`, "bad_request", "top_logprobs is -1"},
		{"{" + hello + `,"top_logprobs":true}`, "bad_request", `field "top_logprobs"`},
		{"{" + hello + `,"thinking":false}`, "bad_request", "thinking cannot be switched"},
		{"{" + hello + `,"thinking":"off"}`, "bad_request", `field "thinking"`},
		{"{" + hello + `,"date":20261130}`, "bad_request", `field "date"`},
		{`{"messages":[{"role":"user","content":"` + long + `"}]}`, "context_full", "room for 127"},
		{strings.Repeat(`{"messages":[`, 1e5), "bad_request", ""},
	} {
		name := c.request
		if len(name) > 80 {
			name = name[:80]
		}
		fails(t, name, begin(sendText(t, c.request)), c.code, c.words)
		fails(t, name+": step", step(), "bad_request", "no answer")
	}
	// After all that the engine answers; what JavaScript calls a string may hold half a surrogate
	// pair.
	for _, content := range []string{"Hello!", `\ud83d half \udc00`, `\u0000\u202e\ufffe`, ""} {
		if got := askFor(t,
			`{"messages":[{"role":"user","content":"`+content+`"}],"max_tokens":2}`); len(got) != 2 {
			t.Errorf("%s: %d tokens", content, len(got))
		}
	}
}

// TestPanicsBecomeErrors: a mistake of ours must reach the page as an error it can show.
func TestPanicsBecomeErrors(t *testing.T) {
	engine = fresh
	fails(t, "panic", call(func() error { panic("core: forward of 0 tokens") }), "engine_crashed",
		"forward of 0 tokens")
	var table []int
	fails(t, "index", call(func() error { table[3] = 1; return nil }), "engine_crashed",
		"index out of range")

	// The answer under way is over, and the engine gives another one.
	finishTiny(t, `{"kernel":"lookup","context":128}`)
	const hello = `{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":2}`
	succeeds(t, begin(sendText(t, hello)), nil)
	fails(t, "under way", call(func() error { panic("half way") }), "engine_crashed", "half way")
	fails(t, "prefill after a panic", prefill(0), "bad_request", "no answer")
	if got := askFor(t, hello); len(got) != 2 {
		t.Errorf("%d tokens after a panic", len(got))
	}
	// A session that cannot even be ended is given up.
	engine.session = new(core.Session)
	engine.current = engine.session
	fails(t, "broken session", call(func() error { panic("no state") }), "engine_crashed",
		"no state")
	fails(t, "begin without a session", begin(sendText(t, hello)), "bad_request",
		"begin before finish")
}

// TestLogprobs: asked for, they stand behind each record, and change nothing of the record itself.
func TestLogprobs(t *testing.T) {
	finishTiny(t, `{"kernel":"lookup","context":256}`)
	const hello = `{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":8`
	for _, kernel := range []string{"lookup", "popcount", "dot"} {
		succeeds(t, finish(sendText(t, `{"kernel":"`+kernel+`","context":256}`)), nil)
		want := askFor(t, hello+"}")
		succeeds(t, begin(sendText(t, hello+`,"top_logprobs":3}`)), nil)
		for prefill(0) > 0 {
		}
		said := ""
		for i, off := range want {
			succeeds(t, step(), nil)
			b := slices.Clone(result(t))
			size := 20 + 4*len(off.counts) + len(off.text)
			engine.result = engine.result[:size]
			if on := readRecord(t); on.token != off.token || on.finish != off.finish ||
				on.position != off.position || on.text != off.text ||
				!slices.Equal(on.counts, off.counts) {
				t.Errorf("%s, token %d: %+v, without logprobs %+v", kernel, i, on, off)
			}
			told, texts, rest := readLogprobs(t, b[size:])
			if len(rest) != 0 {
				t.Fatalf("%s, token %d: %d bytes too many", kernel, i, len(rest))
			}
			for _, one := range told {
				said += texts[0]
				texts = texts[4:]
				// Greedy: the sampled token is the likeliest.
				if len(one.Top) != 3 || one.Value != one.Top[0].Value || one.Value > 0 ||
					one.Top[1].Value < one.Top[2].Value {
					t.Errorf("%s, token %d: %+v", kernel, i, one)
				}
			}
		}
		if text := ""; len(want) == 8 {
			for _, off := range want {
				text += off.text
			}
			if string([]rune(said)) != text {
				t.Errorf("%s: the tokens are %q, the text %q", kernel, said, text)
			}
		} else {
			t.Errorf("%s: %d tokens: the prompt is not fit for this test", kernel, len(want))
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	finishTiny(t, `{"kernel":"lookup","context":512}`)
	for _, more := range []string{"", `,"top_logprobs":20`} {
		succeeds(t, begin(sendText(t, `{"messages":[{"role":"user","content":"Hello!"}],`+
			`"hash":true,"repetition_penalty":1.1,"temperature":0.5`+more+`}`)), nil)
		for prefill(0) > 0 {
		}
		if n := testing.AllocsPerRun(20, func() {
			if step() != 0 {
				t.Errorf("%s", result(t))
			}
		}); n != 0 {
			t.Errorf("%v allocations a step%s", n, more)
		}
		succeeds(t, end(), nil)
	}
}
