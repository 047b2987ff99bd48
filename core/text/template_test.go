package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// templateFiles reads a folder of testdata/chatml, by name.
func templateFiles(tb testing.TB, folder string) map[string]string {
	tb.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "chatml", folder, "*.jinja"))
	if err != nil || len(paths) == 0 {
		tb.Fatalf("%d templates in %s, %v", len(paths), folder, err)
	}
	templates := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		templates[strings.TrimSuffix(filepath.Base(path), ".jinja")] = string(text)
	}
	return templates
}

// TestTemplatesAsJinja2HasThem: for every recognised spelling the tokens of a prompt are to the
// last byte what Jinja2 renders (testdata/chatml/render.py).
func TestTemplatesAsJinja2HasThem(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "chatml", "rendered.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rendered struct {
		Conversations [][]Message
		Texts         []string
		Templates     map[string][]int
	}
	if err := json.Unmarshal(text, &rendered); err != nil {
		t.Fatal(err)
	}
	tk, templates := newTiny(t), templateFiles(t, "same")
	if len(templates) != len(rendered.Templates) || len(rendered.Conversations) != len(shapes()) {
		t.Fatalf("%d templates and %d rendered, for %d conversations of %d: run render.py",
			len(templates), len(rendered.Templates), len(rendered.Conversations), len(shapes()))
	}
	for name, jinja := range templates {
		c, err := NewChatTemplate(jinja, tk)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		chat := newChat(t, c)
		for i, messages := range rendered.Conversations {
			ids, err := chat.Encode(tk, nil, messages, ChatOptions{})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			want := rendered.Texts[rendered.Templates[name][i]]
			if got := strings.Join(tokenTexts(tk, ids), ""); got != want {
				t.Errorf("%s: %q is written\n%q, want\n%q", name, messages, got, want)
				break
			}
		}
	}
}

// TestTemplatesThatAreRefused says why: what means something else than ChatML, and what would take
// an interpreter to be sure.
func TestTemplatesThatAreRefused(t *testing.T) {
	tk, templates := newTiny(t), templateFiles(t, "refused")
	words := map[string]string{
		"a-bracket-of-another-kind":       "']' without its beginning",
		"a-bracket-without-its-end":       "'}' without its beginning",
		"a-condition-behind-a-test":       `"if" behind a test`,
		"a-condition-on-a-condition":      `"if" where an expression should end`,
		"a-constant-set":                  `"none" as a variable`,
		"a-date":                          "a call",
		"a-do":                            `the statement "do" is not supported`,
		"a-function-written":              "something written that is no text",
		"a-loop-named-as-a-text":          `"x" as a variable`,
		"a-loop-named-loop":               `"loop" as a variable`,
		"a-macro":                         `the statement "macro" is not supported`,
		"a-method-by-index":               "the method get of a message",
		"a-method-of-a-message":           "the method items of a message",
		"a-namespace":                     "a call",
		"a-set-that-does-not-last":        "it writes",
		"a-statement-named-as-a-text":     "a statement without a word",
		"a-test-of-a-test":                `"is" behind a test`,
		"a-token-in-the-default":          `contains the control token "<|endoftext|>"`,
		"a-token-that-is-not-known":       "the variable pad_token",
		"a-variable-named-loop":           `"loop" as a variable`,
		"a-variable-named-self":           `"self" as a variable`,
		"a-word-in-a-content":             "in of something else than a list",
		"an-or-behind-an-error":           "not ChatML",
		"assistant-may-not-begin":         "an error that the template raises",
		"assistant-named-otherwise":       "as ChatML that is",
		"backwards":                       "a part of a list that is not [1:]",
		"begins-with-another-token":       "not ChatML",
		"begins-with-bos":                 "not ChatML",
		"braces-in-an-output":             "not ChatML",
		"content-twice":                   "not ChatML",
		"default-beside-a-system-message": "not ChatML",
		"empty-content-left-out":          "depends on what a message says",
		"generation-across-an-if":         "a generation has no end",
		"generation-with-a-set":           "a set in a generation",
		"generation-without-its-end":      "a generation has no end",
		"header-in-the-user-turn":         "as ChatML that is",
		"header-with-thoughts":            "not ChatML",
		"loop-in-a-loop":                  "or in another",
		"loop-with-a-condition":           "a loop with a condition",
		"no-header":                       "not ChatML",
		"no-line-feed-after-a-turn":       "not ChatML",
		"no-line-feed-before-the-last":    "not ChatML",
		"not-a-chat":                      "not ChatML",
		"other-marks-in-the-answer":       "as ChatML that is",
		"stripped-content":                "a call",
		"system-ignored":                  "not ChatML",
		"system-in-the-user-turn":         "not ChatML",
		"system-twice":                    "as ChatML that is",
		"the-last-message-alone":          "not ChatML",
		"the-message-before":              `"-" where "]" is needed`,
		"the-template-itself":             "not ChatML",
		"the-third-is-another":            "a comparison that counts",
		"trimmed-content":                 `the filter "trim"`,
		"turns-must-alternate":            `"%" where ")" is needed`,
	}
	if len(words) != len(templates) {
		t.Errorf("%d templates, and words for %d", len(templates), len(words))
	}
	for name, jinja := range templates {
		c, err := NewChatTemplate(jinja, tk)
		if c != nil || !errors.Is(err, ErrUnsupportedTemplate) ||
			!strings.Contains(fmt.Sprint(err), words[name]) || words[name] == "" {
			t.Errorf("%s: %+v, %v, want ErrUnsupportedTemplate with %q", name, c, err, words[name])
		}
	}
}

// TestTemplatesOfMuchWork: what grows in a template ends in an error, and soon.
func TestTemplatesOfMuchWork(t *testing.T) {
	tk := newTiny(t)
	for name, jinja := range map[string]string{
		"a text that doubles": "{% set x = 'abcdefgh' %}" +
			strings.Repeat("{% set x = x ~ x %}", 3000),
		"long texts joined again and again": "{% set x = '" + strings.Repeat("x", 30000) + "' %}" +
			strings.Repeat("{% set y = x ~ 'y' %}", 1500),
		"many statements": "{% for m in messages %}" +
			strings.Repeat("{% if 1 %}{%endif%}", 3000) + "{% endfor %}",
		"a long text in each turn": "{% for m in messages %}" + strings.Repeat("x", 60000) +
			"{% endfor %}",
		"statements inside each other": strings.Repeat("{%if x%}", 5000),
		"parentheses":                  "{{ " + strings.Repeat("(", 40000),
		"a long sum":                   "{{ 'a'" + strings.Repeat("+'a'", 15000) + " }}",
		"many nots":                    "{{ " + strings.Repeat("not ", 15000) + "x }}",
		"attributes":                   "{{ x" + strings.Repeat(".x", 20000) + " }}",
		"conditions":                   "{{ " + strings.Repeat("'a' if x else ", 4000) + "'a' }}",
		"lists":                        "{{ " + strings.Repeat("[", 40000),
	} {
		if c, err := NewChatTemplate(jinja, tk); c != nil || !errors.Is(err, ErrUnsupportedTemplate) {
			t.Errorf("%s: %+v, %v, want ErrUnsupportedTemplate", name, c, err)
		}
	}
}
