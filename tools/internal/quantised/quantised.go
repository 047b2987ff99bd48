// Package quantised keeps models whose linear layers were quantised anew, so that what takes
// minutes to make is made once: for tools/ternary and tools/eval.
package quantised

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/internal/corpus"
	"github.com/spikechat/spikechat/tools/internal/outfile"
	"github.com/spikechat/spikechat/tools/pack/gptq"
)

// Source is a packed model.
type Source struct {
	Manifest *planes.Manifest
	Tensors  core.Tensors
	Chat     *core.Chat
	sum      string // sha256 of its manifest
}

// Open reads a packed model whole.
func Open(folder string) (*Source, error) {
	text, err := os.ReadFile(filepath.Join(folder, planes.ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not a packed model: run \"make model\" (%w)", folder, err)
	}
	if err != nil {
		return nil, err
	}
	m, r, err := planes.Open(os.DirFS(folder))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	if err := core.CheckTensors(m); err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	chat, err := core.ReadChat(m, r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	sum := sha256.Sum256(text)
	return &Source{m, r, chat, hex.EncodeToString(sum[:])}, nil
}

// Way is a way to quantise.
type Way struct {
	Name       string // for good: what was made is kept by it
	Bits       float64
	Method     gptq.Method
	Calibrated bool // Method needs a text
}

// Made is a quantised model's matrices.
type Made struct {
	Matrices map[string]*tile.Matrix
	Bits     float64 // of a weight
	Sum      string  // sha256 of the file
}

// Model puts together the source with these matrices; nil has its own.
func (s *Source) Model(made *Made) (*core.Model, error) {
	if made == nil {
		return core.NewModelWith(s.Manifest, s.Tensors, s.Chat, nil)
	}
	return core.NewModelWith(s.Manifest, gptq.Replaced{Tensors: s.Tensors,
		Matrices: made.Matrices}, s.Chat, nil)
}

// damping of Hessians, as a share of their mean diagonal: that of GPTQ.
const damping = 0.01

// FileName is where a folder keeps what was made in a way.
func FileName(way string) string {
	return strings.NewReplacer(" ", "-", "=", "", "%", "", ",", "").Replace(way) + ".planes"
}

// ErrNoTime reports that time was over before a model was quantised. What was done is kept.
var ErrNoTime = errors.New("the time is over; run it again to go on")

// Job is how models are quantised.
type Job struct {
	Folder   string // that files are kept in
	Text     string // to calibrate with: all its whole windows
	Workers  int
	Until    time.Time // begin no further layer after it; zero: no end
	Progress io.Writer
}

// Make quantises a model in a way, or reads what was made of it before, whole or in part, from a
// file of the folder. It ends with ErrNoTime where the time is over.
func (s *Source) Make(j Job, way Way) (*Made, error) {
	options := gptq.Options{Damping: damping, Workers: j.Workers, Stop: func() bool {
		return !j.Until.IsZero() && time.Now().After(j.Until)
	}}
	header := gptq.Header{Manifest: s.sum, Settings: way.Name, Bits: way.Bits}
	if way.Calibrated {
		sum := sha256.Sum256([]byte(j.Text))
		header.Settings += fmt.Sprintf(", damping %g, text %x", damping, sum[:8])
		for _, w := range corpus.Cut(s.Chat.Tokenizer.Encode(nil, j.Text)) {
			options.Texts = append(options.Texts, w.IDs[:min(len(w.IDs), s.Manifest.Config.Context)])
		}
		if len(options.Texts) == 0 {
			return nil, fmt.Errorf("calibration: a text of fewer than %d tokens", corpus.WindowTokens)
		}
	}
	name := filepath.Join(j.Folder, FileName(way.Name))
	matrices, data, err := j.read(name, header)
	if err != nil {
		return nil, err
	}
	if matrices != nil {
		return made(matrices, header, data), nil
	}
	part := header
	part.Settings += ", in part"
	if options.Have, _, err = j.read(name+partSuffix, part); err != nil {
		return nil, err
	}
	start := time.Now()
	options.Done = func(name string, done, of int) {
		fmt.Fprintf(j.Progress, "%s: %d of %d, %s, %.0f s\n", way.Name, done, of, name,
			time.Since(start).Seconds())
	}
	quantise := gptq.Model
	if !way.Calibrated {
		quantise = gptq.Uncalibrated
	}
	matrices, err = quantise(s.Manifest, s.Tensors, way.Method, options)
	switch {
	case errors.Is(err, gptq.ErrStopped):
		if _, err := j.write(name+partSuffix, part, matrices); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%s: %d matrices are kept: %w", way.Name, len(matrices), ErrNoTime)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", way.Name, err)
	}
	if data, err = j.write(name, header, matrices); err != nil {
		return nil, err
	}
	if err := os.Remove(name + partSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return made(matrices, header, data), nil
}

// partSuffix is of the file of a model that is quantised in part.
const partSuffix = ".part"

// read gives what a file has, nil where it is missing or of other settings.
func (j *Job) read(name string, want gptq.Header) (map[string]*tile.Matrix, []byte, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	matrices, _, err := gptq.Read(bytes.NewReader(data), want)
	if err != nil {
		fmt.Fprintf(j.Progress, "%s: %v; it is made anew\n", name, err)
		return nil, nil, nil
	}
	return matrices, data, nil
}

func (j *Job) write(
	name string, h gptq.Header, matrices map[string]*tile.Matrix,
) ([]byte, error) {
	var out bytes.Buffer
	if err := gptq.Write(&out, h, matrices); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(j.Folder, 0o777); err != nil {
		return nil, err
	}
	target := outfile.Path{What: "the quantised model", Name: name}
	return out.Bytes(), outfile.Write(target, out.Bytes(), isOurs)
}

func made(matrices map[string]*tile.Matrix, h gptq.Header, data []byte) *Made {
	sum := sha256.Sum256(data)
	return &Made{matrices, h.Bits, hex.EncodeToString(sum[:])}
}

// isOurs fails for a file that is none of quantised matrices, of whatever settings.
func isOurs(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return gptq.CheckMagic(f)
}
