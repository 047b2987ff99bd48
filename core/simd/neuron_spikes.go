package simd

import (
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
)

// Limits of a neuron, which core/coding owns.
const (
	MaxSteps   = coding.MaxSteps
	StepLevels = coding.StepLevels
)

// Spikes is the input of a linear layer for one token, coded by GIF neurons in groups of 32
// (SpikeLLM, section 3; the exact rounding is that of encodeGeneric). For neuron j of group g the
// code q_j lies in 0..15*T_g, rest at q = z_g, and x_j ≈ θ_g (q_j - z_g). EncodeAs lets neurons of
// a group differ.
type Spikes struct {
	Code      []uint8   // q [cols]
	Rest      []uint8   // z [groups]
	Steps     []uint8   // T [groups]
	Threshold []float32 // θ [groups]
	GroupSum  []float32 // θ_g Σ_j (q_j - z_g) [groups]: what the weights' offsets are multiplied by

	// wide says that a threshold or group sum is 2^15 or more, beyond what the kernels for normal
	// scales can scale.
	wide bool

	oneRange bool    // lo and hi were taken over the whole token
	neuron   []uint8 // T [cols] where the neurons of a group differ, else nil
	// rests [groups*MaxSteps] has, where they do, the rest level of the neurons with T steps at T-1.
	rests []uint8

	// scaled [groups*2] is θ and GroupSum times 2^112, for kernels that read float16 without its
	// exponent bias.
	scaled   []float32
	lookup   lookupTables
	popcount spikePlanes
	signed   signedCodes
	batchDot batchDotInput
	bounds   boundScratch
	sums     [tileRows]int32 // scratch of eachRow
}

// NewSpikes makes room for cols neurons, a multiple of 32.
func NewSpikes(cols int) *Spikes {
	if cols < groupCols || cols%groupCols != 0 {
		panic(fmt.Sprintf("simd: spikes for %d columns", cols))
	}
	groups := cols / groupCols
	return &Spikes{
		Code: make([]uint8, cols), Rest: make([]uint8, groups), Steps: make([]uint8, groups),
		Threshold: make([]float32, groups), GroupSum: make([]float32, groups),
		rests:    make([]uint8, groups*MaxSteps),
		scaled:   make([]float32, 2*groups),
		lookup:   lookupTables{sums: make([]uint8, groups*8*16), excess: make([]uint16, groups)},
		batchDot: newBatchDotInput(cols),
		bounds:   boundScratch{terms: make([]float32, groups)},
	}
}

// Cols is the number of neurons.
func (s *Spikes) Cols() int { return len(s.Code) }

// Groups is the number of groups of 32 neurons.
func (s *Spikes) Groups() int { return len(s.Rest) }
