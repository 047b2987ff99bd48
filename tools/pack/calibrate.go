package main

import (
	"fmt"

	"github.com/spikechat/spikechat/tools/internal/corpus"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// Flags of -calibrate beside a file.
const (
	builtInText   = ""
	noCalibration = "none"
)

// readCalibration gives the text that the flag -calibrate names, "" for none.
func readCalibration(name string) (string, error) {
	switch name {
	case builtInText:
		return packer.CalibrationText, nil
	case noCalibration:
		return "", nil
	}
	text, err := corpus.Read(name)
	if err == nil && text == "" {
		err = fmt.Errorf("%s: no text to calibrate on", name)
	}
	return text, err
}
