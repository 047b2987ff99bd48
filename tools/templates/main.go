// Command templates derives the structure of published chat templates with three engines, and
// writes docs/templates.md: which are accepted, and why others are not. It is run by hand, with
// tools/templates/run.sh, which collects the templates; none of their text is kept here.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/chat"
	"github.com/spikechat/spikechat/tools/pack/jinja"
)

// published is one template of corpus.json.
type published struct {
	Source   string            `json:"source"`
	Name     string            `json:"name"`
	Template string            `json:"template"`
	Special  map[string]string `json:"special"`
}

// Engines beside Jinja2, as npm has them.
var others = []struct{ name, version string }{
	{"minijinja-js", "2.11.0"},
	{"@huggingface/jinja", "0.5.11"},
}

func main() {
	folder := flag.String("folder", "build/templates", "corpus.json and node_modules are there")
	jinjaFolder := flag.String("jinja", "build/jinja", "Jinja2 is there")
	flag.Parse()
	if err := run(*folder, *jinjaFolder); err != nil {
		fmt.Fprintln(os.Stderr, "templates:", err)
		os.Exit(1)
	}
}

func run(folder, jinjaFolder string) error {
	text, err := os.ReadFile(filepath.Join(folder, "corpus.json"))
	if err != nil {
		return err
	}
	var corpus []published
	if err := json.Unmarshal(text, &corpus); err != nil {
		return err
	}
	slices.SortFunc(corpus, func(x, y published) int {
		return strings.Compare(x.Source+x.Name, y.Source+y.Name)
	})
	engines := []*jinja.Engine{{Folder: jinjaFolder}}
	if err := engines[0].Start(); err != nil {
		return err
	}
	defer engines[0].Close()
	for _, other := range others {
		e := &jinja.Engine{}
		err := e.StartCommand(exec.Command("node", "tools/templates/engines.mjs", folder, other.name))
		if err != nil {
			return err
		}
		defer e.Close()
		engines = append(engines, e)
	}
	var t table
	for _, p := range corpus {
		t.add(&p, engines)
	}
	fmt.Print(t.text())
	return nil
}

// table counts what came of the templates.
type table struct {
	rows                  strings.Builder
	all, accepted         int
	same, refused, differ [2]int
	inPage, wrong         int // the others agree; on something else than Jinja2
	fields                map[string]int
}

func (t *table) add(p *published, engines []*jinja.Engine) {
	if t.fields == nil {
		t.fields = map[string]int{}
	}
	t.all++
	want, err := chat.Derive(engines[0], p.Template, p.Special)
	result := "accepted"
	if err != nil {
		_, why, _ := strings.Cut(err.Error(), ": ")
		result = why
	} else {
		t.accepted++
		t.count(want)
		if used := strings.Join(fieldsOf(want), ", "); used != "" {
			result += ": " + used
		}
	}
	row := []string{p.Source, p.Name, result}
	var structures []*planes.Chat // of the others
	for i, e := range engines[1:] {
		got, otherErr := chat.Derive(e, p.Template, p.Special)
		switch {
		case otherErr != nil:
			if err == nil {
				t.refused[i]++
			}
			row = append(row, "refused")
		case err != nil:
			t.differ[i]++
			row = append(row, "**accepted**")
		case chat.Difference(want, got) == "":
			t.same[i]++
			row = append(row, "same")
		default:
			t.differ[i]++
			row = append(row, "differs: "+field(chat.Difference(want, got)))
		}
		if otherErr == nil {
			structures = append(structures, got)
		}
	}
	// As chat.Agreed has it.
	if len(structures) == len(others) {
		x, y := structures[0], structures[1]
		x.Blank, y.Blank = x.Blank && y.Blank, x.Blank && y.Blank
		if chat.Difference(x, y) == "" {
			t.inPage++
			if err == nil {
				want.Blank = want.Blank && x.Blank
			}
			if err != nil || chat.Difference(want, x) != "" {
				t.wrong++
			}
		}
	}
	for i, cell := range row {
		row[i] = strings.ReplaceAll(strings.ReplaceAll(cell, "|", `\|`), "<", "&lt;")
	}
	fmt.Fprintf(&t.rows, "| %s |\n", strings.Join(row, " | "))
}

// field is the name that a difference begins with: values are text of the template.
func field(difference string) string {
	name, _, _ := strings.Cut(difference, " ")
	return "`" + name + "`"
}

func (t *table) count(c *planes.Chat) {
	for _, name := range fieldsOf(c) {
		t.fields[name]++
	}
}

// fieldsOf names what a structure has beside its six strings.
func fieldsOf(c *planes.Chat) (names []string) {
	for _, f := range []struct {
		name string
		has  bool
	}{
		{"any order", c.AnyOrder},
		{"blank turns", c.Blank},
		{"contents trimmed", c.TrimSystem+c.TrimFirstUser+c.TrimUser+c.TrimAssistant != ""},
		{"system text " + string(c.System), c.System != planes.SystemFirst},
		{"reasoning", c.Thinking != nil},
		{"thinking switched", c.Thinking != nil && c.Thinking.Switched != nil},
		{"dates", c.HasDates()},
	} {
		if f.has {
			names = append(names, f.name)
		}
	}
	return names
}

func (t *table) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Chat templates as published

What [pack](../models/README.md) makes of %d templates that are in packages of PyPI and npm, each
text once. [tools/templates](../tools/templates/run.sh) collects, executes and compares them and
writes this table; their text is not kept here. A template is accepted where joining strings gives
to the letter what Jinja2 %s writes for 48 random conversations in each state of thinking, and
refused with the first difference ([FORMAT.md](../FORMAT.md#chats) has the structure). So are those
that count, as far as they write out how far: contents of 3,000 and 20,000 characters are tried, and
of as many as each number in a template says, give or take one; conversations of 45 and 129 turns,
and of as many as a number up to 256 says.

What a program does for every text cannot be told from what it does for some. Templates are accepted
that look for words in contents: the marks of a model's own reasoning and tools, or switches such as
/think and /nothink. Of those here 18 would write something else where a turn has such a word at its
beginning or end or in it. SpikeChat takes it for text, as everything that a person types. Accepted
are also those that count words, lines, or beyond these numbers, or do otherwise on some days or for
some order of turns that no conversation here had. Of an answer with reasoning it is taken for
granted that the template keeps what follows the last mark.

| | templates |
| --- | ---: |
| accepted with Jinja2 | %d of %d |
`, t.all, jinja.Version, t.accepted, t.all)
	line := func(what string, n int) { fmt.Fprintf(&b, "| %s | %d |\n", what, n) }
	for i, other := range others {
		line(fmt.Sprintf("the same structure with %s %s", other.name, other.version), t.same[i])
		line("refused with it, accepted with Jinja2", t.refused[i])
		line("another structure, or accepted with it alone", t.differ[i])
	}
	fmt.Fprintf(&b, "| these two agree, as the page asks for | %d |\n", t.inPage)
	fmt.Fprintf(&b, "| they agree on something else than Jinja2 | %d |\n", t.wrong)
	names := make([]string, 0, len(t.fields))
	for name := range t.fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, "| of the accepted, with %s | %d |\n", name, t.fields[name])
	}
	fmt.Fprintf(&b, `
| source | template | with Jinja2 | %s | %s |
| --- | --- | --- | --- | --- |
`, others[0].name, others[1].name)
	b.WriteString(t.rows.String())
	return b.String()
}
