package simd

func codeQueryGeneric(codes []int16, q []float32) (threshold float32, finite bool) {
	largest := float32(0)
	finite = true
	for _, v := range q {
		if v < 0 {
			v = -v
		}
		finite = finite && v-v == 0
		if v > largest {
			largest = v
		}
	}
	if !finite {
		return 0, false
	}
	threshold = max(largest, 1e-8) / queryLevels
	codes = codes[:len(q)]
	for i, v := range q {
		codes[i] = int16(min(max(round(v/threshold), -queryLevels), queryLevels))
	}
	return threshold, true
}

// scoreGeneric sets the scores of one head: the integer q · k, times the key's threshold, times the
// query's and scale. It goes through each span of keys in the order of memory.
func (a *Attention) scoreGeneric(head int, keys [][]int8, thresholds []float32, positions int,
	scale float32) {
	query, scores, factor := a.queries[head*a.dim:][:a.dim], a.Row(head), float32(a.scales[head]*scale)
	first := 0
	for _, block := range keys {
		for ; len(block) >= KeySpan*a.dim && first < positions; first += KeySpan {
			var sums [KeySpan]int32
			for d := 0; d+1 < len(query); d += 2 {
				q0, q1 := int32(query[d]), int32(query[d+1])
				pairs := (*[2 * KeySpan]int8)(block[d*KeySpan:])
				for i := range sums {
					sums[i] += q0*int32(pairs[2*i]) + q1*int32(pairs[2*i+1])
				}
			}
			for i, sum := range sums[:min(KeySpan, positions-first)] {
				scores[first+i] = float32(float32(sum)*thresholds[first+i]) * factor
			}
			block = block[KeySpan*a.dim:]
		}
	}
}

// listGeneric lists the positions from the given one on whose values count, after the n that are
// listed, and turns every e of theirs into the weight of its value's codes, threshold multiplied
// in. It gives the number listed.
func (a *Attention) listGeneric(thresholds []float32, from, n int) int {
	for j := from; j < len(thresholds); j++ {
		wanted := false
		for h := range a.heads {
			e := &a.Row(h)[j]
			wanted = wanted || *e >= leastShare
			*e = float32(*e*a.scales[h]) * thresholds[j]
		}
		if wanted {
			a.listed[n] = int32(j)
			n++
		}
	}
	return n
}

func (a *Attention) valuesGeneric(head int, out []float32, values [][]int8, listed []int32) {
	clear(out)
	weights, first := a.Row(head), 0
	for _, block := range values {
		after := first + a.placesOf(block)
		for len(listed) > 0 && int(listed[0]) < after {
			j := int(listed[0])
			w := weights[j]
			for d, k := range block[(j-first)*a.dim:][:len(out)] {
				out[d] += float32(w * float32(k))
			}
			listed = listed[1:]
		}
		first = after
	}
}
