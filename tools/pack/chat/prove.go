package chat

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
)

// Conversations that a structure is proved on, of each kind and for each state of thinking.
const proofs = 48

// kind of random conversations.
type kind int

const (
	alternating kind = iota
	anyOrder         // turns come in any order
	blank            // contents may be blank, and turns in any order where the structure has it
)

// prove renders random conversations and wants what the structure joins.
func (d *derivation) prove(c *planes.Chat, k kind) error {
	for _, thinking := range switchesOf(c) {
		r := newRandom(d.special)
		for range proofs {
			messages := r.conversation(c, k)
			o := text.ChatOptions{Thinking: thinking, Date: r.date()}
			if err := d.compare(c, messages, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// random makes the same conversations every time.
type random struct {
	*rand.Rand
	words []string
}

func newRandom(special map[string]string) *random {
	r := &random{rand.New(rand.NewPCG(0x5350494b45, 0x63686174)), []string{
		"Hello", "a", "été", "日本語", "🙂", "e\u0301", "\u200b", "two  spaces", "tab\there", "a\nb",
		"a\r\nb", "\n\n", "no\u00a0break", "{{ x }}", "{% if x %}", "{# no #}", "<b>&amp;</b>",
		`"quoted" 'so'`, `back\slash \n`, "user", "assistant\n", "system:", "```go\nx := 1\n```",
		"12345", "-1.5", "?", "[1]", "| trim", "None", "false", "<|im_start|>", "</s>",
	}}
	for _, name := range []string{"bos_token", "eos_token"} {
		if special[name] != "" {
			r.words = append(r.words, special[name])
		}
	}
	return r
}

func pick[T any](r *random, from []T) T { return from[r.IntN(len(from))] }

// Engines differ in what is white space: U+001C to U+001F and U+FEFF are left to tests.
var ends = []string{"", "", "", " ", "  ", "\n", "\n\n", "\t", " \n", "\n ", "\u00a0", "\u3000",
	"\r\n"}

// content is text between white space. It has something else than that, unless it may be blank.
func (r *random) content(mayBeBlank bool) string {
	if mayBeBlank && r.IntN(3) == 0 {
		return pick(r, ends) + pick(r, ends)
	}
	var b strings.Builder
	b.WriteString(pick(r, ends))
	for range r.IntN(6) {
		b.WriteString(pick(r, r.words) + pick(r, []string{"", " ", "\n", ". "}))
	}
	b.WriteString(pick(r, []string{"x", "Why", "é", "1"}))
	b.WriteString(pick(r, ends))
	return b.String()
}

// conversation ends with a user's turn.
func (r *random) conversation(c *planes.Chat, k kind) (messages []text.Message) {
	add := func(role string) {
		messages = append(messages, text.Message{Role: role, Content: r.content(k == blank)})
	}
	if c.System != planes.SystemRefused && r.IntN(2) == 0 {
		add(s)
	}
	free := k != alternating && c.AnyOrder
	for range r.IntN(6) {
		if !free {
			add(u)
			add(a)
			continue
		}
		for range 1 + r.IntN(2) {
			add(pick(r, []string{u, a}))
		}
	}
	add(u)
	return messages
}

func (r *random) date() string {
	return fmt.Sprintf("%04d-%02d-%02d", 2000+r.IntN(100), 1+r.IntN(12), 1+r.IntN(28))
}

// difference says in one sentence where a written text is otherwise than what the structure joins;
// nil: nowhere.
func difference(
	c *planes.Chat, messages []text.Message, o text.ChatOptions, written string,
) error {
	if o.Date == "" && c.HasDates() {
		// The text has marks in place of dates: so have the strings.
		c = withoutDates(c)
		written = strings.ReplaceAll(written, planes.DateMark, dateStandIn)
	}
	rest, contents := written, 0
	var differs error
	err := text.Join(c, messages, o, func(part string, ours bool) {
		if differs != nil {
			return
		}
		if after, found := strings.CutPrefix(rest, part); found {
			rest = after
		} else {
			at := commonPrefix(rest, part)
			place := "before the answer"
			if contents < len(messages) {
				place = "before " + turnOf(messages, contents)
			}
			if !ours {
				place = "in " + turnOf(messages, contents)
			}
			differs = fmt.Errorf("in a chat of %d messages it writes, %s, %s at byte %d, and as a "+
				"joining of strings that is %s", len(messages), place,
				shown(rest[at:]), len(written)-len(rest)+at, shown(part[at:]))
		}
		if !ours {
			contents++
		}
	})
	if err != nil || differs != nil {
		return errors.Join(err, differs)
	}
	if rest != "" {
		return fmt.Errorf("in a chat of %d messages it writes %s behind the answer's beginning",
			len(messages), shown(rest))
	}
	return nil
}

// dateStandIn stands for planes.DateMark in strings that are joined without a date.
const dateStandIn = "\x01"

func withoutDates(c *planes.Chat) *planes.Chat {
	plain := *c
	for _, text := range []*string{&plain.Strings.Head, &plain.Strings.HeadSystem,
		&plain.Strings.SystemUser, &plain.Strings.UserAssistant, &plain.Strings.AssistantUser,
		&plain.Strings.Answer, &plain.Strings.AssistantSystem, &plain.Strings.SystemLast} {
		*text = strings.ReplaceAll(*text, planes.DateMark, dateStandIn)
	}
	plain.Thinking = nil
	return &plain
}

func commonPrefix(x, y string) int {
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	for n > 0 && n < len(x) && !utf8.RuneStart(x[n]) {
		n--
	}
	return n
}

// shown is the beginning of a text, for people.
func shown(text string) string {
	const most = 40
	if text == "" {
		return "nothing more"
	}
	runes := []rune(text)
	if len(runes) > most {
		return fmt.Sprintf("%q…", string(runes[:most]))
	}
	return fmt.Sprintf("%q", text)
}
