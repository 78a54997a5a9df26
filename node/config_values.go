package node

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"cordon/datapath"
	"cordon/ident"
	"cordon/transport"
)

// Kinds of values that the file holds, each with what it wants in words.

func readText(to *string) reading {
	return readValue(to, "a text", func(s string) (string, error) { return s, nil })
}

func readBool(to *bool) reading {
	return readValue(to, "true or false", func(s string) (bool, error) {
		switch s {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return false, errValue
	})
}

var errValue = errors.New("another value is wanted")

// readInt reads a decimal number, or a hexadecimal one after 0x.
func readInt[T ~int | ~uint8 | ~uint16 | ~uint32](to *T, low, high int) reading {
	return readValue(to, fmt.Sprintf("a number from %d to %d", low, high), func(s string) (T, error) {
		base := 10
		if rest, hex := strings.CutPrefix(s, "0x"); hex {
			s, base = rest, 16
		}
		v, err := strconv.ParseUint(s, base, 32)
		if err != nil || int(v) < low || int(v) > high {
			return 0, errValue
		}
		return T(v), nil
	})
}

// readDuration reads a time such as 54m. Its range is for Check to say.
func readDuration(to *time.Duration) reading {
	return readValue(to, "a time such as 30s, 54m or 1h30m", time.ParseDuration)
}

// readRate reads bits per second, as 100 Mbit/s.
func readRate(to *uint64) reading {
	return readValue(to, "a rate such as 500 kbit/s, 100 Mbit/s or 1 Gbit/s", func(s string) (uint64, error) {
		number, unit, ok := strings.Cut(s, " ")
		scale, known := map[string]float64{"bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9, "Tbit/s": 1e12}[unit]
		v, err := strconv.ParseFloat(number, 64)
		if err != nil || !ok || !known || !(v > 0) || v*scale > maxRate || v*scale != math.Trunc(v*scale) {
			return 0, errValue
		}
		return uint64(v * scale), nil
	})
}

// maxRate is the largest bit rate that N2 can carry (TS 38.413 §9.3.1.4).
const maxRate = 4e12

func readAddress(to *netip.Addr) reading {
	return readValue(to, "an IP address", func(s string) (netip.Addr, error) {
		a, err := netip.ParseAddr(s)
		if err != nil || a.Zone() != "" || a.Is4In6() {
			return netip.Addr{}, errValue
		}
		return a, nil
	})
}

// readEndpoint reads ADDRESS:PORT.
func readEndpoint(to *netip.AddrPort) reading {
	return readValue(to, "an address and a port, as 127.0.0.1:8642", netip.ParseAddrPort)
}

func readPrefix(to *netip.Prefix) reading {
	return readValue(to, "an address range without host bits, as 10.45.0.0/16", func(s string) (netip.Prefix, error) {
		p, err := netip.ParsePrefix(s)
		if err != nil || p != p.Masked() || p.Addr().Is4In6() {
			return netip.Prefix{}, errValue
		}
		return p, nil
	})
}

func readPLMN(to *ident.PLMN) reading {
	return readValue(to, "five or six digits: country code, then network code", ident.ParsePLMN)
}

func readTAC(to *ident.TAC) reading {
	return readValue(to, "a tracking area code: a number below 16777216, or hexadecimal after 0x", func(s string) (ident.TAC, error) {
		if len(s) > 1 && s[0] == '0' && s[1] != 'x' {
			return 0, errValue // 010 is ten to some and eight to others
		}
		return ident.ParseTAC(s)
	})
}

func readSlice(to *ident.SNSSAI) reading {
	return readValue(to, "a slice: SST or SST-SD, as 1 or 1-010203", ident.ParseSNSSAI)
}

func readDNN(to *ident.DNN) reading {
	return readValue(to, "a data network name of letters, digits, hyphens and dots", ident.ParseDNN)
}

func readSCTP(to *transport.Mode) reading {
	return readValue(to, "auto, kernel, raw or udp", transport.ParseMode)
}

// readChoice reads one of a few words.
func readChoice[T ~string](to *T, words ...T) reading {
	var names []string
	for _, w := range words {
		names = append(names, string(w))
	}
	want := strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
	return readValue(to, want, func(s string) (T, error) {
		for _, w := range words {
			if s == string(w) {
				return w, nil
			}
		}
		return "", errValue
	})
}

func readN6(to *datapath.N6) reading {
	return readChoice(to, datapath.Auto, datapath.TUN, datapath.Netstack)
}

// readAlgorithm reads the name of an integrity (nia) or ciphering (nea) algorithm.
func readAlgorithm(to *uint8, kind string) reading {
	want := fmt.Sprintf("%[1]s0, %[1]s1, %[1]s2 or %[1]s3", kind)
	return readValue(to, want, func(s string) (uint8, error) {
		rest, ok := strings.CutPrefix(strings.ToLower(s), kind)
		if !ok || len(rest) != 1 || rest[0] < '0' || rest[0] > '3' {
			return 0, errValue
		}
		return rest[0] - '0', nil
	})
}

func readScheme(to *ident.SchemeID) reading {
	return readValue(to, "A or B", func(s string) (ident.SchemeID, error) {
		switch s {
		case "A", "a":
			return ident.SchemeProfileA, nil
		case "B", "b":
			return ident.SchemeProfileB, nil
		}
		return 0, errValue
	})
}

// readGNB reads the identifier of a gNB and its length, as 1a2b/24.
func readGNB(to *ident.RANNode) reading {
	return readValue(to, "a gNB identifier in hexadecimal and its length of 22 to 32 bits, as 1a2b/24", func(s string) (ident.RANNode, error) {
		id, bits, _ := strings.Cut(s, "/")
		n, err := strconv.ParseUint(bits, 10, 8)
		if err != nil || n < 22 || n > 32 {
			return ident.RANNode{}, errValue
		}
		v, err := strconv.ParseUint(id, 16, int(n))
		return ident.RANNode{Kind: ident.GNB, Bits: uint8(n), ID: uint32(v)}, err
	})
}

func readLogLevel(to *slog.Level) reading {
	return readValue(to, "debug, info, warn or error", func(s string) (slog.Level, error) {
		switch s {
		case "debug":
			return slog.LevelDebug, nil
		case "info":
			return slog.LevelInfo, nil
		case "warn":
			return slog.LevelWarn, nil
		case "error":
			return slog.LevelError, nil
		}
		return 0, errValue
	})
}

func readLogFormat(json *bool) reading {
	return readValue(json, "text or json", func(s string) (bool, error) {
		if s != "text" && s != "json" {
			return false, errValue
		}
		return s == "json", nil
	})
}
