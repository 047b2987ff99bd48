package core

import (
	"fmt"
	"math"
	"slices"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/team"
	"github.com/spikechat/spikechat/core/tile"
)

// output computes logits: Woutput norm(x), where Woutput is the language-model head. Its input can
// be coded by two stages of neurons, of which the second codes the quantisation error of the first;
// a logit is the sum of their products then, y + y', rounded once.
//
// Logits of one token need not all be computed: output is a sample.Tiles.
type output struct {
	team     *team.Exchange
	division []team.Span // of all rows
	rows     int         // that there are: the first
	vocab    []team.Span // of these, by rank
	tiles    []team.Span // their tiles, by rank

	xs            [][]float32 // [tokens][hidden]: the norm, and then its quantisation error
	first, second *neurons    // [hidden], by stage
	logits        [][]float32 // [tokens][rows]
	own           [][]float32 // [tokens][of the member's rows]: views of logits
	added         [][]float32 // [tokens][of the member's rows]: what the second stage adds
	dequantised   []float32   // 16 rows, for a float input
	unused        []int32     // tokens that are never drawn, ascending

	// Of the last pass, whose stages code logits[0]:
	weights *simd.Weights
	kernel  simd.Kernel
	pending bool // logits[0] is not computed, and can be searched
	staged  bool // there is a second stage

	bounds []float32 // [tiles]: no logit of the tile is above it; -Inf: the logits are known
	// residualBounds [tiles]: the most that the second stage can add to a logit of the tile; -Inf:
	// the first stage's products are in logits of who holds the tile, at least.
	residualBounds []float32
	ownResidual    []float32          // of the member's tiles, and up to 3 more
	addedTile      [tile.Rows]float32 // what the second stage adds to one tile
	shared         [2][]float32       // the bounds of both stages
}

func newOutput(m *Model) output {
	c, members := &m.Config, len(m.division.vocab)
	o := output{
		team: &m.team, division: m.division.vocab,
		vocab:          make([]team.Span, members),
		tiles:          make([]team.Span, members),
		first:          newNeurons(c.Hidden, 1),
		second:         newNeurons(c.Hidden, 1),
		unused:         m.Tokenizer.Unused(),
		bounds:         make([]float32, tilesOf(c.Vocab)),
		residualBounds: make([]float32, tilesOf(c.Vocab)),
		ownResidual:    make([]float32, simd.BoundTiles(m.division.vocab[m.team.Rank()].Len())),
	}
	o.grow(1, c)
	o.growAdded(1)
	o.fit(m)
	return o
}

func tilesOf(rows int) int { return (rows + tile.Rows - 1) / tile.Rows }

// fit makes room for the logits of the rows that there are; more of them may have come.
func (o *output) fit(m *Model) {
	if o.rows == m.tokens() {
		return
	}
	o.rows = m.tokens()
	for r, span := range o.division {
		o.vocab[r] = team.Span{From: min(span.From, o.rows), To: min(span.To, o.rows)}
		o.tiles[r] = team.Span{From: tilesOf(o.vocab[r].From), To: tilesOf(o.vocab[r].To)}
	}
	o.bounds = o.bounds[:tilesOf(o.rows)]
	o.residualBounds = o.residualBounds[:tilesOf(o.rows)]
	o.ownResidual = o.ownResidual[:simd.BoundTiles(o.vocab[o.team.Rank()].Len())]
	for i := range o.logits {
		o.cut(i)
	}
	for i := range o.added {
		o.added[i] = o.added[i][:len(o.own[i])]
	}
}

// cut gives the logits of a token the length of the rows.
func (o *output) cut(i int) {
	own := o.vocab[o.team.Rank()]
	o.logits[i] = o.logits[i][:o.rows]
	o.own[i] = o.logits[i][own.From:own.To]
}

// grow makes room for the logits of at least so many tokens.
func (o *output) grow(tokens int, c *planes.Config) {
	for len(o.logits) < tokens {
		o.logits = append(o.logits, make([]float32, c.Vocab))
		o.own = append(o.own, nil)
		o.xs = append(o.xs, make([]float32, c.Hidden))
		o.cut(len(o.logits) - 1)
	}
	o.first.grow(tokens)
	o.second.grow(tokens)
}

// forget begins a pass, which leaves no logits of the one before.
func (o *output) forget() { o.pending = false }

// predict leaves the logits of tokens first to n-1 of the batch. Those of one token are only
// prepared where they can be searched: until Logits asks for them, nothing needs them all.
func (s *State) predict(first, n int) error {
	o, c := &s.output, &s.model.Config
	o.fit(s.model)
	o.grow(n-first, c)
	o.weights = s.model.output
	xs := o.xs[:n-first]
	for i := range xs {
		simd.RMSNorm(xs[i], s.act.x[first+i], s.model.norm, c.RMSEpsilon)
	}
	if s.plan.output == nil {
		simd.Float(o.own[:len(xs)], o.weights, xs, &o.dequantised)
		if err := o.team.Rows(o.logits[:len(xs)], o.vocab); err != nil {
			return err
		}
	} else if err := s.predictCoded(xs); err != nil {
		return fmt.Errorf("output: %w", err)
	}
	if o.pending {
		return nil
	}
	for _, logits := range o.logits[:len(xs)] {
		if !finite(logits) {
			return fmt.Errorf("logits: %w", ErrNotFinite)
		}
	}
	return nil
}

// predictCoded codes the output's input xs, which it alters, and sends the spikes to the output.
func (s *State) predictCoded(xs [][]float32) error {
	o := &s.output
	first, err := o.first.fire(xs, s.plan.output, s.kernel)
	if err != nil {
		return err
	}
	var second []*simd.Spikes
	if o.staged = s.plan.residual != nil; o.staged {
		for t, x := range xs {
			first[t].Residual(x, x)
		}
		if second, err = o.second.fire(xs, s.plan.residual, s.kernel); err != nil {
			return err
		}
	}
	bytes := 0
	// What can be bounded is finite as well.
	o.kernel, o.pending = s.kernel, len(xs) == 1 && o.searchable(s.kernel)
	if !o.pending {
		if bytes, err = o.compute(s.kernel, first, second); err != nil {
			return err
		}
	}
	s.tally.add(s.tally.output(), first, bytes)
	s.tally.add(s.tally.output(), second, 0)
	return nil
}

// searchable reports whether the logits of the one token that both stages have coded can be
// searched. Counting has no bound that costs less than counting all: with PopcountKernel a search
// takes the first stage's products whole, and bounds what the second can add.
func (o *output) searchable(kernel simd.Kernel) bool {
	first := o.first.spikes[0]
	bounded := o.staged && o.weights.ResidualBounded(o.second.spikes[0])
	switch kernel {
	case simd.LookupKernel:
		return o.weights.Bounded(first) && (bounded || !o.staged)
	case simd.PopcountKernel:
		return o.weights.ResidualBounded(first) && bounded
	}
	return false
}

// compute computes all logits of some tokens, and gives what it read of the weights.
func (o *output) compute(
	kernel simd.Kernel, first, second []*simd.Spikes,
) (bytes int, err error) {
	walks := kernel.Product(o.own, o.weights, first)
	o.growAdded(len(second))
	walks += kernel.Product(o.added, o.weights, second)
	for t := range second {
		addTo(o.own[t], o.added[t])
	}
	return walks * o.weights.WholeBytes(), o.team.Rows(o.logits[:len(first)], o.vocab)
}

// growAdded makes room for what the second stage adds to so many tokens.
func (o *output) growAdded(tokens int) {
	for len(o.added) < tokens {
		added := make([]float32, o.division[o.team.Rank()].Len())
		o.added = append(o.added, added[:len(o.own[0])])
	}
}

func addTo(y, x []float32) {
	for i, v := range x {
		y[i] += v
	}
}

// Logits gives the scores [vocab] of the last pass: i = 0 unless it was asked for all positions.
func (s *State) Logits(i int) []float32 {
	if o := &s.output; o.pending {
		var second []*simd.Spikes
		if o.staged {
			second = o.second.spikes[:1]
		}
		// A team that breaks here fails with the next pass.
		bytes, _ := o.compute(o.kernel, o.first.spikes[:1], second)
		s.tally.add(s.tally.output(), nil, bytes)
		o.pending = false
	}
	return s.output.logits[i]
}

// drawable gives the logits of the last position, at -Inf for tokens that are never drawn.
func (s *State) drawable() []float32 {
	logits := s.Logits(0)
	s.output.bar(0, logits)
	return logits
}

// bar takes the unused tokens out of logits, which are those from token first on: nobody trained
// their rows, which may hold anything.
func (o *output) bar(first int, logits []float32) {
	at, _ := slices.BinarySearch(o.unused, int32(first))
	for ; at < len(o.unused) && int(o.unused[at]) < first+len(logits); at++ {
		logits[int(o.unused[at])-first] = minusInfinity
	}
}

// Sample draws the next token from the logits of the last position, and computes as few of them as
// that takes. history holds the ids so far.
func (s *State) Sample(sampler *sample.Sampler, history []int32) int32 {
	if !s.output.pending || !sampler.Selective() {
		return sampler.Sample(s.drawable(), history)
	}
	l := s.output.bound()
	id := sampler.Search(&l, history)
	s.tally.add(s.tally.output(), nil, s.output.searchedBytes())
	return id
}

// bound gives the pending logits as they are before a search: none is known, all are bounded. No y'
// of a tile is above its residual bound, and rounding keeps order: so where no y is above some
// bound, no logit is above the rounded sum of the two.
func (o *output) bound() sample.Logits {
	tiles := o.tiles[o.team.Rank()]
	if o.kernel == simd.PopcountKernel {
		simd.Popcount(o.own[0], o.weights, o.first.spikes[0])
		for tile := tiles.From; tile < tiles.To; tile++ {
			o.bounds[tile] = highest(o.tileOf(tile))
		}
	} else {
		simd.UpperBounds(o.bounds[tiles.From:tiles.To], o.weights, o.first.spikes[0])
	}
	shared := append(o.shared[:0], o.bounds)
	if o.staged {
		simd.ResidualBounds(o.ownResidual, o.weights, o.second.spikes[0])
		copy(o.residualBounds[tiles.From:tiles.To], o.ownResidual)
		shared = append(shared, o.residualBounds)
	}
	_ = o.team.Rows(shared, o.tiles)
	if o.staged {
		for tile := range o.bounds {
			o.bounds[tile] += o.residualBounds[tile]
			if o.kernel == simd.PopcountKernel {
				o.residualBounds[tile] = minusInfinity
			}
		}
	}
	return sample.Logits{Values: o.logits[0], Bounds: o.bounds, Tiles: o}
}

// Promising gives the tile whose first stage has the highest bound. The residual bound, which is
// much the same for most tiles and seldom reached, says little about where the largest logit is.
func (o *output) Promising() int {
	best, highest := 0, minusInfinity
	for tile, bound := range o.bounds {
		if o.staged && o.residualBounds[tile] != minusInfinity {
			bound -= o.residualBounds[tile]
		}
		if bound > highest {
			best, highest = tile, bound
		}
	}
	return best
}

// Compute makes a tile known. With two stages it does so in two steps: once the first stage's
// products are computed, the largest of them bounds the tile better, and most tiles need no more.
// With PopcountKernel bound has done the first step, and only who holds a tile has its products.
func (o *output) Compute(tile int, floor float32) {
	logits := o.tileOf(tile)
	if !o.staged {
		o.lookupTile(logits, o.first.spikes[0], tile)
		o.bar(o.firstOf(tile), logits)
		o.bounds[tile] = minusInfinity
		return
	}
	if o.residualBounds[tile] != minusInfinity {
		o.lookupTile(logits, o.first.spikes[0], tile)
		o.bounds[tile] = min(o.bounds[tile], highest(logits)+o.residualBounds[tile])
		o.residualBounds[tile] = minusInfinity
		if o.bounds[tile] < floor {
			return
		}
	}
	member := o.memberOf(tile)
	if member == o.team.Rank() {
		added, own := o.addedTile[:len(logits)], tile-o.tiles[member].From
		if o.kernel == simd.PopcountKernel {
			simd.PopcountTile(added, o.weights, o.second.spikes[0], own)
		} else {
			simd.LookupTile(added, o.weights, o.second.spikes[0], own)
		}
		addTo(logits, added)
	}
	_ = o.team.From(member, logits) // Session.Next asks whether it failed
	o.bar(o.firstOf(tile), logits)
	o.bounds[tile] = minusInfinity
}

// lookupTile has the member that holds a tile look it up for all.
func (o *output) lookupTile(y []float32, spikes *simd.Spikes, tile int) {
	member := o.memberOf(tile)
	if member == o.team.Rank() {
		simd.LookupTile(y, o.weights, spikes, tile-o.tiles[member].From)
	}
	_ = o.team.From(member, y) // as in Compute
}

// memberOf is the rank of who holds a tile.
func (o *output) memberOf(tile int) int {
	return slices.IndexFunc(o.tiles, func(s team.Span) bool { return tile < s.To })
}

// highest gives the largest of some finite values.
func highest(values []float32) float32 {
	most := values[0]
	for _, v := range values {
		if v > most {
			most = v
		}
	}
	return most
}

// tileOf gives the logits of a tile.
func (o *output) tileOf(i int) []float32 {
	first := o.firstOf(i)
	return o.logits[0][first:min(first+tile.Rows, len(o.logits[0]))]
}

// firstOf is the first token of a tile.
func (o *output) firstOf(i int) int { return i * tile.Rows }

// searchedBytes is what a search read of the weights.
func (o *output) searchedBytes() int {
	products := 0
	for tile := range o.bounds {
		if o.bounds[tile] == minusInfinity {
			products++
		}
		if o.staged && o.residualBounds[tile] == minusInfinity {
			products++
		}
	}
	read := products * o.weights.TileBytes()
	if o.kernel == simd.LookupKernel {
		read += o.weights.UpperBoundBytes()
	}
	return read
}

var minusInfinity = float32(math.Inf(-1))
