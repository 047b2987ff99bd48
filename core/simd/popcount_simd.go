//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// popcount computes all full tiles and returns how many that is.
func popcount(y []float32, w *Weights, s *Spikes) int {
	tiles := w.Rows / TileRows
	if !available || tiles == 0 {
		return 0
	}
	groups, size := w.Groups(), w.blockBytes()
	_ = w.Data[tiles*groups*size-1]
	data := unsafe.Pointer(&w.Data[0])
	at := 0
	top := w.Planes - 4
	for t := range tiles {
		leave()
		var acc [4]archsimd.Float32x4
		for g := range groups {
			block, sums := unsafe.Add(data, at), unsafe.Pointer(&w.codeSums[(t*groups+g)*TileRows])
			at += size
			fired := unsafe.Pointer(&s.planes[g*spikePlanes*4])
			rest := archsimd.BroadcastInt32x4(int32(s.Rest[g]))
			var i [4]archsimd.Int32x4
			if top > 0 {
				i = countChunk(block, fired, top)
				lower := countChunk(unsafe.Add(block, top*planeBytes), fired, 4)
				for k := range i {
					i[k] = i[k].ShiftAllLeft(4).Add(lower[k])
				}
			} else {
				i = countChunk(block, fired, w.Planes)
			}
			c0, c1 := halves8(sums, 0), halves8(sums, 16)
			i[0] = i[0].Sub(rest.Mul(c0.ExtendLo4ToUint32().BitsToInt32()))
			i[1] = i[1].Sub(rest.Mul(extendHiUnsigned(c0).BitsToInt32()))
			i[2] = i[2].Sub(rest.Mul(c1.ExtendLo4ToUint32().BitsToInt32()))
			i[3] = i[3].Sub(rest.Mul(extendHiUnsigned(c1).BitsToInt32()))
			addScaled(&acc, &i, w, unsafe.Add(block, w.Planes*planeBytes), s.Threshold[g], s.Lift[g])
		}
		for k := range acc {
			storeFloats4(unsafe.Pointer(&y[t*TileRows+4*k]), 0, acc[k])
		}
	}
	return tiles
}

// countChunk sums AND and count of 1 to 4 weight planes with the 6 spike planes, for rows 0-3, 4-7, 8-11 and 12-15. A
// count over 32 columns is at most 32, so three spike planes of weight 4, 2, 1 make at most 224 and stay in bytes.
func countChunk(block, fired unsafe.Pointer, planes int) [4]archsimd.Int32x4 {
	var low, high archsimd.Uint16x8
	for p := range planes {
		w0, w1 := bytes16(block, uintptr(p*planeBytes)), bytes16(block, uintptr(p*planeBytes+16))
		w2, w3 := bytes16(block, uintptr(p*planeBytes+32)), bytes16(block, uintptr(p*planeBytes+48))
		// Written out: a call would pass the vectors through memory.
		sum5 := countOne(fired, 20, w0, w1, w2, w3)
		sum4 := sum5.Add(sum5).Add(countOne(fired, 16, w0, w1, w2, w3))
		upper := sum4.Add(sum4).Add(countOne(fired, 12, w0, w1, w2, w3)).ReshapeToUint16s()
		sum2 := countOne(fired, 8, w0, w1, w2, w3)
		sum1 := sum2.Add(sum2).Add(countOne(fired, 4, w0, w1, w2, w3))
		lower := sum1.Add(sum1).Add(countOne(fired, 0, w0, w1, w2, w3)).ReshapeToUint16s()
		low = low.Add(low).Add(upper.ShiftAllLeft(3)).Add(lower)
		high = high.Add(high).Add(upper.ShiftAllRight(8).ShiftAllLeft(3)).Add(lower.ShiftAllRight(8))
	}
	i0 := low.Sub(high.ShiftAllLeft(8))
	return [4]archsimd.Int32x4{
		i0.ExtendLo4ToUint32().BitsToInt32(), extendHiUnsigned(i0).BitsToInt32(),
		high.ExtendLo4ToUint32().BitsToInt32(), extendHiUnsigned(high).BitsToInt32(),
	}
}

// countOne counts one spike plane against one weight plane: ones over the 32 columns, for each of 16 rows.
func countOne(fired unsafe.Pointer, at uintptr, w0, w1, w2, w3 archsimd.Uint8x16) archsimd.Uint8x16 {
	return onesCount(splat(fired, at).And(w0)).Add(onesCount(splat(fired, at+1).And(w1))).
		Add(onesCount(splat(fired, at+2).And(w2))).Add(onesCount(splat(fired, at+3).And(w3)))
}

func splat(p unsafe.Pointer, at uintptr) archsimd.Uint8x16 {
	return archsimd.BroadcastUint8x16(*(*uint8)(unsafe.Add(p, at)))
}
