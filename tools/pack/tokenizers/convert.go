package tokenizers

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// Original is what of a tokenizer.json decides about ids and is in GGUF files.
type Original struct {
	Added []struct {
		ID      int32
		Content string
		Special bool
	} `json:"added_tokens"`
	Model struct {
		Vocab  map[string]int32
		Merges []merge
		Unk    string `json:"unk_token"`
		// ByteFallback tells SentencePiece's from byte-level BPE.
		ByteFallback bool `json:"byte_fallback"`
	}
	Normalizer json.RawMessage
}

// Read reads a tokenizer.json.
func Read(text []byte) (*Original, error) {
	o := &Original{}
	return o, json.Unmarshal(text, o)
}

// merge is two tokens: "left right", or ["left", "right"] since they may hold spaces.
type merge [2]string

func (m *merge) UnmarshalJSON(b []byte) error {
	if b[0] == '[' {
		return json.Unmarshal(b, (*[2]string)(m))
	}
	var both string
	if err := json.Unmarshal(b, &both); err != nil {
		return err
	}
	var ok bool
	if m[0], m[1], ok = strings.Cut(both, " "); !ok {
		return fmt.Errorf("merge %q", both)
	}
	return nil
}

// GGUF gives a file with the tokenizer alone; pre is the name of the pre-tokenizer, for byte-level
// BPE.
func (o *Original) GGUF(pre string) *ggufenc.File {
	tokens := make([]string, len(o.Model.Vocab))
	added := map[int32]bool{}
	put := func(id int32, token string) {
		for int(id) >= len(tokens) {
			tokens = append(tokens, "")
		}
		tokens[id] = token
	}
	for token, id := range o.Model.Vocab {
		put(id, token)
	}
	kinds := make([]int32, len(tokens))
	for _, a := range o.Added {
		put(a.ID, a.Content)
		added[a.ID] = true
	}
	kinds = append(kinds, make([]int32, len(tokens)-len(kinds))...)
	for id, token := range tokens {
		switch {
		case token == "":
			tokens[id], kinds[id] = fmt.Sprintf("[PAD%d]", id), int32(planes.TokenUnused)
		case o.Model.ByteFallback && byteToken.MatchString(token):
			kinds[id] = int32(planes.TokenByte)
		default:
			kinds[id] = int32(planes.TokenNormal)
		}
	}
	for _, a := range o.Added {
		switch {
		case o.Model.ByteFallback && a.Content == o.Model.Unk:
			kinds[a.ID] = int32(planes.TokenUnknown)
		case a.Special || special.MatchString(a.Content):
			kinds[a.ID] = int32(planes.TokenControl)
		default:
			kinds[a.ID] = int32(planes.TokenUserDefined)
			tokens[a.ID] = strings.ReplaceAll(a.Content, "\u2581", " ")
		}
	}
	f := &ggufenc.File{}
	f.Add("general.architecture", "llama")
	f.Add("tokenizer.ggml.tokens", tokens)
	f.Add("tokenizer.ggml.token_type", kinds)
	if o.Model.ByteFallback {
		f.Add("tokenizer.ggml.model", "llama")
		f.Add("tokenizer.ggml.scores", o.scores(tokens, kinds))
		f.Add("tokenizer.ggml.add_space_prefix", strings.Contains(string(o.Normalizer), "Prepend"))
	} else {
		merges := make([]string, len(o.Model.Merges))
		for i, m := range o.Model.Merges {
			merges[i] = m[0] + " " + m[1]
		}
		f.Add("tokenizer.ggml.model", "gpt2")
		f.Add("tokenizer.ggml.pre", pre)
		f.Add("tokenizer.ggml.merges", merges)
	}
	f.Add("tokenizer.ggml.bos_token_id", uint32(1))
	f.Add("tokenizer.ggml.eos_token_id", uint32(2))
	f.Add("tokenizer.ggml.add_bos_token", false)
	return f
}

var (
	byteToken = regexp.MustCompile(`^<0x[0-9A-F]{2}>$`)
	// What llama.cpp's converter takes for control tokens whatever the original says.
	special = regexp.MustCompile(
		`^(<\|.*\|>|<｜.*｜>|<unused.*>|<pad>|<mask>|<2mass>|\[@BOS@\])$`)
)

// scores gives a SentencePiece model's scores back: its merges stand in their order, so that a
// token has minus the number of tokens that merges made before it.
func (o *Original) scores(tokens []string, kinds []int32) []float32 {
	place := map[string]float32{}
	for _, m := range o.Model.Merges {
		if whole := m[0] + m[1]; place[whole] == 0 {
			place[whole] = -float32(len(place) + 1)
		}
	}
	scores := make([]float32, len(tokens))
	for id, token := range tokens {
		switch score, made := place[token]; {
		case kinds[id] == int32(planes.TokenUserDefined):
			scores[id] = -1000
		case made:
			scores[id] = score
		case kinds[id] == int32(planes.TokenNormal):
			scores[id] = -float32(len(place) + 1)
		}
	}
	return scores
}
