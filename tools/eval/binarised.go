package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/internal/quantised"
	"github.com/spikechat/spikechat/tools/pack/gptq"
)

// Two methods that ternary spikes are compared with, both around GPTQ as in their papers. No engine
// here has kernels for them: their weights are put into eight planes, and what they would take is
// counted.

// eightBits keeps weights as integers of -127 to 127 and a scale for each group.
type eightBits struct {
	*tile.Matrix
	scales []uint16 // float16 [rows*groups]
	codes  []uint8  // [rows*cols]
}

const eightBitsOffset, eightBitsMost = 128, 127

func newEightBits(rows, cols int) eightBits {
	m := tile.NewMatrix(rows, cols, 8, eightBitsOffset)
	m.NormalScales = true
	return eightBits{m, make([]uint16, rows*cols/tile.GroupCols), make([]uint8, rows*cols)}
}

// setScale keeps a scale, which is at least that of the smallest normal float16.
func (e *eightBits) setScale(row, group int, d float64) {
	const least, most = 0x0400, 0x7bff
	e.scales[row*e.Groups()+group] = min(max(tile.ToHalf(float32(d)), least), most)
}

func (e *eightBits) scale(row, group int) float64 {
	return float64(tile.Half(e.scales[row*e.Groups()+group]))
}

// set keeps a weight, and gives what it became.
func (e *eightBits) set(row, col int, w float64) float64 {
	d := e.scale(row, col/tile.GroupCols)
	code := math.RoundToEven(min(max(w/d, -eightBitsMost), eightBitsMost))
	e.codes[row*e.Cols+col] = uint8(int(code) + eightBitsOffset)
	return d * code
}

// tile gives the matrix once all weights are set.
func (e *eightBits) tile() *tile.Matrix {
	for i, d := range e.scales {
		e.SetGroup(i/e.Groups(), i%e.Groups(),
			(*[tile.GroupCols]uint8)(e.codes[i*tile.GroupCols:]), d, 0)
	}
	return e.Matrix
}

// salientShare is of the weights that PB-LLM keeps, and of the columns that BiLLM codes twice.
const salientShare = 0.10

// pbLLM is PB-LLM (Shang et al., https://arxiv.org/abs/2310.00034): a tenth of a matrix's weights,
// those of largest w²/[H⁻¹], keep 8 bits, and the others of a group of 32 are ±a, a being their
// mean magnitude. The step of the 8 bits is a over an integer, so that both are exact in one scale.
func pbLLM() quantised.Way {
	return quantised.Way{Name: fmt.Sprintf("pb-llm %g%% at 8 bits", 100*salientShare),
		Calibrated: true,
		// A sign or 8 bits, which of them at its entropy; a and that integer, of 7 bits, a group.
		Bits: (1 - salientShare) + 8*salientShare + gptq.Entropy(salientShare) +
			(16.0+7)/tile.GroupCols,
		Method: func(l *gptq.Linear) (*tile.Matrix, error) {
			f, err := l.Factor(nil)
			if err != nil {
				return nil, err
			}
			c := &partlyBinary{eightBits: newEightBits(len(l.W), len(f.Order)),
				salient: salientWeights(l.W, f.Inverse, salientShare)}
			c.magnitude = make([]float64, len(c.scales))
			gptq.Quantise(l.W, f, c, l.Workers)
			return c.tile(), nil
		}}
}

// salientWeights marks a share of a matrix's weights, those of largest w²/[H⁻¹] [rows][cols].
func salientWeights(w [][]float64, inverse []float64, share float64) [][]bool {
	var all []float64
	saliency := func(r, c int) float64 { return w[r][c] * w[r][c] / inverse[c] }
	for r := range w {
		for c := range w[r] {
			all = append(all, saliency(r, c))
		}
	}
	slices.Sort(all)
	least := all[min(int(math.Round((1-share)*float64(len(all)))), len(all)-1)]
	marked := make([][]bool, len(w))
	for r := range w {
		marked[r] = make([]bool, len(w[r]))
		for c := range w[r] {
			marked[r][c] = saliency(r, c) >= least
		}
	}
	return marked
}

// partlyBinary is PB-LLM's coder.
type partlyBinary struct {
	eightBits
	salient   [][]bool
	magnitude []float64 // a [rows*groups]
}

func (p *partlyBinary) Begin(row, group int, w, _ []float64) {
	first, sum, count, largest := group*tile.GroupCols, 0.0, 0, 0.0
	for c, v := range w[first:][:tile.GroupCols] {
		if p.salient[row][first+c] {
			largest = max(largest, math.Abs(v))
		} else {
			sum, count = sum+math.Abs(v), count+1
		}
	}
	if count == 0 {
		p.setScale(row, group, largest/eightBitsMost)
		return
	}
	a := sum / float64(count)
	levels := float64(eightBitsMost)
	if largest > a {
		levels = max(math.Floor(eightBitsMost*a/largest), 1)
	}
	p.setScale(row, group, a/levels)
	p.magnitude[row*p.Groups()+group] = levels * p.scale(row, group)
}

func (p *partlyBinary) Round(row, col int, w float64) float64 {
	if p.salient[row][col] {
		return p.set(row, col, w)
	}
	return p.set(row, col, math.Copysign(p.magnitude[row*p.Groups()+col/tile.GroupCols], w))
}

// billmBlock is how many columns share the scales of a row, as in BiLLM.
const billmBlock = 128

// biLLM is BiLLM (Huang et al., https://arxiv.org/abs/2402.04291): of each block of 128 columns a
// tenth, those of largest Σ w²/[H⁻¹], is binarised twice, the second time what the first left; the
// other weights are split by their magnitude into two parts that are binarised by themselves. The
// four scales are of a row and block.
func biLLM() quantised.Way {
	const columns = 13.0 / billmBlock // a tenth
	return quantised.Way{Name: "billm", Calibrated: true,
		// Two signs, or a sign and which part; which columns, once for all rows, is not counted.
		Bits: 2 + 4*16.0/billmBlock,
		Method: func(l *gptq.Linear) (*tile.Matrix, error) {
			f, err := l.Factor(nil)
			if err != nil {
				return nil, err
			}
			c := &residual{eightBits: newEightBits(len(l.W), len(f.Order)),
				salient: salientColumns(l.W, f.Inverse, columns)}
			c.blocks = make([]blockScales, len(l.W)*((c.Cols+billmBlock-1)/billmBlock))
			gptq.Quantise(l.W, f, c, l.Workers)
			return c.tile(), nil
		}}
}

// salientColumns marks a share of each block's columns.
func salientColumns(w [][]float64, inverse []float64, share float64) []bool {
	cols := len(inverse)
	saliency, order, marked := make([]float64, cols), make([]int, cols), make([]bool, cols)
	for c := range cols {
		order[c] = c
		for r := range w {
			saliency[c] += w[r][c] * w[r][c] / inverse[c]
		}
	}
	for block := range slices.Chunk(order, billmBlock) {
		slices.SortStableFunc(block, func(a, b int) int {
			return cmp.Compare(saliency[b], saliency[a])
		})
		for _, c := range block[:int(math.Round(share*float64(len(block))))] {
			marked[c] = true
		}
	}
	return marked
}

// blockScales are those of a row and block.
type blockScales struct {
	first, second   float64 // of salient columns
	small, large    float64 // of the other weights
	border, largest float64 // |w| from which they are large; the most a weight can become
}

// residual is BiLLM's coder.
type residual struct {
	eightBits
	salient []bool
	blocks  []blockScales
}

func (c *residual) block(row, col int) *blockScales {
	return &c.blocks[row*((c.Cols+billmBlock-1)/billmBlock)+col/billmBlock]
}

func (c *residual) Begin(row, group int, w, _ []float64) {
	first := group * tile.GroupCols
	b := c.block(row, first)
	if first%billmBlock == 0 {
		*b = blockScales{}
		var salient, others []float64
		for col := first; col < min(first+billmBlock, len(w)); col++ {
			if v := math.Abs(w[col]); c.salient[col] {
				salient = append(salient, v)
			} else {
				others = append(others, v)
			}
		}
		b.first = mean(salient)
		for i := range salient {
			salient[i] = math.Abs(salient[i] - b.first)
		}
		b.second = mean(salient)
		b.split(others)
		b.largest = max(b.first+b.second, b.small, b.large)
	}
	c.setScale(row, group, b.largest/eightBitsMost)
}

// split looks for the border that leaves the least squared error Σ v² - n m² - n' m'², for n values
// of mean m below it and n' of mean m' from it on.
func (b *blockScales) split(magnitudes []float64) {
	slices.Sort(magnitudes)
	all := mean(magnitudes) * float64(len(magnitudes))
	b.small, b.large, b.border = mean(magnitudes), mean(magnitudes), 0
	most, below := 0.0, 0.0
	for i := 1; i < len(magnitudes); i++ {
		below += magnitudes[i-1]
		small, large := below/float64(i), (all-below)/float64(len(magnitudes)-i)
		if gain := below*small + (all-below)*large; gain > most {
			most, b.small, b.large, b.border = gain, small, large, magnitudes[i]
		}
	}
}

func mean(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func (c *residual) Round(row, col int, w float64) float64 {
	b := c.block(row, col)
	if c.salient[col] {
		first := math.Copysign(b.first, w)
		return c.set(row, col, first+math.Copysign(b.second, w-first))
	}
	if math.Abs(w) >= b.border {
		return c.set(row, col, math.Copysign(b.large, w))
	}
	return c.set(row, col, math.Copysign(b.small, w))
}
