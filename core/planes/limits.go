package planes

import "github.com/spikechat/spikechat/core/tile"

// Limits on everything a file can claim. They are far above any model a browser can run and far
// below what would exhaust it; a claim beyond them is refused with ErrLimit before memory is taken.
const (
	MaxManifestBytes = 4 << 20 // JSON text of a manifest
	MaxShardBytes    = 2 << 20 // one shard file; also the unit of resume
	MaxRunBytes      = 1 << 18 // decoded bytes of one run; bounds what one zstd frame can inflate to
	MaxTensors       = 4096
	MaxShards        = 4096
	MaxTensorBytes   = 1 << 30 // in-memory bytes of one tensor
	MaxRows          = 1 << 20
	MaxCols          = 1 << 16
	MaxPlanes        = 8
	MaxTernarySteps  = tile.MaxTernarySteps
	MaxNameBytes     = 128
	MaxTemplateBytes = 64 << 10 // also all strings of a Chat together
	MaxChatString    = 16 << 10 // one of them
	MaxChatMark      = 64       // bytes of a mark of reasoning
	MaxDateFormat    = 32
	MaxLayers        = 256
	MaxContext       = 1 << 20
	MaxHeads         = 1024
	MaxHeadDim       = 1024
	MaxRMSEpsilon    = 1
	MaxRopeBase      = 1e9
	MaxRopeScale     = 16
	MaxRopeDivisor   = 1e6
	// In-memory bytes for each byte of shards, beyond the first MiB: more is a decompression bomb.
	// It holds for the manifest's claims, and at any moment for what has come.
	MaxRatio = 64

	MaxActivityBytes = 1 << 20 // JSON text of an Activity

	freeBytes    = 1 << 20
	maxListBytes = 16 << 20 // a tokenizer or a ranking

	maxActivityTokens = 1 << 20
	maxCodings        = 16 // of an Activity
)
