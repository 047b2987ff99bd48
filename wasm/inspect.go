package main

import (
	"fmt"
	"slices"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// inspection asks what neurons of one place did while the conversation was read.
type inspection struct {
	Kind       string `json:"kind"` // one of inspectionKinds
	Layer      int    `json:"layer"`
	Population string `json:"population"`
	Neuron     int    `json:"neuron"`   // of kinds neuron and history
	Position   int    `json:"position"` // of the token; where a batch of a history begins
	Top        int    `json:"top"`      // alternatives of a token
}

// inspectionKinds: all neurons of a place at one token; one neuron's membrane at one token; one
// neuron at the tokens of a batch; a token's likeliest alternatives.
var inspectionKinds = [...]string{"population", "neuron", "history", kindAlternatives}

// kindAlternatives is answered as a record has logprobs (appendLogprobs), the others as JSON.
const kindAlternatives = "alternatives"

func parseInspection(text []byte) (i inspection, err error) {
	if err := readJSON(text, &i); err != nil {
		return inspection{}, err
	}
	if !slices.Contains(inspectionKinds[:], i.Kind) {
		return inspection{}, fmt.Errorf("%w: kind %.40q, want one of %q", core.ErrBadRequest, i.Kind,
			inspectionKinds)
	}
	return i, nil
}

// run gives the pointer to a struct that the answer is made of.
func (i *inspection) run(s *core.Session) (any, error) {
	p, err := coding.FindPopulation(i.Population)
	if err != nil {
		return nil, err
	}
	at := core.Place{Layer: i.Layer, Population: p}
	if i.Kind == "population" {
		return i.population(s, at)
	}
	// The place itself is checked by Replay.
	if n := s.Neurons(p); i.Neuron < 0 || i.Neuron >= n {
		return nil, fmt.Errorf("%w: neuron %d, want 0 to %d", core.ErrBadRequest, i.Neuron, n-1)
	}
	if i.Kind == "neuron" {
		return i.neuron(s, at)
	}
	return i.history(s, at)
}

// readToken is the token that was read at a position.
type readToken struct {
	Position int    `json:"position"`
	Token    int    `json:"token"`
	Text     string `json:"text"` // what it completes
}

func tokenAt(s *core.Session, position int) readToken {
	return readToken{position, int(s.Tokens()[position]), string(s.Text(nil, position))}
}

// populationSpikes is what all neurons of a place did at one token. Group g has the neurons from
// 32 g on; k = q - z is a neuron's code from rest.
type populationSpikes struct {
	Token      readToken `json:"token"`
	GroupSize  int       `json:"group_size"`
	Thresholds []float32 `json:"thresholds"` // θ by group
	Rest       []int     `json:"rest"`       // z by group
	Steps      []int     `json:"steps"`      // T by group
	Codes      []int     `json:"codes"`      // q by neuron
	// Spikes has the graded spikes from rest, of the sign of k, by time step and neuron; 0 also
	// where a group has fewer steps.
	Spikes [][]int `json:"spikes"`
	// Histogram is how many neurons have k = Lowest + i.
	Lowest    int   `json:"lowest"`
	Histogram []int `json:"histogram"`
}

func (i *inspection) population(s *core.Session, at core.Place) (*populationSpikes, error) {
	p := &populationSpikes{}
	see := func(position int, _ []float32, spikes *simd.Spikes) {
		p.Token = tokenAt(s, position)
		p.GroupSize = spikes.Cols() / spikes.Groups()
		most := int(slices.Max(spikes.Steps))
		p.Spikes = make([][]int, most)
		for step := range p.Spikes {
			p.Spikes[step] = make([]int, spikes.Cols())
		}
		p.Lowest = -coding.StepLevels * most
		p.Histogram = make([]int, 1-2*p.Lowest)
		var graded [coding.MaxSteps]int8
		for j := range spikes.Cols() {
			n := spikes.Neuron(j)
			if j%p.GroupSize == 0 {
				// A page's codings give all neurons of a group the same T.
				p.Thresholds = append(p.Thresholds, n.Threshold)
				p.Rest, p.Steps = append(p.Rest, int(n.Rest)), append(p.Steps, n.Steps)
			}
			p.Codes = append(p.Codes, int(n.Code))
			p.Histogram[n.FromRest()-p.Lowest]++
			for step, spike := range n.SignedTrace(graded[:0]) {
				p.Spikes[step][j] = int(spike)
			}
		}
	}
	_, err := s.Replay(at, i.Position, 1, see)
	return p, err
}

// neuronTrace is what one neuron did at one token.
type neuronTrace struct {
	Token      readToken `json:"token"`
	Activation float32   `json:"activation"` // x
	Code       int       `json:"code"`       // q
	Rest       int       `json:"rest"`       // z
	Steps      int       `json:"steps"`      // T
	Threshold  float32   `json:"threshold"`  // θ
	Value      float32   `json:"value"`      // θ (q - z): what the layer gets for x
	// Potentials is the membrane's before each time step, in thresholds, and at last what is left.
	Potentials []int `json:"potentials"`
	Fired      []int `json:"fired"`  // the graded spike of each step, which the potential is reset by
	Spikes     []int `json:"spikes"` // likewise from rest, of the sign of q - z
}

func (i *inspection) neuron(s *core.Session, at core.Place) (*neuronTrace, error) {
	trace := &neuronTrace{}
	see := func(position int, x []float32, spikes *simd.Spikes) {
		n := spikes.Neuron(i.Neuron)
		trace.Token, trace.Activation, trace.Value = tokenAt(s, position), x[i.Neuron], n.Value()
		trace.Code, trace.Rest, trace.Steps = int(n.Code), int(n.Rest), n.Steps
		trace.Threshold = n.Threshold
		left := n.Code
		potentials, fired := n.Trace(nil, nil)
		for step, v := range potentials {
			trace.Potentials = append(trace.Potentials, int(v))
			trace.Fired = append(trace.Fired, int(fired[step]))
			left -= fired[step]
		}
		trace.Potentials = append(trace.Potentials, int(left))
		for _, spike := range n.SignedTrace(nil) {
			trace.Spikes = append(trace.Spikes, int(spike))
		}
	}
	_, err := s.Replay(at, i.Position, 1, see)
	return trace, err
}

// neuronHistory is one neuron at the tokens of a batch, each list by token.
type neuronHistory struct {
	Next        int         `json:"next"`  // position after the batch
	Total       int         `json:"total"` // tokens of the conversation
	Tokens      []readToken `json:"tokens"`
	Activations []float32   `json:"activations"`
	Codes       []int       `json:"codes"`
	Rest        []int       `json:"rest"`
	Steps       []int       `json:"steps"`
	Thresholds  []float32   `json:"thresholds"`
}

func (i *inspection) history(s *core.Session, at core.Place) (*neuronHistory, error) {
	h := &neuronHistory{Total: len(s.Tokens())}
	see := func(position int, x []float32, spikes *simd.Spikes) {
		n := spikes.Neuron(i.Neuron)
		h.Tokens = append(h.Tokens, tokenAt(s, position))
		h.Activations = append(h.Activations, x[i.Neuron])
		h.Codes, h.Rest = append(h.Codes, int(n.Code)), append(h.Rest, int(n.Rest))
		h.Steps = append(h.Steps, n.Steps)
		h.Thresholds = append(h.Thresholds, n.Threshold)
	}
	var err error
	h.Next, err = s.Replay(at, i.Position, simd.PromptBatch, see)
	return h, err
}
