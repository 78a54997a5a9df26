package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/term"
)

// telling is what a long command is doing, told on a terminal after a second.
type telling struct {
	c     *call
	what  atomic.Value // string
	long  atomic.Bool  // since a second
	timer *time.Timer  // nil where nobody watches
}

func (c *call) telling() *telling {
	t := &telling{c: c}
	if f, ok := c.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		t.timer = time.AfterFunc(time.Second, func() {
			t.long.Store(true)
			if what, ok := t.what.Load().(string); ok {
				fmt.Fprintf(c.err, "%s ...\n", what)
			}
		})
	}
	return t
}

// now says what begins.
func (t *telling) now(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	t.what.Store(what)
	if t.long.Load() {
		fmt.Fprintf(t.c.err, "%s ...\n", what)
	}
}

func (t *telling) stop() {
	if t.timer != nil {
		t.timer.Stop()
	}
}
