package node

import (
	"fmt"
	"runtime"
	"strings"
)

// contain runs f. A panic is our bug: it costs what was in hand, one message or one device its
// connection, and nobody their service. It is the only recover in the program.
func contain(f func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s\n%s", fault(p), trace())
		}
	}()
	f()
	return nil
}

// guard is contain for a step of a machine.
func guard[F any](step func() []F) (effects []F, err error) {
	if err := contain(func() { effects = step() }); err != nil {
		return nil, err
	}
	return effects, nil
}

// contain runs f and reports its fault.
func (n *Node) contain(f func()) (sound bool) {
	err := contain(f)
	if err != nil {
		n.bug(err)
	}
	return err == nil
}

// fault is a panic's value as it may stand in a log: whatever is no text may be a device's.
func fault(p any) string {
	switch p := p.(type) {
	case error:
		return p.Error()
	case string:
		return p
	}
	return fmt.Sprintf("panic with a %T", p)
}

// trace is where a panic came from. Unlike the runtime's own it has no arguments, among which
// are keys and identities.
func trace() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs[:])]) // from what panicked on
	var b strings.Builder
	for {
		f, more := frames.Next()
		fmt.Fprintf(&b, "%s %s:%d\n", f.Function, f.File, f.Line)
		if !more {
			return b.String()
		}
	}
}
