package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/spikechat/spikechat/tools/internal/outfile"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// tinyFolder gives a new folder with the packed tiny model.
func tinyFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "model")
	model, err := packedTiny()
	if err == nil {
		err = os.CopyFS(dir, model)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// packedTiny packs the tiny model once.
var packedTiny = sync.OnceValues(func() (fs.FS, error) {
	parent, err := os.MkdirTemp("", "spikechat-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(parent)
	dir := filepath.Join(parent, "model")
	if code := run([]string{"tiny", "-o", dir}, io.Discard, os.Stderr); code != exitOK {
		return nil, fmt.Errorf("exit code %d", code)
	}
	entries, err := os.ReadDir(dir)
	files := fstest.MapFS{}
	for _, e := range entries {
		data, readErr := os.ReadFile(filepath.Join(dir, e.Name()))
		err = errors.Join(err, readErr)
		files[e.Name()] = &fstest.MapFile{Data: data}
	}
	return files, err
})

// wantAlone checks that nothing but the named entry is in a folder's parent.
func wantAlone(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(dir) {
		t.Errorf("beside %s: %v, %v", dir, entries, err)
	}
}

// Whatever is not to the byte what a manifest of ours lists is left as it is.
func TestFoldersThatAreNotReplaced(t *testing.T) {
	write := func(file, text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(pattern string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			files, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil || len(files) == 0 {
				t.Fatal(files, err)
			}
			for _, file := range files {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	shard := func(t *testing.T, dir string) string {
		files, err := filepath.Glob(filepath.Join(dir, "*.bin"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		return files[0]
	}
	for _, c := range []struct {
		name   string
		change func(t *testing.T, dir string)
		want   string
	}{
		{"another .bin", write("firmware.bin", "mine"), `holds "firmware.bin"`},
		{"a shard's name with other bytes", func(t *testing.T, dir string) {
			write(filepath.Base(shard(t, dir)), "mine")(t, dir)
		}, "not the shard that its manifest.json names"},
		{"a shard that was changed", func(t *testing.T, dir string) {
			data, err := os.ReadFile(shard(t, dir))
			if err != nil {
				t.Fatal(err)
			}
			data[len(data)/2] ^= 1
			write(filepath.Base(shard(t, dir)), string(data))(t, dir)
		}, "not the shard that its manifest.json names"},
		{"a shard is missing", remove("*.bin"), "is missing"},
		{"no manifest", remove("manifest.json"), "no part of a packed model"},
		{"another program's manifest", write("manifest.json", `{"name":"an app"}`),
			"manifest.json: "},
		{"another program's activity", write("activity.json", `{"name":"an app"}`),
			"activity.json: "},
		{"the activity of another model", func(t *testing.T, dir string) {
			data, err := os.ReadFile(filepath.Join(dir, "activity.json"))
			if err != nil {
				t.Fatal(err)
			}
			of := []byte(`"manifest_sha256": "`)
			at := bytes.Index(data, of) + len(of)
			data[at] = "10"[data[at]&1] // another hexadecimal digit
			write("activity.json", string(data))(t, dir)
		}, "of the manifest "},
		{"a folder inside", func(t *testing.T, dir string) {
			if err := os.Mkdir(filepath.Join(dir, "more.bin"), 0o777); err != nil {
				t.Fatal(err)
			}
		}, `holds "more.bin"`},
		{"a link instead of a shard", func(t *testing.T, dir string) {
			file, away := shard(t, dir), filepath.Join(t.TempDir(), "shard")
			if err := errors.Join(os.Rename(file, away), os.Symlink(away, file)); err != nil {
				t.Fatal(err)
			}
		}, "no part of a packed model"},
	} {
		for _, when := range []string{"before packing", "while packing"} {
			t.Run(c.name+" "+when, func(t *testing.T) {
				dir := tinyFolder(t)
				var before map[string]string
				var err error
				if when == "before packing" {
					c.change(t, dir)
					before = readDirs(t, dir)
					_, err = newOutput(dir)
				} else {
					out, openErr := newOutput(dir)
					if openErr != nil {
						t.Fatal(openErr)
					}
					c.change(t, dir)
					before = readDirs(t, dir)
					err = out.install(&packer.Packed{Text: []byte("{}\n")})
					out.discard()
				}
				if !errors.Is(err, errOutput) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
				if after := readDirs(t, dir); !reflect.DeepEqual(after, before) {
					t.Errorf("the folder holds %v now, was %v", keys(after), keys(before))
				}
				wantAlone(t, dir)
			})
		}
	}
}

// readDirs is readDir for a folder that may hold folders.
func readDirs(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			files[e.Name()] = "a folder"
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	return files
}

// What comes into a folder after its files were checked is found when the folder is removed.
func TestFileWrittenWhileAModelIsTakenAway(t *testing.T) {
	dir := tinyFolder(t)
	aside := dir + ".old"
	files, err := ownFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir, aside); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(aside, "late.txt"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	before := readDirs(t, aside)
	_, err = takeListed(dir, aside, dir+".away", files)
	if !errors.Is(err, errForeign) || !strings.Contains(err.Error(), `holds "late.txt"`) {
		t.Errorf("got %v", err)
	}
	if after := readDirs(t, dir); !reflect.DeepEqual(after, before) {
		t.Errorf("the folder holds %v now, was %v", keys(after), keys(before))
	}
	wantAlone(t, dir)
}

// A name that something else has taken meanwhile is not taken from it, and the old model's files
// are said to be where they are.
func TestModelThatCannotBePutBack(t *testing.T) {
	dir := tinyFolder(t)
	before := readDirs(t, dir)
	old, err := takeAway(dir, dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := old.putBack(); err == nil || !strings.Contains(err.Error(), old.away) {
		t.Errorf("got %v, want the name of %s", err, old.away)
	}
	if after := readDirs(t, old.away); !reflect.DeepEqual(after, before) {
		t.Errorf("%s holds %v, want %v", old.away, keys(after), keys(before))
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := old.putBack(); err != nil {
		t.Error(err)
	}
	if after := readDirs(t, dir); !reflect.DeepEqual(after, before) {
		t.Errorf("the folder holds %v now, was %v", keys(after), keys(before))
	}
	wantAlone(t, dir)
}

// A link to a model's folder stays a link, and the folder behind it is what is replaced.
func TestOutputThroughALink(t *testing.T) {
	dir, link := tinyFolder(t), filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	out, err := newOutput(link)
	if err != nil {
		t.Fatal(err)
	}
	defer out.discard()
	if err := out.install(&packer.Packed{Text: []byte("{}\n")}); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(link); err != nil || to != dir {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	want := map[string]string{"manifest.json": "{}\n"}
	if got := readDirs(t, dir); !reflect.DeepEqual(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
	wantAlone(t, dir)
}

// A lock file that became something else while packing ran is left, and no model is installed.
func TestLockFileThatChangedMeanwhile(t *testing.T) {
	dir := t.TempDir()
	file, model := filepath.Join(dir, "lock.json"), filepath.Join(dir, "model")
	p := tinyJob()
	if err := os.WriteFile(file, []byte("dear me"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := packTo(model, p, nil, file); !errors.Is(err, outfile.ErrTarget) {
		t.Errorf("got %v", err)
	}
	want := map[string]string{"lock.json": "dear me"}
	if got := readDirs(t, dir); !reflect.DeepEqual(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
}
