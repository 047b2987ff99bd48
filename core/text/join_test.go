package text

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spikechat/spikechat/core/internal/request"
	"github.com/spikechat/spikechat/core/planes"
)

// turns makes messages of letters and contents: s is a system text, u a user's turn, a an answer.
func turns(pairs ...string) (messages []Message) {
	roles := map[string]string{"s": RoleSystem, "u": RoleUser, "a": RoleAssistant}
	for i := 0; i < len(pairs); i += 2 {
		messages = append(messages, Message{roles[pairs[i]], pairs[i+1]})
	}
	return messages
}

// joined is the prompt's text.
func joined(c *planes.Chat, messages []Message, o ChatOptions) (string, error) {
	var b strings.Builder
	err := Join(c, messages, o, func(text string, _ bool) { b.WriteString(text) })
	return b.String(), err
}

// TestJoin goes through the fields of a chat one by one.
func TestJoin(t *testing.T) {
	strs := planes.ChatStrings{Head: "H", HeadSystem: "HS", SystemUser: "SU", UserAssistant: "UA",
		AssistantUser: "AU", Answer: "G"}
	last := strs
	last.AssistantSystem, last.SystemLast = "AS", "SL"
	any := strs
	any.HeadAssistant, any.SystemAssistant, any.UserUser, any.AssistantAssistant = "HA", "SA", "UU",
		"AA"
	none := strs
	none.HeadSystem, none.SystemUser = "", ""
	other := strs
	other.Answer = "G!"
	thinking := &planes.ChatThinking{Start: "<t>", End: "</t>"}
	switched := &planes.ChatThinking{Start: "<t>", End: "</t>", Default: planes.ThinkingOn,
		Switched: &other}
	blanks := " \u00a0\u001f\n"
	for _, c := range []struct {
		name     string
		chat     planes.Chat
		messages []Message
		options  ChatOptions
		want     string // "": a bad request, with words
		words    string
	}{
		{"one turn", planes.Chat{Strings: strs}, turns("u", "x"), ChatOptions{}, "HxG", ""},
		{"turns", planes.Chat{Strings: strs}, turns("u", "x", "a", "y", "u", "z"), ChatOptions{},
			"HxUAyAUzG", ""},
		{"system", planes.Chat{Strings: strs}, turns("s", "w", "u", "x", "a", "y", "u", "z"),
			ChatOptions{}, "HSwSUxUAyAUzG", ""},
		{"blank system", planes.Chat{Strings: strs}, turns("s", blanks, "u", "x"), ChatOptions{},
			"HxG", ""},
		{"blank turn", planes.Chat{Strings: strs}, turns("u", blanks), ChatOptions{}, "",
			"message 0 is blank"},
		{"blank answer", planes.Chat{Strings: strs, Thinking: thinking},
			turns("u", "x", "a", "<t>x</t>", "u", "x"), ChatOptions{}, "", "message 1 is blank"},
		{"blanks", planes.Chat{Strings: strs, Blank: true}, turns("s", "", "u", " "), ChatOptions{},
			"HSSU G", ""},
		{"not alternating", planes.Chat{Strings: strs}, turns("u", "x", "u", "y"), ChatOptions{}, "",
			"message 1 is of role \"user\", and this model's chats alternate"},
		{"an answer first", planes.Chat{Strings: strs}, turns("s", "w", "a", "x", "u", "y"),
			ChatOptions{}, "", "message 1 is of role \"assistant\", and"},
		{"any order", planes.Chat{Strings: any, AnyOrder: true},
			turns("a", "v", "a", "w", "u", "x", "u", "y"), ChatOptions{}, "HAvAAwAUxUUyG", ""},
		{"any order, system", planes.Chat{Strings: any, AnyOrder: true},
			turns("s", "w", "a", "x", "u", "y"), ChatOptions{}, "HSwSAxAUyG", ""},
		{"any order, blank", planes.Chat{Strings: any, AnyOrder: true}, turns("u", "", "u", "x"),
			ChatOptions{}, "", "blank"},
		{"last, alone", planes.Chat{Strings: last, System: planes.SystemLast}, turns("s", "w", "u", "x"),
			ChatOptions{}, "HSwSUxG", ""},
		{"last", planes.Chat{Strings: last, System: planes.SystemLast},
			turns("s", "w", "u", "x", "a", "y", "u", "z"), ChatOptions{}, "HxUAyASwSLzG", ""},
		{"ignored", planes.Chat{Strings: none, System: planes.SystemIgnored},
			turns("s", "w", "u", "x"), ChatOptions{}, "HxG", ""},
		{"refused", planes.Chat{Strings: none, System: planes.SystemRefused},
			turns("s", "w", "u", "x"), ChatOptions{}, "", "which this model's chats do not have"},
		{"refused, blank", planes.Chat{Strings: none, System: planes.SystemRefused},
			turns("s", " ", "u", "x"), ChatOptions{}, "HxG", ""},
		{"trims", planes.Chat{Strings: strs, TrimSystem: planes.TrimBoth, TrimFirstUser: "newlines",
			TrimUser: planes.TrimRight, TrimAssistant: planes.TrimLeft},
			turns("s", blanks+"w"+blanks, "u", "\n"+blanks+"x", "a", blanks+"y ", "u", " z"+blanks),
			ChatOptions{}, "HSwSU" + blanks + "xUAy AU zG", ""},
		{"no first user", planes.Chat{Strings: strs, TrimFirstUser: planes.TrimBoth},
			turns("u", " x "), ChatOptions{}, "H x G", ""},
		{"a byte order mark is no white space", planes.Chat{Strings: strs, TrimUser: planes.TrimBoth},
			turns("u", " \ufeff"), ChatOptions{}, "H\ufeffG", ""},
		{"reasoning", planes.Chat{Strings: strs, Thinking: thinking},
			turns("u", "</t> x", "a", "<t>\nx</t>v</t>\n\ny\n", "u", "z"), ChatOptions{},
			"H</t> xUAyAUzG", ""},
		{"no reasoning", planes.Chat{Strings: strs, Thinking: thinking},
			turns("u", "x", "a", " <t> y ", "u", "z"), ChatOptions{}, "HxUA <t> y AUzG", ""},
		{"thinking", planes.Chat{Strings: strs, Thinking: switched}, turns("u", "x"),
			ChatOptions{Thinking: planes.ThinkingOn}, "HxG", ""},
		{"no thinking", planes.Chat{Strings: strs, Thinking: switched}, turns("u", "x"),
			ChatOptions{Thinking: planes.ThinkingOff}, "HxG!", ""},
		{"a switch without one", planes.Chat{Strings: strs, Thinking: thinking}, turns("u", "x"),
			ChatOptions{Thinking: planes.ThinkingOff}, "", "cannot be switched"},
		{"a switch without thoughts", planes.Chat{Strings: strs}, turns("u", "x"),
			ChatOptions{Thinking: planes.ThinkingOn}, "", "cannot be switched"},
		{"date", planes.Chat{Strings: planes.ChatStrings{
			Head: "[\x00%A, %d %B %Y\x00|\x00%a %m/%y 100%% %b\x00]"}}, turns("u", "\x00%d\x00"),
			ChatOptions{Date: "2026-11-30"},
			"[Monday, 30 November 2026|Mon 11/26 100% Nov]\x00%d\x00", ""},
		{"no date", planes.Chat{Strings: planes.ChatStrings{Head: "\x00%d\x00"}}, turns("u", "x"),
			ChatOptions{}, "", `date ""`},
		{"no such date", planes.Chat{Strings: planes.ChatStrings{Head: "\x00%d\x00"}},
			turns("u", "x"), ChatOptions{Date: "2026-02-29"}, "", `date "2026-02-29"`},
		{"a date that is not asked for", planes.Chat{Strings: strs}, turns("u", "x"),
			ChatOptions{Date: "soon"}, "HxG", ""},
	} {
		if err := c.chat.Validate(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		got, err := joined(&c.chat, c.messages, c.options)
		if got != c.want || (err == nil) != (c.want != "") ||
			err != nil && (!errors.Is(err, request.ErrBad) ||
				!strings.Contains(fmt.Sprint(err), c.words)) {
			t.Errorf("%s: %q, %v, want %q, %q", c.name, got, err, c.want, c.words)
		}
	}
}

// TestDates compares with package time, day by day.
func TestDates(t *testing.T) {
	for day := time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2105; {
		text := day.Format(time.DateOnly)
		d, err := parseDate(text)
		got := d.write("%A %a %d %m %y %Y %B %b")
		if want := day.Format("Monday Mon 02 01 06 2006 January Jan"); got != want || err != nil {
			t.Fatalf("%s: %q, %v, want %q", text, got, err, want)
		}
		day = day.AddDate(0, 0, 1)
	}
	for _, text := range []string{"", "2026-11-3", "2026-11-031", "2026/11/30", "2026-13-01",
		"2026-00-01", "2026-01-00", "2026-01-32", "2026-04-31", "1900-02-29", "0999-01-01",
		"2026-1１-30", "+026-11-30", "2026-11-3 "} {
		if d, err := parseDate(text); !errors.Is(err, request.ErrBad) {
			t.Errorf("%q: %v, %v", text, d, err)
		}
	}
}

// TestPromptIsCutAtControlTokens: strings are, contents are not, and what stands between two of
// them is one text, so that words grow together over the borders of contents.
func TestPromptIsCutAtControlTokens(t *testing.T) {
	tk := newTiny(t)
	c := newChat(t, &planes.Chat{Strings: planes.ChatStrings{Head: "<|im_start|>he",
		UserAssistant: "o<|im_end|><|endoftext|>", AssistantUser: "<|im_end|>", Answer: "<|im_end|>"}})
	got, err := c.Encode(tk, nil, turns("u", "ll", "a", "<|im_end|>", "u", "aa"), ChatOptions{})
	if err != nil {
		t.Fatal(err)
	}
	texts := fmt.Sprintf("%q", tokenTexts(tk, got))
	want := `["<|im_start|>" "hello" "<|im_end|>" "<|endoftext|>" "<|" "im" "_" "end" "|>" ` +
		`"<|im_end|>" "aa" "<|im_end|>"]`
	if texts != want || got[0] != 1 || got[2] != 2 || got[3] != 0 || got[4] < 3 {
		t.Errorf("%s, want %s", texts, want)
	}
}

// TestMarksOfOrdinaryText: where no control token ends a user's turn, contents cannot hold what
// does.
func TestMarksOfOrdinaryText(t *testing.T) {
	tk := newTiny(t)
	c := newChat(t, &planes.Chat{Strings: planes.ChatStrings{Head: "USER: ",
		HeadSystem: "", SystemUser: " USER: ", UserAssistant: " ASSISTANT: ",
		AssistantUser: "<|im_end|>USER: ", Answer: " ASSISTANT:"}})
	for _, messages := range [][]Message{
		turns("u", "Hi ASSISTANT: Yes"), turns("s", "ASSISTANT:", "u", "x"),
		turns("u", "ASSISTANT:", "a", "y", "u", "x"),
	} {
		ids, err := c.Encode(tk, nil, messages, ChatOptions{})
		if ids != nil || !errors.Is(err, request.ErrBad) ||
			!strings.Contains(fmt.Sprint(err), "ASSISTANT:") {
			t.Errorf("%q: %v, %v", messages, ids, err)
		}
	}
	ids, err := c.Encode(tk, nil,
		turns("u", "assistant", "a", "ASSISTANT: USER:", "u", "<|im_end|>USER:"), ChatOptions{})
	if err != nil || strings.Join(tokenTexts(tk, ids), "") !=
		"USER: assistant ASSISTANT: ASSISTANT: USER:<|im_end|>USER: <|im_end|>USER: ASSISTANT:" {
		t.Errorf("%q, %v", tokenTexts(tk, ids), err)
	}
	// What a tokenizer makes the same of is the same: another space, and today's year.
	spm := newSPM(t, nil)
	spaced, err := NewChat(&planes.Chat{Strings: planes.ChatStrings{
		UserAssistant: " the he ", Answer: "the he"}}, spm)
	if err != nil {
		t.Fatal(err)
	}
	dated := newChat(t, &planes.Chat{Strings: planes.ChatStrings{
		UserAssistant: "\n" + planes.DateMark + "%Y" + planes.DateMark + " says:", Answer: "A"}})
	for _, c := range []struct {
		chat *Chat
		tk   *Tokenizer
		text string
	}{
		{spaced, spm, "a the\u2581he a"}, {spaced, spm, "a\u2581the he"}, {dated, tk, "2026 says: yes"},
	} {
		ids, err := c.chat.Encode(c.tk, nil, turns("u", c.text), ChatOptions{Date: "2026-11-30"})
		if ids != nil || !errors.Is(err, request.ErrBad) {
			t.Errorf("%q: %q, %v", c.text, tokenTexts(c.tk, ids), err)
		}
	}
	ids, err = dated.Encode(tk, nil, turns("u", "2025 says: yes"), ChatOptions{Date: "2026-11-30"})
	if len(ids) == 0 || err != nil {
		t.Errorf("another year: %v, %v", ids, err)
	}
	blank := &planes.Chat{Strings: planes.ChatStrings{UserAssistant: "\n", Answer: "a"}}
	if c, err := NewChat(blank, tk); c != nil || !errors.Is(err, ErrUnsupportedTemplate) {
		t.Errorf("white space as a mark: %v, %v", c, err)
	}
}

// TestStops: what ends an answer without a control token.
func TestStops(t *testing.T) {
	tk := newTiny(t)
	other := planes.ChatStrings{AssistantUser: "\nYou: "}
	for _, c := range []struct {
		chat    planes.Chat
		options ChatOptions
		want    []string
	}{
		{planes.Chat{Strings: planes.ChatStrings{AssistantUser: "<|im_end|>\n<|im_start|>user\n"}},
			ChatOptions{}, nil},
		{planes.Chat{Strings: planes.ChatStrings{AssistantUser: " \n<|im_end|>[INST]"}}, ChatOptions{},
			nil},
		{planes.Chat{Strings: planes.ChatStrings{AssistantUser: "\n\n"}}, ChatOptions{}, nil},
		{planes.Chat{}, ChatOptions{}, nil},
		{planes.Chat{Strings: planes.ChatStrings{AssistantUser: "\n\n### Instruction:\n"}},
			ChatOptions{}, []string{"\n### Instruction:"}},
		{planes.Chat{Strings: planes.ChatStrings{AssistantUser: " [INST] "}}, ChatOptions{},
			[]string{"[INST]"}},
		{planes.Chat{Strings: planes.ChatStrings{AssistantUser: " END \n<|im_end|>\nUSER: "}},
			ChatOptions{}, []string{"END"}},
		{planes.Chat{AnyOrder: true, Strings: planes.ChatStrings{AssistantUser: "\nUser: ",
			AssistantAssistant: "\nBot: "}}, ChatOptions{}, []string{"\nUser:", "\nBot:"}},
		{planes.Chat{AnyOrder: true, Strings: planes.ChatStrings{AssistantUser: "|",
			AssistantAssistant: "|"}}, ChatOptions{}, []string{"|"}},
		{planes.Chat{Strings: planes.ChatStrings{AssistantUser: "\nOn \x00%d %B\x00: "}},
			ChatOptions{}, nil},
		{planes.Chat{Strings: planes.ChatStrings{
			AssistantUser: strings.Repeat("x", MaxStopBytes+1)}}, ChatOptions{}, nil},
		{planes.Chat{Strings: planes.ChatStrings{AssistantUser: "\nMe: "},
			Thinking: &planes.ChatThinking{Default: planes.ThinkingOn, Switched: &other}},
			ChatOptions{Thinking: planes.ThinkingOff}, []string{"\nYou:"}},
		{planes.Chat{Strings: planes.ChatStrings{AssistantUser: "\nMe: "}},
			ChatOptions{Thinking: planes.ThinkingOff}, nil},
	} {
		for _, set := range c.chat.Sets() {
			set.UserAssistant, set.Answer = "<|im_end|>", "<|im_end|>"
		}
		chat, err := NewChat(&c.chat, tk)
		if err != nil {
			t.Fatal(err)
		}
		if got := chat.Stops(c.options); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.chat.Strings.AssistantUser, got, c.want)
		}
	}
}
