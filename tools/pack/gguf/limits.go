package gguf

// Limits that every file is held to before memory is taken for what it claims.
// They leave room for models a hundred times larger than the ones meant here.
const (
	MaxHeaderBytes = 64 << 20 // metadata and tensor table together
	MaxKeys        = 1 << 12  // metadata entries
	MaxTensors     = 1 << 16
	MaxKeyBytes    = 1 << 10 // one metadata key
	MaxNameBytes   = 1 << 8  // one tensor name
	MaxStringBytes = 1 << 20 // one string value
	MaxArray       = 1 << 20 // elements of one array
	MaxDims        = 4       // dimensions of one tensor, as in ggml
	MaxDim         = 1 << 32 // size of one dimension
	MaxElements    = 1 << 40 // elements of one tensor
	MaxAlignment   = 1 << 16 // bytes; a power of two
)
