package rules

import (
	"fmt"
	"strings"
)

// The words of enumerations, by their values. They are what files hold and what is printed.
var (
	actWords     = []string{"refuse", "restrict", "allow"}
	classWords   = []string{"standard", "trusted", "high-risk"}
	shapeWords   = []string{"", "function-ban", "share-cap", "geo-exclusion", "phase-out", "freeze", "permission", "diversity", "separation", "record-match", "cut-off"}
	statusWords  = []string{"", "law", "direction", "guidance", "proposal", "reported", "own"}
	markWords    = []string{"", "F", "F2", "M", "A"}
	gateWords    = []string{"", "n2", "device", "session", "handover", "n4", "management", "software"}
	owesWords    = []string{"sealed-only", "no-protected", "watch", "replace", "late", "mediate", "report", "diversify"}
	measureWords = []string{"count", "traffic", "premises"}
	knownWords   = []string{"unknown", "no", "yes"}
)

func word[T ~uint8](words []string, v T) string {
	if int(v) < len(words) && words[v] != "" {
		return words[v]
	}
	return fmt.Sprintf("%d", uint8(v))
}

// parseWord reads one of an enumeration's words. What completes "is no ...".
func parseWord[T ~uint8](words []string, what string) func(string) (T, error) {
	return func(s string) (T, error) {
		for i, w := range words {
			if w == s && w != "" {
				return T(i), nil
			}
		}
		return 0, fmt.Errorf("%.40q is no %s%s", s, what, meant(s, nonEmpty(words)))
	}
}

func nonEmpty(words []string) []string {
	if len(words) > 0 && words[0] == "" {
		return words[1:]
	}
	return words
}

func (a Act) String() string    { return word(actWords, a) }
func (c Class) String() string  { return word(classWords, c) }
func (s Shape) String() string  { return word(shapeWords, s) }
func (s Status) String() string { return word(statusWords, s) }
func (m Mark) String() string   { return word(markWords, m) }
func (g Gate) String() string   { return word(gateWords, g) }
func (k Known) String() string  { return word(knownWords, k) }

// Means says in words how well a rule's text is known, and what is left to do about it.
func (m Mark) Means() string {
	switch m {
	case MarkPrimary:
		return "read in the primary, or in a serious report of it"
	case MarkSecondary:
		return "read in a secondary source: confirm against the primary"
	case MarkUnsure:
		return "commonly known and not confirmed: confirm against the primary"
	case MarkAddress:
		return "only the primary's address is known: read it before you rely on this rule"
	}
	return "not said"
}

// String is the obligations' names with commas between, empty for none.
func (o Owes) String() string { return strings.Join(o.Words(), ",") }

// Words is the obligations' names.
func (o Owes) Words() []string {
	var words []string
	for i, w := range owesWords {
		if o&(1<<i) != 0 {
			words = append(words, w)
		}
	}
	return words
}

func (a Act) MarshalText() ([]byte, error)    { return []byte(a.String()), nil }
func (c Class) MarshalText() ([]byte, error)  { return []byte(c.String()), nil }
func (s Shape) MarshalText() ([]byte, error)  { return []byte(s.String()), nil }
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
func (m Mark) MarshalText() ([]byte, error)   { return []byte(m.String()), nil }
func (g Gate) MarshalText() ([]byte, error)   { return []byte(g.String()), nil }
func (o Owes) MarshalText() ([]byte, error)   { return []byte(o.String()), nil }

// MarshalText is the day as 2027-12-31, empty for none.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Act) UnmarshalText(b []byte) (err error) {
	*a, err = parseWord[Act](actWords, "act")(string(b))
	return err
}

// UnmarshalText reads what MarshalText wrote.
func (o *Owes) UnmarshalText(b []byte) (err error) {
	*o, err = parseOwes(strings.FieldsFunc(string(b), func(r rune) bool { return r == ',' }))
	return err
}

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if *d = 0; len(b) > 0 {
		*d, err = ParseDate(string(b))
	}
	return err
}

// ParseClass reads a class's word.
func ParseClass(s string) (Class, error) { return parseWord[Class](classWords, "class")(s) }

// ParseGate reads a gate's word.
func ParseGate(s string) (Gate, error) { return parseWord[Gate](gateWords, "gate")(s) }

// ParseAct reads an act's word.
func ParseAct(s string) (Act, error) { return parseWord[Act](actWords, "act")(s) }

func parseOwes(words []string) (Owes, error) {
	var o Owes
	for _, w := range words {
		i, err := parseWord[uint8](owesWords, "obligation")(w)
		if err != nil {
			return 0, err
		}
		o |= 1 << i
	}
	return o, nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *Shape) UnmarshalText(b []byte) (err error) {
	*s, err = parseWord[Shape](shapeWords, "shape")(string(b))
	return err
}

// UnmarshalText reads what MarshalText wrote.
func (s *Status) UnmarshalText(b []byte) (err error) {
	*s, err = parseWord[Status](statusWords, "status")(string(b))
	return err
}

// UnmarshalText reads what MarshalText wrote.
func (m *Mark) UnmarshalText(b []byte) (err error) {
	*m, err = parseWord[Mark](markWords, "mark")(string(b))
	return err
}

// UnmarshalText reads what MarshalText wrote.
func (o *Outcome) UnmarshalText(b []byte) (err error) {
	*o, err = parseWord[Outcome](outcomeWords, "outcome")(string(b))
	return err
}

// UnmarshalText reads what MarshalText wrote. No gate is its zero value, as where only the record was judged.
func (g *Gate) UnmarshalText(b []byte) (err error) {
	if *g = 0; string(b) != "0" {
		*g, err = ParseGate(string(b))
	}
	return err
}
