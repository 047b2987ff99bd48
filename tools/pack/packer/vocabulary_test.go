package packer

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/normalform"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// A few letters of GPT-2's published table.
func TestByteAlphabet(t *testing.T) {
	for b, want := range map[byte]rune{0: 'Ā', '\n': 'Ċ', ' ': 'Ġ', '!': '!', 'a': 'a', '~': '~',
		0x7f: 'ġ', 0xa0: 'ł', 0xa1: '¡', 0xad: 'Ń', 0xff: 'ÿ'} {
		if got := letterOf[b]; got != want {
			t.Errorf("byte %#02x: %q, want %q", b, got, want)
		}
	}
	if len(byteOf) != 256 {
		t.Errorf("%d letters for 256 bytes", len(byteOf))
	}
	for b, letter := range letterOf {
		if byteOf[letter] != byte(b) {
			t.Errorf("letter %q of byte %d comes back as %d", letter, b, byteOf[letter])
		}
	}
}

// checkTinyTokenizer states what the tiny model's tokenizer must hold.
func checkTinyTokenizer(t *testing.T, got *planes.Tokenizer) {
	t.Helper()
	if got.Pre != "smollm" || got.BOS != 1 || got.EOS != 2 || got.Unknown != 0 ||
		len(got.Tokens) != 325 || len(got.Merges) != 66 {
		t.Errorf("pre %q, special tokens %d %d %d, %d tokens, %d merges", got.Pre, got.BOS, got.EOS,
			got.Unknown, len(got.Tokens), len(got.Merges))
	}
	for id, want := range map[int]string{0: "<|endoftext|>", 1: "<|im_start|>", 2: "<|im_end|>",
		3: "\x00", 3 + 255: "\xff", 259: " t", 324: "syst"} {
		if got.Tokens[id] != want {
			t.Errorf("token %d is %q, want %q", id, got.Tokens[id], want)
		}
	}
	seen := map[string]bool{}
	for id, token := range got.Tokens {
		if seen[token] {
			t.Errorf("token %d, %q, stands twice", id, token)
		}
		seen[token] = true
		if want := planes.TokenNormal; id >= 3 && got.Kinds[id] != want ||
			id < 3 && got.Kinds[id] != planes.TokenControl {
			t.Errorf("token %d is of kind %d", id, got.Kinds[id])
		}
	}
	for b := range 256 {
		if !seen[string([]byte{byte(b)})] {
			t.Errorf("no token for byte %#02x", b)
		}
	}
	for rank, m := range got.Merges {
		if id := 3 + 256 + rank; got.Tokens[m[0]]+got.Tokens[m[1]] != got.Tokens[id] {
			t.Errorf("merge %d gives %q, want %q", rank, got.Tokens[m[0]]+got.Tokens[m[1]],
				got.Tokens[id])
		}
		if left, right := int(m[0]), int(m[1]); max(left, right) >= 3+256+rank {
			t.Errorf("merge %d needs a later one", rank)
		}
	}
}

func TestTokenKinds(t *testing.T) {
	f := Tiny()
	tokens := append(ggufedit.Value[[]string](f, "tokenizer.ggml.tokens"), "<odd text>", "free",
		"Ġlast")
	ggufedit.Set(f, "tokenizer.ggml.tokens", tokens)
	ggufedit.Set(f, "tokenizer.ggml.token_type",
		append(ggufedit.Value[[]int32](f, "tokenizer.ggml.token_type"), 4, 5, 1))
	ggufedit.RemoveKey(f, "tokenizer.ggml.bos_token_id")
	ggufedit.Set(f, "tokenizer.ggml.add_bos_token", true) // the template says what stands first
	file, err := readModel(f)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Vocabulary(file)
	if err != nil {
		t.Fatal(err)
	}
	if tail := strings.Join(got.Tokens[325:], "|"); tail != "<odd text>|free| last" ||
		got.BOS != -1 {
		t.Errorf("%q, beginning token %d", tail, got.BOS)
	}
}

// What is written for a mark of a conversation is a control token, and so is what a file names as
// the end of a text or of a turn.
func TestMarksAreControlTokens(t *testing.T) {
	f := Tiny()
	tokens := ggufedit.Value[[]string](f, "tokenizer.ggml.tokens")
	kinds := ggufedit.Value[[]int32](f, "tokenizer.ggml.token_type")
	kinds[1], kinds[2] = 4, 4 // <|im_start|> and <|im_end|>
	added := []string{"<think>", "<｜User｜>", "<unused7>", "<end_of_turn>", "[/INST]", "<|", "|>"}
	ggufedit.Set(f, "tokenizer.ggml.tokens", append(tokens, added...))
	for range added {
		kinds = append(kinds, 4)
	}
	ggufedit.Set(f, "tokenizer.ggml.token_type", kinds)
	f.Add("tokenizer.ggml.eot_token_id", uint32(325+4))
	ggufedit.Set(f, "tokenizer.ggml.unknown_token_id", uint32(325+4)) // as well
	file, err := readModel(f)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Vocabulary(file)
	if err != nil {
		t.Fatal(err)
	}
	const user, control = planes.TokenUserDefined, planes.TokenControl
	want := []planes.TokenKind{control, control, control, user, control, control, control, control,
		user, user}
	if kinds := slices.Concat(got.Kinds[:3], got.Kinds[325:]); !slices.Equal(kinds, want) {
		t.Errorf("kinds %v, want %v", kinds, want)
	}
}

// Every name of a pre-tokenizer becomes a rule that core/text has.
func TestPreTokenizers(t *testing.T) {
	for name, want := range map[string]planes.Tokenizer{
		"smollm":    {Pre: "smollm"},
		"starcoder": {Pre: "smollm"},
		"gpt-2":     {Pre: "gpt-2"},
		"llama-bpe": {Pre: "llama-bpe", Flags: planes.FlagWholePieces},
		"llama3":    {Pre: "llama-bpe", Flags: planes.FlagWholePieces},
		"dbrx":      {Pre: "llama-bpe"},
		"qwen2":     {Pre: "qwen2", NFC: normalform.Table},
		"stablelm2": {Pre: "qwen2"},
	} {
		f := Tiny()
		ggufedit.Set(f, "tokenizer.ggml.pre", name)
		file, err := readModel(f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Vocabulary(file)
		if err != nil || got.Pre != want.Pre || got.Flags != want.Flags ||
			got.NFC != want.NFC {
			t.Errorf("%s: %q, flags %d, %v", name, got.Pre, got.Flags, err)
		}
	}
	for name := range preTokenizers {
		f := Tiny()
		ggufedit.Set(f, "tokenizer.ggml.pre", name)
		file, err := readModel(f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Vocabulary(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := text.NewTokenizer(got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// tinySPM is the tiny model's file with a SentencePiece tokenizer of as many tokens.
func tinySPM() *ggufenc.File {
	f := Tiny()
	tokens := ggufedit.Value[[]string](f, "tokenizer.ggml.tokens")
	kinds := ggufedit.Value[[]int32](f, "tokenizer.ggml.token_type")
	scores := make([]float32, len(tokens))
	for b := range 256 {
		tokens[3+b], kinds[3+b] = fmt.Sprintf("<0x%02X>", b), int32(planes.TokenByte)
	}
	for id := 259; id < len(tokens); id++ {
		tokens[id], kinds[id] = fmt.Sprintf("\u2581token%d", id), int32(planes.TokenUnused)
	}
	for i, token := range []string{"\u2581", "a", "b", "ab", "\u2581a", "<think>", "\u2581\u2581"} {
		tokens[259+i], kinds[259+i] = token, int32(planes.TokenNormal)
		scores[259+i] = float32(-i)
	}
	scores[262] = 2 // "ab" before "\u2581a"
	kinds[264], kinds[265] = int32(planes.TokenUserDefined), int32(planes.TokenUserDefined)
	ggufedit.Set(f, "tokenizer.ggml.model", "llama")
	f.Add("tokenizer.ggml.scores", scores)
	return f
}

func TestSentencePiece(t *testing.T) {
	f := tinySPM()
	file, err := readModel(f)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Vocabulary(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.Model != planes.TokenizerSPM || got.Flags != planes.FlagSpacePrefix ||
		got.Tokens[3+255] != "\xff" ||
		got.Tokens[263] != " a" || got.Tokens[265] != "  " || len(got.Merges) > 0 || got.Pre != "" {
		t.Errorf("%+v", got)
	}
	if places := got.Order[258:266]; !slices.Equal(places, []int32{1, 1, 2, 3, 0, 4, 5, 6}) {
		t.Errorf("order %v", places)
	}
	tk, err := text.NewTokenizer(got)
	if err != nil {
		t.Fatal(err)
	}
	want := []int32{259, 262, 264, 263, 3 + '\n'}
	if ids := tk.Encode(nil, "ab<think>a\n"); !slices.Equal(ids, want) {
		t.Errorf("ids %v", ids)
	}
	if _, err := packFile(f); err != nil {
		t.Errorf("packed: %v", err)
	}
	ggufedit.Set(f, "tokenizer.ggml.add_space_prefix", false)
	if file, err = readModel(f); err != nil {
		t.Fatal(err)
	}
	if got, err = Vocabulary(file); err != nil || got.Flags != 0 {
		t.Errorf("flags %d, %v", got.Flags, err)
	}
}

func readModel(f *ggufenc.File) (*gguf.File, error) {
	s := MemorySource("t", f.Bytes())
	return gguf.Read(s, s.Size)
}

func TestTokenizersThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(f *ggufenc.File)
		err    error
		word   string
	}{
		{"WordPiece",
			func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.model", "bert") },
			ErrUnsupported, `tokenizer.ggml.model "bert", want "gpt2"`},
		{"SentencePiece without scores",
			func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.model", "llama") },
			gguf.ErrInvalid, `"tokenizer.ggml.scores": invalid: key is missing`},
		{"scores too few", func(f *ggufenc.File) {
			ggufedit.Set(f, "tokenizer.ggml.model", "llama")
			f.Add("tokenizer.ggml.scores", []float32{1})
		}, ErrModel, "1 in tokenizer.ggml.scores for 325 tokens"},
		{"a score that is no number", func(f *ggufenc.File) {
			ggufedit.Set(f, "tokenizer.ggml.model", "llama")
			scores := make([]float32, 325)
			scores[7] = float32(math.NaN())
			f.Add("tokenizer.ggml.scores", scores)
		}, ErrModel, "token 7 is no number"},
		{"a byte token that is none", func(f *ggufenc.File) {
			ggufedit.Set(f, "tokenizer.ggml.model", "llama")
			ggufedit.Value[[]int32](f, "tokenizer.ggml.token_type")[5] = 6
		}, ErrModel, "token 5: invalid model"},
		{"no model", func(f *ggufenc.File) { ggufedit.RemoveKey(f, "tokenizer.ggml.model") },
			gguf.ErrInvalid, "tokenizer.ggml.model"},
		{"other pre-tokenizer",
			func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.pre", "falcon") },
			ErrUnsupported, `tokenizer.ggml.pre "falcon", want gpt-2`},
		{"no pre-tokenizer", func(f *ggufenc.File) { ggufedit.RemoveKey(f, "tokenizer.ggml.pre") },
			ErrUnsupported, "tokenizer.ggml.pre is missing: the file"},
		{"adds a space",
			func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.add_space_prefix", true) },
			ErrUnsupported, "add_space_prefix is true"},
		{"tokens no text",
			func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.tokens", []int32{1, 2}) },
			gguf.ErrInvalid, "want array of string"},
		{"types too few",
			func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.token_type", []int32{1}) },
			ErrModel, "1 token types for 325 tokens"},
		{"byte tokens",
			func(f *ggufenc.File) {
				ggufedit.Value[[]int32](f,
					"tokenizer.ggml.token_type")[5] = 6
			}, ErrUnsupported,
			"token 5: unsupported: token type 6"},
		{"negative type",
			func(f *ggufenc.File) {
				ggufedit.Value[[]int32](f,
					"tokenizer.ggml.token_type")[5] = -1
			}, ErrUnsupported, "token 5"},
		{"letter outside the alphabet",
			func(f *ggufenc.File) {
				ggufedit.Value[[]string](f,
					"tokenizer.ggml.tokens")[5] = "a b"
			}, ErrModel,
			`token 5: invalid model: ' ' is not`},
		{"token no UTF-8",
			func(f *ggufenc.File) {
				ggufedit.Value[[]string](f,
					"tokenizer.ggml.tokens")[5] = "\xff"
			}, ErrModel, "token 5"},
		{"token too long", func(f *ggufenc.File) {
			ggufedit.Value[[]string](f, "tokenizer.ggml.tokens")[0] = strings.Repeat("x",
				planes.MaxTokenBytes+1)
		}, planes.ErrLimit, "token 0"},
		{"merge of one",
			func(f *ggufenc.File) {
				ggufedit.Value[[]string](f,
					"tokenizer.ggml.merges")[7] = "er"
			}, ErrModel, `merge 7 is "er"`},
		{"merge of three",
			func(f *ggufenc.File) {
				ggufedit.Value[[]string](f,
					"tokenizer.ggml.merges")[7] = "e r e"
			}, ErrModel, "merge 7"},
		{"merge of nothing",
			func(f *ggufenc.File) {
				ggufedit.Value[[]string](f,
					"tokenizer.ggml.merges")[7] = "e "
			}, ErrModel, `"" is no token`},
		{"merge of unknown",
			func(f *ggufenc.File) {
				ggufedit.Value[[]string](f,
					"tokenizer.ggml.merges")[7] = "e xyz"
			}, ErrModel, `"xyz" is no token`},
		{"merge to unknown",
			func(f *ggufenc.File) {
				ggufedit.Value[[]string](f,
					"tokenizer.ggml.merges")[7] = "q q"
			}, ErrModel, `merge 7 gives "qq"`},
		{"merge to control",
			func(f *ggufenc.File) {
				ggufedit.Value[[]int32](f,
					"tokenizer.ggml.token_type")[3+256+7] = 3
			}, ErrModel, "merge 7 gives"},
		{"end token outside",
			func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.eos_token_id", uint32(325)) },
			ErrModel, "eos_token_id is 325 of 325"},
		{"end token negative",
			func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.eos_token_id", int32(-2)) },
			ErrModel, "eos_token_id is -2 of 325 tokens"},
	} {
		f := Tiny()
		c.change(f)
		got, err := packFile(f)
		if got != nil || !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: got %v, want %v with %q", c.name, err, c.err, c.word)
		}
	}
}

// TestFirstSpaceOfAnAnswer: the space that SentencePiece puts before a text is none of the
// answer's.
func TestFirstSpaceOfAnAnswer(t *testing.T) {
	const space, a, spaceA, spaces = 259, 260, 263, 265
	for _, prefix := range []bool{true, false} {
		f := tinySPM()
		f.Add("tokenizer.ggml.add_space_prefix", prefix)
		got, r := mustPack(t, f)
		m, err := core.NewModel(got.manifest, r)
		if err != nil {
			t.Fatal(err)
		}
		m.Prepare(simd.LookupKernel)
		for _, c := range []struct {
			ids           []int32
			with, without string
		}{
			{[]int32{spaceA, spaceA}, "a a", " a a"},
			{[]int32{space, spaceA}, " a", "  a"},
			{[]int32{space, space}, " ", "  "},
			{[]int32{spaces, a}, " a", "  a"},
			{[]int32{a, spaceA}, "a a", "a a"},
		} {
			want := c.with
			if !prefix {
				want = c.without
			}
			for _, logprobs := range []bool{false, true} {
				said, told := answerOf(t, m, c.ids, logprobs)
				if said != want || logprobs && told != len(c.ids) {
					t.Errorf("prefix %t, tokens %v: %q with %d logprobs, want %q", prefix, c.ids, said, told,
						want)
				}
			}
		}
	}
}

// answerOf has a model answer with tokens, and gives the text and how many logprobs came.
func answerOf(t *testing.T, m *core.Model, ids []int32, logprobs bool) (said string, told int) {
	t.Helper()
	s, err := core.NewSession(m, 128)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Begin(core.Request{MaxTokens: len(ids), Logprobs: logprobs,
		Messages: []text.Message{{Role: text.RoleUser, Content: "a"}}})
	for left := 1; err == nil && left > 0; {
		left, err = s.Prefill()
	}
	for _, id := range ids {
		if err != nil {
			break
		}
		s.Logits()[id] = 1e9
		var token core.Token
		err = s.Next(&token)
		said, told = said+string(token.Text), told+len(token.Logprobs)
	}
	if err != nil {
		t.Fatal(err)
	}
	return said, told
}
