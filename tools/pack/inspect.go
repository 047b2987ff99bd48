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
	m, _, err := readManifest(dir)
	if err != nil {
		return err
	}
	return packer.Inspect(m, func(file string) ([]byte, error) {
		return readLimited(filepath.Join(dir, file), planes.MaxShardBytes)
	}, stdout)
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
		m, text, err := readManifest(dir)
		if err != nil {
			return err
		}
		if err := wanted.Check(packer.NewLock(m, text)); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	if err := packer.Verify(os.DirFS(dir), stdout); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return nil
}

// readManifest reads a packed model's manifest and gives its text as well.
func readManifest(dir string) (*planes.Manifest, []byte, error) {
	name := filepath.Join(dir, planes.ManifestFile)
	text, err := readLimited(name, planes.MaxManifestBytes)
	if err != nil {
		return nil, nil, err
	}
	m, err := planes.ReadManifest(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, text, nil
}
