package simd

// countGeneric adds the spikes of neurons that do not differ inside their groups: codes
// [groups*32], rest levels [groups].
func countGeneric(codes, rests []uint8, c *Counts) {
	for g, z := range rests {
		rest := int(z)
		for _, q := range codes[g*groupCols:][:groupCols] {
			c.neuron(int(q)-rest, int(q))
			c.Executed += uint32(ones[q])
		}
	}
}
