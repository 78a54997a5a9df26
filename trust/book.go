package trust

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"cordon/rules"
)

const (
	findingBytes = 512 // octets kept of the first and of the latest message that shows a finding
	findingText  = 200 // octets of a reason, or of who cleared one
	windowHours  = 24
)

// Book holds what has been observed of elements: one [Entry] for each element and kind. Its owner is one
// goroutine. The zero value holds nothing and drops all; see [NewBook].
type Book struct {
	entries map[entryKey]*Entry
	most    int
	dropped uint64
}

type entryKey struct{ element, kind string }

// Entry is all findings of one kind against one element.
type Entry struct {
	Element string // "" for what has no record
	Kind    string
	Count   uint64 // since the first, or since it was cleared
	// Day is how many of those of the last 24 hours count, as of the time it was listed.
	Day         int
	First, Last time.Time
	Why         string // the latest finding's
	FirstBytes  []byte // of the first message that shows it, up to 512 octets
	LastBytes   []byte // of the latest
	Cleared     *Clearing
	// Hours counts the findings of the hour that began Hour hours after 1970, then of the hours before it.
	Hours [windowHours]uint32
	Hour  int64
}

// Clearing is an operator's statement that findings are explained.
type Clearing struct {
	At       time.Time
	Who, Why string
}

// NewBook makes a book of at most so many entries.
func NewBook(most int) *Book { return &Book{entries: map[entryKey]*Entry{}, most: most} }

// Noted says what became of a finding.
type Noted struct {
	Count uint64 // of its entry; 0 where the book is full and the finding only counted as dropped
	// Telling is the first of its entry and each that brings the count to a power of ten: what
	// evidence and logs tell, so that no peer can fill them.
	Telling bool
}

// Note enters a finding of a kind that [Kinds] has; another is dropped. Message may be nil.
func (b *Book) Note(now time.Time, element, kind, why string, message []byte) Noted {
	_, known := KindNamed(kind)
	k := entryKey{element, kind}
	e := b.entries[k]
	if e == nil {
		if !known || len(b.entries) >= b.most {
			b.dropped++
			return Noted{}
		}
		e = &Entry{Element: element, Kind: kind}
		b.entries[k] = e
	}
	if e.Count == 0 {
		e.First, e.FirstBytes = now, clip(message)
	}
	e.Count++
	e.Last, e.Why, e.LastBytes = now, clipText(why), clip(message)
	e.turn(now)
	if e.Hours[0]++; e.Hours[0] == 0 {
		e.Hours[0]--
	}
	return Noted{Count: e.Count, Telling: powerOfTen(e.Count)}
}

// turn brings the window of hours up to now. A clock that went back counts in the latest hour.
func (e *Entry) turn(now time.Time) {
	hour := now.Unix() / 3600
	if gone := hour - e.Hour; gone >= windowHours {
		e.Hours = [windowHours]uint32{}
	} else if gone > 0 {
		copy(e.Hours[gone:], e.Hours[:windowHours-gone])
		clear(e.Hours[:gone])
	}
	e.Hour = max(e.Hour, hour)
}

// observed is how many findings rules are told of.
func (e *Entry) observed(k Kind) int {
	if k.Lasting {
		return int(min(e.Count, 1<<30))
	}
	return e.day(k.Free)
}

// day is the findings of the window beyond those that each hour has free.
func (e *Entry) day(free int) int {
	n := 0
	for _, h := range e.Hours {
		n += max(0, int(h)-free)
	}
	return n
}

// Observations is what rules are told, in the order of elements and kinds. An entry that counts nothing any
// more is left out.
func (b *Book) Observations(now time.Time) []rules.Observation {
	var list []rules.Observation
	for _, e := range b.sorted() {
		k, _ := KindNamed(e.Kind)
		e.turn(now)
		if n := e.observed(k); n > 0 {
			list = append(list, rules.Observation{Element: e.Element, Kind: e.Kind, Count: n})
		}
	}
	return list
}

// List is a copy of all entries, or of one element's if it is not "", in the order of elements and kinds.
func (b *Book) List(now time.Time, element string) []Entry {
	var list []Entry
	for _, e := range b.sorted() {
		if element != "" && e.Element != element {
			continue
		}
		k, _ := KindNamed(e.Kind)
		e.turn(now)
		e.Day = e.day(k.Free)
		list = append(list, *e)
	}
	return list
}

func (b *Book) sorted() []*Entry {
	list := make([]*Entry, 0, len(b.entries))
	for _, e := range b.entries {
		list = append(list, e)
	}
	slices.SortFunc(list, func(x, y *Entry) int {
		return cmp.Or(cmp.Compare(x.Element, y.Element), cmp.Compare(x.Kind, y.Kind))
	})
	return list
}

// Clear has an element's findings of a kind, or of every kind if it is "", count no more, since an operator
// has explained them. The entries stay, with who and why. It reports how many there were.
func (b *Book) Clear(now time.Time, element, kind, who, why string) int {
	n := 0
	for _, e := range b.entries {
		if e.Element != element || kind != "" && e.Kind != kind || e.Count == 0 {
			continue
		}
		e.Count, e.Hours = 0, [windowHours]uint32{}
		e.Cleared = &Clearing{At: now, Who: clipText(who), Why: clipText(why)}
		n++
	}
	return n
}

// Restore enters what List gave before a restart. What the book has no room for is dropped.
func (b *Book) Restore(entries []Entry) {
	for _, e := range entries {
		k := entryKey{e.Element, e.Kind}
		if _, known := KindNamed(e.Kind); !known || b.entries[k] == nil && len(b.entries) >= b.most {
			b.dropped++
			continue
		}
		e.Why, e.FirstBytes, e.LastBytes = clipText(e.Why), clip(e.FirstBytes), clip(e.LastBytes)
		b.entries[k] = &e
	}
}

// Dropped is how many findings the book had no room for.
func (b *Book) Dropped() uint64 { return b.dropped }

func clip(message []byte) []byte { return bytes.Clone(message[:min(len(message), findingBytes)]) }

func clipText(s string) string { return s[:min(len(s), findingText)] }

func powerOfTen(n uint64) bool {
	for n >= 10 && n%10 == 0 {
		n /= 10
	}
	return n == 1
}
