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
	"regexp"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
)

// An unfinished file of an output's temporary folder has this ending until all of it is written.
const unfinished = ".part"

// Names of a temporary folder and of what pack has in it. A folder that was moved aside has an
// ending of its own (takeAway), so it is none of these.
var (
	tempFolder = regexp.MustCompile(`^\.pack-[0-9]+$`)
	shardFile  = regexp.MustCompile(`^[0-9a-f]{64}\.bin$`)
	partFile   = regexp.MustCompile(`^([0-9a-f]{64}\.bin|(activity|manifest)\.json)\.part$`)
)

// sweepCommand removes the temporary folders that killed runs of pack left in a folder.
func sweepCommand(args []string, stdout, stderr io.Writer) error {
	f := newFlags("pack sweep", stderr)
	if err := parse(f, args, 1); err != nil {
		return err
	}
	entries, err := os.ReadDir(f.Arg(0))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".pack-") {
			continue
		}
		dir := filepath.Join(f.Arg(0), e.Name())
		err := foreignf("it is no unfinished folder") // nor is a link, whatever it leads to
		if e.IsDir() && tempFolder.MatchString(e.Name()) {
			err = sweep(dir)
		}
		if err != nil {
			fmt.Fprintf(stderr, "pack: %s is left as it is: %s\n", printable(dir),
				printable(err.Error()))
		}
	}
	return nil
}

// sweep removes a temporary folder if no pack works in it and each of its files is provably one
// that pack wrote: a shard whose name is its hash, an activity, at most one that is unfinished, and
// a manifest that lists the others. Otherwise nothing is removed and the error says why.
func sweep(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	folder, err := root.Open(".")
	if err != nil {
		return err
	}
	defer folder.Close()
	// Where dir became a link after it was listed, what was opened is not what it is.
	opened, err := folder.Stat()
	if err != nil {
		return err
	}
	if named, err := os.Lstat(dir); err != nil || !os.SameFile(named, opened) {
		return errors.Join(errors.New("it is no folder"), err)
	}
	if err := lockFolder(folder); err != nil {
		return fmt.Errorf("it may be in use: %w", err)
	}
	entries, err := folder.ReadDir(-1)
	if err != nil {
		return err
	}
	parts := 0
	for _, e := range entries {
		name := e.Name()
		switch {
		case !e.Type().IsRegular():
			return holdsForeign(e)
		case shardFile.MatchString(name):
			err = checkName(root, name)
		case name == planes.ActivityFile: // whose manifest may not be there yet
			_, _, err = planes.OpenActivity(root.FS())
		case name == planes.ManifestFile:
			_, err = ownFiles(dir)
		case partFile.MatchString(name) && parts == 0:
			parts++
		default:
			return holdsForeign(e)
		}
		if err != nil {
			return err
		}
	}
	for _, e := range entries {
		if err := root.Remove(e.Name()); err != nil {
			return err
		}
	}
	return os.Remove(dir)
}

// checkName fails for a shard whose name is not its hash.
func checkName(root *os.Root, name string) error {
	f, err := root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil))+".bin" != name {
		return foreignf("holds %q, whose name is not its hash", name)
	}
	return nil
}
