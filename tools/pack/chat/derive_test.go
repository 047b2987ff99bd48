package chat

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
)

// fake is an Engine whose templates are functions.
type fake map[string]func(c Conversation) (string, error)

func (f fake) Render(template string, c Conversation) (string, error) { return f[template](c) }

// wordsOf names a role as a template would.
var wordsOf = map[string]string{s: "S", u: "U", a: "A"}

// chatML writes every turn alike.
func chatML(c Conversation, around func(i int, m text.Message) string) string {
	var b strings.Builder
	for i, m := range c.Messages {
		b.WriteString("<" + wordsOf[m.Role] + ">" + around(i, m) + "</>\n")
	}
	return b.String() + "<A>"
}

func plain(_ int, m text.Message) string { return m.Content }

func raise(format string, args ...any) (string, error) {
	return "", &RaisedError{fmt.Sprintf(format, args...)}
}

// day is strftime_now.
func (c Conversation) day(format, layout string) string {
	if c.Date == "" {
		return planes.DateMark + format + planes.DateMark
	}
	day, err := time.Parse(time.DateOnly, c.Date)
	if err != nil {
		panic(err)
	}
	return day.Format(layout)
}

// alternate is what many templates raise.
func alternate(c Conversation) error {
	want, first := u, 0
	if c.Messages[0].Role == s {
		first = 1
	}
	for _, m := range c.Messages[first:] {
		if m.Role != want {
			return &RaisedError{"roles must alternate"}
		}
		want = map[string]string{u: a, a: u}[m.Role]
	}
	return nil
}

// turned is fake ChatML whose turns must alternate, with a function of each content.
func turned(around func(i int, m text.Message) string) func(Conversation) (string, error) {
	return func(c Conversation) (string, error) { return chatML(c, around), alternate(c) }
}

func trimmedRole(role string, how func(string) string) func(int, text.Message) string {
	return func(_ int, m text.Message) string {
		if m.Role == role {
			return how(m.Content)
		}
		return m.Content
	}
}

func left(x string) string     { return strings.TrimLeft(x, " \n\t\r\u00a0\u3000") }
func right(x string) string    { return strings.TrimRight(x, " \n\t\r\u00a0\u3000") }
func both(x string) string     { return left(right(x)) }
func newlines(x string) string { return strings.TrimLeft(x, "\n") }

// alternatingML is what chatML comes to where turns have to alternate.
var alternatingML = planes.ChatStrings{Head: "<U>", HeadSystem: "<S>", SystemUser: "</>\n<U>",
	UserAssistant: "</>\n<A>", AssistantUser: "</>\n<U>", Answer: "</>\n<A>"}

// TestDerive has a template for every field of a structure.
func TestDerive(t *testing.T) {
	anyML := alternatingML
	anyML.HeadAssistant, anyML.SystemAssistant = "<A>", "</>\n<A>"
	anyML.UserUser, anyML.AssistantAssistant = "</>\n<U>", "</>\n<A>"
	with := func(change func(*planes.Chat)) planes.Chat {
		c := planes.Chat{Strings: alternatingML, Blank: true}
		change(&c)
		return c
	}
	noSystem := alternatingML
	noSystem.HeadSystem, noSystem.SystemUser = "", ""
	thinks := planes.ChatThinking{Start: "<think>", End: "</think>"}
	silent := alternatingML
	silent.Answer += "<think></think>"
	for _, test := range []struct {
		name, template string
		write          func(Conversation) (string, error)
		want           planes.Chat
	}{
		{"any order", "", func(c Conversation) (string, error) { return chatML(c, plain), nil },
			planes.Chat{Strings: anyML, AnyOrder: true, Blank: true}},
		{"alternating", "", turned(plain), with(func(*planes.Chat) {})},
		{"user stripped", "", turned(trimmedRole(u, both)), with(func(c *planes.Chat) {
			c.TrimUser, c.TrimFirstUser = planes.TrimBoth, planes.TrimBoth
		})},
		{"answers stripped at the left", "", turned(trimmedRole(a, left)), with(func(c *planes.Chat) {
			c.TrimAssistant = planes.TrimLeft
		})},
		{"system stripped at the right", "", turned(trimmedRole(s, right)),
			with(func(c *planes.Chat) { c.TrimSystem = planes.TrimRight })},
		{"answers without line feeds", "", turned(trimmedRole(a, newlines)),
			with(func(c *planes.Chat) { c.TrimAssistant = planes.TrimNewlines })},
		{"first user stripped", "", turned(func(i int, m text.Message) string {
			if i == 1 && m.Role == u {
				return both(m.Content)
			}
			return m.Content
		}), with(func(c *planes.Chat) { c.TrimFirstUser = planes.TrimBoth })},
		{"system in the first turn, no blank ones", "", func(c Conversation) (string, error) {
			before := ""
			if c.Messages[0].Role == s {
				if before = c.Messages[0].Content; both(before) != "" {
					before += "\n\n"
				}
				c.Messages = c.Messages[1:]
			}
			for _, m := range c.Messages {
				if both(m.Content) == "" {
					return raise("blank")
				}
			}
			return chatML(c, func(i int, m text.Message) string {
				if i == 0 {
					return before + m.Content
				}
				return m.Content
			}), alternate(c)
		}, planes.Chat{Strings: planes.ChatStrings{Head: "<U>", HeadSystem: "<U>", SystemUser: "\n\n",
			UserAssistant: "</>\n<A>", AssistantUser: "</>\n<U>", Answer: "</>\n<A>"}}},
		{"default system text and BOS", "", func(c Conversation) (string, error) {
			if c.Messages[0].Role != s {
				c.Messages = append([]text.Message{{Role: s, Content: "Be good."}}, c.Messages...)
			}
			return c.Special["bos_token"] + chatML(c, plain), alternate(c)
		}, with(func(c *planes.Chat) {
			c.Strings.Head, c.Strings.HeadSystem = "<s><S>Be good.</>\n<U>", "<s><S>"
		})},
		{"system in the last turn", "", func(c Conversation) (string, error) {
			if err := alternate(c); err != nil || c.Messages[0].Role != s {
				return chatML(c, plain), err
			}
			system, last := c.Messages[0].Content, len(c.Messages)-2
			c.Messages = c.Messages[1:]
			return chatML(c, func(i int, m text.Message) string {
				if i == last {
					return "[" + system + "]" + m.Content
				}
				return m.Content
			}), nil
		}, with(func(c *planes.Chat) {
			c.System = planes.SystemLast
			c.Strings.HeadSystem, c.Strings.SystemUser = "<U>[", "]"
			c.Strings.AssistantSystem, c.Strings.SystemLast = "</>\n<U>[", "]"
		})},
		{"system refused", "", func(c Conversation) (string, error) {
			if c.Messages[0].Role == s {
				return raise("no system")
			}
			return chatML(c, plain), alternate(c)
		}, with(func(c *planes.Chat) { c.System, c.Strings = planes.SystemRefused, noSystem })},
		{"system ignored", "", func(c Conversation) (string, error) {
			if c.Messages[0].Role == s {
				c.Messages = c.Messages[1:]
			}
			return chatML(c, plain), alternate(c)
		}, with(func(c *planes.Chat) { c.System, c.Strings = planes.SystemIgnored, noSystem })},
		{"date", "", func(c Conversation) (string, error) {
			return "Today is " + c.day("%d %B %Y", "02 January 2006") + "." + chatML(c, plain),
				alternate(c)
		}, with(func(c *planes.Chat) {
			c.Strings.Head = "Today is \x00%d %B %Y\x00.<U>"
			c.Strings.HeadSystem = "Today is \x00%d %B %Y\x00.<S>"
		})},
		{"reasoning", "has </think>", turned(func(_ int, m text.Message) string {
			_, after, found := strings.Cut(m.Content, "</think>")
			if m.Role == a && found {
				return after
			}
			return m.Content
		}), with(func(c *planes.Chat) { c.Thinking = &thinks })},
		{"thinking on by default", "</think>", func(c Conversation) (string, error) {
			text := chatML(c, plain)
			if c.Thinking == planes.ThinkingOff {
				text += "<think></think>"
			}
			return text, alternate(c)
		}, with(func(c *planes.Chat) {
			c.Thinking = &planes.ChatThinking{Start: "<think>", End: "</think>",
				Default: planes.ThinkingOn, Switched: &silent}
		})},
		{"thinking off by default", "</think>!", func(c Conversation) (string, error) {
			text := chatML(c, plain)
			if c.Thinking != planes.ThinkingOn {
				text += "<think></think>"
			}
			return text, alternate(c)
		}, with(func(c *planes.Chat) {
			on := alternatingML
			c.Strings = silent
			c.Thinking = &planes.ChatThinking{Start: "<think>", End: "</think>",
				Default: planes.ThinkingOff, Switched: &on}
		})},
		{"any order where thinking can be switched", "</think>?", func(c Conversation) (string, error) {
			text := chatML(c, plain)
			if c.Thinking == planes.ThinkingOff {
				text += "<think></think>"
			}
			return text, nil
		}, func() planes.Chat {
			other := anyML
			other.Answer += "<think></think>"
			return planes.Chat{Strings: anyML, AnyOrder: true, Blank: true,
				Thinking: &planes.ChatThinking{Start: "<think>", End: "</think>",
					Default: planes.ThinkingOn, Switched: &other}}
		}()},
	} {
		special := map[string]string{"bos_token": "<s>"}
		got, err := Derive(fake{test.template: test.write}, test.template, special)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if !reflect.DeepEqual(got, &test.want) {
			t.Errorf("%s: %s\n%+v, want\n%+v", test.name, Difference(got, &test.want), got, test.want)
		}
	}
}

// TestDeriveRefuses: with the first difference, by role and turn.
func TestDeriveRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		write func(Conversation) (string, error)
		words string
	}{
		"raises": {func(Conversation) (string, error) { return raise("never") }, `it raises "never"`},
		"an error": {func(Conversation) (string, error) { return "", errors.New("no filter x") },
			"no filter x"},
		"an error for a system text": {func(c Conversation) (string, error) {
			if c.Messages[0].Role == s {
				return "", errors.New("no list")
			}
			return chatML(c, plain), nil
		}, "no list"},
		"content twice": {turned(func(_ int, m text.Message) string { return m.Content + m.Content }),
			"it writes the content of user turn 1 2 times"},
		"answers left out": {turned(trimmedRole(a, func(string) string { return "" })),
			"it writes the content of assistant turn 1 0 times"},
		"backwards": {func(c Conversation) (string, error) {
			text := ""
			for _, m := range c.Messages {
				text = m.Content + "|" + text
			}
			return text, nil
		}, "it writes the content of assistant turn 1 before that of an earlier one"},
		"counts turns": {turned(func(i int, m text.Message) string { return fmt.Sprint(i, m.Content) }),
			"before assistant turn 1"},
		"folds blank lines": {turned(func(_ int, m text.Message) string {
			return strings.ReplaceAll(m.Content, "\n\n", "\n")
		}), "turn"},
		"strips later turns alone": {turned(func(i int, m text.Message) string {
			if m.Role == u && i > 1 {
				return both(m.Content)
			}
			return m.Content
		}), "user turn 2"},
		"another answer for long chats": {func(c Conversation) (string, error) {
			if len(c.Messages) > 8 {
				return chatML(c, plain) + "!", alternate(c)
			}
			return chatML(c, plain), alternate(c)
		}, `it writes "!" behind the answer's beginning`},
		"the time": {func(c Conversation) (string, error) {
			return c.day("%H", "02") + chatML(c, plain), alternate(c)
		}, "date"},
		"a date that is computed with": {func(c Conversation) (string, error) {
			return c.day("%Y", "2006")[1:] + chatML(c, plain), alternate(c)
		}, ""},
		"what is asked for": {turned(func(_ int, m text.Message) string {
			if strings.Contains(m.Content, "日本語") {
				return "?"
			}
			return m.Content
		}), "it writes"},
		"too long": {func(c Conversation) (string, error) {
			return strings.Repeat("x", planes.MaxChatString+1) + chatML(c, plain), alternate(c)
		}, "16388"},
		"not UTF-8": {func(c Conversation) (string, error) {
			return "\xff" + chatML(c, plain), alternate(c)
		}, "UTF-8"},
	} {
		got, err := Derive(fake{"": c.write}, "", nil)
		if got != nil || !errors.Is(err, text.ErrUnsupportedTemplate) ||
			!strings.Contains(fmt.Sprint(err), c.words) || strings.Contains(fmt.Sprint(err), "\n") {
			t.Errorf("%s: %+v, %v, want one line with %q", name, got, err, c.words)
		}
	}
}

// TestTemplatesThatCount: what a template counts is tried, as far as it says it.
func TestTemplatesThatCount(t *testing.T) {
	// looks writes otherwise where a content is what a function says.
	looks := func(at func(i int, m text.Message) bool) func(Conversation) (string, error) {
		return turned(func(i int, m text.Message) string {
			if at(i, m) {
				return m.Content + "!"
			}
			return m.Content
		})
	}
	for name, c := range map[string]struct {
		write    func(Conversation) (string, error)
		words    string
		template string
	}{
		"more than 100 turns": {func(c Conversation) (string, error) {
			if len(c.Messages) > 100 {
				return chatML(c, plain) + "!", alternate(c)
			}
			return chatML(c, plain), alternate(c)
		}, "with 129 turns, ", ""},
		"more turns than it says": {func(c Conversation) (string, error) {
			if len(c.Messages) > 201 {
				return chatML(c, plain) + "!", alternate(c)
			}
			return chatML(c, plain), alternate(c)
		}, "with 201 turns, ", "{% if loop.index > 200 %}"},
		"a long content": {looks(func(_ int, m text.Message) bool { return len(m.Content) > 10000 }),
			"with contents of 20000 characters", ""},
		"a content of as many characters as it says": {
			looks(func(_ int, m text.Message) bool { return len(m.Content) == 777 }),
			"with contents of 777 characters", "{% if m.content|length == 777 %}"},
		"a date in parts": {func(c Conversation) (string, error) {
			return c.day("%d %B %Y", "02 January 2006")[3:] + chatML(c, plain), alternate(c)
		}, "of a date: only whole dates", ""},
		"a date that is reckoned with": {func(c Conversation) (string, error) {
			year, err := strconv.Atoi(c.day("%Y", "2006"))
			return strconv.Itoa(year+1) + chatML(c, plain), errors.Join(alternate(c), err)
		}, "it takes a date apart", "{{ strftime_now('%Y')|int + 1 }}"},
	} {
		got, err := Derive(fake{c.template: c.write}, c.template, nil)
		if got != nil || !errors.Is(err, text.ErrUnsupportedTemplate) ||
			!strings.Contains(fmt.Sprint(err), c.words) || strings.Contains(fmt.Sprint(err), "\n") {
			t.Errorf("%s: %+v, %v, want one line with %q", name, got, err, c.words)
		}
	}
}

// TestAgreed: engines must come to one structure, and the first difference is named.
func TestAgreed(t *testing.T) {
	ours := fake{"": turned(plain)}
	other := fake{"": turned(trimmedRole(u, both))}
	if c, err := Agreed("", nil, ours, ours); err != nil || c.Strings != alternatingML {
		t.Errorf("%+v, %v", c, err)
	}
	// One that refuses blank turns leaves the others.
	strict := fake{"": func(c Conversation) (string, error) {
		for _, m := range c.Messages {
			if both(m.Content) == "" {
				return raise("blank")
			}
		}
		return chatML(c, plain), alternate(c)
	}}
	if c, err := Agreed("", nil, ours, strict); err != nil || c.Blank || c.Strings != alternatingML {
		t.Errorf("%+v, %v", c, err)
	}
	c, err := Agreed("", nil, ours, other)
	if c != nil || !errors.Is(err, text.ErrUnsupportedTemplate) ||
		!strings.Contains(fmt.Sprint(err), `trim_first_user is "" and "both"`) {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestDifference(t *testing.T) {
	a := func() *planes.Chat {
		strings := alternatingML
		return &planes.Chat{Strings: alternatingML, Thinking: &planes.ChatThinking{Switched: &strings}}
	}
	for want, change := range map[string]func(*planes.Chat){
		"":                                     func(*planes.Chat) {},
		`strings.answer is "x" and "</>\n<A>"`: func(c *planes.Chat) { c.Strings.Answer = "x" },
		"any_order is true and false":          func(c *planes.Chat) { c.AnyOrder = true },
		"thinking is there in one alone":       func(c *planes.Chat) { c.Thinking = nil },
		`thinking.switched.head is "x" and "<U>"`: func(c *planes.Chat) {
			c.Thinking.Switched.Head = "x"
		},
	} {
		changed := a()
		change(changed)
		if got := Difference(changed, a()); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
