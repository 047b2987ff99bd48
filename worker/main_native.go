//go:build !js

// Command worker serves the page: natively, what "make run" starts. Run it with -h for its usage.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

const usage = `usage: worker [flags]

Serves the built site on localhost until it is interrupted.

Flags:
`

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

// run is main with its surroundings given; it ends when ctx does. The address goes to stdout, errors to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("worker", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprint(stderr, usage)
		f.PrintDefaults()
	}
	root := f.String("root", "dist", "`folder` of the built site")
	port := f.Int("port", 8080, "`port` to listen on; 0 for any that is free")
	model := f.String("model", "", "`name` of a model under models/ to open the page with")
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage // the flag package has printed what is wrong, and the usage
	case f.NArg() > 0:
		fmt.Fprintf(stderr, "worker: unexpected argument %q; run it with -h for its usage\n", f.Arg(0))
		return exitUsage
	case *port < 0 || *port > maxPort:
		fmt.Fprintf(stderr, "worker: -port is %d, want 0 to %d\n", *port, maxPort)
		return exitUsage
	}
	if err := serve(ctx, *root, *port, *model, stdout); err != nil {
		fmt.Fprintln(stderr, "worker:", err)
		return exitFailure
	}
	return exitOK
}

const maxPort = 1<<16 - 1

// serve serves the site until ctx ends. What stands in its way is said before it listens.
func serve(ctx context.Context, root string, port int, model string, stdout io.Writer) error {
	if _, err := os.Stat(filepath.Join(root, "index.html")); err != nil {
		return fmt.Errorf("%s has no index.html: run \"make build\" first", root)
	}
	query := ""
	if model != "" {
		if _, err := os.Stat(filepath.Join(root, "models", model, "manifest.json")); err != nil {
			return fmt.Errorf("%s has no model %q: run \"make build MODEL=file.gguf\" first", root, model)
		}
		query = "?model=" + model
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("localhost:%d", port))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("port %d is taken: stop what uses it, or run \"make run PORT=%d\"", port, otherPort(port))
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("port %d is not for everyone: run \"make run PORT=8080\"", port)
	case err != nil:
		return err
	}
	fmt.Fprintf(stdout, "SpikeChat is at http://localhost:%d/%s\n", listener.Addr().(*net.TCPAddr).Port, query)
	server := &http.Server{Handler: newHandler(os.DirFS(root)), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// otherPort is a port to try instead.
func otherPort(port int) int {
	if port == maxPort {
		return port - 1
	}
	return port + 1
}
