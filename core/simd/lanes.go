package simd

// Available reports whether this build and processor run the vector kernels; otherwise the
// references do all work.
func Available() bool { return available }
