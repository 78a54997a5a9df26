package trust

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"cordon/document"
	"cordon/ident"
	"cordon/rules"
)

// The forms of single values.

const (
	maxName = 100 // octets
	maxText = 1000
)

var errText = errors.New("no such text")

// text is the form of a text of one line, of 1 to most octets.
func text[V ~string](most int) form[V] {
	want := fmt.Sprintf("a text of 1 to %d characters, on one line and without space around it", most)
	schema := map[string]any{"type": "string", "minLength": 1, "maxLength": most}
	return scalar(want, false, schema, func(s string) (V, error) {
		if s == "" || len(s) > most || s != strings.TrimSpace(s) ||
			strings.ContainsFunc(s, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }) {
			return "", errText
		}
		return V(s), nil
	}, func(v V) string { return string(v) })
}

var (
	name = text[string](maxName)
	line = text[string](maxText)
)

// choice is the form of one of a few words, which a record may also be without.
func choice(words ...string) form[string] {
	return scalar(document.OneOf(words), false, map[string]any{"type": "string", "enum": words}, func(s string) (string, error) {
		for _, w := range words {
			if s == w {
				return s, nil
			}
		}
		return "", errText
	}, func(v string) string { return v })
}

// matching is the form of a text that a predicate accepts and a pattern describes.
func matching(want, pattern string, ok func(string) bool) form[string] {
	return scalar(want, false, map[string]any{"type": "string", "pattern": pattern}, func(s string) (string, error) {
		if !ok(s) {
			return "", errText
		}
		return s, nil
	}, func(v string) string { return v })
}

var (
	slug = matching("1 to 60 lower-case letters, digits and hyphens", "^[a-z0-9][a-z0-9-]{0,59}$", func(s string) bool {
		return s != "" && len(s) <= 60 && s[0] != '-' &&
			!strings.ContainsFunc(s, func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') })
	})
	country = matching("a country's two capital letters (ISO 3166)", "^[A-Z]{2}$", func(s string) bool {
		return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
	})
	currency = matching("a currency's three capital letters (ISO 4217)", "^[A-Z]{3}$", func(s string) bool {
		return len(s) == 3 && !strings.ContainsFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' })
	})
	fingerprint = matching("64 hexadecimal digits in lower case", "^[0-9a-f]{64}$", isHash)
	digest      = matching("sha256: and 64 hexadecimal digits in lower case", "^sha256:[0-9a-f]{64}$", func(s string) bool {
		hash, ok := strings.CutPrefix(s, "sha256:")
		return ok && isHash(hash)
	})
)

// wireGuard is the protection that Cordon makes itself, for an element whose key it has.
const wireGuard = "wireguard"

// protection is the form of how a path is protected.
var protection = choice("ipsec", wireGuard, "macsec", "none")

var wireGuardKey = matching("a public key as WireGuard writes it: 44 characters of base64, the last of them =", "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$", func(s string) bool {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	return err == nil && len(s) == 44 && len(b) == 32
})

func isHash(s string) bool {
	return len(s) == 64 && !strings.ContainsFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'f') })
}

var date = scalar("a date as 2027-12-31", false, map[string]any{"type": "string", "format": "date"}, rules.ParseDate, rules.Date.String).bare(rules.Date.String)

var yes = scalar("true or false", false, map[string]any{"type": "boolean"}, parseBool, strconv.FormatBool).bare(strconv.FormatBool)

func parseBool(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, errText
	}
	return s == "true", nil
}

// known is true or false, and unknown where it is not said.
var known = scalar("true or false", false, map[string]any{"type": "boolean"}, func(s string) (rules.Known, error) {
	b, err := parseBool(s)
	if b {
		return rules.Yes, err
	}
	return rules.No, err
}, knownText).bare(knownText)

func knownText(k rules.Known) string { return strconv.FormatBool(k == rules.Yes) }

// whole is the form of a number without fraction.
func whole[V ~int | ~int64](low, high int64) form[V] {
	format := func(v V) string { return strconv.FormatInt(int64(v), 10) }
	return scalar(fmt.Sprintf("a number from %d to %d", low, high), false, map[string]any{"type": "integer", "minimum": low, "maximum": high}, func(s string) (V, error) {
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil || v < low || v > high || s[0] == '+' {
			return 0, errText
		}
		return V(v), nil
	}, format).bare(format)
}

// amount is the form of a share input: not negative, and unknown where it is not said.
var amount = func() form[float64] {
	f := scalar("a number from 0 to 1e15", false, map[string]any{"type": "number", "minimum": 0, "maximum": 1e15}, func(s string) (float64, error) {
		return parseNumber(s, 0, 1e15)
	}, formatNumber).bare(formatNumber)
	f.absent = func(v float64) bool { return v < 0 }
	return f
}()

func parseNumber(s string, low, high float64) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.ContainsAny(s, "xXpP_+") || math.IsNaN(v) || v < low || v > high {
		return 0, errText
	}
	return v + 0, nil // -0 is 0
}

func formatNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// function is the form of a function tag.
var function = scalar("a function tag, as gnb", true, map[string]any{"type": "string", "enum": rules.Functions()}, rules.ParseFunction,
	func(f rules.Function) string { return string(f) })

var (
	tac = scalar("a tracking area code: a number below 16777216, or hexadecimal after 0x", false,
		map[string]any{"type": []string{"integer", "string"}}, ident.ParseTAC, tacText).bare(tacText)
	plmn  = scalar("five or six digits: country code, then network code", false, map[string]any{"type": []string{"string", "integer"}}, ident.ParsePLMN, ident.PLMN.String)
	slice = scalar("a slice: SST or SST-SD, as 1 or 1-010203", false, map[string]any{"type": []string{"string", "integer"}}, ident.ParseSNSSAI, ident.SNSSAI.String)
	node  = scalar("a radio's identity as gnb-00101-19b/22", true, map[string]any{"type": "string"}, ident.ParseRANNode, ident.RANNode.String)
)

func tacText(t ident.TAC) string { return strconv.FormatUint(uint64(t), 10) }

// prefix is the form of an address range; one address is a range too.
var prefix = scalar("an address, or a range without host bits, as 192.0.2.7 or 10.1.0.0/16", false, map[string]any{"type": "string"}, func(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" && !a.Is4In6() {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil || p != p.Masked() || p.Addr().Is4In6() {
		return netip.Prefix{}, errText
	}
	return p, nil
}, func(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
})

func jsonText(v any) string {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic(err) // the schema is made of nothing but texts, numbers, lists and maps
	}
	return string(b) + "\n"
}
