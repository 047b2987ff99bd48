//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// countGroups is how many groups are counted in bytes: two vectors of at most 16 spikes a neuron
// for each.
const countGroups = 7

// count is countGeneric for all groups.
func count(codes, rests []uint8, c *Counts) {
	if !available {
		countGeneric(codes, rests, c)
		return
	}
	code := unsafe.Pointer(&codes[:len(rests)*groupCols][0])
	leave()
	one, ones := archsimd.BroadcastUint8x16(1), archsimd.LoadUint8x16Array(&onesOfNibble)
	step := archsimd.BroadcastUint8x16(StepLevels)
	var total [9]archsimd.Uint32x4
	for first := 0; first < len(rests); first += countGroups {
		var g0, g1, g2, g3, spikes, merged, unrolled, executed archsimd.Uint8x16
		for g := first; g < min(first+countGroups, len(rests)); g++ {
			rest := archsimd.BroadcastUint8x16(rests[g])
			var levels archsimd.Uint8x16
			for half := range uintptr(2) {
				q := bytes16(code, uintptr(g)*groupCols+16*half)
				k := q.SubSaturated(rest).Add(rest.SubSaturated(q))
				levels = levels.Add(k)
				merged = merged.Add(onesCount(k))
				executed = executed.Add(onesCount(q))

				k1 := k.SubSaturated(step)
				k2 := k1.SubSaturated(step)
				k3 := k2.SubSaturated(step)
				g0 = g0.Add(k.Min(one))
				g1 = g1.Add(k1.Min(one))
				g2 = g2.Add(k2.Min(one))
				g3 = g3.Add(k3.Min(one))
				spikes = spikes.Add(lookup16(ones, k.Min(step))).Add(lookup16(ones, k1.Min(step))).
					Add(lookup16(ones, k2.Min(step))).Add(lookup16(ones, k3.Min(step)))

				q1 := q.SubSaturated(step)
				q2 := q1.SubSaturated(step)
				q3 := q2.SubSaturated(step)
				unrolled = unrolled.Add(lookup16(ones, q.Min(step))).Add(lookup16(ones, q1.Min(step))).
					Add(lookup16(ones, q2.Min(step))).Add(lookup16(ones, q3.Min(step)))
			}
			total[8] = total[8].Add(quads(levels))
		}
		total[0] = total[0].Add(quads(g0))
		total[1] = total[1].Add(quads(g1))
		total[2] = total[2].Add(quads(g2))
		total[3] = total[3].Add(quads(g3))
		total[4] = total[4].Add(quads(spikes))
		total[5] = total[5].Add(quads(merged))
		total[6] = total[6].Add(quads(unrolled))
		total[7] = total[7].Add(quads(executed))
	}
	var sums [9]uint32
	for i := range sums {
		var lanes [4]uint32
		total[i].StoreArray(&lanes)
		sums[i] = lanes[0] + lanes[1] + lanes[2] + lanes[3]
	}
	leave()
	for t := range c.Graded {
		c.Graded[t] += sums[t]
	}
	c.Spikes += sums[4]
	c.Merged += sums[5]
	c.ExecutedUnrolled += sums[6]
	c.Executed += sums[7]
	c.Levels += sums[8]
}

var onesOfNibble = [16]uint8{0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4}
