package core

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

func TestBrief(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 123: "123ns", 1234: "1.23µs", 112_345: "112µs", 1_999_600: "2ms", 12_345_678: "12.3ms",
	} {
		if got := brief(d).String(); got != want {
			t.Errorf("%d ns: %s, want %s", int64(d), got, want)
		}
	}
}

func TestKernelOf(t *testing.T) {
	m := tinyModel(t)
	for setting, want := range map[string]simd.Kernel{
		"lookup": simd.LookupKernel, "popcount": simd.PopcountKernel, "dot": simd.DotKernel,
	} {
		got, err := m.KernelOf(setting)
		if err != nil || got != (KernelChoice{Kernel: want, Name: setting, Why: "asked for"}) {
			t.Errorf("%s: %+v, %v", setting, got, err)
		}
	}
	for _, setting := range []string{"auto", ""} {
		got, err := m.KernelOf(setting)
		if err != nil || got.Kernel != simd.LookupKernel || got.Name != "lookup" || !got.Auto {
			t.Errorf("%q: %+v, %v", setting, got, err)
		}
	}
	for _, setting := range []string{"Lookup", "fast", "lookup "} {
		got, err := m.KernelOf(setting)
		if !errors.Is(err, ErrBadRequest) || got != (KernelChoice{}) ||
			!strings.Contains(err.Error(), setting) {
			t.Errorf("%q: %+v, %v, want ErrBadRequest", setting, got, err)
		}
	}
}

// lookupModel opens the tiny model and prepares it for lookup alone.
func lookupModel(t *testing.T) *Model {
	t.Helper()
	m, err := Open(tinyFolder())
	if err != nil {
		t.Fatal(err)
	}
	m.Prepare(simd.LookupKernel)
	return m
}

// machine is a machine on which products take the times that a test says. Its clock stands still
// but for them and for tokens.
type machine struct {
	now     time.Time
	token   time.Duration
	tick    time.Duration // of the clock that products are timed by; 0: none
	product func(round int, k simd.Kernel) time.Duration
	longest time.Duration // that one token was late
}

// tuner gives an Autotuner that runs on the machine, for a model that is prepared for lookup alone.
func (w *machine) tuner(m *Model) *Autotuner {
	a := NewAutotuner(m)
	a.now = func() time.Time { return w.now }
	a.measure = func(a *Autotuner, _ *State, k simd.Kernel, runs int) time.Duration {
		start := w.now
		product := w.product(a.rounds, k)
		w.now = w.now.Add(time.Duration(runs) * product)
		return w.now.Truncate(w.tick).Sub(start.Truncate(w.tick))
	}
	return a
}

// tokensToSettle asks for the answer that is hashed and gives the tokens after which the Autotuner
// has chosen, and the hash.
func (w *machine) tokensToSettle(t *testing.T, m *Model, a *Autotuner) (tokens int, hash string) {
	t.Helper()
	answer := hashedAnswers(t)["tiny"]
	r := answer.request(simd.DotKernel) // to be overruled
	r.Autotuner = a
	s := newSession(t, m, 256)
	begin(t, s, r)
	prefill(t, s)
	sum := HashSeed
	for token := (Token{}); token.Finish == Running; {
		sum = HashLogits(sum, s.Logits())
		w.now = w.now.Add(w.token)
		before := w.now
		if err := s.Next(&token); err != nil {
			t.Fatal(err)
		}
		w.longest = max(w.longest, w.now.Sub(before))
		if !a.settled {
			tokens++
		}
		if s.state.kernel != a.Choice().Kernel {
			t.Errorf("the state runs kernel %d, told is %+v", s.state.kernel, a.Choice())
		}
	}
	return tokens + 1, fmt.Sprintf("%016x", sum)
}

// TestAutotune puts an Autotuner on machines of all kinds. Wherever it ends, the bits are the same,
// and it has chosen within 16 tokens.
func TestAutotune(t *testing.T) {
	const us = time.Microsecond
	always := func(lookup, popcount time.Duration) func(int, simd.Kernel) time.Duration {
		return func(_ int, k simd.Kernel) time.Duration {
			return [...]time.Duration{lookup, popcount}[k]
		}
	}
	for _, c := range []struct {
		name    string
		token   time.Duration
		product func(round int, k simd.Kernel) time.Duration
		want    string
	}{
		{"lookup is faster", 10 * time.Millisecond, always(50*us, 120*us), "lookup"},
		{"popcount is faster", 10 * time.Millisecond, always(120*us, 30*us), "popcount"},
		{"equal", 10 * time.Millisecond, always(50*us, 50*us), "lookup"},
		// With popcount the output takes twice as long, beside the layers.
		{"popcount is faster by too little", 10 * time.Millisecond, always(50*us, 47*us), "lookup"},
		{"a clock that stands still", 10 * time.Millisecond, always(0, 0), "lookup"},
		{"slow tokens", 400 * time.Millisecond, always(3000*us, 4000*us), "lookup"},
		{"slow tokens, popcount", 400 * time.Millisecond, always(4000*us, 1000*us), "popcount"},
		{"a second for a token", time.Second, always(50*us, 120*us), "lookup"},
		{"popcount takes no time", time.Second, always(100*us, 0), "lookup"},
		{"cold popcount", 10 * time.Millisecond, func(round int, k simd.Kernel) time.Duration {
			if k == simd.PopcountKernel && round < 6 {
				return 4000 * us
			}
			return [...]time.Duration{120 * us, 30 * us}[k]
		}, "popcount"},
		{"cold lookup", 10 * time.Millisecond, func(round int, k simd.Kernel) time.Duration {
			if k == simd.LookupKernel && round < 6 {
				return 40_000 * us
			}
			return [...]time.Duration{50 * us, 120 * us}[k]
		}, "lookup"},
		{"disturbed lookup", 10 * time.Millisecond, func(round int, k simd.Kernel) time.Duration {
			if k == simd.LookupKernel && round%3 == 1 {
				return 20_000 * us
			}
			return [...]time.Duration{50 * us, 120 * us}[k]
		}, "lookup"},
		{"disturbed, slow tokens", time.Second, func(round int, k simd.Kernel) time.Duration {
			if k == simd.LookupKernel && round == 4 {
				return 20_000 * us
			}
			return [...]time.Duration{2000 * us, 4000 * us}[k]
		}, "lookup"},
	} {
		m := lookupModel(t)
		w := machine{now: time.Now(), token: c.token, product: c.product}
		a := w.tuner(m)
		if got := a.Choice(); got.Name != "lookup" || strings.Contains(got.Why, "measured:") {
			t.Errorf("%s: %+v before it has measured", c.name, got)
		}
		tokens, hash := w.tokensToSettle(t, m, a)
		got := a.Choice()
		if got.Name != c.want || tokens > 16 || !strings.Contains(got.Why, "measured: lookup ") {
			t.Errorf("%s: %+v after %d tokens, want %s after 16 at most",
				c.name, got, tokens, c.want)
		}
		if want := hashedAnswers(t)["tiny"].Hash; hash != want {
			t.Errorf("%s: logits %s, want %s", c.name, hash, want)
		}
		// Tables for popcount take memory, so they are made where they are used.
		s, err := NewState(m, 8, 1)
		if err != nil {
			t.Fatal(err)
		}
		err = s.SetCoding(coding.Coding{Steps: 4}, simd.PopcountKernel)
		if (c.want == "popcount") != (err == nil) {
			t.Errorf("%s: popcount is prepared or not: %v", c.name, err)
		}
	}
}

// TestAutotuneIsPolite: warm code keeps no token waiting for more than a few milliseconds.
func TestAutotuneIsPolite(t *testing.T) {
	m := lookupModel(t)
	for product := time.Microsecond; product <= 2*time.Millisecond; product *= 2 {
		w := machine{now: time.Now(), token: 10 * time.Millisecond,
			product: func(int, simd.Kernel) time.Duration { return product }}
		w.tokensToSettle(t, m, w.tuner(m))
		if most := 2 * max(2*roundTime, product); w.longest > most {
			t.Errorf("products of %v: a token is late by %v, want %v at most", product, w.longest, most)
		}
	}
}

// TestAutotuneByACoarseClock: browsers tell the time by the millisecond, 20 times what a product
// takes.
func TestAutotuneByACoarseClock(t *testing.T) {
	m := lookupModel(t)
	random := rand.New(rand.NewPCG(43, 0)) // a token ends anywhere in a tick
	for try := range 100 {
		token := [...]time.Duration{8 * time.Millisecond, 150 * time.Millisecond}[try%2]
		for _, c := range []struct {
			lookup, popcount time.Duration
			want             string
		}{
			{50 * time.Microsecond, 120 * time.Microsecond, "lookup"},
			{50 * time.Microsecond, 70 * time.Microsecond, "lookup"},
			{50 * time.Microsecond, 15 * time.Microsecond, "popcount"},
			{2 * time.Millisecond, 5 * time.Millisecond, "lookup"},
		} {
			w := machine{
				now: time.Unix(1e9, 0), tick: time.Millisecond,
				product: func(_ int, k simd.Kernel) time.Duration {
					return [...]time.Duration{c.lookup, c.popcount}[k]
				},
			}
			a := w.tuner(m)
			for !a.settled {
				w.now = w.now.Add(token + time.Duration(random.IntN(1e6)))
				a.tune(nil)
			}
			if got := a.prepare; got != (c.want == "popcount") {
				t.Errorf("try %d, %v and %v: measured %v and %v, want %s", try, c.lookup, c.popcount,
					a.timed[0].best, a.timed[1].best, c.want)
			}
		}
	}
}

// TestAutotuneOnABusyMachine: others take 3 to 10 ms out of every fifth round, by a coarse clock.
func TestAutotuneOnABusyMachine(t *testing.T) {
	m := lookupModel(t)
	random, wrong := rand.New(rand.NewPCG(44, 0)), 0
	for range 1000 {
		w := machine{now: time.Unix(1e9, 0), tick: time.Millisecond}
		w.product = func(_ int, k simd.Kernel) time.Duration {
			if random.IntN(5) == 0 {
				w.now = w.now.Add(time.Duration(3e6 + random.IntN(7e6)))
			}
			return [...]time.Duration{50 * time.Microsecond, 120 * time.Microsecond}[k]
		}
		a := w.tuner(m)
		for !a.settled {
			w.now = w.now.Add(100*time.Millisecond + time.Duration(random.IntN(1e6)))
			a.tune(nil)
		}
		if a.prepare {
			wrong++
		}
	}
	if wrong > 10 {
		t.Errorf("the slower kernel was chosen %d times in 1000", wrong)
	}
}

// TestAutotuneGoesOn: answers that are shorter than what it takes are added up.
func TestAutotuneGoesOn(t *testing.T) {
	m := lookupModel(t)
	w := machine{now: time.Now(), token: 10 * time.Millisecond,
		product: func(_ int, k simd.Kernel) time.Duration { return time.Duration(k+1) * 50_000 }}
	a, s, answer := w.tuner(m), newSession(t, m, 256), hashedAnswers(t)["tiny"]
	for answers := 1; !a.settled; answers++ {
		r := answer.request(simd.LookupKernel)
		r.MaxTokens, r.Autotuner = 6, a
		begin(t, s, r)
		prefill(t, s)
		for token := (Token{}); token.Finish == Running; {
			w.now = w.now.Add(w.token)
			if err := s.Next(&token); err != nil {
				t.Fatal(err)
			}
		}
		// Of 6 tokens the last is followed by nothing that could be late.
		if want := (tuneWarm + tuneRounds + 4) / 5; a.settled != (answers == want) || answers > want {
			t.Fatalf("settled %v after %d answers, want %d", a.settled, answers, want)
		}
	}
	if got := a.Choice(); got.Name != "lookup" {
		t.Errorf("%+v", got)
	}
}

// TestAutotuneAllocatesNothing: neither while it measures nor when it has chosen lookup.
func TestAutotuneAllocatesNothing(t *testing.T) {
	m := lookupModel(t)
	a := NewAutotuner(m)
	s, r := newSession(t, m, 256), hashedAnswers(t)["tiny"]
	request := r.request(simd.LookupKernel)
	request.Autotuner = a
	begin(t, s, request)
	prefill(t, s)
	var token Token
	if n := testing.AllocsPerRun(tuneRounds, func() {
		if err := s.Next(&token); err != nil || token.Finish != Running {
			t.Fatalf("%+v, %v", token, err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a token", n)
	}
}

// TestAutotuneMeasures runs the real clock and kernels: a time is measured for both.
func TestAutotuneMeasures(t *testing.T) {
	m := lookupModel(t)
	a := NewAutotuner(m)
	w := machine{}
	tokens, hash := w.tokensToSettle(t, m, a)
	if tokens > tuneWarm+tuneRounds || a.timed[0].best <= 0 || a.timed[1].best <= 0 {
		t.Errorf("%v and %v after %d tokens", a.timed[0].best, a.timed[1].best, tokens)
	}
	if want := hashedAnswers(t)["tiny"].Hash; hash != want {
		t.Errorf("logits %s, want %s", hash, want)
	}
}
