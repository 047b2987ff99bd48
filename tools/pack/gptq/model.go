package gptq

import (
	"errors"
	"fmt"
	"maps"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// Linear is a linear layer that is to be quantised, and what its input was like.
type Linear struct {
	Name    string
	W       [][]float64   // [rows][cols]; may be overwritten
	Hessian *mat.SymDense // of the input, as spikes, after the layers before it were quantised
	Largest []float64     // max |x_c| of the input [cols]
	// Factor inverts the Hessian for an order of columns, nil for the natural one.
	Factor func(order []int) (*Factored, error)
	// Workers is how many processors there are.
	Workers int
}

// A Method quantises a linear layer.
type Method func(l *Linear) (*tile.Matrix, error)

// Options of Model.
type Options struct {
	Texts   [][]int32 // to calibrate with: 1 to core.MaxBatch tokens each, from an empty cache
	Damping float64   // of Hessians, as a share of their mean diagonal
	Workers int       // processors used, which changes no bit
	// Done is called after each linear layer, with how many of how many are quantised.
	Done func(name string, done, of int)
	// Have are matrices that were quantised before in the same way: they are taken as they are.
	Have map[string]*tile.Matrix
	// Stop, where set, is asked after each layer that was quantised whether to end there.
	Stop func() bool
}

// ErrStopped comes with the matrices of the layers so far.
var ErrStopped = errors.New("quantising was stopped")

// Calibrated is how a model runs while it is calibrated: layers, keys and values are spikes.
var calibrated = coding.Coding{Steps: coding.MaxSteps, CacheSteps: coding.MaxSteps}

// linears are the matrices of a layer by the population that is their input.
var linears = [coding.Populations][]string{
	coding.QKV:     {"attn_q.weight", "attn_k.weight", "attn_v.weight"},
	coding.AttnOut: {"attn_output.weight"},
	coding.GateUp:  {"ffn_gate.weight", "ffn_up.weight"},
	coding.Down:    {"ffn_down.weight"},
}

// Names lists the linear layers of a model in the order in which they are run.
func Names(layers int) (names []string) {
	for l := range layers {
		for _, population := range linears {
			for _, name := range population {
				names = append(names, fmt.Sprintf("blk.%d.%s", l, name))
			}
		}
	}
	return names
}

// Replaced are tensors of which some matrices are others.
type Replaced struct {
	core.Tensors
	Matrices map[string]*tile.Matrix
}

// Matrix gives a replaced matrix, or the one behind.
func (r Replaced) Matrix(name string, rows, cols int) (*tile.Matrix, error) {
	m := r.Matrices[name]
	if m == nil {
		return r.Tensors.Matrix(name, rows, cols)
	}
	if m.Rows != rows || m.Cols != cols {
		return nil, fmt.Errorf("%w: %s is %d x %d, want %d x %d", planes.ErrInvalid, name, m.Rows,
			m.Cols, rows, cols)
	}
	return m, nil
}

// Weights gives the weights of a matrix [rows][cols].
func Weights(m *tile.Matrix) [][]float64 {
	weights, row := simd.NewWeights(m), make([]float32, m.Cols)
	w := make([][]float64, m.Rows)
	for r := range w {
		weights.DequantizeRow(row, r)
		w[r] = make([]float64, m.Cols)
		for c, v := range row {
			w[r][c] = float64(v)
		}
	}
	return w
}

// walk is a model on its way from layer to layer.
type walk struct {
	Options
	manifest *planes.Manifest
	tensors  Replaced
	chat     *core.Chat
	states   []*core.State // by worker
	x        [][][]float32 // the residual stream before the layer [texts][tokens][hidden]
	layer    int
	done     int
}

// Model quantises all linear layers of a model, layer by layer, and gives their matrices by name.
// The embedding, and the output, stay as they are.
func Model(
	m *planes.Manifest, tensors core.Tensors, method Method, o Options,
) (map[string]*tile.Matrix, error) {
	chat, err := core.ReadChat(m, tensors)
	if err != nil {
		return nil, err
	}
	w := &walk{Options: o, manifest: m, chat: chat, tensors: Replaced{tensors, maps.Clone(o.Have)}}
	if w.tensors.Matrices == nil {
		w.tensors.Matrices = map[string]*tile.Matrix{}
	}
	if err := w.embed(); err != nil {
		return nil, fmt.Errorf("calibration: %w", err)
	}
	for w.layer = range m.Config.Layers {
		before := len(w.tensors.Matrices)
		for p := range coding.Population(coding.Populations) {
			if err := w.population(p, method); err != nil {
				return nil, fmt.Errorf("layer %d, %v: %w", w.layer, p, err)
			}
		}
		err := w.run(func(s *core.State, text int) error { return s.Layer(w.layer, w.x[text]) })
		if err != nil {
			return nil, fmt.Errorf("layer %d: %w", w.layer, err)
		}
		if len(w.tensors.Matrices) > before && w.layer+1 < m.Config.Layers && o.Stop != nil &&
			o.Stop() {
			return w.tensors.Matrices, ErrStopped
		}
	}
	return w.tensors.Matrices, nil
}

// Uncalibrated is Model for a method that looks at nothing but the weights.
func Uncalibrated(
	m *planes.Manifest, tensors core.Tensors, method Method, o Options,
) (map[string]*tile.Matrix, error) {
	w := &walk{Options: o, manifest: m, tensors: Replaced{tensors, map[string]*tile.Matrix{}}}
	for w.layer = range m.Config.Layers {
		for p := range linears {
			if err := w.quantise(coding.Population(p), &Linear{Workers: o.Workers}, method); err != nil {
				return nil, err
			}
		}
	}
	return w.tensors.Matrices, nil
}

// prepare makes the states anew, with the matrices of now.
func (w *walk) prepare() error {
	model, err := core.NewModelWith(w.manifest, w.tensors, w.chat, nil)
	if err != nil {
		return err
	}
	model.Prepare(simd.LookupKernel)
	longest := 0
	for _, text := range w.Texts {
		longest = max(longest, len(text))
	}
	w.states = w.states[:0]
	for range min(w.Workers, len(w.Texts)) {
		s, err := core.NewState(model, longest, longest)
		if err != nil {
			return err
		}
		s.Counting, s.MultiplyBatches = core.CountNone, simd.MultipliesBatches()
		if err := s.SetCoding(calibrated, simd.LookupKernel); err != nil {
			return err
		}
		w.states = append(w.states, s)
	}
	return nil
}

// embed makes the residual streams before the first layer.
func (w *walk) embed() error {
	if len(w.Texts) == 0 {
		return errors.New("no text")
	}
	if err := w.prepare(); err != nil {
		return err
	}
	for _, text := range w.Texts {
		x := rows(len(text), w.manifest.Config.Hidden)
		if err := w.states[0].Embed(x, text); err != nil {
			return err
		}
		w.x = append(w.x, x)
	}
	return nil
}

// run has the models of now do something with each text's residual stream.
func (w *walk) run(do func(s *core.State, text int) error) error {
	if err := w.prepare(); err != nil {
		return err
	}
	errs := make([]error, len(w.Texts))
	inParallel(len(w.states), len(w.states), func(worker int) {
		s := w.states[worker]
		for i := worker; i < len(w.Texts); i += len(w.states) {
			errs[i] = do(s, i)
		}
	})
	return errors.Join(errs...)
}

// population quantises the matrices that share an input.
func (w *walk) population(p coding.Population, method Method) error {
	have := 0
	for _, name := range linears[p] {
		if w.tensors.Matrices[fmt.Sprintf("blk.%d.%s", w.layer, name)] != nil {
			have++
		}
	}
	if have == len(linears[p]) {
		w.done += have
		return nil
	}
	cols, tokens := w.manifest.Config.Neurons(p), 0
	first := make([]int, len(w.Texts)) // of a text's tokens
	for i, text := range w.Texts {
		first[i] = tokens
		tokens += len(text)
	}
	inputs := rows(tokens, cols)
	err := w.run(func(s *core.State, text int) error {
		spikes, plan := simd.NewSpikes(cols), &simd.StepPlan{Group: make([]uint8,
			cols/tile.GroupCols)}
		for g := range plan.Group {
			plan.Group[g] = uint8(calibrated.Steps)
		}
		s.Probe = &core.Probe{Input: func(_ int, of coding.Population, xs [][]float32) {
			if of != p {
				return
			}
			for t, x := range xs {
				decode(inputs[first[text]+t], x, spikes, plan)
			}
		}}
		return s.LayerUntil(w.layer, p, w.x[text])
	})
	if err != nil {
		return err
	}
	l := &Linear{Hessian: Hessian(inputs, w.Workers), Largest: make([]float64, cols),
		Workers: w.Workers}
	for _, x := range inputs {
		for c, v := range x {
			l.Largest[c] = max(l.Largest[c], math.Abs(float64(v)))
		}
	}
	l.Factor = factors(l.Hessian, w.Damping)
	return w.quantise(p, l, method)
}

// quantise quantises what an input of the layer goes to; l has what is known of the input.
func (w *walk) quantise(p coding.Population, l *Linear, method Method) error {
	for _, name := range linears[p] {
		l.Name = fmt.Sprintf("blk.%d.%s", w.layer, name)
		t := w.tensor(l.Name)
		if t == nil {
			return fmt.Errorf("%w: no %s", planes.ErrInvalid, l.Name)
		}
		source, err := w.tensors.Tensors.Matrix(l.Name, t.Rows, t.Cols)
		if err != nil {
			return err
		}
		l.W = Weights(source)
		if w.tensors.Matrices[l.Name], err = method(l); err != nil {
			return fmt.Errorf("%s: %w", l.Name, err)
		}
		w.done++
		w.Done(l.Name, w.done, len(Names(w.manifest.Config.Layers)))
	}
	return nil
}

func (w *walk) tensor(name string) *planes.Tensor {
	for i := range w.manifest.Tensors {
		if w.manifest.Tensors[i].Name == name {
			return &w.manifest.Tensors[i]
		}
	}
	return nil
}

// decode writes what the spikes of x stand for: the input that the layer's products are made of.
func decode(dst, x []float32, spikes *simd.Spikes, plan *simd.StepPlan) {
	if !spikes.EncodeAs(x, plan) {
		return // the layer itself fails on what is not finite
	}
	for j, q := range spikes.Code {
		g := j / tile.GroupCols
		dst[j] = spikes.Threshold[g] * float32(int(q)-int(spikes.Rest[g]))
	}
}

// factors gives a Linear.Factor that keeps what it made last: matrices that share an input are
// quantised in the same order.
func factors(h *mat.SymDense, damping float64) func(order []int) (*Factored, error) {
	var last *Factored
	return func(order []int) (f *Factored, err error) {
		if last != nil && sameOrder(last.Order, order) {
			return last, nil
		}
		last, err = Factor(h, damping, order)
		return last, err
	}
}

func sameOrder(a, order []int) bool {
	for i, col := range a {
		if order == nil && col != i || order != nil && col != order[i] {
			return false
		}
	}
	return true
}

// rows makes n rows of a width.
func rows(n, width int) [][]float32 {
	flat := make([]float32, n*width)
	r := make([][]float32, n)
	for i := range r {
		r[i] = flat[i*width:][:width:width]
	}
	return r
}

// Linears lists the matrices of a layer by the population that is their input.
func Linears() [coding.Populations][]string { return linears }
