package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spikechat/spikechat/core/planes"
)

// errForeign reports a folder that holds what pack did not write.
var errForeign = errors.New("no packed model")

// A foreign says what of a folder is not a packed model's. It is an errForeign.
type foreign struct{ text string }

func (f foreign) Error() string        { return f.text }
func (f foreign) Is(target error) bool { return target == errForeign }

func foreignf(format string, args ...any) error { return foreign{fmt.Sprintf(format, args...)} }

// ownFiles lists the files of a folder that pack may replace: one that is absent or empty, or a
// packed model, whose files are its manifest, to the byte the shards that the manifest names, and
// perhaps the activity of this very model. Names alone prove nothing. Any other folder gives an
// error that wraps errForeign.
func ownFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	present := make(map[string]bool, len(entries))
	for _, e := range entries {
		present[e.Name()] = e.Type().IsRegular()
	}
	if !present[planes.ManifestFile] {
		return nil, holdsForeign(entries[0])
	}
	text, err := readLimited(filepath.Join(dir, planes.ManifestFile), planes.MaxManifestBytes)
	if err != nil {
		return nil, err
	}
	m, err := planes.ReadManifest(text)
	if err != nil {
		return nil, foreignf("%s: %v", planes.ManifestFile, err)
	}
	allowed := map[string]bool{planes.ManifestFile: true, planes.ActivityFile: true}
	for _, s := range m.Shards {
		allowed[s.File] = true
	}
	for _, e := range entries {
		if !allowed[e.Name()] || !present[e.Name()] {
			return nil, holdsForeign(e)
		}
	}
	files := []string{planes.ManifestFile}
	if present[planes.ActivityFile] {
		if _, _, err := ownActivity(dir, m, text); err != nil {
			return nil, foreign{err.Error()}
		}
		files = append(files, planes.ActivityFile)
	}
	for _, s := range m.Shards {
		if !present[s.File] {
			return nil, foreignf("shard %q of its %s is missing", s.File, planes.ManifestFile)
		}
		if err := checkShard(filepath.Join(dir, s.File), s); err != nil {
			return nil, err
		}
		files = append(files, s.File)
	}
	return files, nil
}

func holdsForeign(e fs.DirEntry) error {
	return foreignf("holds %q, which is no part of a packed model", e.Name())
}

// checkShard compares a file's bytes with what a manifest says of them.
func checkShard(name string, s planes.Shard) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(f, s.Bytes+1))
	if err != nil {
		return err
	}
	if n != s.Bytes || hex.EncodeToString(h.Sum(nil)) != s.SHA256 {
		return foreignf("holds %q, which is not the shard that its %s names", s.File,
			planes.ManifestFile)
	}
	return nil
}

// A replaced is a model's folder that makes room for another one. Its files are in a folder that
// no other program knows, and the folder they came from is gone, so that nothing can be lost with
// it. The zero value is a model that was not there.
type replaced struct {
	dir, away string
	files     []string
}

// takeAway takes the model out of the folder dir and removes the folder. beside is a path on the
// same file system that names for the moves begin with. The folder moves aside first, and what it
// holds is asked of it there, where whoever knows its name no longer writes. Each file is moved out
// of it by its listed name, and the folder is removed by a call that fails for one that is not
// empty. Where anything is in the way, all is put back.
func takeAway(dir, beside string) (replaced, error) {
	aside := beside + ".old"
	err := os.Rename(dir, aside)
	if errors.Is(err, fs.ErrNotExist) {
		return replaced{}, nil
	}
	if err != nil {
		return replaced{}, err
	}
	files, err := ownFiles(aside)
	if err != nil {
		return replaced{}, errors.Join(err, moveBack(aside, dir))
	}
	return takeListed(dir, aside, beside+".away", files)
}

// takeListed is the second half of takeAway: aside was dir, and files is all that it may hold.
func takeListed(dir, aside, away string, files []string) (replaced, error) {
	if err := os.Mkdir(away, 0o700); err != nil {
		return replaced{}, errors.Join(err, moveBack(aside, dir))
	}
	r := replaced{dir: dir, away: away}
	err := error(nil)
	for _, file := range files {
		if err = os.Rename(filepath.Join(aside, file), filepath.Join(away, file)); err != nil {
			break
		}
		r.files = append(r.files, file)
	}
	if err == nil {
		if err = os.Remove(aside); err == nil {
			return r, nil
		}
		if entries, readErr := os.ReadDir(aside); readErr == nil && len(entries) > 0 {
			err = holdsForeign(entries[0])
		}
	}
	return replaced{}, errors.Join(err, r.moveTo(aside), moveBack(aside, dir))
}

// moveBack gives a folder its name again, unless something has taken the name.
func moveBack(aside, dir string) error {
	if err := os.Rename(aside, dir); err != nil {
		return fmt.Errorf("%s is in %s now: %w", dir, aside, err)
	}
	return nil
}

// moveTo moves the files into the folder dir.
func (r replaced) moveTo(dir string) error {
	var errs []error
	for _, file := range r.files {
		errs = append(errs, os.Rename(filepath.Join(r.away, file), filepath.Join(dir, file)))
	}
	if err := errors.Join(append(errs, os.Remove(r.away))...); err != nil {
		return fmt.Errorf("files of %s are in %s now: %w", r.dir, r.away, err)
	}
	return nil
}

// putBack undoes takeAway.
func (r replaced) putBack() error {
	if r.away == "" {
		return nil
	}
	if err := os.Mkdir(r.dir, 0o755); err != nil {
		return fmt.Errorf("files of %s are in %s now: %w", r.dir, r.away, err)
	}
	return r.moveTo(r.dir)
}

// discard removes the model.
func (r replaced) discard() error {
	if r.away == "" {
		return nil
	}
	return removeListed(r.away, r.files)
}

// removeListed removes the files and then the folder, which fails where it holds anything else.
func removeListed(dir string, files []string) error {
	for _, file := range files {
		if err := os.Remove(filepath.Join(dir, file)); err != nil &&
			!errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.Remove(dir)
}
