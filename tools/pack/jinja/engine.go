// Package jinja executes chat templates by Python's Jinja2, the engine that the templates of models
// are written for: in the version and environment of transformers, in a process of its own.
package jinja

import (
	"bufio"
	"cmp"
	_ "embed" // render.py
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/pack/chat"
)

//go:embed render.py
var program string

// Version of Jinja2, which requirements.txt pins.
const Version = "3.1.6"

// Bounds on one rendering. Real ones take a millisecond, and a few kilobytes.
const (
	maxTime = 10 * time.Second
	maxLine = 4 << 20 // bytes of its answer
)

// Engine is a chat.Engine. Close ends what Start began.
type Engine struct {
	// Folder has Jinja2, as tools/setup/jinja.sh installs it.
	Folder string

	limit    time.Duration // in place of maxTime, for tests
	process  *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
	template *string // that the process has compiled; nil: none
	failed   error
}

// Start runs Python without the user's own packages and settings. It says what to install where
// something is missing.
func (e *Engine) Start() error {
	if e.process != nil {
		return nil
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		return errors.New("python3 is not on the PATH: install Python 3 with pip; it reads chat " +
			"templates of other models")
	}
	check := exec.Command(python, "-I", "-S", "-c",
		"import sys; sys.path.insert(0, sys.argv[1]); import jinja2; print(jinja2.__version__)", e.Folder)
	version, err := check.Output()
	if got := strings.TrimSpace(string(version)); err != nil || got != Version {
		return fmt.Errorf("no Jinja2 %s in %s, which reads chat templates of other models: "+
			"run \"make jinja\"", Version, e.Folder)
	}
	return e.StartCommand(exec.Command(python, "-I", "-S", "-X", "utf8", "-c", program, e.Folder))
}

// StartCommand is Start for another engine, a program that answers in the same lines as render.py.
func (e *Engine) StartCommand(command *exec.Cmd) (err error) {
	e.process = command
	if e.in, err = e.process.StdinPipe(); err != nil {
		return err
	}
	out, err := e.process.StdoutPipe()
	if err != nil {
		return err
	}
	e.out = bufio.NewReader(out)
	return e.process.Start()
}

// Close ends the process.
func (e *Engine) Close() {
	if e.process != nil && e.process.Process != nil {
		e.process.Process.Kill()
		e.process.Wait() // its state is of no interest
		e.process = nil
	}
}

// call is one line to the process; without a template it has the one before.
type call struct {
	Template *string           `json:"template"`
	Messages []message         `json:"messages"`
	Special  map[string]string `json:"special"`
	Thinking string            `json:"thinking"`
	Date     string            `json:"date"`
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Render is that of chat.Engine. After an error of the process, and not of the template, all that
// follow fail.
func (e *Engine) Render(template string, c chat.Conversation) (string, error) {
	if e.failed != nil {
		return "", e.failed
	}
	next := call{Messages: messages(c.Messages), Special: c.Special,
		Thinking: string(c.Thinking), Date: c.Date}
	if next.Special == nil {
		next.Special = map[string]string{}
	}
	if e.process == nil {
		return "", errors.New("the engine was not started")
	}
	if e.template == nil || template != *e.template {
		next.Template, e.template = &template, &template
	}
	answer, err := e.ask(next)
	if err != nil {
		e.Close()
		e.failed = fmt.Errorf("rendering it: %w", err)
		return "", e.failed
	}
	switch {
	case answer.Raised != nil:
		return "", &chat.RaisedError{Message: *answer.Raised}
	case answer.Text == nil:
		e.template = nil // it may not have been compiled
		return "", fmt.Errorf("it cannot be rendered: %.200q", answer.Error)
	}
	return *answer.Text, nil
}

func messages(from []text.Message) []message {
	to := []message{} // never null
	for _, m := range from {
		to = append(to, message(m))
	}
	return to
}

type answer struct {
	Text   *string `json:"text"`
	Raised *string `json:"raised"`
	Error  string  `json:"error"`
}

// ask writes a line and reads one, within maxTime.
func (e *Engine) ask(c call) (a answer, err error) {
	line, err := json.Marshal(c)
	if err != nil {
		return a, err
	}
	limit := cmp.Or(e.limit, maxTime)
	late := time.AfterFunc(limit, func() { e.process.Process.Kill() })
	_, err = e.in.Write(append(line, '\n'))
	if err == nil {
		line, err = e.readLine()
	}
	if !late.Stop() {
		return a, fmt.Errorf("it took more than %v", limit)
	}
	if err != nil {
		return a, fmt.Errorf("python3 ended: %w", err)
	}
	return a, json.Unmarshal(line, &a)
}

func (e *Engine) readLine() (line []byte, err error) {
	for {
		part, err := e.out.ReadSlice('\n')
		if line = append(line, part...); err == nil || !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
		if len(line) > maxLine {
			return nil, fmt.Errorf("it wrote more than %d bytes", maxLine)
		}
	}
}
