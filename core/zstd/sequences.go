package zstd

// The three codes of a sequence, in the order of their tables.
const (
	literalsLength = iota
	offset
	matchLength
)

// sequenceCode says what symbols a code may have and how they are spread where a block does not
// say.
type sequenceCode struct {
	maxLog, maxSymbol int
	defaultLog        int
	defaults          []int16
}

var sequenceCodes = [3]sequenceCode{
	literalsLength: {9, len(literalsLengths) - 1, 6, []int16{
		4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1,
		2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1,
		-1, -1, -1, -1,
	}},
	// Offsets of 2^31 and more are beyond every window.
	offset: {8, 30, 5, []int16{
		1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
	}},
	matchLength: {9, len(matchLengths) - 1, 6, []int16{
		1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1,
		-1, -1, -1, -1, -1,
	}},
}

// lengthCode is what a symbol of a length stands for: baseline plus that many bits of the stream.
type lengthCode struct {
	baseline int32
	bits     uint8
}

var literalsLengths = [...]lengthCode{
	{0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}, {6, 0}, {7, 0},
	{8, 0}, {9, 0}, {10, 0}, {11, 0}, {12, 0}, {13, 0}, {14, 0}, {15, 0},
	{16, 1}, {18, 1}, {20, 1}, {22, 1}, {24, 2}, {28, 2}, {32, 3}, {40, 3},
	{48, 4}, {64, 6}, {128, 7}, {256, 8}, {512, 9}, {1024, 10}, {2048, 11}, {4096, 12},
	{8192, 13}, {16384, 14}, {32768, 15}, {65536, 16},
}

var matchLengths = [...]lengthCode{
	{3, 0}, {4, 0}, {5, 0}, {6, 0}, {7, 0}, {8, 0}, {9, 0}, {10, 0},
	{11, 0}, {12, 0}, {13, 0}, {14, 0}, {15, 0}, {16, 0}, {17, 0}, {18, 0},
	{19, 0}, {20, 0}, {21, 0}, {22, 0}, {23, 0}, {24, 0}, {25, 0}, {26, 0},
	{27, 0}, {28, 0}, {29, 0}, {30, 0}, {31, 0}, {32, 0}, {33, 0}, {34, 0},
	{35, 1}, {37, 1}, {39, 1}, {41, 1}, {43, 2}, {47, 2}, {51, 3}, {59, 3},
	{67, 4}, {83, 4}, {99, 5}, {131, 7}, {259, 8}, {515, 9}, {1027, 10}, {2051, 11},
	{4099, 12}, {8195, 13}, {16387, 14}, {32771, 15}, {65539, 16},
}

// sequences decodes a Sequences_Section and carries it out.
func (d *Decoder) sequences(src, literals []byte) error {
	count, src, err := sequenceCount(src)
	if err != nil {
		return err
	}
	if count == 0 {
		if len(src) > 0 {
			return corrupt("%d bytes behind a block's literals", len(src))
		}
		return d.write(literals)
	}
	if len(src) == 0 || src[0]&3 != 0 {
		return corrupt("modes of sequence codes")
	}
	modes := src[0]
	src = src[1:]
	for i := range d.codes {
		if src, err = d.readCode(i, modes>>(6-2*i)&3, src); err != nil {
			return err
		}
	}
	r, err := newBitReader(src)
	if err != nil {
		return err
	}
	r.fill()
	var states [3]*fseState
	for i := range states {
		states[i] = d.codes[i].first(&r)
	}
	for ; count > 0; count-- {
		r.fill()
		bits := uint(states[offset].symbol)
		value := 1<<bits + r.read(bits)
		r.fill()
		code := &matchLengths[states[matchLength].symbol]
		length := int(code.baseline) + r.read(uint(code.bits))
		code = &literalsLengths[states[literalsLength].symbol]
		fresh := int(code.baseline) + r.read(uint(code.bits))
		if count > 1 {
			r.fill()
			states[literalsLength] = d.codes[literalsLength].next(states[literalsLength], &r)
			states[matchLength] = d.codes[matchLength].next(states[matchLength], &r)
			states[offset] = d.codes[offset].next(states[offset], &r)
		}
		distance := d.distance(value, fresh)
		if r.unread() < 0 || fresh > len(literals) || fresh+length > len(d.content)-d.done ||
			distance < 1 || distance > d.done+fresh {
			return corrupt("%d literals and %d bytes from %d bytes back", fresh, length, distance)
		}
		// Most are short and are copied without a call; what is written too much is overwritten later.
		to := d.content[d.done:]
		if fresh <= 16 && len(literals) >= 16 && len(to) >= 16 {
			*(*[16]byte)(to) = [16]byte(literals)
		} else {
			copy(to, literals[:fresh])
		}
		literals, to = literals[fresh:], to[fresh:]
		d.done += fresh
		from := d.content[d.done-distance:]
		if length <= 16 && distance >= 16 && len(to) >= 16 {
			*(*[16]byte)(to) = [16]byte(from)
		} else {
			for n := 0; n < length; { // a match may meet what it has just written
				n += copy(to[n:length], from[:distance])
			}
		}
		d.done += length
	}
	if r.unread() != 0 {
		return corrupt("bits behind the last sequence")
	}
	return d.write(literals)
}

// sequenceCount reads Number_of_Sequences.
func sequenceCount(src []byte) (count int, rest []byte, err error) {
	var head [3]byte
	if copy(head[:], src) == 0 {
		return 0, nil, corrupt("no sequences")
	}
	bytes := 1
	switch count = int(head[0]); {
	case count == 255:
		bytes, count = 3, int(head[1])|int(head[2])<<8+0x7F00
	case count > 127:
		bytes, count = 2, (count-128)<<8+int(head[1])
	}
	if bytes > len(src) {
		return 0, nil, corrupt("number of sequences cut short")
	}
	return count, src[bytes:], nil
}

// readCode prepares the table of code i by its mode.
func (d *Decoder) readCode(i int, mode byte, src []byte) (rest []byte, err error) {
	t, code := &d.codes[i], &sequenceCodes[i]
	switch mode {
	case 0: // Predefined_Mode
		t.build(code.defaultLog, code.defaults)
	case 1: // RLE_Mode
		if len(src) == 0 || int(src[0]) > code.maxSymbol {
			return nil, corrupt("one symbol of a sequence code")
		}
		t.buildRLE(src[0])
		return src[1:], nil
	case 2: // FSE_Compressed_Mode
		return t.read(src, code.maxLog, code.maxSymbol)
	default: // Repeat_Mode
		if t.log < 0 {
			return nil, corrupt("no sequence code to repeat")
		}
	}
	return src, nil
}

// distance turns an Offset_Value into how far back a match lies, and keeps the last three of these.
func (d *Decoder) distance(value, fresh int) int {
	if value > 3 {
		d.repeats = [3]int{value - 3, d.repeats[0], d.repeats[1]}
		return value - 3
	}
	if fresh == 0 {
		value++ // the last one would only have made the match before longer
	}
	r := &d.repeats
	switch value {
	case 1:
	case 2:
		r[0], r[1] = r[1], r[0]
	case 3:
		r[0], r[1], r[2] = r[2], r[0], r[1]
	case 4:
		r[0], r[1], r[2] = r[0]-1, r[0], r[1]
	}
	return r[0]
}
