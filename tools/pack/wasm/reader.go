package main

import "io"

// windowBytes is how much is read at once, and kept until something else is.
const windowBytes = 1 << 20

// toldBytes is how far reading goes on between two calls of onread.
const toldBytes = 8 << 20

// A fileReader reads files of the page's, one behind the other, through a window: slices are asked
// for one by one, and each costs a call into the browser.
type fileReader struct {
	size int64
	// read fills p from an offset on, all of it.
	read func(p []byte, offset int64) error
	// onread hears of reading from the start to the end, where it is not nil.
	onread func(end int64)

	window [windowBytes]byte
	first  int64 // offset of the window
	filled int   // bytes in it
	told   int64
}

// ReadAt implements io.ReaderAt.
func (f *fileReader) ReadAt(p []byte, offset int64) (n int, err error) {
	for n < len(p) {
		at := offset + int64(n)
		if at >= f.size {
			return n, io.EOF
		}
		if at < f.first || at >= f.first+int64(f.filled) {
			size := min(int64(windowBytes), f.size-at)
			f.filled = 0
			if err := f.read(f.window[:size], at); err != nil {
				return n, err
			}
			f.first, f.filled = at, int(size)
		}
		n += copy(p[n:], f.window[at-f.first:f.filled])
	}
	if end := offset + int64(n); f.onread != nil && end >= f.told+toldBytes {
		f.told = end
		f.onread(end)
	}
	return n, nil
}

// Close implements io.Closer: the page closes the file.
func (f *fileReader) Close() error { return nil }
