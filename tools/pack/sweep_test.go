//go:build !js

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// What a killed pack leaves is swept, at whichever moment it was killed.
func TestSweepOfKilledRuns(t *testing.T) {
	model := tinyFolder(t)
	for name, change := range map[string]func(dir string) error{
		"nothing written": func(dir string) error {
			return errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700))
		},
		"an unfinished shard": func(dir string) error {
			files, err := filepath.Glob(filepath.Join(dir, "*.bin"))
			if err != nil {
				return err
			}
			return errors.Join(os.Rename(files[0], files[0]+unfinished),
				os.Truncate(files[0]+unfinished, 1), os.Remove(filepath.Join(dir, "manifest.json")))
		},
		"shards alone": func(dir string) error {
			return os.Remove(filepath.Join(dir, "manifest.json"))
		},
		"an unfinished activity": func(dir string) error {
			file := filepath.Join(dir, "activity.json")
			return errors.Join(os.Rename(file, file+unfinished), os.Truncate(file+unfinished, 9),
				os.Remove(filepath.Join(dir, "manifest.json")))
		},
		"an unfinished manifest": func(dir string) error {
			file := filepath.Join(dir, "manifest.json")
			return os.Rename(file, file+unfinished)
		},
		"all but its name": func(string) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			models := t.TempDir()
			dir := filepath.Join(models, ".pack-123")
			if err := errors.Join(os.CopyFS(dir, os.DirFS(model)), change(dir)); err != nil {
				t.Fatal(err)
			}
			said := sweepIn(t, models)
			if entries, err := os.ReadDir(models); err != nil || len(entries) > 0 {
				t.Errorf("left behind: %v, %v; it says %q", entries, err, said)
			}
		})
	}
}

// sweepIn runs the command and gives what it says.
func sweepIn(t *testing.T, models string) string {
	t.Helper()
	var said bytes.Buffer
	if code := run([]string{"sweep", models}, io.Discard, &said); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &said)
	}
	return said.String()
}

// Whatever pack cannot prove to be its own is left as it is.
func TestSweepLeavesWhatIsNotItsOwn(t *testing.T) {
	model := tinyFolder(t)
	shards, err := filepath.Glob(filepath.Join(model, "*.bin"))
	if err != nil || len(shards) == 0 {
		t.Fatal(shards, err)
	}
	first, second := filepath.Base(shards[0]), strings.Repeat("0", 64)+".bin"
	write := func(file string) func(string) error {
		return func(dir string) error {
			return os.WriteFile(filepath.Join(dir, file), []byte("mine"), 0o666)
		}
	}
	nothing := func(string) error { return nil }
	for _, c := range []struct {
		name, folder string
		change       func(dir string) error
		want         string
	}{
		{"a model moved aside", ".pack-123.old", nothing, "it is no unfinished folder"},
		{"a model taken away", ".pack-123.away", nothing, "it is no unfinished folder"},
		{"another name", ".pack-mine", nothing, "it is no unfinished folder"},
		{"another file", ".pack-123", write("firmware.bin"), `holds "firmware.bin"`},
		{"another manifest", ".pack-123", write("manifest.json"), "manifest.json: "},
		{"another activity", ".pack-123", write("activity.json"), "activity.json: "},
		{"another activity without a manifest", ".pack-123", func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "manifest.json")),
				write("activity.json")(dir))
		}, "activity.json: "},
		{"a shard of other bytes", ".pack-123", func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "manifest.json")), write(first)(dir))
		}, "whose name is not its hash"},
		{"a shard that the manifest does not name", ".pack-123", write(second),
			"whose name is not its hash"},
		{"two unfinished shards", ".pack-123", func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "manifest.json")),
				write(first+unfinished)(dir), write(second+unfinished)(dir))
		}, unfinished + `", which is no part`},
		{"a folder inside", ".pack-123", func(dir string) error {
			return os.Mkdir(filepath.Join(dir, strings.Repeat("0", 64)+".bin"), 0o777)
		}, "which is no part of a packed model"},
		{"a link inside", ".pack-123", func(dir string) error {
			file := filepath.Join(dir, first)
			return errors.Join(os.Remove(file), os.Symlink(shards[0], file))
		}, "which is no part of a packed model"},
	} {
		t.Run(c.name, func(t *testing.T) {
			models := t.TempDir()
			dir := filepath.Join(models, c.folder)
			if err := errors.Join(os.CopyFS(dir, os.DirFS(model)), c.change(dir)); err != nil {
				t.Fatal(err)
			}
			before := readDirs(t, dir)
			said := sweepIn(t, models)
			if after := readDirs(t, dir); !reflect.DeepEqual(after, before) {
				t.Errorf("the folder holds %v now, was %v", keys(after), keys(before))
			}
			if !strings.Contains(said, c.want) || strings.Count(said, "\n") != 1 {
				t.Errorf("it says %q, want %q", said, c.want)
			}
		})
	}
}

// A link is not followed, and a folder that a pack works in is not touched.
func TestSweepLeavesLinksAndFoldersInUse(t *testing.T) {
	model := tinyFolder(t)
	models := t.TempDir()
	if err := os.Symlink(model, filepath.Join(models, ".pack-123")); err != nil {
		t.Fatal(err)
	}
	out, err := newOutput(filepath.Join(models, "m"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.discard()
	before := readDirs(t, model)
	if said := sweepIn(t, models); !strings.Contains(said, "it may be in use") ||
		!strings.Contains(said, "it is no unfinished folder") || strings.Count(said, "\n") != 2 {
		t.Errorf("it says %q", said)
	}
	if _, err := os.Stat(out.temp); err != nil {
		t.Errorf("the folder of a pack that runs: %v", err)
	}
	if after := readDirs(t, model); !reflect.DeepEqual(after, before) {
		t.Errorf("behind the link are %v now, were %v", keys(after), keys(before))
	}
	if said := sweepIn(t, filepath.Join(models, "nowhere")); said != "" {
		t.Errorf("of a folder that is not there it says %q", said)
	}
}

// A folder keeps its mode; a new one is for everyone to read.
func TestModeOfTheOutput(t *testing.T) {
	for _, mode := range []os.FileMode{0, 0o700} {
		dir, want := filepath.Join(t.TempDir(), "m"), os.FileMode(0o755)
		if mode != 0 {
			if err := os.Mkdir(dir, mode); err != nil {
				t.Fatal(err)
			}
			want = mode
		}
		for range 2 { // into nothing or an empty folder, then over a model
			if code := run([]string{"tiny", "-o", dir}, io.Discard, os.Stderr); code != exitOK {
				t.Fatalf("exit code %d", code)
			}
			info, err := os.Stat(dir)
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("mode %v, %v, want %v", info.Mode().Perm(), err, want)
			}
		}
	}
}
