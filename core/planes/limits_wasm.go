package planes

// MaxModelBytes bounds the memory of all tensors: half of what 32-bit addresses reach, so that keys
// and values have room as well.
const MaxModelBytes = 2 << 30
