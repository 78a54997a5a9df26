package document

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// ErrValue is for a parse function of [Value] that has no more to say than what it wants.
var ErrValue = errors.New("another value is wanted")

// Value reads a scalar from its text as it stands in the file, so that 00101 is five
// digits and no number. Want completes "want ...".
func Value[T any](to *T, want string, parse func(string) (T, error)) Reading {
	return func(r *Reader, n Node) {
		if !r.enter(n, yaml.ScalarNode, want) {
			return
		}
		text, ok := n.Scalar()
		if !ok {
			r.Bad(n, "want %s, not nothing", want)
			return
		}
		v, err := parse(text)
		if err != nil {
			r.Bad(n, "%.80q: want %s", text, want)
			return
		}
		*to = v
	}
}

// Text reads any text.
func Text[T ~string](to *T) Reading {
	return Value(to, "a text", func(s string) (T, error) { return T(s), nil })
}

// Bool reads true or false.
func Bool(to *bool) Reading {
	return Value(to, "true or false", func(s string) (bool, error) {
		if s != "true" && s != "false" {
			return false, ErrValue
		}
		return s == "true", nil
	})
}

// Int reads a decimal number, or a hexadecimal one after 0x. Low is not negative.
func Int[T ~int | ~int64 | ~uint8 | ~uint16 | ~uint32](to *T, low, high int64) Reading {
	return Value(to, fmt.Sprintf("a number from %d to %d", low, high), func(s string) (T, error) {
		base := 10
		if rest, hex := strings.CutPrefix(s, "0x"); hex {
			s, base = rest, 16
		}
		v, err := strconv.ParseUint(s, base, 63)
		if err != nil || int64(v) < low || int64(v) > high {
			return 0, ErrValue
		}
		return T(v), nil
	})
}

// Number reads a decimal number with or without a fraction.
func Number(to *float64, low, high float64) Reading {
	return Value(to, fmt.Sprintf("a number from %v to %v", low, high), func(s string) (float64, error) {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || strings.ContainsAny(s, "xXpP_") || math.IsNaN(v) || v < low || v > high {
			return 0, ErrValue
		}
		return v, nil
	})
}

// Choice reads one of a few words.
func Choice[T ~string](to *T, words ...T) Reading {
	var names []string
	for _, w := range words {
		names = append(names, string(w))
	}
	return Value(to, OneOf(names), func(s string) (T, error) {
		for _, w := range words {
			if s == string(w) {
				return w, nil
			}
		}
		return "", ErrValue
	})
}

// OneOf lists words as "a, b or c".
func OneOf(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// Duration reads a time such as 54m.
func Duration(to *time.Duration) Reading {
	return Value(to, "a time such as 30s, 54m or 1h30m", time.ParseDuration)
}

// Address reads an IP address, without zone and not one that maps IPv4 into IPv6.
func Address(to *netip.Addr) Reading {
	return Value(to, "an IP address", func(s string) (netip.Addr, error) {
		a, err := netip.ParseAddr(s)
		if err != nil || a.Zone() != "" || a.Is4In6() {
			return netip.Addr{}, ErrValue
		}
		return a, nil
	})
}

// Endpoint reads ADDRESS:PORT.
func Endpoint(to *netip.AddrPort) Reading {
	return Value(to, "an address and a port, as 127.0.0.1:8642", netip.ParseAddrPort)
}

// Prefix reads ADDRESS/BITS whose host bits are zero.
func Prefix(to *netip.Prefix) Reading {
	return Value(to, "an address range without host bits, as 10.45.0.0/16", func(s string) (netip.Prefix, error) {
		p, err := netip.ParsePrefix(s)
		if err != nil || p != p.Masked() || p.Addr().Is4In6() {
			return netip.Prefix{}, ErrValue
		}
		return p, nil
	})
}

// Parsed reads a scalar whose parse function says itself what it wants. Want completes "want ..., not" where
// there is none.
func Parsed[T any](to *T, want string, parse func(string) (T, error)) Reading {
	return func(r *Reader, n Node) {
		if text, ok := n.Scalar(); ok && n.y.Kind == yaml.ScalarNode && len(text) <= r.limits.Text {
			if _, err := parse(text); err != nil {
				r.Bad(n, "%v", err)
				return
			}
		}
		Value(to, want, parse)(r, n)
	}
}
