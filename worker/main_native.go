//go:build !js

// Command worker serves the page: natively, what "make run" starts.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	root := flag.String("root", "dist", "`folder` of the built site")
	port := flag.Int("port", 8080, "`port` to listen on")
	model := flag.String("model", "", "`name` of a model under models/ to open the page with")
	flag.Parse()
	if err := serve(*root, *port, *model); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
}

func serve(root string, port int, model string) error {
	if _, err := os.Stat(filepath.Join(root, "index.html")); err != nil {
		return fmt.Errorf("%s has no index.html: run \"make build\" first", root)
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("localhost:%d", port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is taken: stop what uses it, or run \"make run PORT=%d\"", port, port+1)
	}
	if err != nil {
		return err
	}
	address := fmt.Sprintf("http://localhost:%d/", listener.Addr().(*net.TCPAddr).Port)
	if model != "" {
		address += "?model=" + model
	}
	fmt.Println("SpikeChat is at", address)
	server := &http.Server{Handler: newHandler(os.DirFS(root)), ReadHeaderTimeout: 10 * time.Second}
	return server.Serve(listener)
}
