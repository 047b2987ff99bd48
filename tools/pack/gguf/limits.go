package gguf

// Limits that every file is held to before memory is taken for what it claims.
// They leave room for models a hundred times larger than the ones meant here.
const (
	MaxHeaderBytes = 256 << 20 // metadata and tensor table together, most of it passed over
	MaxKeys        = 1 << 12   // metadata entries
	MaxTensors     = 1 << 16
	MaxParts       = 1 << 10
	MaxKeyBytes    = 1 << 10 // one metadata key that can be asked for
	MaxNameBytes   = 1 << 8  // one tensor name
	MaxStringBytes = 1 << 20 // one string value that is asked for
	MaxArray       = 1 << 20 // elements of one array that is asked for
	MaxDepth       = 8       // arrays inside each other
	MaxDims        = 4       // dimensions of one tensor, as in ggml
	MaxDim         = 1 << 32 // size of one dimension
	MaxElements    = 1 << 40 // elements of one tensor
	MaxAlignment   = 1 << 16 // bytes; a power of two
)
