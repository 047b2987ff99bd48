// Package packer turns a GGUF model file into the shards that the page loads. OpenSource finds the
// file, a Job packs it, a Lock says which bytes must come of it, Inspect and Verify look at what
// was packed. It reads and writes through what a caller gives it, so that it runs where there are
// no files too; the command is in tools/pack.
//
// Errors wrap ErrSource, ErrModel, ErrUnsupported or ErrLock, or the causes of packages gguf,
// planes and core.
package packer
