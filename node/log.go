package node

import (
	"fmt"
	"io"
	"log/slog"

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
