package text

import "unicode/utf8"

// Decoder turns tokens into text as they come. A token may end inside a
// character; the decoder holds such bytes back until the rest has come. Bytes
// that can be no character become U+FFFD, one for each longest beginning of a
// character, as in browsers' TextDecoder. The zero value is ready for use, and
// it makes no difference how the bytes are cut into tokens.
type Decoder struct {
	held   [utf8.UTFMax]byte // beginning of a character
	n      uint8             // bytes in held
	need   uint8             // bytes the character has
	lo, hi byte              // range of its next byte
}

const replacement = string(utf8.RuneError)

// Reset forgets what is held.
func (d *Decoder) Reset() { *d = Decoder{} }

// Holds reports whether the text so far ends inside a character.
func (d *Decoder) Holds() bool { return d.n > 0 }

// Write appends to dst the text that token completes. It allocates only when dst has no room.
func (d *Decoder) Write(dst []byte, token string) []byte {
	for i := range len(token) {
		c := token[i]
		if d.n > 0 {
			if d.lo <= c && c <= d.hi {
				d.held[d.n] = c
				d.n++
				d.lo, d.hi = 0x80, 0xBF
				if d.n == d.need {
					dst = append(dst, d.held[:d.n]...)
					d.n = 0
				}
				continue
			}
			dst = append(dst, replacement...)
			d.n = 0
		}
		if c < utf8.RuneSelf {
			dst = append(dst, c)
			continue
		}
		if !d.begin(c) {
			dst = append(dst, replacement...)
		}
	}
	return dst
}

// Flush appends U+FFFD for a character that was cut off and readies d for another text.
func (d *Decoder) Flush(dst []byte) []byte {
	if d.n > 0 {
		dst = append(dst, replacement...)
	}
	d.Reset()
	return dst
}

// begin starts a character of several bytes; false means that c leads none.
// The ranges are table 3-7 of the Unicode standard.
func (d *Decoder) begin(c byte) bool {
	d.lo, d.hi = 0x80, 0xBF
	switch {
	case c < 0xC2:
		return false
	case c < 0xE0:
		d.need = 2
	case c < 0xF0:
		d.need = 3
	case c < 0xF5:
		d.need = 4
	default:
		return false
	}
	switch c {
	case 0xE0:
		d.lo = 0xA0 // below: an overlong form
	case 0xED:
		d.hi = 0x9F // above: surrogates
	case 0xF0:
		d.lo = 0x90
	case 0xF4:
		d.hi = 0x8F // above: past U+10FFFF
	}
	d.held[0], d.n = c, 1
	return true
}
