//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// popcountAny is the kernel for every other shape: 1 to 8 planes, stored or derived offsets, scales
// of any sign, wide inputs. The planes run in chunks of at most 4, whose sums fit 16 bits, and are
// joined in 32.
func popcountAny(y []float32, w *tile.Matrix, codeSums *[]uint16, s *Spikes, tiles int) {
	groups, size := w.Groups(), w.BlockBytes()
	_ = w.Data[tiles*groups*size-1]
	data := unsafe.Pointer(&w.Data[0])
	at := 0
	top := w.Planes - 4 // planes of the upper chunk, if positive
	for t := range tiles {
		leave()
		var acc [4]archsimd.Float32x4
		for g := range groups {
			block, sums := unsafe.Add(data, at*size), unsafe.Pointer(&(*codeSums)[at*tileRows])
			at++
			splats := unsafe.Pointer(&s.popcount.splats[g*splatBytes])
			var i [4]archsimd.Int32x4
			if top > 0 {
				i = countChunk(block, splats, top, s.popcount.fired)
				lower := countChunk(unsafe.Add(block, top*planeBytes), splats, 4, s.popcount.fired)
				for k := range i {
					i[k] = i[k].ShiftAllLeft(4).Add(lower[k])
				}
			} else {
				i = countChunk(block, splats, w.Planes, s.popcount.fired)
			}
			rest := archsimd.BroadcastInt32x4(int32(s.Rest[g]))
			c0, c1 := halves8(sums, 0), halves8(sums, 16)
			i[0] = i[0].Sub(rest.Mul(c0.ExtendLo4ToUint32().BitsToInt32()))
			i[1] = i[1].Sub(rest.Mul(extendHiUnsigned(c0).BitsToInt32()))
			i[2] = i[2].Sub(rest.Mul(c1.ExtendLo4ToUint32().BitsToInt32()))
			i[3] = i[3].Sub(rest.Mul(extendHiUnsigned(c1).BitsToInt32()))
			addScaled(&acc, &i, w, unsafe.Add(block, w.ScalesAt()), s.Threshold[g], s.GroupSum[g])
		}
		for k := range acc {
			storeFloats4(unsafe.Pointer(&y[t*tileRows+4*k]), 0, acc[k])
		}
	}
}

// countChunk gives Σ_j c_rj q_j of 1 to 4 weight planes for rows 0-3, 4-7, 8-11 and 12-15.
func countChunk(block, splats unsafe.Pointer, planes, fired int) [4]archsimd.Int32x4 {
	var low, high archsimd.Uint16x8
	switch {
	case planes < 4:
		low, high = countFew(block, splats, planes, fired)
	case fired == 4:
		low, high = count4[planes4](block, splats)
	case fired == 5:
		low, high = count4[planes5](block, splats)
	default:
		low, high = count4[planes6](block, splats)
	}
	return [4]archsimd.Int32x4{
		low.ExtendLo4ToUint32().BitsToInt32(), extendHiUnsigned(low).BitsToInt32(),
		high.ExtendLo4ToUint32().BitsToInt32(), extendHiUnsigned(high).BitsToInt32(),
	}
}

// countFew is count4 for fewer weight planes: every AND is counted.
func countFew(block, splats unsafe.Pointer, planes, fired int) (low, high archsimd.Uint16x8) {
	for p := range planes {
		plane := unsafe.Add(block, p*planeBytes)
		low, high = low.Add(low), high.Add(high)
		for q := range fired {
			spikes := unsafe.Add(splats, q*splatBytes/codePlanes)
			var ones archsimd.Uint8x16 // at most 32
			for b := uintptr(0); b < planeBytes; b += 16 {
				ones = ones.Add(onesCount(bytes16(plane, b).And(bytes16(spikes, b))))
			}
			pairs := ones.ReshapeToUint16s()
			low = low.Add(pairs.ShiftAllLeft(uint64(q)))
			high = high.Add(pairs.ShiftAllRight(8).ShiftAllLeft(uint64(q)))
		}
	}
	return low.Sub(high.ShiftAllLeft(8)), high
}
