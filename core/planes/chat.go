package planes

import (
	"strings"
	"unicode/utf8"
)

// Chat says how a conversation becomes a prompt: by joining strings. tools/pack derives it from the
// chat template of the source, which nothing executes after that.
//
// With user turns U, answers A and system text S a prompt is
//
//	Head U UserAssistant A AssistantUser U … U Answer
//	HeadSystem S SystemUser U UserAssistant A AssistantUser U … U Answer
//	Head U … A AssistantSystem S SystemLast U Answer        where System is SystemLast and A is there
//
// BOS, a default system prompt and the generation prompt are part of the strings. A string may hold
// dates: a format between two U+0000, such as "\x00%d %b %Y\x00".
type Chat struct {
	Strings ChatStrings `json:"strings" strict:"required"`
	// AnyOrder: turns need not alternate, and a conversation may begin with an answer.
	AnyOrder bool `json:"any_order,omitzero"`
	// Blank: a content may be empty or blank. Otherwise such a system text is left out, and such a
	// turn refused.
	Blank  bool       `json:"blank,omitzero"`
	System ChatSystem `json:"system,omitzero"`
	// What is taken off contents, by role; TrimFirstUser for the first user turn after a system text.
	TrimSystem    ChatTrim      `json:"trim_system,omitzero"`
	TrimFirstUser ChatTrim      `json:"trim_first_user,omitzero"`
	TrimUser      ChatTrim      `json:"trim_user,omitzero"`
	TrimAssistant ChatTrim      `json:"trim_assistant,omitzero"`
	Thinking      *ChatThinking `json:"thinking,omitzero"` // nil: the model has none
}

// ChatStrings are what stands before, between and behind contents.
type ChatStrings struct {
	// Before the first turn, without a system text.
	Head string `json:"head" strict:"required"`
	// Before the system text.
	HeadSystem    string `json:"head_system" strict:"required"`
	SystemUser    string `json:"system_user" strict:"required"`
	UserAssistant string `json:"user_assistant" strict:"required"`
	AssistantUser string `json:"assistant_user" strict:"required"`
	// Behind the last turn: where the model begins.
	Answer string `json:"answer" strict:"required"`
	// With SystemLast.
	AssistantSystem string `json:"assistant_system,omitzero"`
	SystemLast      string `json:"system_last,omitzero"`
	// With AnyOrder.
	HeadAssistant      string `json:"head_assistant,omitzero"`
	SystemAssistant    string `json:"system_assistant,omitzero"`
	UserUser           string `json:"user_user,omitzero"`
	AssistantAssistant string `json:"assistant_assistant,omitzero"`
}

// ChatSystem says where a system text goes.
type ChatSystem string

const (
	SystemFirst   ChatSystem = ""        // before the first turn
	SystemLast    ChatSystem = "last"    // before the last user turn
	SystemIgnored ChatSystem = "ignored" // nowhere: it is left out
	SystemRefused ChatSystem = "refused" // nowhere: a conversation cannot have one
)

// ChatTrim says which white space is taken off a content.
type ChatTrim string

const (
	TrimNothing  ChatTrim = ""
	TrimLeft     ChatTrim = "left"
	TrimRight    ChatTrim = "right"
	TrimBoth     ChatTrim = "both"
	TrimNewlines ChatTrim = "newlines" // line feeds, at the left
)

// ChatThinking has the marks of reasoning. Of an earlier answer what follows the last End is kept.
type ChatThinking struct {
	Start string `json:"start"`
	End   string `json:"end"`
	// Default says what Chat.Strings are for where thinking can be switched: "on" or "off". Switched
	// has the strings for the other one. "" and nil: it cannot be switched.
	Default  ChatSwitch   `json:"default,omitzero"`
	Switched *ChatStrings `json:"switched,omitzero"`
}

// ChatSwitch is a state of thinking.
type ChatSwitch string

const (
	ThinkingOn  ChatSwitch = "on"
	ThinkingOff ChatSwitch = "off"
)

// All gives every string, in the order of the fields.
func (s *ChatStrings) All() [12]string {
	return [...]string{s.Head, s.HeadSystem, s.SystemUser, s.UserAssistant, s.AssistantUser,
		s.Answer, s.AssistantSystem, s.SystemLast, s.HeadAssistant, s.SystemAssistant, s.UserUser,
		s.AssistantAssistant}
}

// Validate checks what a Chat claims; the error wraps ErrInvalid or ErrLimit.
func (c *Chat) Validate() error {
	// Words that a field may have, and the one that it has.
	for _, field := range [...]struct{ name, is, may string }{
		{"system", string(c.System), " last ignored refused "},
		{"trim_system", string(c.TrimSystem), trims},
		{"trim_first_user", string(c.TrimFirstUser), trims},
		{"trim_user", string(c.TrimUser), trims},
		{"trim_assistant", string(c.TrimAssistant), trims},
	} {
		if field.is != "" && !strings.Contains(field.may, " "+field.is+" ") {
			return invalid("chat: %s is %.40q", field.name, field.is)
		}
	}
	if c.AnyOrder && c.System == SystemLast {
		return invalid("chat: any order, and a system text in the last turn")
	}
	if t := c.Thinking; t != nil {
		if len(t.Start) > MaxChatMark || len(t.End) > MaxChatMark {
			return tooMuch("chat: a mark of %d or %d bytes, at most %d", len(t.Start), len(t.End),
				MaxChatMark)
		}
		if !IsLine(t.Start) || !IsLine(t.End) || !IsSeen(t.Start) || !IsSeen(t.End) {
			return invalid("chat: marks %.80q and %.80q", t.Start, t.End)
		}
		if (t.Default == ThinkingOn || t.Default == ThinkingOff) != (t.Switched != nil) ||
			t.Default != "" && t.Switched == nil {
			return invalid("chat: default of thinking is %.40q, with or without strings", t.Default)
		}
	}
	total := 0
	for _, set := range c.Sets() {
		bytes, err := set.validate(c)
		if err != nil {
			return err
		}
		if total += bytes; total > MaxTemplateBytes {
			return tooMuch("chat: strings of more than %d bytes together", MaxTemplateBytes)
		}
	}
	return nil
}

const trims = " left right both newlines "

// Sets gives the strings, and those where thinking is switched.
func (c *Chat) Sets() []*ChatStrings {
	sets := []*ChatStrings{&c.Strings}
	if c.Thinking != nil && c.Thinking.Switched != nil {
		sets = append(sets, c.Thinking.Switched)
	}
	return sets
}

// validate checks one set of strings, and gives their bytes.
func (s *ChatStrings) validate(c *Chat) (bytes int, err error) {
	if c.System != SystemLast && s.AssistantSystem+s.SystemLast != "" ||
		!c.AnyOrder && s.HeadAssistant+s.SystemAssistant+s.UserUser+s.AssistantAssistant != "" ||
		!c.HasSystem() && s.HeadSystem+s.SystemUser+s.SystemAssistant != "" {
		return 0, invalid("chat: a string that nothing joins")
	}
	for _, text := range s.All() {
		if bytes += len(text); len(text) > MaxChatString {
			return 0, tooMuch("chat: a string of %d bytes, at most %d", len(text), MaxChatString)
		}
		if !utf8.ValidString(text) {
			return 0, invalid("chat: string %.80q is not UTF-8", text)
		}
		for {
			_, rest, found := strings.Cut(text, DateMark)
			if !found {
				break
			}
			format, after, found := strings.Cut(rest, DateMark)
			if !found || !IsDateFormat(format) {
				return 0, invalid("chat: date %.80q", format)
			}
			text = after
		}
	}
	return bytes, nil
}

// HasSystem says whether a system text becomes part of the prompt.
func (c *Chat) HasSystem() bool { return c.System == SystemFirst || c.System == SystemLast }

// HasDates says whether a prompt holds the date.
func (c *Chat) HasDates() bool {
	for _, set := range c.Sets() {
		for _, text := range set.All() {
			if strings.Contains(text, DateMark) {
				return true
			}
		}
	}
	return false
}

// DateMark stands before and behind the format of a date.
const DateMark = "\x00"

// IsDateFormat reports whether a date can be written so: with the directives of strftime for days,
// months and years, in English, and other text.
func IsDateFormat(format string) bool {
	if format == "" || len(format) > MaxDateFormat {
		return false
	}
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		if i++; i == len(format) || strings.IndexByte("dmyYbBaA%", format[i]) < 0 {
			return false
		}
	}
	return true
}
