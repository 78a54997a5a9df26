package node

import (
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"

	"cordon/datapath"
	"cordon/document"
	"cordon/ident"
	"cordon/subscriber"
	"cordon/transport"
)

// Kinds of values that the file holds, each with what it wants in words.

// readRate reads bits per second, as 100 Mbit/s.
func readRate(to *uint64) document.Reading {
	return document.Value(to, "a rate such as 500 kbit/s, 100 Mbit/s or 1 Gbit/s", func(s string) (uint64, error) {
		number, unit, ok := strings.Cut(s, " ")
		scale, known := map[string]float64{"bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9, "Tbit/s": 1e12}[unit]
		v, err := strconv.ParseFloat(number, 64)
		if err != nil || !ok || !known || !(v > 0) || v*scale > maxRate || v*scale != math.Trunc(v*scale) {
			return 0, document.ErrValue
		}
		return uint64(v * scale), nil
	})
}

// maxRate is the largest bit rate that N2 can carry (TS 38.413 §9.3.1.4).
const maxRate = 4e12

func readPLMN(to *ident.PLMN) document.Reading {
	return document.Value(to, "five or six digits: country code, then network code", ident.ParsePLMN)
}

func readTAC(to *ident.TAC) document.Reading {
	return document.Value(to, "a tracking area code: a number below 16777216, or hexadecimal after 0x", ident.ParseTAC)
}

func readSlice(to *ident.SNSSAI) document.Reading {
	return document.Value(to, "a slice: SST or SST-SD, as 1 or 1-010203", ident.ParseSNSSAI)
}

func readDNN(to *ident.DNN) document.Reading {
	return document.Value(to, "a data network name of letters, digits, hyphens and dots", ident.ParseDNN)
}

func readVersions(to *subscriber.IPVersions) document.Reading {
	return document.Value(to, "ipv4, ipv6 or both", func(s string) (subscriber.IPVersions, error) {
		switch s {
		case "ipv4":
			return subscriber.IPv4, nil
		case "ipv6":
			return subscriber.IPv6, nil
		case "both":
			return subscriber.IPv4 | subscriber.IPv6, nil
		}
		return 0, document.ErrValue
	})
}

func readSCTP(to *transport.Mode) document.Reading {
	return document.Value(to, "auto, kernel, raw or udp", transport.ParseMode)
}

func readN6(to *datapath.N6) document.Reading {
	return document.Choice(to, datapath.Auto, datapath.TUN, datapath.Netstack)
}

// readAlgorithm reads the name of an integrity (nia) or ciphering (nea) algorithm.
func readAlgorithm(to *uint8, kind string) document.Reading {
	want := fmt.Sprintf("%[1]s0, %[1]s1, %[1]s2 or %[1]s3", kind)
	return document.Value(to, want, func(s string) (uint8, error) {
		rest, ok := strings.CutPrefix(strings.ToLower(s), kind)
		if !ok || len(rest) != 1 || rest[0] < '0' || rest[0] > '3' {
			return 0, document.ErrValue
		}
		return rest[0] - '0', nil
	})
}

func readScheme(to *ident.SchemeID) document.Reading {
	return document.Value(to, "A or B", func(s string) (ident.SchemeID, error) {
		switch s {
		case "A", "a":
			return ident.SchemeProfileA, nil
		case "B", "b":
			return ident.SchemeProfileB, nil
		}
		return 0, document.ErrValue
	})
}

// readGNB reads the identifier of a gNB and its length, as 1a2b/24.
func readGNB(to *ident.RANNode) document.Reading {
	return document.Value(to, "a gNB identifier in hexadecimal and its length of 22 to 32 bits, as 1a2b/24", ident.ParseGNB)
}

func readLogLevel(to *slog.Level) document.Reading {
	return document.Value(to, "debug, info, warn or error", func(s string) (slog.Level, error) {
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
		return 0, document.ErrValue
	})
}

func readLogFormat(json *bool) document.Reading {
	return document.Value(json, "text or json", func(s string) (bool, error) {
		if s != "text" && s != "json" {
			return false, document.ErrValue
		}
		return s == "json", nil
	})
}
