package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spikechat/spikechat/tools/internal/quantised"
	"github.com/spikechat/spikechat/tools/pack/gptq"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// readQuantised reads the codes of ternary weights from a file of tools/ternary; nil where none is
// named. Of another model than the source they would be accepted where its matrices have the same
// names and shapes: the error that packing prints of ternary weights shows it.
func readQuantised(name string, steps int) (packer.Quantizer, error) {
	switch {
	case name == "":
		return nil, nil
	case steps == 0:
		return nil, errors.New("-quantised: want -ternary, with the steps of these weights")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	matrices, _, err := gptq.Read(f, gptq.Header{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &quantised.Made{Matrices: matrices}, nil
}
