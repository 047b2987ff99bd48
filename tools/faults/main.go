// Command faults stands between a browser and the server of the site and does to answers what
// networks, caches and full disks do to them: it cuts, flips, stalls, slows, swaps and replaces.
// Tests say by HTTP what is to happen to which file, and read what was sent. It is for tests alone
// and listens on this machine alone.
//
//	go run ./worker -port 8080
//	go run ./tools/faults -to http://localhost:8080 -port 8081
//	curl -X PUT localhost:8081/.faults/rules -d '{"rules":[{"path":"*.bin","cut":1000,"times":3}]}'
//	curl localhost:8081/.faults/served
//
// [Rules] has the words that a rule may use.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its surroundings given; it ends when ctx does. The address goes to stdout,
// errors to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("faults", flag.ContinueOnError)
	f.SetOutput(stderr)
	to := f.String("to", "", "`address` of the server that has the files, such as http://localhost:8080")
	port := f.Int("port", 0, "`port` to listen on; 0 for any that is free")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage // the flag package has printed what is wrong, and the usage
	}
	upstream, err := url.Parse(*to)
	if err != nil || upstream.Scheme != "http" || upstream.Host == "" || f.NArg() > 0 {
		fmt.Fprintf(stderr, "faults: -to is %q, want an address such as http://localhost:8080, and "+
			"nothing after the flags\n", *to)
		return exitUsage
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("localhost:%d", *port))
	if err != nil {
		fmt.Fprintf(stderr, "faults: %v; take another port with -port\n", err)
		return exitFailure
	}
	fmt.Fprintf(stdout, "http://localhost:%d\n", listener.Addr().(*net.TCPAddr).Port)
	server := &http.Server{Handler: newProxy(upstream)}
	go func() {
		<-ctx.Done()
		server.Close() // not Shutdown: stalled answers would never end
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		fmt.Fprintf(stderr, "faults: %v\n", err)
		return exitFailure
	}
	return exitOK
}
