package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
)

// Rules are what is to happen to answers, as PUT /.faults/rules has them in JSON. They replace all
// rules before.
type Rules struct {
	// BytesPerSecond is what all answers together get of the line; 0 is without a limit.
	BytesPerSecond int `json:"bytes_per_second"`
	// Rules are asked in order: the first that names the file and is not used up is obeyed.
	Rules []Rule `json:"rules"`
}

// Rule is one fault. One of Cut, Flip, Stall, Status, Type, Swap and BytesPerSecond says which.
type Rule struct {
	// Path is the file's path; one that begins with "*" is the end of it.
	Path string `json:"path"`
	// Times is how many answers it is for, 0 for all.
	Times int `json:"times"`

	Cut            *int   `json:"cut"`              // the connection breaks after so many bytes
	Flip           *int   `json:"flip"`             // this bit is the other one
	Stall          *int   `json:"stall"`            // after so many bytes nothing comes any more
	Status         int    `json:"status"`           // this instead of 200, with a short text
	RetryAfter     string `json:"retry_after"`      // header beside a Status
	Type           string `json:"type"`             // this content type, the body as it is
	Swap           string `json:"swap"`             // the body of the file with this path
	BytesPerSecond int    `json:"bytes_per_second"` // a slow line for this answer alone
}

// name says what a rule does, in the list of what was served.
func (r Rule) name() string {
	kinds := r.kinds()
	if len(kinds) == 0 {
		return ""
	}
	return kinds[0]
}

// kinds are the faults that a rule has; a valid one has one.
func (r Rule) kinds() (kinds []string) {
	for _, k := range []struct {
		name string
		is   bool
	}{
		{"cut", r.Cut != nil}, {"flip", r.Flip != nil}, {"stall", r.Stall != nil},
		{"status", r.Status != 0}, {"type", r.Type != ""}, {"swap", r.Swap != ""},
		{"slow", r.BytesPerSecond != 0},
	} {
		if k.is {
			kinds = append(kinds, k.name)
		}
	}
	return kinds
}

func (r Rule) matches(file string) bool {
	if end, ok := strings.CutPrefix(r.Path, "*"); ok {
		return strings.HasSuffix(file, end)
	}
	return r.Path == file
}

// readRules reads rules and refuses what no answer could obey.
func readRules(r io.Reader) (Rules, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var rules Rules
	if err := d.Decode(&rules); err != nil {
		return Rules{}, fmt.Errorf("rules: %w", err)
	}
	if rules.BytesPerSecond < 0 {
		return Rules{}, fmt.Errorf("rules: bytes_per_second is %d, want 0 or more",
			rules.BytesPerSecond)
	}
	for i, rule := range rules.Rules {
		if err := rule.check(); err != nil {
			return Rules{}, fmt.Errorf("rules: rule %d: %w", i, err)
		}
	}
	return rules, nil
}

func (r Rule) check() error {
	negative := func(n *int) bool { return n != nil && *n < 0 }
	switch kinds := r.kinds(); {
	case len(kinds) != 1:
		return fmt.Errorf("it has the faults %q, want one", kinds)
	case r.Path == "":
		return fmt.Errorf("it has no path")
	case r.Times < 0 || r.BytesPerSecond < 0 || negative(r.Cut) || negative(r.Flip) ||
		negative(r.Stall):
		return fmt.Errorf("a number is negative")
	case r.Status != 0 && (r.Status < 200 || r.Status > 599):
		return fmt.Errorf("status is %d, want 200 to 599", r.Status)
	case r.RetryAfter != "" && r.Status == 0:
		return fmt.Errorf("retry_after is for a status")
	case r.Swap != "" && path.Clean("/"+r.Swap) != r.Swap:
		return fmt.Errorf("swap is %q, want the path of a file", r.Swap)
	}
	return nil
}

// writeStatus answers instead of the file.
func (r Rule) writeStatus(w http.ResponseWriter) {
	if r.RetryAfter != "" {
		w.Header().Set("Retry-After", r.RetryAfter)
	}
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(r.Status)
	fmt.Fprintln(w, http.StatusText(r.Status))
}
