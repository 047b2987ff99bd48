package corpus

import (
	"strings"
	"testing"
)

// Windows lie evenly: first and last are taken, none twice, and the distances differ by one at
// most.
func TestSpread(t *testing.T) {
	for total := 1; total < 200; total++ {
		windows := Cut(make([]int32, total*WindowTokens+total%WindowTokens))
		if len(windows) != total {
			t.Fatalf("%d windows, want %d", len(windows), total)
		}
		for n := 1; n <= min(total, 20); n++ {
			picked, err := Spread(windows, n)
			if err != nil || len(picked) != n {
				t.Fatalf("%d of %d: got %d, %v", n, total, len(picked), err)
			}
			if picked[0].Index != 0 || n > 1 && picked[n-1].Index != total-1 {
				t.Errorf("%d of %d: from %d to %d", n, total, picked[0].Index, picked[n-1].Index)
			}
			for i := 1; i < n; i++ {
				distance, least := picked[i].Index-picked[i-1].Index, (total-1)/(n-1)
				if distance < least || distance > least+1 {
					t.Errorf("%d of %d: window %d is %d after the one before, want %d or one more",
						n, total, i, distance, least)
				}
			}
		}
		if _, err := Spread(windows, total+1); err == nil {
			t.Errorf("%d windows of %d", total+1, total)
		}
	}
}

func TestCutKeepsOrder(t *testing.T) {
	ids := make([]int32, 3*WindowTokens-1)
	for i := range ids {
		ids[i] = int32(i)
	}
	for i, w := range Cut(ids) {
		if len(w.IDs) != WindowTokens || w.IDs[0] != int32(i*WindowTokens) {
			t.Errorf("window %d: %d tokens from %d", i, len(w.IDs), w.IDs[0])
		}
	}
}

func TestFirstCharacters(t *testing.T) {
	for _, c := range []struct {
		data string
		n    int
		want string
	}{
		{"", 3, ""},
		{"ab", 3, "ab"},
		{"añ€😀b", 4, "añ€😀"},
		{"a\r\nb\rc\n\rd", 99, "a\nb\nc\n\nd"},
		{"a\r\nb", 2, "a\n"},
		{"\r\r\n", 9, "\n\n"},
		{"\ufffda\xff", 2, "\ufffda"}, // what lies behind is not looked at
	} {
		if got, err := firstCharacters([]byte(c.data), c.n); got != c.want || err != nil {
			t.Errorf("%q, %d characters: %q, %v, want %q", c.data, c.n, got, err, c.want)
		}
	}
	for _, data := range []string{"ab\xff", "ab\xe2\x82"} {
		_, err := firstCharacters([]byte(data), 9)
		if err == nil || !strings.Contains(err.Error(), "byte 2") {
			t.Errorf("%q: error %v, want byte 2 named", data, err)
		}
	}
}
