package evidence

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const version = "1"

// AppendEntry appends an entry's written form, which has no line end, and returns the extended
// buffer. It is total: what is too long is cut, what is no text is replaced, and what the kind needs
// and was not given is "unknown", so that an entry is always one that [ParseEntry] accepts.
func AppendEntry(b []byte, e Entry) []byte {
	e.fit()
	b = append(b, '{')
	first := true
	for _, f := range e.table() {
		if f.empty() && f.needed&(1<<e.Kind) == 0 {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, '"')
		b = append(b, f.name...)
		b = append(b, '"', ':')
		b = f.appendValue(b)
	}
	return append(b, '}')
}

// empty says that the field has nothing to tell.
func (f *field) empty() bool {
	switch {
	case f.text != nil:
		return *f.text == ""
	case f.list != nil:
		return len(*f.list) == 0
	case f.at != nil:
		return f.at.IsZero()
	case f.count != nil:
		return *f.count == 0
	case f.detail != nil:
		return len(*f.detail) == 0
	}
	return false // the kind and the version are always told
}

func (f *field) appendValue(b []byte) []byte {
	switch {
	case f.text != nil:
		return appendText(b, *f.text)
	case f.list != nil:
		b = append(b, '[')
		for i, s := range *f.list {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendText(b, s)
		}
		return append(b, ']')
	case f.at != nil:
		return appendTime(b, *f.at)
	case f.count != nil:
		return strconv.AppendUint(b, *f.count, 10)
	case f.kind != nil:
		return appendText(b, f.kind.String())
	case f.detail != nil:
		b = append(b, '{')
		for i, d := range *f.detail {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendText(b, d.Name), ':')
			b = appendText(b, d.Value)
		}
		return append(b, '}')
	}
	return append(b, version...)
}

// appendText writes a text that holds no control characters.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

const timeForm = "2006-01-02T15:04:05.000Z"

// Times that are written lie between these.
var (
	earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)
)

func appendTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.AppendFormat(b, timeForm)
	return append(b, '"')
}

// fit brings an entry within its limits and gives it what its kind needs.
func (e *Entry) fit() {
	if e.Kind >= numKinds {
		e.Kind = Note
	}
	for _, f := range e.table() {
		needed := f.needed&(1<<e.Kind) != 0
		switch {
		case f.text != nil:
			*f.text = cut(*f.text, f.max)
			if needed && *f.text == "" {
				*f.text = unknown
			}
		case f.list != nil:
			*f.list = fitList(*f.list, f.max)
		case f.at != nil:
			if needed || !f.at.IsZero() {
				*f.at = fitTime(*f.at)
			}
		case f.count != nil:
			*f.count = min(*f.count, maxCount)
		case f.detail != nil:
			*f.detail = fitDetails(*f.detail)
		}
	}
}

func fitTime(t time.Time) time.Time {
	switch t = t.UTC().Truncate(time.Millisecond); {
	case t.Before(earliest):
		return earliest
	case t.After(latest):
		return latest
	}
	return t
}

// fitList keeps what is within the limits, in a slice of its own where anything is to be changed.
func fitList(list []string, longest int) []string {
	if len(list) > MaxList {
		list = list[:MaxList]
	}
	for i, s := range list {
		if c := cut(s, longest); c != s {
			list = slices.Clone(list)
			for j := i; j < len(list); j++ {
				list[j] = cut(list[j], longest)
			}
			break
		}
	}
	return list
}

// fitDetails orders details by name and keeps the first of each, in a slice of its own where
// anything is to be changed.
func fitDetails(list []Detail) []Detail {
	for i, d := range list {
		if i >= MaxDetails || i > 0 && list[i-1].Name >= d.Name || cutKey(d.Name) != d.Name || cut(d.Value, MaxWhy) != d.Value {
			return remadeDetails(list)
		}
	}
	return list
}

func remadeDetails(list []Detail) []Detail {
	made := make([]Detail, 0, MaxDetails)
	for _, d := range list[:min(len(list), MaxDetails)] {
		made = append(made, Detail{cutKey(d.Name), cut(d.Value, MaxWhy)})
	}
	slices.SortStableFunc(made, func(a, b Detail) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(made, func(a, b Detail) bool { return a.Name == b.Name })
}

// cut is s without control characters and broken text, and no longer than so many octets.
func cut(s string, longest int) string {
	if clean(s) && len(s) <= longest {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if control(r) {
			return utf8.RuneError
		}
		return r
	}, s[:min(len(s), longest)])
	for n := 0; n < len(s); {
		_, size := utf8.DecodeRuneInString(s[n:])
		if n+size > longest {
			return s[:n]
		}
		n += size
	}
	return s
}

// clean says that s is valid text without control characters.
func clean(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f {
			return utf8.ValidString(s) && strings.IndexFunc(s, control) < 0
		}
	}
	return true
}

func control(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// cutKey is s as a detail's name.
func cutKey(s string) string {
	if s == "" {
		return unknown
	}
	if len(s) > MaxKey {
		s = s[:MaxKey]
	}
	for i := range len(s) {
		if !keyOctet(s[i]) {
			return strings.Map(func(r rune) rune {
				if r < utf8.RuneSelf && keyOctet(byte(r)) {
					return r
				}
				return '_'
			}, s)
		}
	}
	return s
}

func keyOctet(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_' }
