package node

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"cordon/ident"
)

// NewLogger makes the program's logger. Whatever type a SUPI hides behind, a log line has
// it masked: JSON would otherwise print it as the number that it is. And what can say what it
// is says so in JSON as well.
func NewLogger(w io.Writer, c LogConfig) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.Level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() != slog.KindAny {
			return a
		}
		switch v := a.Value.Any().(type) {
		case ident.SUPI:
			return slog.String(a.Key, v.String())
		case ident.SUCI:
			return slog.String(a.Key, "suci-"+v.PLMN.String())
		case fmt.Stringer:
			return slog.String(a.Key, v.String())
		}
		return a
	}}
	if c.JSON {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// LogConfig says what is logged and how.
type LogConfig struct {
	Level slog.Level
	JSON  bool
}

// Kinds of lines that a peer can cause at will.
const (
	logIdentity = iota
	logStore
	logPlan
	logSIM
	logRadio
	logBug
	logFinding
	logPending
)

// How many lines of a kind may be logged in a second. A host that does nothing else must not fill
// the disk.
const (
	radioLines   = 20
	findingLines = 20
)

// logNow lets one line of each kind through in a second.
func (n *Node) logNow(kind uint8) bool { return n.logUpTo(kind, 1) }

// logUpTo lets so many lines of a kind through in a second, 255 at most.
func (n *Node) logUpTo(kind uint8, most int64) bool {
	for {
		was, now := n.logged[kind].Load(), time.Now().Unix()
		next := now<<8 | 1
		if was>>8 == now {
			if was&255 >= most {
				return false
			}
			next = was + 1
		}
		if n.logged[kind].CompareAndSwap(was, next) {
			return true
		}
	}
}
