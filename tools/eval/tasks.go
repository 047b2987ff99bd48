package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
)

// question is one multiple-choice question: the model scores every choice as what follows its
// prompt.
type question struct {
	prompts []string // one for all choices, or one for each
	choices []string
	before  int // spaces between prompt and choice that every choice begins with
	answer  int // index of the right one
}

// prompt gives what stands before a choice.
func (q *question) prompt(choice int) string { return q.prompts[min(choice, len(q.prompts)-1)] }

// length gives a choice's length as EleutherAI's harness counts it: in characters, without what
// stands between prompt and choice. A choice may begin with a space of its own, which counts.
func (q *question) length(choice int) float64 {
	return float64(utf8.RuneCountInString(q.choices[choice]) - q.before)
}

// taskReaders turn a line of a task's usual file into a question, by the task's name. The prompts
// are those of EleutherAI's evaluation harness.
var taskReaders = map[string]func(line []byte) (*question, error){
	"piqa":       readPIQA,
	"arc":        readARC,
	"boolq":      readBoolQ,
	"hellaswag":  readHellaSwag,
	"winogrande": readWinoGrande,
}

// noAnswer is the error of a line without its answer, as in the test sets whose answers are kept
// back, or stand in a file of their own.
func noAnswer(field string) error {
	return fmt.Errorf("field %q is missing: take a set with answers, or join them to its lines",
		field)
}

func readPIQA(line []byte) (*question, error) {
	var v struct {
		Goal, Sol1, Sol2 string
		Label            *int
	}
	err := json.Unmarshal(line, &v)
	if err == nil && v.Label == nil {
		err = noAnswer("label")
	}
	if err != nil {
		return nil, err
	}
	return &question{prompts: []string{"Question: " + v.Goal + "\nAnswer:"},
		choices: []string{" " + v.Sol1, " " + v.Sol2}, before: 1, answer: *v.Label}, nil
}

// readARC reads both forms in use: the one of the data set's own files, and the flat one of the
// Hugging Face hub.
func readARC(line []byte) (*question, error) {
	type choice struct{ Text, Label string }
	var own struct {
		Question struct {
			Stem    string
			Choices []choice
		}
		AnswerKey string
	}
	if err := json.Unmarshal(line, &own); err != nil {
		var flat struct {
			Question string
			Choices  struct{ Text, Label []string }
		}
		if json.Unmarshal(line, &flat) != nil || len(flat.Choices.Text) != len(flat.Choices.Label) {
			return nil, err
		}
		own.Question.Stem = flat.Question
		for i, text := range flat.Choices.Text {
			own.Question.Choices = append(own.Question.Choices, choice{text, flat.Choices.Label[i]})
		}
	}
	if own.AnswerKey == "" {
		return nil, noAnswer("answerKey")
	}
	q := &question{prompts: []string{"Question: " + own.Question.Stem + "\nAnswer:"}, before: 1,
		answer: -1}
	for i, c := range own.Question.Choices {
		q.choices = append(q.choices, " "+c.Text)
		if c.Label == own.AnswerKey {
			q.answer = i
		}
	}
	return q, nil
}

func readBoolQ(line []byte) (*question, error) {
	var v struct {
		Question, Passage string
		Answer            *bool
	}
	err := json.Unmarshal(line, &v)
	if err == nil && v.Answer == nil {
		err = noAnswer("answer")
	}
	if err != nil {
		return nil, err
	}
	q := &question{prompts: []string{v.Passage + "\nQuestion: " + v.Question + "?\nAnswer:"},
		choices: []string{" no", " yes"}, before: 1}
	if *v.Answer {
		q.answer = 1
	}
	return q, nil
}

func readHellaSwag(line []byte) (*question, error) {
	var v struct {
		ActivityLabel string `json:"activity_label"`
		Ctx           string
		CtxA          string `json:"ctx_a"`
		CtxB          string `json:"ctx_b"`
		Endings       []string
		Label         json.Number
	}
	if err := json.Unmarshal(line, &v); err != nil {
		return nil, err
	}
	if v.Label == "" {
		return nil, noAnswer("label")
	}
	context := v.Ctx
	if v.CtxA != "" {
		// As Python's capitalize: one capital, and no other.
		first, size := utf8.DecodeRuneInString(v.CtxB)
		context = v.CtxA + " "
		if size > 0 {
			context += string(unicode.ToTitle(first)) + strings.ToLower(v.CtxB[size:])
		}
	}
	if v.ActivityLabel != "" {
		context = v.ActivityLabel + ": " + context
	}
	context = withoutMarks(context)
	// Spaces that are left at the end belong to the choice, as a token's space does.
	prompt := strings.TrimRight(context, " ")
	label, err := v.Label.Int64()
	between := context[len(prompt):] + " "
	q := &question{prompts: []string{prompt}, before: len(between), answer: int(label)}
	for _, ending := range v.Endings {
		q.choices = append(q.choices, between+withoutMarks(ending))
	}
	return q, err
}

var bracketed = regexp.MustCompile(`\[.*?\]`)

// withoutMarks is the harness's clean-up of what is left of WikiHow's headings in HellaSwag.
func withoutMarks(text string) string {
	text = strings.ReplaceAll(strings.TrimSpace(text), " [title]", ". ")
	return strings.ReplaceAll(bracketed.ReplaceAllString(text, ""), "  ", " ")
}

// readWinoGrande scores what follows the blank, behind each option in its place.
func readWinoGrande(line []byte) (*question, error) {
	var v struct{ Sentence, Option1, Option2, Answer string }
	if err := json.Unmarshal(line, &v); err != nil {
		return nil, err
	}
	if v.Answer == "" {
		return nil, noAnswer("answer")
	}
	before, after, ok := strings.Cut(v.Sentence, "_")
	if !ok {
		return nil, fmt.Errorf("sentence without a blank")
	}
	q := &question{prompts: []string{before + v.Option1, before + v.Option2},
		choices: []string{after, after}, answer: -1}
	for i, name := range []string{"1", "2"} {
		if v.Answer == name {
			q.answer = i
		}
	}
	return q, nil
}

// readTask reads the questions of a file of JSON lines.
func readTask(name string, read func([]byte) (*question, error)) ([]*question, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var questions []*question
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		q, err := read(lines.Bytes())
		if err == nil &&
			(q.answer < 0 || q.answer >= len(q.choices) ||
				slices.ContainsFunc(q.choices,
					func(c string) bool { return strings.Trim(c, " ") == "" }) ||
				slices.Contains(q.prompts, "")) {
			err = fmt.Errorf("answer %d of %d choices, or one without text", q.answer,
				len(q.choices))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", name, n, err)
		}
		questions = append(questions, q)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(questions) == 0 {
		return nil, fmt.Errorf("%s: no questions", name)
	}
	return questions, nil
}

// score is the result of one task.
type score struct {
	Task      string `json:"task"`
	Questions int    `json:"questions"`
	// by the likelihood of the choice, divided by its length in characters
	Accuracy float64 `json:"accuracy"`
	Error    float64 `json:"accuracy_se"`         // its standard error
	Plain    float64 `json:"accuracy_unweighted"` // by the likelihood alone
}

// runTasks scores the files of a folder: NAME.jsonl, where NAME begins with the name of a task.
func runTasks(
	dir string, m *core.Model, c coding.Coding, k simd.Kernel, progress io.Writer,
) ([]score, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	var scores []score
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".jsonl")
		for task, read := range taskReaders {
			if !strings.HasPrefix(strings.ToLower(name), task) {
				continue
			}
			questions, err := readTask(file, read)
			if err != nil {
				return nil, err
			}
			s, err := scoreTask(questions, m, c, k, func(done int) {
				if done%100 == 0 {
					fmt.Fprintf(progress, "eval: %s: %d of %d questions\n", name, done,
						len(questions))
				}
			})
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			s.Task = name
			scores = append(scores, s)
		}
	}
	if len(scores) == 0 {
		return nil, fmt.Errorf("%s: no file piqa*.jsonl, arc*.jsonl, boolq*.jsonl, "+
			"hellaswag*.jsonl or winogrande*.jsonl", dir)
	}
	return scores, nil
}

func scoreTask(
	questions []*question, m *core.Model, c coding.Coding, k simd.Kernel, done func(int),
) (score, error) {
	s, err := core.NewState(m, min(m.Config.Context, taskContext), taskBlock)
	if err != nil {
		return score{}, err
	}
	s.Counting = core.CountNone
	if err := s.SetCoding(c, k); err != nil {
		return score{}, err
	}
	n, right, plain := float64(len(questions)), 0.0, 0.0
	for i, q := range questions {
		best, bestPlain := 0, 0
		weighted, likelihood := make([]float64, len(q.choices)), make([]float64, len(q.choices))
		for j, choice := range q.choices {
			if likelihood[j], err = logLikelihood(s, m.Tokenizer, q.prompt(j), choice); err != nil {
				return score{}, fmt.Errorf("question %d: %w", i+1, err)
			}
			weighted[j] = likelihood[j] / q.length(j)
			if weighted[j] > weighted[best] {
				best = j
			}
			if likelihood[j] > likelihood[bestPlain] {
				bestPlain = j
			}
		}
		if best == q.answer {
			right++
		}
		if bestPlain == q.answer {
			plain++
		}
		done(i + 1)
	}
	accuracy := right / n
	return score{Questions: len(questions), Accuracy: accuracy, Plain: plain / n,
		Error: math.Sqrt(accuracy * (1 - accuracy) / max(n-1, 1))}, nil
}

// taskContext is the longest question, taskBlock how many of its tokens run in one pass.
const (
	taskContext = 2048
	taskBlock   = 64
)

// logLikelihood is Σ log p of the tokens of a text behind a prompt. The two are cut into tokens as
// one text; those that begin behind the prompt's own number of tokens count as the choice's.
func logLikelihood(s *core.State, t *text.Tokenizer, prompt, text string) (float64, error) {
	ids := t.Encode(nil, prompt+text)
	first := min(len(t.Encode(nil, prompt)), len(ids)-1)
	if first < 1 {
		return 0, fmt.Errorf("a prompt of no tokens")
	}
	// What is too long loses its beginning.
	if cut := len(ids) - s.Context(); cut > 0 {
		ids, first = ids[cut:], max(first-cut, 1)
	}
	s.Truncate(0)
	sum := 0.0
	for at := 0; at < len(ids)-1; at += taskBlock {
		block := ids[at:min(at+taskBlock, len(ids)-1)]
		// Before the choice nobody asks for predictions.
		run := s.Extend
		if at+len(block) >= first {
			run = func(block []int32) error { return s.Forward(block, true) }
		}
		if err := run(block); err != nil {
			return 0, err
		}
		for j := range block {
			if next := at + j + 1; next >= first {
				all, _ := logSumExp(s.Logits(j))
				sum += float64(s.Logits(j)[ids[next]]) - all
			}
		}
	}
	return sum, nil
}

func writeScores(w io.Writer, scores []score, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(scores)
	}
	for _, s := range scores {
		fmt.Fprintf(w, "%s: %.2f %% ± %.2f of %d questions by likelihood for each character, "+
			"%.2f %% by likelihood\n",
			s.Task, 100*s.Accuracy, 100*s.Error, s.Questions, 100*s.Plain)
	}
	return nil
}
