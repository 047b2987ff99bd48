// Package tile states the layout of weights in memory, whose parts the shards hold as they are: a
// matrix is cut into tiles of 16 rows and groups of 32 columns; one tile and group make a block
// (FORMAT.md, "Tiles"). What reads or writes the bytes of a Matrix takes every size and place from
// here; the kernels of core/simd walk the blocks by address with these constants.
//
// Data is either set group by group (SetGroup) or filled from the planes and scales that shards
// carry (StorePlane, StoreHalves).
package tile
