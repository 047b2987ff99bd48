package packer

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
)

// A lock file is replaced by a new one, so nothing else may be taken for one.
func TestReadLock(t *testing.T) {
	hash := strings.Repeat("0f", 32)
	want := Lock{Format: planes.Format, Version: planes.ArchitecturesVersion, Name: "m",
		Source: lockSource{hash}, ManifestSHA256: hash, ActivitySHA256: hash, Shards: 1, Bytes: 2,
		Chat: &planes.Chat{Blank: true, Strings: planes.ChatStrings{Head: "<s>"}}}
	data, err := want.JSON()
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	if got, err := ReadLock(data); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	replace := func(old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("no %q in %s", old, text)
		}
		return strings.Replace(text, old, new, 1)
	}
	for name, bad := range map[string]string{
		"nothing":                  "",
		"null":                     "null",
		"an empty object":          "{}",
		"a list":                   "[]",
		"text behind it":           text + "dear me",
		"a second object":          text + text,
		"a brace behind it":        text + "}",
		"another program's object": `{"name": "an app", "version": 1}`,
		"another format":           replace(planes.Format, "gguf"),
		"no version":               replace(`"version": 4`, `"version": 0`),
		"a hash that is short":     replace(hash, hash[1:]),
		"a hash in capitals":       replace(hash, strings.ToUpper(hash)),
		"no hash of the manifest":  replace(`"manifest_sha256": "`+hash, `"manifest_sha256": "`),
		"an activity's short hash": replace(`"activity_sha256": "0`, `"activity_sha256": "`),
		"a field too much":         replace(`"name"`, `"more": 1, "name"`),
	} {
		if l, err := ReadLock([]byte(bad)); err == nil ||
			!strings.HasPrefix(err.Error(), "not a lock file: ") {
			t.Errorf("%s: got %v, %v", name, l, err)
		}
	}
}

// A lock file with the hash of an activity wants just that; one without wants none in particular.
func TestLockOfAnActivity(t *testing.T) {
	packed := func(activity string) Lock {
		p := &Packed{Manifest: &planes.Manifest{}, Text: []byte("{}")}
		if activity != "" {
			p.Activity = []byte(activity)
		}
		return NewLock(p)
	}
	for _, c := range []struct{ locked, got, want string }{
		{"a", "a", ""},
		{"", "", ""},
		{"", "a", ""},
		{"a", "b", "sha256 of activity.json is 3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73" +
			"eeaed59c009d, locked is ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"},
		{"a", "", "sha256 of activity.json is , locked is ca97"},
	} {
		err := packed(c.locked).Check(packed(c.got))
		if c.want == "" && err == nil {
			continue
		}
		if c.want == "" || !errors.Is(err, ErrLock) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q where %q is locked: %v, want %q", c.got, c.locked, err, c.want)
		}
	}
}
