package calibrate

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// inParallel runs do for 0 to n-1, on workers goroutines, and done after each, never two at once.
// The error is that of the least i that failed.
func inParallel(n, workers int, do func(i int) error, done func()) error {
	errs := make([]error, n)
	var next atomic.Int64
	var group sync.WaitGroup
	var mutex sync.Mutex
	for range workers {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				errs[i] = do(i)
				mutex.Lock()
				done()
				mutex.Unlock()
			}
		})
	}
	group.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("calibration run %d: %w", i, err)
		}
	}
	return nil
}
