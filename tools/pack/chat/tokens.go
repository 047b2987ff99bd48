package chat

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
)

// CheckTokens proves on random conversations that a prompt, which is encoded piece by piece, has
// the ids of its whole text with control tokens taken for what they are. Contents have no control
// tokens here: piece by piece those of contents are ordinary text. Errors wrap
// text.ErrUnsupportedTemplate.
func CheckTokens(c *planes.Chat, t *text.Tokenizer) error {
	chat, err := text.NewChat(c, t)
	if err != nil {
		return err
	}
	byFirst := controlTokens(t)
	r := newRandom(nil)
	switches := []planes.ChatSwitch{""}
	if c.Thinking != nil && c.Thinking.Switched != nil {
		switches = append(switches, switchedOf(c))
	}
	// Contents that hold what marks turns as ordinary text are refused, and prove nothing.
	for proved, tried := 0, 0; proved < proofs; tried++ {
		if tried == 20*proofs {
			return fmt.Errorf("%w: its marks of turns are in what people write",
				text.ErrUnsupportedTemplate)
		}
		messages := r.conversation(c, alternating)
		for i := range messages {
			for _, tokens := range byFirst {
				for _, token := range tokens {
					messages[i].Content = strings.ReplaceAll(messages[i].Content, token, "x")
				}
			}
		}
		for _, thinking := range switches {
			o := text.ChatOptions{Thinking: thinking, Date: r.date()}
			var whole strings.Builder
			err := text.Join(c, messages, o, func(part string, _ bool) { whole.WriteString(part) })
			if err != nil {
				return err
			}
			got, err := chat.Encode(t, nil, messages, o)
			if errors.Is(err, core.ErrBadRequest) {
				continue
			}
			if err != nil {
				return err
			}
			proved++
			want := encodeWhole(t, byFirst, whole.String())
			if !slices.Equal(got, want) {
				at := 0
				for at < min(len(got), len(want)) && got[at] == want[at] {
					at++
				}
				return fmt.Errorf("%w: its tokens depend on how the text is cut: token %d of %s",
					text.ErrUnsupportedTemplate, at, shown(whole.String()))
			}
		}
	}
	return nil
}

// controlTokens gives the texts by their first byte, the longest first.
func controlTokens(t *text.Tokenizer) map[byte][]string {
	byFirst := map[byte][]string{}
	for id := range int32(t.Vocab()) {
		if token := t.Bytes(id); t.IsControl(id) && token != "" {
			byFirst[token[0]] = append(byFirst[token[0]], token)
		}
	}
	for _, tokens := range byFirst {
		slices.SortStableFunc(tokens, func(x, y string) int { return len(y) - len(x) })
	}
	return byFirst
}

// encodeWhole encodes a text whose control tokens are meant.
func encodeWhole(t *text.Tokenizer, byFirst map[byte][]string, whole string) (ids []int32) {
	from := 0
	for i := 0; i < len(whole); {
		length := 0
		for _, token := range byFirst[whole[i]] {
			if strings.HasPrefix(whole[i:], token) {
				id, _ := t.Control(token)
				ids = append(t.Encode(ids, whole[from:i]), id)
				length = len(token)
				break
			}
		}
		if i += max(length, 1); length > 0 {
			from = i
		}
	}
	return t.Encode(ids, whole[from:])
}
