package simd

func keepGeneric(dst []int8, x []float32, threshold, rest, levels float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		// Clamped before it becomes an integer: conversions out of range differ between machines.
		dst[i] = int8(min(max(round(v/threshold)+rest, 0), levels) - rest)
	}
}

func keptSpikesGeneric(k []int8) (spikes uint32) {
	for _, v := range k {
		spikes += uint32(binarySpikes[max(v, -v)])
	}
	return spikes
}
