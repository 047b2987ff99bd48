package planes

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// wholeChat has every field but any_order and its strings, which exclude the last system text.
func wholeChat() *Chat {
	s := ChatStrings{Head: "<s>\x00%d %B %Y\x00\n", HeadSystem: "<s>[", SystemUser: "]",
		UserAssistant: "<a>", AssistantUser: "</s>", Answer: "<a>\n", AssistantSystem: "</s>[",
		SystemLast: "] "}
	other := s
	other.Answer = "<a>\n<think>\n\n</think>\n"
	return &Chat{Strings: s, Blank: true, System: SystemLast, TrimSystem: TrimLeft,
		TrimFirstUser: TrimRight, TrimUser: TrimBoth, TrimAssistant: TrimNewlines,
		Thinking: &ChatThinking{Start: "<think>", End: "</think>", Default: ThinkingOn,
			Switched: &other}}
}

func TestChatIsReadAsWritten(t *testing.T) {
	m, _ := codedModel(t)
	m.Version, m.ChatTemplate, m.Chat = ArchitecturesVersion, "", wholeChat()
	text, err := m.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadManifest(text)
	if err != nil || !reflect.DeepEqual(got.Chat, m.Chat) {
		t.Fatalf("%+v, %v, want %+v", got, err, m.Chat)
	}
	if again, err := got.AppendJSON(nil); err != nil || string(again) != string(text) {
		t.Errorf("%s, %v, want %s", again, err, text)
	}
	// A field without a value is not written, but for the six strings that every chat has.
	m.Chat = &Chat{}
	if text, err = m.AppendJSON(nil); err != nil || !strings.Contains(string(text), `"chat": {
  "strings": {
   "head": "",
   "head_system": "",
   "system_user": "",
   "user_assistant": "",
   "assistant_user": "",
   "answer": ""
  }
 },`) {
		t.Errorf("%s, %v", text, err)
	}
}

// A chat without its strings is no chat of empty ones.
func TestChatWithoutStrings(t *testing.T) {
	m, _ := codedModel(t)
	m.Version, m.ChatTemplate, m.Chat = ArchitecturesVersion, "", &Chat{Blank: true}
	whole, err := m.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	head := strings.Index(string(whole), `"strings": {`)
	end := head + strings.Index(string(whole)[head:], "}") + 1
	for name, text := range map[string]string{
		"strings": string(whole[:head]) + string(whole[end+1:]),
		"head":    strings.Replace(string(whole), `"head": "",`, "", 1),
		"answer":  strings.Replace(string(whole), `,`+"\n"+`   "answer": ""`, "", 1),
	} {
		_, err := ReadManifest([]byte(text))
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(),
			fmt.Sprintf("missing field %q", name)) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestBadChats(t *testing.T) {
	long := strings.Repeat("a", MaxChatString)
	for _, c := range []struct {
		name   string
		change func(*Chat)
		want   error
		words  string
	}{
		{"good", func(c *Chat) {}, nil, ""},
		{"empty", func(c *Chat) { *c = Chat{} }, nil, ""},
		{"system", func(c *Chat) { c.System = "middle" }, ErrInvalid, "middle"},
		{"trim", func(c *Chat) { c.TrimUser = "all" }, ErrInvalid, "all"},
		{"strings of the last system text", func(c *Chat) { c.System = SystemFirst }, ErrInvalid,
			"nothing joins"},
		{"strings of any order", func(c *Chat) { c.Strings.UserUser = "a" }, ErrInvalid,
			"nothing joins"},
		{"any order", func(c *Chat) {
			*c = Chat{AnyOrder: true, Strings: ChatStrings{HeadAssistant: "a", SystemAssistant: "b",
				UserUser: "c", AssistantAssistant: "d"}}
		}, nil, ""},
		{"any order and the last turn", func(c *Chat) { c.AnyOrder = true }, ErrInvalid, "any order"},
		{"strings of a refused system text", func(c *Chat) {
			*c = Chat{Strings: ChatStrings{HeadSystem: "a"}, System: SystemRefused}
		}, ErrInvalid, "nothing joins"},
		{"longest string", func(c *Chat) { c.Strings.Answer = long }, nil, ""},
		{"longer string", func(c *Chat) { c.Strings.Answer = long + "a" }, ErrLimit, "16385"},
		{"longer string of the switched", func(c *Chat) { c.Thinking.Switched.Head = long + "a" },
			ErrLimit, "16385"},
		{"long together", func(c *Chat) {
			c.Strings.Head, c.Strings.Answer, c.Strings.HeadSystem, c.Thinking.Switched.Head = long,
				long, long, long
		}, ErrLimit, "together"},
		{"not UTF-8", func(c *Chat) { c.Strings.Answer = "\xff" }, ErrInvalid, "UTF-8"},
		{"half a date", func(c *Chat) { c.Strings.Answer = "\x00%d" }, ErrInvalid, "date"},
		{"empty date", func(c *Chat) { c.Strings.Answer = "\x00\x00" }, ErrInvalid, "date"},
		{"unknown directive", func(c *Chat) { c.Strings.Answer = "\x00%H\x00" }, ErrInvalid, "date"},
		{"half a directive", func(c *Chat) { c.Strings.Answer = "\x00%d%\x00" }, ErrInvalid, "date"},
		{"long date", func(c *Chat) {
			c.Strings.Answer = "\x00" + strings.Repeat("%", MaxDateFormat+2) + "\x00"
		}, ErrInvalid, "date"},
		{"mark", func(c *Chat) { c.Thinking.End = " \n" }, ErrInvalid, "mark"},
		{"long mark", func(c *Chat) { c.Thinking.End = strings.Repeat("a", MaxChatMark+1) }, ErrLimit,
			"mark"},
		{"default of thinking", func(c *Chat) { c.Thinking.Default = "yes" }, ErrInvalid, "yes"},
		{"another default without strings", func(c *Chat) {
			c.Thinking.Default, c.Thinking.Switched = "yes", nil
		}, ErrInvalid, "yes"},
		{"default without strings", func(c *Chat) { c.Thinking.Switched = nil }, ErrInvalid, "without"},
		{"strings without default", func(c *Chat) { c.Thinking.Default = "" }, ErrInvalid, "without"},
	} {
		chat := wholeChat()
		c.change(chat)
		err := chat.Validate()
		if !errors.Is(err, c.want) || err != nil && !strings.Contains(fmt.Sprint(err), c.words) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.words)
		}
	}
}

func TestChatOfAnotherVersion(t *testing.T) {
	for _, version := range []int{2, 3, 4} {
		for _, has := range []bool{false, true} {
			m, _ := codedModel(t)
			if m.Version = version; has {
				m.Chat, m.ChatTemplate = &Chat{}, ""
			}
			if err := m.validate(); (err == nil) != (has == (version == 4)) {
				t.Errorf("version %d, chat %v: %v", version, has, err)
			}
		}
	}
	m, _ := codedModel(t)
	m.Version, m.Chat, m.ChatTemplate = 4, &Chat{}, "{{ messages }}"
	if err := m.validate(); !errors.Is(err, ErrInvalid) {
		t.Errorf("both: %v", err)
	}
}

func TestHasDates(t *testing.T) {
	if (&Chat{}).HasDates() || !wholeChat().HasDates() {
		t.Error("a chat has dates where a string has one")
	}
	c := &Chat{Thinking: &ChatThinking{Switched: &ChatStrings{Answer: "\x00%d\x00"}}}
	if !c.HasDates() {
		t.Error("the switched strings have one")
	}
}
