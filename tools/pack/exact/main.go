// Command exact says how near a packed model is to the GGUF file it was packed from: it computes
// both in float64 from the formulas, over the beginning of the calibration text, and prints the
// Kullback-Leibler divergence of the packed model's predictions from those of the file's own
// weights.
//
//	go run ./tools/pack/exact -tokens 128 model.gguf
//
// The architecture is to be llama. It takes 8 bytes of memory and a nanosecond for each weight (and
// token) of the model.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"testing/fstest"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/reference"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

func main() {
	tokens := flag.Int("tokens", 128, "compare the predictions of the first `N` tokens")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *tokens, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "exact:", err)
		os.Exit(1)
	}
}

// run compares a file with what is packed of it.
func run(name string, tokens int, out io.Writer) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	source, err := packer.OpenSource(file, info.Size(), "model.gguf", nil)
	if err != nil {
		return err
	}
	packed := fstest.MapFS{}
	job := &packer.Job{Source: source, Name: "model", Report: notes{out},
		Emit: func(file string, data []byte) error {
			packed[file] = &fstest.MapFile{Data: append([]byte(nil), data...)}
			return nil
		}}
	p, err := job.Run()
	if err != nil {
		return err
	}
	packed[planes.ManifestFile] = &fstest.MapFile{Data: p.Text}
	model, err := reference.Open(packed)
	if err != nil {
		return err
	}
	ids, err := begin(packed, tokens)
	if err != nil {
		return err
	}
	got := logProbabilities(model, ids)
	if err := exact(source, model); err != nil {
		return err
	}
	divergence, same := compare(logProbabilities(model, ids), got)
	_, err = fmt.Fprintf(out, "KL %.3g over %d tokens, the likeliest next token is the same for %d\n",
		divergence, len(ids), same)
	return err
}

// begin gives the ids of the beginning of the calibration text.
func begin(packed fstest.MapFS, n int) ([]int32, error) {
	_, r, err := planes.Open(packed)
	if err != nil {
		return nil, err
	}
	vocabulary, err := r.Tokenizer()
	if err != nil {
		return nil, err
	}
	tokenizer, err := text.NewTokenizer(vocabulary)
	if err != nil {
		return nil, err
	}
	ids := tokenizer.Encode(nil, packer.CalibrationText[:min(16*n, len(packer.CalibrationText))])
	return ids[:min(n, len(ids))], nil
}

// exact puts the file's own weights into the model in place of the packed ones.
func exact(source *packer.Source, m *reference.Model) error {
	f, err := gguf.Read(source, source.Size)
	if err != nil {
		return err
	}
	for name, rows := range m.Matrix {
		t := f.Tensor(name)
		data, err := io.ReadAll(f.Data(t))
		if err != nil {
			return err
		}
		size := int(t.RowBytes())
		for i := range rows {
			weights := gguf.Weights(t.Type, data[i*size:][:size])
			for j, w := range weights {
				rows[i][j] = float64(w)
			}
		}
	}
	return nil
}

// logProbabilities gives those of the next token after each: [tokens][vocab].
func logProbabilities(m *reference.Model, ids []int32) [][]float64 {
	clear(m.Seen)
	all := m.Logits(ids)
	for _, logits := range all {
		top, sum := math.Inf(-1), 0.0
		for _, v := range logits {
			top = max(top, v)
		}
		for _, v := range logits {
			sum += math.Exp(v - top)
		}
		for i := range logits {
			logits[i] -= top + math.Log(sum)
		}
	}
	return all
}

// compare gives the mean divergence of got from want, and how often both have the same likeliest
// token.
func compare(want, got [][]float64) (divergence float64, same int) {
	for t := range want {
		a, b := 0, 0
		for i, p := range want[t] {
			divergence += math.Exp(p) * (p - got[t][i]) / float64(len(want))
			if p > want[t][a] {
				a = i
			}
			if got[t][i] > got[t][b] {
				b = i
			}
		}
		if a == b {
			same++
		}
	}
	return divergence, same
}

// notes prints what packing changed.
type notes struct{ out io.Writer }

func (n notes) Tensor(packer.Tensor, int64, int64)   {}
func (n notes) Quantised(t packer.Tensor, w float64) {}
func (n notes) Calibrated(int, int)                  {}
func (n notes) Counted(int, int)                     {}
func (n notes) Note(text string)                     { fmt.Fprintln(n.out, text) }
