package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// TestTaskReaders reads one line of every form that the data sets come in.
func TestTaskReaders(t *testing.T) {
	for _, c := range []struct {
		task, line string
		want       question
	}{
		{"piqa", `{"goal": "G", "sol1": "a", "sol2": "b", "label": 1}`,
			question{prompts: []string{"Question: G\nAnswer:"}, choices: []string{" a", " b"},
				before: 1, answer: 1}},
		{"arc", `{"id": "x", "question": {"stem": "S?", "choices": [` +
			`{"text": "a", "label": "A"}, {"text": "b", "label": "B"}]}, "answerKey": "B"}`,
			question{prompts: []string{"Question: S?\nAnswer:"}, choices: []string{" a", " b"},
				before: 1, answer: 1}},
		{"arc", `{"question": "S?", ` +
			`"choices": {"text": ["a", "b"], "label": ["1", "2"]}, "answerKey": "1"}`,
			question{prompts: []string{"Question: S?\nAnswer:"}, choices: []string{" a", " b"},
				before: 1}},
		{"boolq", `{"question": "is it", "passage": "P", "answer": true, "title": "x"}`,
			question{prompts: []string{"P\nQuestion: is it?\nAnswer:"},
				choices: []string{" no", " yes"}, before: 1, answer: 1}},
		{"hellaswag", `{"activity_label": "L", "ctx_a": "A.", "ctx_b": "éa", "ctx": "A. éa", ` +
			`"endings": ["a", "b", "c", "d"], "label": "3"}`,
			question{prompts: []string{"L: A. Éa"}, choices: []string{" a", " b", " c", " d"},
				before: 1, answer: 3}},
		{"hellaswag", `{"ctx": "C", "ctx_a": "A.", "ctx_b": "", "endings": ["a", "b"], "label": 0}`,
			question{prompts: []string{"A."}, choices: []string{" a", " b"}, before: 1}},
		{"hellaswag", `{"ctx": "C", "endings": ["a", "b"], "label": 0}`,
			question{prompts: []string{"C"}, choices: []string{" a", " b"}, before: 1}},
		{"hellaswag", `{"activity_label": "Home", "ctx_a": "[header] How to fold ` +
			`[title] Take a sheet. [step] Lay it [on the bed] flat.", "ctx_b": "", ` +
			`"endings": [" [step]Fold it.  Twice. ", "Then [substeps] iron"], "label": 1}`,
			question{prompts: []string{"Home: How to fold. Take a sheet. Lay it flat."},
				choices: []string{" Fold it. Twice.", " Then iron"}, before: 1, answer: 1}},
		{"hellaswag", `{"activity_label": "Home", "ctx_a": "A.", ` +
			`"ctx_b": "then He WAITS [step]", "endings": ["a"], "label": 0}`,
			question{prompts: []string{"Home: A. Then he waits"}, choices: []string{"  a"},
				before: 2}},
		{"hellaswag", `{"ctx": "C", "endings": ["[step] Lay", "[title] Lay. [step]"], "label": 0}`,
			question{prompts: []string{"C"}, choices: []string{"  Lay", "  Lay. "}, before: 1}},
		{"winogrande", `{"sentence": "x _ y.", "option1": "A", "option2": "B", "answer": "2"}`,
			question{prompts: []string{"x A", "x B"}, choices: []string{" y.", " y."}, answer: 1}},
	} {
		got, err := taskReaders[c.task]([]byte(c.line))
		if err != nil || !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s: %+v, %v, want %+v", c.line, got, err, c.want)
		}
	}
}

// TestLengthOfAChoice: characters, not bytes; the space behind the prompt is none of them, one that
// the choice begins with is.
func TestLengthOfAChoice(t *testing.T) {
	q := question{choices: []string{" Läg", "  Läg"}, before: 1}
	if first, second := q.length(0), q.length(1); first != 3 || second != 4 {
		t.Errorf("lengths %v and %v, want 3 and 4", first, second)
	}
}

func TestReadTaskRefuses(t *testing.T) {
	const good = `{"goal": "G", "sol1": "a", "sol2": "b", "label": 0}` + "\n"
	for name, text := range map[string]string{
		"not JSON":            good + "no",
		"answer outside":      good + `{"goal": "G", "sol1": "a", "sol2": "b", "label": 2}`,
		"answer -1":           good + `{"goal": "G", "sol1": "a", "sol2": "b", "label": -1}`,
		"a field of no text":  good + `{"goal": 1}`,
		"a line of megabytes": good + strings.Repeat(" ", 1<<21),
	} {
		file := filepath.Join(t.TempDir(), "piqa.jsonl")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if q, err := readTask(file, readPIQA); err == nil || q != nil ||
			!strings.Contains(err.Error(), "piqa.jsonl: ") {
			t.Errorf("%s: %v, %v, want an error that names the file", name, q, err)
		}
	}
	for line, read := range map[string]func([]byte) (*question, error){
		`{"sentence": "no blank", "option1": "A", "option2": "B", "answer": "2"}`: readWinoGrande,
		`{"ctx": "C", "endings": ["a", "b"], "label": ""}`:                        readHellaSwag,
		`{"question": "S?", "choices": {"text": ["a"], "label": []}}`:             readARC,
	} {
		if q, err := read([]byte(line)); err == nil {
			t.Errorf("%s: %+v", line, q)
		}
	}
	// Without its answer a question is none, even if 0 or no would be one.
	for _, c := range []struct{ task, line, field string }{
		{"piqa", `{"goal": "G", "sol1": "a", "sol2": "b"}`, "label"},
		{"piqa", `{"goal": "G", "sol1": "a", "sol2": "b", "label": null}`, "label"},
		{"arc", `{"question": {"stem": "S?", "choices": [{"text": "a", "label": ""}]}}`,
			"answerKey"},
		{"boolq", `{"question": "is it", "passage": "P"}`, "answer"},
		{"boolq", `{"question": "is it", "passage": "P", "answer": null}`, "answer"},
		{"hellaswag", `{"ctx": "C", "endings": ["a", "b"]}`, "label"},
		{"winogrande", `{"sentence": "x _ y.", "option1": "A", "option2": "B"}`, "answer"},
	} {
		if q, err := taskReaders[c.task]([]byte(c.line)); err == nil ||
			!strings.Contains(err.Error(), `field "`+c.field+`" is missing`) {
			t.Errorf("%s: %+v, %v", c.line, q, err)
		}
	}
}

// TestLogLikelihood computes it again token by token, straight from the definition.
func TestLogLikelihood(t *testing.T) {
	m := tinyModel(t)
	s, err := core.NewState(m, 256, taskBlock)
	if err != nil {
		t.Fatal(err)
	}
	prompt := strings.Repeat("What is the sea, and the land? ", 4) // beyond one block
	const text = " and all of them"
	got, err := logLikelihood(s, m.Tokenizer, prompt, text)
	if err != nil {
		t.Fatal(err)
	}
	ids := m.Tokenizer.Encode(nil, prompt+text)
	first := len(m.Tokenizer.Encode(nil, prompt))
	if first < taskBlock || first >= len(ids) {
		t.Fatalf("%d tokens of %d are the prompt's", first, len(ids))
	}
	one, err := core.NewState(m, 256, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := 0.0
	for i, id := range ids[:len(ids)-1] {
		if err := one.Forward([]int32{id}, false); err != nil {
			t.Fatal(err)
		}
		if i+1 >= first {
			sum := 0.0
			for _, v := range one.Logits(0) {
				sum += math.Exp(float64(v))
			}
			want += float64(one.Logits(0)[ids[i+1]]) - math.Log(sum)
		}
	}
	if math.Abs(got-want) > 1e-6 {
		t.Errorf("log likelihood %v, want %v", got, want)
	}
}

// TestScoreTask asks for what the model itself finds likeliest, and for the other one.
func TestScoreTask(t *testing.T) {
	m := tinyModel(t)
	s, err := core.NewState(m, 64, taskBlock)
	if err != nil {
		t.Fatal(err)
	}
	questions := []*question{}
	for _, prompt := range []string{"The sea", "in the land of", "You are"} {
		q := &question{prompts: []string{prompt},
			choices: []string{" the other", " ängér", " of it"}, before: 1}
		best := math.Inf(-1)
		for i, c := range q.choices {
			l, err := logLikelihood(s, m.Tokenizer, prompt, c)
			if err != nil {
				t.Fatal(err)
			}
			// Characters, not bytes, and the first space is not one of them.
			if l /= float64(len([]rune(c)) - 1); l > best {
				best, q.answer = l, i
			}
		}
		questions = append(questions, q)
	}
	done := 0
	got, err := scoreTask(questions, m, coding.Coding{}, simd.LookupKernel, func(int) { done++ })
	if err != nil || got.Accuracy != 1 || got.Error != 0 || got.Questions != 3 || done != 3 {
		t.Errorf("%+v after %d calls, %v, want all of 3 right", got, done, err)
	}
	questions[1].answer = (questions[1].answer + 1) % 3
	if got, err = scoreTask(questions, m, coding.Coding{}, simd.LookupKernel,
		func(int) {}); err != nil || math.Abs(got.Accuracy-2.0/3) > 1e-12 ||
		math.Abs(got.Error-math.Sqrt(2.0/9/2)) > 1e-12 {
		t.Errorf("%+v, %v, want 2 of 3 right with a standard error of 0.333", got, err)
	}
}

func TestTasksFlag(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{"-model", tinyFolder, "-tasks", "testdata/tasks", "-json"}, &stdout,
		&stderr); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	var scores []score
	if err := json.Unmarshal(stdout.Bytes(), &scores); err != nil {
		t.Fatalf("%v\n%s", err, &stdout)
	}
	var names []string
	for _, s := range scores {
		names = append(names, s.Task)
		if s.Questions != 2 || s.Accuracy < 0 || s.Accuracy > 1 {
			t.Errorf("%+v", s)
		}
	}
	if want := []string{"arc-made-up", "boolq-made-up", "hellaswag-made-up", "piqa-made-up",
		"winogrande-made-up"}; !reflect.DeepEqual(names, want) {
		t.Errorf("tasks %v, want %v", names, want)
	}
	if code := run([]string{"-model", tinyFolder, "-tasks", t.TempDir()}, io.Discard,
		&stderr); code != exitFailure {
		t.Errorf("exit code %d for an empty folder", code)
	}
}
