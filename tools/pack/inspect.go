package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

func inspectCommand(args []string, stdout, stderr io.Writer) error {
	f := newFlags("pack inspect", stderr)
	if err := parse(f, args, 1); err != nil {
		return err
	}
	return inspect(f.Arg(0), stdout)
}

// inspect prints what a packed model consists of.
func inspect(dir string, stdout io.Writer) error {
	m, activity, err := readPacked(dir)
	if err != nil {
		return err
	}
	err = packer.Inspect(m.Manifest, func(file string) ([]byte, error) {
		return readLimited(filepath.Join(dir, file), planes.MaxShardBytes)
	}, stdout)
	if err != nil {
		return err
	}
	return packer.InspectActivity(m.Manifest, activity, stdout)
}

// verifyCommand reads the whole model.
func verifyCommand(args []string, stdout, stderr io.Writer) error {
	f := newFlags("pack verify", stderr)
	lockFile := f.String("lock", "", "fail unless the model is the one that `FILE` names")
	if err := parse(f, args, 1); err != nil {
		return err
	}
	dir := f.Arg(0)
	if *lockFile != "" {
		wanted, err := readLock(*lockFile)
		if err != nil {
			return err
		}
		m, _, err := readPacked(dir)
		if err != nil {
			return err
		}
		if err := wanted.Check(packer.NewLock(m)); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	if err := packer.Verify(os.DirFS(dir), stdout); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return nil
}

// readPacked reads all of a packed model but its shards; the activity is nil where it has none.
func readPacked(dir string) (*packer.Packed, *planes.Activity, error) {
	name := filepath.Join(dir, planes.ManifestFile)
	text, err := readLimited(name, planes.MaxManifestBytes)
	if err != nil {
		return nil, nil, err
	}
	m, err := planes.ReadManifest(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	packed := &packer.Packed{Manifest: m, Text: text}
	var activity *planes.Activity
	activity, packed.Activity, err = ownActivity(dir, m, text)
	return packed, activity, err
}

// ownActivity reads the activity of the model in a folder, and its text; both are nil where it has
// none.
func ownActivity(
	dir string, m *planes.Manifest, manifest []byte,
) (*planes.Activity, []byte, error) {
	a, text, err := planes.OpenActivity(os.DirFS(dir))
	if err == nil && a != nil {
		err = a.Describes(m, manifest)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", dir, err)
	}
	return a, text, nil
}
