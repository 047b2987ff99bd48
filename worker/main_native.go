//go:build !js

// Command worker serves the page: natively, what "make run" starts. Run it with -h for its usage.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path"
	"syscall"
	"time"
)

const usage = `usage: worker [flags]

Serves the built site until it is interrupted.

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

// run is main with its surroundings given; it ends when ctx does. The address goes to stdout,
// errors to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("worker", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprint(stderr, usage)
		f.PrintDefaults()
	}
	o := options{hosts: loopback}
	f.StringVar(&o.root, "root", "dist", "`folder` of the built site")
	f.StringVar(&o.models, "models", "",
		"`folder` of more models, served under models/ where the site has none of the name")
	f.StringVar(&o.list, "list", "",
		"`file` that lists all models, served in place of the site's models.json")
	f.StringVar(&o.store, "store", "",
		"`folder` of files named by their SHA-256, served under api/m/ as Cloudflare's R2 would be")
	f.IntVar(&o.port, "port", 8080, "`port` to listen on; 0 for any that is free")
	f.StringVar(&o.address, "address", "localhost", "`name` or IP address of this machine to listen "+
		"on; 0.0.0.0 or :: for every one")
	f.StringVar(&o.model, "model", "", "`name` of a model under models/ to open the page with")
	f.Func("host", "another `name` by which requests may ask for this server, such as a tunnel's;\n"+
		"once for each name", o.hosts.add)
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage // the flag package has printed what is wrong, and the usage
	case f.NArg() > 0:
		fmt.Fprintf(stderr, "worker: unexpected argument %q; run it with -h for its usage\n", f.Arg(0))
		return exitUsage
	case !o.listenable():
		fmt.Fprintf(stderr, "worker: -address is %q, want a name or an address, without a port\n",
			o.address)
		return exitUsage
	case o.port < 0 || o.port > maxPort:
		fmt.Fprintf(stderr, "worker: -port is %d, want 0 to %d\n", o.port, maxPort)
		return exitUsage
	}
	if err := serve(ctx, o, stdout); err != nil {
		fmt.Fprintln(stderr, "worker:", err)
		return exitFailure
	}
	return exitOK
}

const maxPort = 1<<16 - 1

// options are the command line's.
type options struct {
	root, models, store string // folders
	list                string // file of models.json; "" for the site's
	port                int
	address             string // to listen on, a name or an IP address
	model               string // the page's, by name; "" for the page's own choice
	hosts               hosts
}

// listenable allows requests for what is listened on, and reports whether it is an address.
func (o *options) listenable() bool {
	if ip := net.ParseIP(o.address); ip != nil && ip.IsUnspecified() {
		o.hosts.addresses = true
		return true
	}
	return o.hosts.add(o.address) == nil
}

// noSecureContext is what a page loses whose address begins with http: and is not this machine's
// own, by the browser's rules.
const noSecureContext = "Opened on another machine, the page is no secure context. The browser " +
	"then keeps no model:\nit may be downloaded at every visit. The engine checks it itself, more " +
	"slowly. A proxy\nwith TLS in front of this server mends that: docs/hosting.md.\n"

// serve serves the site until ctx ends. What stands in its way is said before it listens.
func serve(ctx context.Context, o options, stdout io.Writer) error {
	site, err := openFiles(o.root, o.models, o.store)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err != nil || !site.has("index.html") {
		return fmt.Errorf("%s has no index.html: run \"make build\" first", o.root)
	}
	defer site.close()
	site.list = o.list
	query := ""
	if o.model != "" {
		if !site.has(path.Join("models", o.model, "manifest.json")) {
			return fmt.Errorf("%s has no model %q: run \"make build MODEL=file.gguf\" first",
				o.root, o.model)
		}
		query = "?model=" + url.QueryEscape(o.model)
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(o.address, fmt.Sprint(o.port)))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("port %d is taken: stop what uses it, or run \"make run PORT=%d\"",
			o.port, otherPort(o.port))
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("port %d is not for everyone: run \"make run PORT=8080\"", o.port)
	case err != nil:
		return err
	}
	at := listener.Addr().(*net.TCPAddr)
	host := o.address
	if at.IP.IsUnspecified() {
		host = "localhost" // and by every other name
	}
	fmt.Fprintf(stdout, "SpikeChat is at http://%s/%s\n",
		net.JoinHostPort(host, fmt.Sprint(at.Port)), query)
	if !at.IP.IsLoopback() {
		fmt.Fprint(stdout, noSecureContext)
	}
	server := newServer(newHandler(site, o.hosts), requestTime)
	context.AfterFunc(ctx, func() { server.Close() })
	err = server.Serve(newConnections(listener, maxConnections, patience))
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

const (
	// maxConnections is enough for six tabs, and fits twice (each may have a file open), with a
	// quarter more that are evicted, into the 128 files that the smallest systems allow.
	maxConnections = 40
	patience       = time.Minute // for one write to make progress
	requestTime    = 20 * time.Second
	idleTime       = 2 * time.Minute // between two requests of a connection
)

// newServer is a server that waits requestTime for a request, and for no body. Answers have no
// deadline of their own: connections sees to their progress.
func newServer(h http.Handler, requestTime time.Duration) *http.Server {
	server := &http.Server{
		Handler: withoutBodies(h), ReadTimeout: requestTime, IdleTimeout: idleTime,
	}
	watch(server)
	return server
}

// otherPort is a port to try instead.
func otherPort(port int) int {
	if port == maxPort {
		return port - 1
	}
	return port + 1
}
