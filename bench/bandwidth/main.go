// Bandwidth measures how fast one thread, and two, read memory: one after the other, and in eight
// places at once, which hardware prefetchers follow side by side. It prints Go's benchmark format:
//
//	go run ./bench/bandwidth
package main

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

const (
	words   = 64 << 20 // of 8 bytes: 512 MiB, more than any cache
	line    = 8        // words of a cache line
	streams = 8
	passes  = 15
)

func main() {
	fmt.Println("pkg: github.com/spikechat/spikechat/bench/bandwidth")
	memory := make([]uint64, words)
	for i := range memory {
		memory[i] = uint64(i)
	}
	for threads := 1; threads <= min(2, runtime.NumCPU()); threads++ {
		report(1, threads, measure(memory, threads, readOne))
		report(streams, threads, measure(memory, threads, readEight))
	}
}

func report(streams, threads int, seconds []float64) {
	slices.Sort(seconds)
	const bytes = words * 8
	median := seconds[len(seconds)/2]
	fmt.Printf("BenchmarkRead/streams=%d/threads=%d\t%d\t%.0f ns/op\t%.2f GB/s\t%.2f least-GB/s\t"+
		"%.2f most-GB/s\n", streams, threads, len(seconds), median*1e9, bytes/median/1e9,
		bytes/seconds[len(seconds)-1]/1e9, bytes/seconds[0]/1e9)
}

// measure gives the seconds of each pass, in which every thread reads its part of the memory.
func measure(memory []uint64, threads int, read func([]uint64) uint64) []float64 {
	var seconds []float64
	for range passes {
		var group sync.WaitGroup
		sums := make([]uint64, threads)
		start := time.Now()
		for t := range threads {
			part := len(memory) / threads
			group.Go(func() {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
				sums[t] = read(memory[t*part : (t+1)*part])
			})
		}
		group.Wait()
		seconds = append(seconds, time.Since(start).Seconds())
		runtime.KeepAlive(sums) // or the reading could be left out
	}
	return seconds
}

// readOne reads forwards.
func readOne(memory []uint64) uint64 {
	var a, b uint64
	for len(memory) >= line {
		l := (*[line]uint64)(memory)
		a += l[0] + l[1] + l[2] + l[3]
		b += l[4] + l[5] + l[6] + l[7]
		memory = memory[line:]
	}
	return a + b
}

// readEight reads a line of each eighth in turn.
func readEight(memory []uint64) uint64 {
	var a, b uint64
	part := len(memory) / streams
	for at := 0; at+line <= part; at += line {
		for s := range streams {
			l := (*[line]uint64)(memory[s*part+at:])
			a += l[0] + l[1] + l[2] + l[3]
			b += l[4] + l[5] + l[6] + l[7]
		}
	}
	return a + b
}
