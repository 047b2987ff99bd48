package jinja

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/pack/chat"
)

// installed is where "make jinja" puts Jinja2.
const installed = "../../../build/jinja"

func newEngine(tb testing.TB) *Engine {
	tb.Helper()
	e := &Engine{Folder: installed}
	if err := e.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(e.Close)
	return e
}

var special = map[string]string{"bos_token": "<|im_start|>", "eos_token": "<|im_end|>",
	"unk_token": "<|endoftext|>"}

// Templates of our own in the manner of published ones.
const (
	instMarks = "{{ bos_token }}{% if messages[0].role == 'system' %}" +
		"{% set system = '<<SYS>>\n' + messages[0].content + '\n<</SYS>>\n\n' %}" +
		"{% set messages = messages[1:] %}{% else %}{% set system = '' %}{% endif %}" +
		"{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}" +
		"{{ raise_exception('turns must alternate') }}{% endif %}" +
		"{% set content = system + m.content if loop.first else m.content %}" +
		"{% if m.role == 'user' %}{{ '[INST] ' + content.strip() + ' [/INST]' }}" +
		"{% else %}{{ ' ' + m.content.strip() + eos_token }}{% endif %}{% endfor %}"

	noSystem = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system role') }}" +
		"{% endif %}{% for message in messages %}{% set role = message['role'] %}" +
		"{% if role == 'assistant' %}{% set role = 'model' %}{% endif %}" +
		"<turn>{{ role }}\n{{ message['content'] | trim }}<end>\n{% endfor %}" +
		"{% if add_generation_prompt %}<turn>model\n{% endif %}"

	withDate = "{%- if not date_string is defined %}" +
		"{%- set date_string = strftime_now('%d %b %Y') %}" +
		"{%- endif %}\n{%- if messages[0].role == 'system' %}" +
		"{%- set system_message = messages[0].content | trim %}{%- set messages = messages[1:] %}" +
		"{%- else %}{%- set system_message = '' %}{%- endif %}" +
		"{{- '<s>Today Date: ' + date_string + '\n\n' + system_message + '<end>' }}" +
		"{%- for message in messages %}" +
		"{{- '<h>' + message.role + '</h>\n\n' + message.content | trim + '<end>' }}{%- endfor %}" +
		"{%- if add_generation_prompt %}{{- '<h>assistant</h>\n\n' }}{%- endif %}"

	withThinking = "{%- for message in messages %}{%- set content = message.content %}" +
		"{%- if message.role == 'assistant' and '</think>' in content %}" +
		"{%- set content = content.split('</think>')[-1].lstrip('\n') %}{%- endif %}" +
		"{{- '<|im_start|>' + message.role + '\n' + content + '<|im_end|>\n' }}{%- endfor %}" +
		"{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}" +
		"{%- if enable_thinking is defined and enable_thinking is false %}" +
		"{{- '<think>\n\n</think>\n\n' }}{%- endif %}{%- endif %}"

	lastSystem = "{%- for m in messages %}{%- if m.role == 'user' %}" +
		"{%- if loop.last and messages[0].role == 'system' %}" +
		"{{- '[INST]' + messages[0].content + '\n\n' + m.content + '[/INST]' }}" +
		"{%- else %}{{- '[INST]' + m.content + '[/INST]' }}{%- endif %}" +
		"{%- elif m.role == 'assistant' %}{{- m.content + eos_token }}{%- endif %}{%- endfor %}"
)

func TestTemplates(t *testing.T) {
	e := newEngine(t)
	inst := planes.ChatStrings{Head: "<|im_start|>[INST] ",
		HeadSystem: "<|im_start|>[INST] <<SYS>>\n", SystemUser: "\n<</SYS>>\n\n",
		UserAssistant: " [/INST] ", AssistantUser: "<|im_end|>[INST] ", Answer: " [/INST]"}
	for _, c := range []struct {
		name, template string
		want           func(*planes.Chat) bool
	}{
		{"marks of text", instMarks, func(c *planes.Chat) bool {
			return c.TrimUser == planes.TrimBoth && c.TrimFirstUser == planes.TrimRight &&
				c.TrimAssistant == planes.TrimBoth && !c.AnyOrder && c.Thinking == nil &&
				c.Strings == inst
		}},
		{"no system text", noSystem, func(c *planes.Chat) bool {
			return c.System == planes.SystemRefused && c.TrimUser == planes.TrimBoth && c.AnyOrder &&
				c.Strings.Head == "<turn>user\n" && c.Strings.Answer == "<end>\n<turn>model\n"
		}},
		{"date", withDate, func(c *planes.Chat) bool {
			return c.Strings.Head == "<s>Today Date: \x00%d %b %Y\x00\n\n<end><h>user</h>\n\n" &&
				c.Strings.HeadSystem == "<s>Today Date: \x00%d %b %Y\x00\n\n" && c.Blank &&
				c.TrimSystem == planes.TrimBoth
		}},
		{"thinking", withThinking, func(c *planes.Chat) bool {
			return c.AnyOrder && c.Blank && c.Thinking != nil && c.Thinking.End == "</think>" &&
				c.Thinking.Default == planes.ThinkingOn &&
				c.Strings.Answer == "<|im_end|>\n<|im_start|>assistant\n" &&
				c.Thinking.Switched.Answer == c.Strings.Answer+"<think>\n\n</think>\n\n"
		}},
		{"system text in the last turn", lastSystem, func(c *planes.Chat) bool {
			return c.System == planes.SystemLast && c.Strings.Head == "[INST]" &&
				c.Strings.AssistantSystem == "<|im_end|>[INST]" && c.Strings.SystemLast == "\n\n"
		}},
	} {
		got, err := chat.Derive(e, c.template, special)
		if err != nil || !c.want(got) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

// TestChatML: every spelling that the recogniser of models before version 4 knows comes to what it
// makes of it, and so do others that it does not know.
func TestChatML(t *testing.T) {
	e := newEngine(t)
	_, tensors, err := planes.Open(os.DirFS("../../../models/tiny"))
	if err != nil {
		t.Fatal(err)
	}
	vocabulary, err := tensors.Tokenizer()
	if err != nil {
		t.Fatal(err)
	}
	tk, err := text.NewTokenizer(vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	read := func(pattern string) map[string]string {
		files, err := filepath.Glob("../../../core/text/testdata/chatml/" + pattern)
		if err != nil || len(files) < 20 {
			t.Fatalf("%d templates, %v", len(files), err)
		}
		templates := map[string]string{}
		for _, file := range files {
			template, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			templates[strings.TrimSuffix(filepath.Base(file), ".jinja")] = string(template)
		}
		return templates
	}
	for name, template := range read("same/*.jinja") {
		want, err := text.NewChatTemplate(template, tk)
		if err != nil {
			t.Fatal(err)
		}
		got, err := chat.Derive(e, template, special)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, want)
		}
	}
	refused := map[string]string{}
	for name, template := range read("refused/*.jinja") {
		if c, err := chat.Derive(e, template, special); err != nil {
			refused[name] = err.Error()
		} else if err := chat.CheckTokens(c, tk); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, words := range map[string]string{
		"a-bracket-without-its-end":  "TemplateSyntaxError",
		"a-constant-set":             "can't assign to 'const'",
		"assistant-named-otherwise":  "",
		"a-loop-named-loop":          "special loop variable",
		"backwards":                  "before that of an earlier one",
		"content-twice":              "2 times",
		"empty-content-left-out":     "",
		"stripped-content":           "",
		"system-in-the-user-turn":    "",
		"trimmed-content":            "",
		"the-last-message-alone":     "0 times",
		"turns-must-alternate":       "",
		"a-test-of-a-test":           "cannot chain",
		"generation-without-its-end": "TemplateSyntaxError",
		"a-macro":                    "",
	} {
		got, is := refused[name]
		if is != (words != "") || !strings.Contains(got, words) {
			t.Errorf("%s: %q, want %q", name, got, words)
		}
	}
}

// TestWhiteSpace: what trim takes off in Python is what we take off.
func TestWhiteSpace(t *testing.T) {
	e := newEngine(t)
	const template = "{% for m in messages %}<{{ m.role }}>{{ m.content.strip() }}</>{% endfor %}<>"
	c, err := chat.Derive(e, template, special)
	if err != nil {
		t.Fatal(err)
	}
	compare := func(around string) {
		messages := []text.Message{{Role: text.RoleUser, Content: around + "x" + around}}
		want, err := e.Render(template, chat.Conversation{Messages: messages})
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		err = text.Join(c, messages, text.ChatOptions{},
			func(part string, _ bool) { got.WriteString(part) })
		if err != nil || got.String() != want {
			t.Errorf("%q: %q, %v, want %q", around, got.String(), err, want)
		}
	}
	for r := rune(1); r < 0x3100; r++ {
		if r < 0x300 || unicode.IsSpace(r) || r >= 0x2000 && r < 0x2100 {
			compare(string(r))
		}
	}
	compare("\ufeff")
	compare("\u180e")
}

// TestRaised: what a template raises is told from what goes wrong.
func TestRaised(t *testing.T) {
	e := newEngine(t)
	_, err := e.Render("{{ raise_exception('no ' + messages[0].content) }}",
		chat.Conversation{Messages: []text.Message{{Role: "user", Content: "x"}}})
	var raised *chat.RaisedError
	if !errors.As(err, &raised) || raised.Message != "no x" {
		t.Errorf("%v", err)
	}
	for template, words := range map[string]string{
		"{{ 1 / 0 }}":                          "ZeroDivisionError",
		"{{ x.y.z }}":                          "UndefinedError",
		"{% if %}":                             "TemplateSyntaxError",
		"{{ x | nothing }}":                    "nothing",
		"{{ messages.append(1) }}":             "SecurityError",
		"{{ ''.__class__.__mro__ }}{{ x[0] }}": "",
		"{{ raise_exception.__globals__.sys.exit() }}":                           "",
		"{% include 'a' %}":                                                      "",
		strings.Repeat("{% if 1 %}", 3000) + strings.Repeat("{% endif %}", 3000): "",
	} {
		_, err := e.Render(template, chat.Conversation{})
		if err == nil || errors.As(err, &raised) || !strings.Contains(err.Error(), words) {
			t.Errorf("%.40s: %v, want another error with %q", template, err, words)
		}
	}
	// The engine goes on after all of them.
	if got, err := e.Render("{{ 1 }}", chat.Conversation{}); got != "1" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestValues: what a template has beside messages.
func TestValues(t *testing.T) {
	e := newEngine(t)
	const template = "{{ bos_token }}|{{ pad_token is defined }}|{{ enable_thinking is defined }}|" +
		"{{ enable_thinking }}{{ thinking }}|{{ strftime_now('%d') }}|{{ tools is none }}|" +
		"{{ documents is none }}|{{ add_generation_prompt }}|{{ {'b': '<é>', 'a': 1} | tojson }}|" +
		"{% generation %}{{ 1 }}{% endgeneration %}|{% for x in [1, 2] %}{% break %}{% endfor %}"
	for _, c := range []struct {
		conversation chat.Conversation
		want         string
	}{
		{chat.Conversation{Special: special, Thinking: planes.ThinkingOff, Date: "2026-11-30"},
			`<|im_start|>|False|True|FalseFalse|30|True|True|True|{"b": "<é>", "a": 1}|1|`},
		{chat.Conversation{Thinking: planes.ThinkingOn},
			"|False|True|TrueTrue|\x00%d\x00|True|True|True|" + `{"b": "<é>", "a": 1}|1|`},
		{chat.Conversation{},
			"|False|False||\x00%d\x00|True|True|True|" + `{"b": "<é>", "a": 1}|1|`},
	} {
		got, err := e.Render(template, c.conversation)
		if err != nil || got != c.want {
			t.Errorf("%q, %v, want %q", got, err, c.want)
		}
	}
}

// TestHostileTemplates end in an error, soon, and then the engine is at its end too.
func TestHostileTemplates(t *testing.T) {
	for name, template := range map[string]string{
		"endless": "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}" +
			"{% endfor %}{% endfor %}{% endfor %}",
		"a long text": "{% set x = namespace(t='0123456789abcdef') %}{% for i in range(20) %}" +
			"{% set x.t = x.t ~ x.t %}{% endfor %}{{ x.t }}",
		"much memory": "{% set x = namespace(t='0123456789abcdef') %}{% for i in range(40) %}" +
			"{% set x.t = x.t ~ x.t %}{% endfor %}{{ x.t | length }}",
		"a large number": "{{ 9 ** (9 ** 9) % 7 }}",
	} {
		e := newEngine(t)
		e.limit = time.Second
		begin := time.Now()
		got, err := e.Render(template, chat.Conversation{})
		if err == nil || time.Since(begin) > 8*time.Second {
			t.Errorf("%s: %.40q, %v after %v", name, got, err, time.Since(begin))
		}
	}
	e := newEngine(t)
	e.limit = time.Second
	e.Close()
	for range 2 {
		if got, err := e.Render("x", chat.Conversation{}); err == nil {
			t.Errorf("%q of an engine that was closed", got)
		}
	}
}

func TestMissing(t *testing.T) {
	e := &Engine{Folder: t.TempDir()}
	if err := e.Start(); err == nil || !strings.Contains(fmt.Sprint(err), `run "make jinja"`) {
		t.Errorf("%v", err)
	}
	t.Setenv("PATH", "")
	err := e.Start()
	if err == nil || !strings.Contains(fmt.Sprint(err), "python3 is not on the PATH") {
		t.Errorf("%v", err)
	}
}
