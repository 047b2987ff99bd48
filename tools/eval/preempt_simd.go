//go:build goexperiment.simd && amd64 && unix

package main

import (
	"os"
	"strings"
	"syscall"
)

// withoutPreemption starts the program again with asynchronous preemption off. It returns when it
// is off already or cannot be turned off; then the program is right all the same, but slow.
//
// In this build the Go 1.27 runtime, having preempted a loop, reloads whole vector registers and
// leaves their upper halves dirty. Scalar float instructions then stall until something clears
// them: a loop of math.Exp was 200 times slower on one Xeon. The runtime reads this setting only as
// it starts, and a //go:debug line may not hold it.
func withoutPreemption() {
	const variable, setting = "GODEBUG", "asyncpreemptoff"
	debug := os.Getenv(variable)
	if strings.Contains(debug, setting) {
		return
	}
	self, err := os.Executable()
	if err != nil {
		return
	}
	if debug != "" {
		debug += ","
	}
	if os.Setenv(variable, debug+setting+"=1") != nil {
		return
	}
	// Exec comes back only where it fails.
	_ = syscall.Exec(self, os.Args, os.Environ())
}
