// Package console is the operator's side of a running core: a JSON API and metrics on
// loopback, behind a bearer token.
//
// # Security
//
// There is one router, and nothing on it answers without the token, not even to say
// whether a route exists. The server listens on loopback only. Bodies, headers, paths,
// connections and times are bounded before anything is decoded; JSON with duplicate,
// unknown or nested members is refused. Keys go in and never come out. Identities are
// answered in full to who holds the token, and are in no log line and no metric.
//
// # Ownership
//
// The console keeps no state of the network. It asks the [Core] and the [Subscribers],
// which the node implements, and both are called from many goroutines.
package console

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// Config is what a server is made of: of a core every field but Plane is needed, of a user plane at another
// site Plane, Token and Log.
type Config struct {
	Core        Core
	Subscribers Subscribers
	Trust       Trust
	Plane       Plane
	Token       Token
	Log         *slog.Logger
}

// Server answers the API.
type Server struct {
	c       Config
	tarpit  chan struct{}
	started time.Time
}

// New makes a server.
func New(c Config) *Server {
	return &Server{c: c, tarpit: make(chan struct{}, tarpitPlaces), started: time.Now()}
}

// Bounds of the HTTP server.
const (
	maxConns    = 64
	maxHeader   = 16 << 10
	maxBody     = 64 << 10 // of one JSON object
	maxImport   = 32 << 20 // of one CSV file, some 300,000 subscribers
	readHeader  = 5 * time.Second
	readAll     = 60 * time.Second
	writeAll    = 120 * time.Second // an import ends within it
	idle        = 60 * time.Second
	askCore     = 10 * time.Second // for an answer of the core
	stopService = 5 * time.Second  // for requests under way at the end
)

// Listen opens the console's socket, which must be on loopback: the token is all that
// guards it, and it crosses the socket in clear.
func Listen(addr netip.AddrPort) (net.Listener, error) {
	if !addr.Addr().IsLoopback() {
		return nil, fmt.Errorf("opening the console on %s: the console listens on loopback only: name 127.0.0.1 or ::1", addr)
	}
	ln, err := net.Listen("tcp", addr.String())
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("opening the console: %s is in use by another process: end it or name another port", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("opening the console: this user may not use port %d: name one above 1023", addr.Port())
	case err != nil:
		return nil, fmt.Errorf("opening the console: %w", err)
	}
	return ln, nil
}

// Serve answers until ctx ends, gives requests under way a moment to end, and returns
// after its last goroutine has. It closes ln.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	srv := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: readHeader,
		ReadTimeout:       readAll,
		WriteTimeout:      writeAll,
		IdleTimeout:       idle,
		MaxHeaderBytes:    maxHeader,
		Protocols:         protocols, // one protocol is less to attack
		ErrorLog:          slog.NewLogLogger(s.c.Log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	stop, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		<-stop.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopService)
		defer cancel()
		if srv.Shutdown(grace) != nil {
			srv.Close() // whoever is still there has had their moment
		}
	})
	err := srv.Serve(&bounded{Listener: ln, places: make(chan struct{}, maxConns)})
	if ctx.Err() == nil {
		return fmt.Errorf("serving the console: %w", err)
	}
	return nil
}

// bounded lets so many connections in at a time; others wait in the kernel's queue.
type bounded struct {
	net.Listener
	places chan struct{}
}

func (b *bounded) Accept() (net.Conn, error) {
	b.places <- struct{}{}
	c, err := b.Listener.Accept()
	if err != nil {
		<-b.places
		return nil, err
	}
	return &place{Conn: c, free: sync.OnceFunc(func() { <-b.places })}, nil
}

type place struct {
	net.Conn
	free func()
}

func (p *place) Close() error {
	defer p.free()
	return p.Conn.Close()
}
