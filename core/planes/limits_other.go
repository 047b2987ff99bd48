//go:build !wasm

package planes

// MaxModelBytes bounds the memory of all tensors: what so many shards can bring.
const MaxModelBytes = MaxShards * MaxShardBytes
