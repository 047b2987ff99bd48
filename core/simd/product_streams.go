package simd

// streamed is how many streams of tiles the lookup kernels read.
const streamed = 3

// streams cuts at least so many tiles: three streams of as many steps, which begin at tile 0,
// second and third. No two are at the same tile in a step; where the number does not divide, some
// tiles are computed twice, with the same result.
func streams(tiles int) (steps, second, third int) {
	steps = (tiles + streamed - 1) / streamed
	third = tiles - steps
	return steps, third / 2, third
}
