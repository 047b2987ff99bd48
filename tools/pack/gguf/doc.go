// Package gguf reads GGUF model files that nobody vouches for.
//
// Call [Read] first. It checks the whole header (metadata and tensor table)
// against the limits of this package and against the size of the file, and
// reads no tensor data. Then [File.String], [File.Uint] and their siblings
// give metadata, [File.Tensor] a tensor, [File.Data] its bytes, and
// [DecodeBlocks] or [DecodeFloats] turn those bytes into numbers. [Join] makes one
// of the files of a model in parts.
//
// A header takes memory for its keys and its tensor table alone: at most 96 MiB,
// and far less for any model. Values stay in the file, unchecked, until one is
// asked for.
//
// The format is written down in ggml's docs/gguf.md. Versions 2 and 3 in
// little-endian order are read; version 1, big-endian files and tensor types
// other than those of [TensorType.Supported] are refused by name.
package gguf
