// Package planes reads and writes packed models: weight matrices cut into bit planes, in
// zstd-compressed shards that a page can fetch one by one. FORMAT.md has the byte tables. This
// package alone knows the container; the layout of a matrix in memory is core/tile's.
//
// To read a model, ReadManifest its manifest.json, make a Reader, give it each shard in order, and
// ask for tensors by name. Open does all that for a folder. To write one, make a Writer and give it
// the parts in loading order.
//
// Nothing read is trusted: sizes, counts and references are checked against the constants of
// limits.go before memory is taken, and every error wraps ErrInvalid, ErrUnsupported, ErrChecksum
// or ErrLimit. Files of versions 1 and 2 stay readable.
package planes
