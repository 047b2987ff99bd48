// Package splitmix is the random generator of draws: of tokens, and of random rankings.
package splitmix

// Next advances the state and gives 64 random bits. It is SplitMix64 of Steele, Lea and Flood
// (2014), for which any state is a good one to start from.
func Next(state *uint64) uint64 {
	*state += 0x9E3779B97F4A7C15
	z := *state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
