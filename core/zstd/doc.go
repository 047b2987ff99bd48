// Package zstd decodes Zstandard frames (RFC 8878) whose content has a known size: the runs of a
// shard. A Decoder writes into memory that its caller gives and takes no other, so that no frame
// can make it grow.
//
// Names are those of the RFC. What it leaves out is what shards never have: dictionaries, frames
// that do not declare their size, several frames in one input. The library that packs shards
// decodes too, but the page would load slower with it (RATIONALE.md, "Why which libraries in the
// page?").
package zstd
