package core

import "math"

// HashSeed is the hash of no logits: the offset basis of FNV-1a with 64 bits.
const HashSeed uint64 = 0xcbf29ce484222325

// HashLogits continues a FNV-1a hash over the bits of float32 values, lowest byte first. Two builds
// that give the same hash over an answer's logits computed the same bits throughout: one differing
// bit anywhere changes codes, and with them every later logit.
func HashLogits(h uint64, logits []float32) uint64 {
	const prime = 0x100000001b3
	for _, v := range logits {
		b := math.Float32bits(v)
		for range 4 {
			h = (h ^ uint64(b&0xff)) * prime
			b >>= 8
		}
	}
	return h
}
