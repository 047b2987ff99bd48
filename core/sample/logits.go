package sample

import (
	"math"

	"github.com/spikechat/spikechat/core/tile"
)

// tileRows is how many tokens a tile of logits has.
const tileRows = tile.Rows

// Logits are those of one position as far as they are known, tile by tile of 16 tokens.
type Logits struct {
	Values []float32 // [vocab]; what tiles have that are not known means nothing
	// Bounds [tiles] are upper bounds: no logit of a tile is above its own. -Inf says that the tile
	// is known. Without Bounds all tiles are.
	Bounds []float32
	Tiles  Tiles // makes tiles known; not used without Bounds
}

// Tiles computes logits tile by tile, into the Values and Bounds of a Logits.
type Tiles interface {
	// Promising gives the tile that is the likeliest to hold the largest logit. It changes nothing.
	Promising() int
	// Compute makes a tile known. Where it finds on the way that no logit of the tile reaches
	// floor, it may lower the tile's bound below floor instead.
	Compute(tile int, floor float32)
}

var minusInfinity = float32(math.Inf(-1))

// tile gives the first token of a tile and the first after it.
func (l *Logits) tile(i int) (first, end int) {
	return i * tileRows, min((i+1)*tileRows, len(l.Values))
}

func (l *Logits) tiles() int { return (len(l.Values) + tileRows - 1) / tileRows }

func (l *Logits) known(tile int) bool { return l.Bounds == nil || l.Bounds[tile] == minusInfinity }

// highest gives a value that no logit is above that is not known.
func (l *Logits) highest() float32 {
	highest := minusInfinity
	for _, bound := range l.Bounds {
		if bound > highest {
			highest = bound
		}
	}
	return highest
}

// largest gives the smallest id of the largest logit.
func largest(logits []float32) int32 {
	best, at := logits[0], 0
	for i, x := range logits {
		if x > best {
			best, at = x, i
		}
	}
	return int32(at)
}
