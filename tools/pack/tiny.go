package main

import (
	"fmt"
	"io"

	"github.com/spikechat/spikechat/tools/internal/outfile"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// tinyCommand packs the small model with random weights that tests use.
func tinyCommand(args []string, stdout, stderr io.Writer) error {
	f := newFlags("pack tiny", stderr)
	dir := f.String("o", "models/tiny", "write the model to the folder `DIR`")
	file := f.String("gguf", "", "also write it as a GGUF file to `FILE`")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	written := outfile.Path{What: "the GGUF file", Name: *file}
	if err := checkApart(*dir, written); err != nil {
		return err
	}
	if err := outfile.Check(written, isGGUF); err != nil {
		return err
	}
	model := packer.Tiny().Bytes()
	if *file != "" {
		if err := outfile.Write(written, model, isGGUF); err != nil {
			return err
		}
	}
	p := &packer.Job{
		Source: packer.MemorySource("tiny.gguf", model), Name: "tiny",
		Calibration: packer.CalibrationText, Report: newProgress(stdout, stderr, true),
		Plain: true,
	}
	packed, err := packTo(*dir, p, nil, "")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s, in %s\n", packed, *dir)
	return err
}
