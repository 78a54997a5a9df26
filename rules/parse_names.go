package rules

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

func lowerName(s string) (string, error) {
	return named(s, "lower-case letters, digits and hyphens", func(c rune) bool { return c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' })
}

func parameterName(s string) (string, error) {
	return named(s, "lower-case letters, digits and underscores", func(c rune) bool { return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' })
}

func regimeName(s string) (string, error) {
	if s == cordon.Name {
		return "", errors.New("cordon is the name of Cordon's own rules")
	}
	return lowerName(s)
}

func ruleID(s string) (string, error) {
	if strings.HasPrefix(s, "CORDON-") {
		return "", errors.New("CORDON- begins the names of Cordon's own rules")
	}
	return named(s, "letters, digits, hyphens and dots", func(c rune) bool {
		return c == '-' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	})
}

func named(s, want string, ok func(rune) bool) (string, error) {
	if s == "" || len(s) > 60 || strings.ContainsFunc(s, func(c rune) bool { return !ok(c) }) {
		return "", fmt.Errorf("%.80q: want 1 to 60 %s", s, want)
	}
	return s, nil
}

func country(s string) (string, error) {
	if len(s) != 2 && s != "" || strings.ContainsFunc(s, func(c rune) bool { return c < 'A' || c > 'Z' }) {
		return "", fmt.Errorf("%.20q: want a country as two capitals (ISO 3166)", s)
	}
	return s, nil
}

// percent reads a share with up to three decimals.
func percent(s string) (Percent, error) {
	v, err := strconv.ParseFloat(s, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	if err != nil || strings.Trim(whole+fraction, "0123456789") != "" || len(fraction) > 3 || v < 0 || v > 100 {
		return 0, fmt.Errorf("%.20q: want a percentage from 0 to 100 with at most three decimals", s)
	}
	return Percent(v*1000 + 0.5), nil
}
