package text

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/internal/request"
)

// runStops writes chunks until the matcher stops, and flushes.
func runStops(tb testing.TB, stops []string, chunks ...string) (text string, stopped bool) {
	tb.Helper()
	m, err := NewStopMatcher(stops)
	if err != nil {
		tb.Fatal(err)
	}
	var out []byte
	for _, chunk := range chunks {
		if out, stopped = m.Write(out, []byte(chunk)); stopped {
			break
		}
	}
	return string(m.Flush(out)), stopped
}

// stopText is the definition: the first end of a stop string, and of those that end there the
// longest.
func stopText(stops []string, text string) (string, bool) {
	for end := range len(text) + 1 {
		longest := 0
		for _, s := range stops {
			if strings.HasSuffix(text[:end], s) {
				longest = max(longest, len(s))
			}
		}
		if longest > 0 {
			return text[:end-longest], true
		}
	}
	return text, false
}

func TestStopMatcher(t *testing.T) {
	for _, c := range []struct {
		stops   []string
		chunks  []string
		want    string
		stopped bool
	}{
		{nil, []string{"any", "thing"}, "anything", false},
		{[]string{"end"}, []string{"the e", "n", "d of it"}, "the ", true},
		{[]string{"end"}, []string{"the en"}, "the en", false},
		{[]string{"end"}, []string{"en", "en", "d"}, "en", true},
		{[]string{"aab"}, []string{"a", "a", "a", "b"}, "a", true},
		{[]string{"abc", "b"}, []string{"abc"}, "a", true},
		{[]string{"b", "ab"}, []string{"xab"}, "x", true},
		{[]string{"abcd", "bce"}, []string{"abce"}, "a", true},
		{[]string{"\n\n"}, []string{"one\n", "two\n", "\nthree"}, "one\ntwo", true},
		{[]string{"é"}, []string{"è", "é"}, "è", true},
		{[]string{"x"}, []string{"x"}, "", true},
	} {
		got, stopped := runStops(t, c.stops, c.chunks...)
		if got != c.want || stopped != c.stopped {
			t.Errorf("%q over %q: %q, %v, want %q, %v", c.stops, c.chunks, got, stopped, c.want,
				c.stopped)
		}
	}
}

func TestStopMatcherHoldsOnlyBeginnings(t *testing.T) {
	m, err := NewStopMatcher([]string{"User:"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ write, want string }{
		{"all of this", "all of this"}, {" Us", " "}, {"U", "Us"}, {"ser", ""}, {"!", "User!"},
		{"User:", ""}, {"more", ""},
	} {
		got, stopped := m.Write(nil, []byte(c.write))
		if string(got) != c.want || stopped != (c.write == "User:" || c.write == "more") {
			t.Errorf("%q: %q, %v, want %q", c.write, got, stopped, c.want)
		}
	}
	if got := m.Flush(nil); len(got) != 0 {
		t.Errorf("Flush after a stop gave %q", got)
	}
	if got, stopped := m.Write(nil, []byte("again")); string(got) != "again" || stopped {
		t.Errorf("after Flush: %q, %v", got, stopped)
	}
}

func TestStopMatcherEqualsDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	word := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "aabc"[random.IntN(4)]
		}
		return string(b)
	}
	for range 20000 {
		stops := make([]string, 1+random.IntN(3))
		for i := range stops {
			stops[i] = word(2 + random.IntN(5))
		}
		text := word(random.IntN(30))
		var chunks []string
		for rest := text; rest != ""; {
			n := 1 + random.IntN(len(rest))
			chunks = append(chunks, rest[:n])
			rest = rest[n:]
		}
		got, stopped := runStops(t, stops, chunks...)
		if want, wantStopped := stopText(stops, text); got != want || stopped != wantStopped {
			t.Fatalf("%q over %q: %q, %v, want %q, %v", stops, chunks, got, stopped, want,
				wantStopped)
		}
	}
}

func TestNewStopMatcherRefuses(t *testing.T) {
	for _, stops := range [][]string{
		{"a", ""}, {strings.Repeat("x", MaxStopBytes+1)}, make([]string, MaxStops+1),
	} {
		if m, err := NewStopMatcher(stops); m != nil || !errors.Is(err, request.ErrBad) {
			t.Errorf("%.20q: %v, %v", stops, m, err)
		}
	}
}
