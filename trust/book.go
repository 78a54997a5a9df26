package trust

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"time"

	"cordon/ident"
	"cordon/rules"
)

const (
	findingBytes = 512 // octets kept of the first and of the latest message that shows a finding
	findingText  = 200 // octets of a reason, or of who cleared one
	windowHours  = 24

	// maxWitnesses bounds the devices that are remembered to have counted. Beyond it no further one counts
	// for a while: each has authenticated, so whoever wants to be there needs as many SIMs.
	maxWitnesses = 1 << 16
)

// Book holds what has been observed of elements: one [Entry] for each element and kind. Its owner is one
// goroutine. The zero value holds nothing and drops all; see [NewBook].
type Book struct {
	entries   map[entryKey]*Entry
	room      [3]int               // entries that each Doer may still make
	witnesses map[ident.SUPI]int64 // the hour in which each device last counted
	swept     int64                // the hour in which witnesses were last forgotten
	dropped   uint64
}

type entryKey struct{ element, kind string }

// Entry is all findings of one kind against one element.
type Entry struct {
	Element string // "" for what has no record
	Kind    string
	Count   uint64 // since the first, or since it was cleared
	// Day is how many of those of the last 24 hours count, as of the time it was listed: see [Kind].
	Day         int
	First, Last time.Time
	Why         string // the latest finding's
	FirstBytes  []byte // of the first message that shows it: what [Shown] gives of it
	LastBytes   []byte // of the latest that was told
	Cleared     *Clearing
	// Hours counts the findings that count of the hour that began Hour hours after 1970, then of the hours
	// before it.
	Hours [windowHours]uint32
	Hour  int64
}

// Clearing is an operator's statement that findings are explained.
type Clearing struct {
	At       time.Time
	Who, Why string
}

// NewBook makes a book of at most so many entries. Half of it is kept for what elements themselves did, and
// a quarter each for what their devices and what anyone could do, so that nobody who can make up the one
// keeps the other out.
func NewBook(most int) *Book {
	return &Book{
		entries: map[entryKey]*Entry{}, witnesses: map[ident.SUPI]int64{},
		room: [...]int{Anyone: most / 4, Device: most / 4, Itself: most - most/4*2},
	}
}

// Sighting is what was observed.
type Sighting struct {
	Element string // "" for what has no record
	Kind    string
	Device  ident.SUPI // proven by its keys; 0 for none that is
	Count   uint64     // of occurrences; 0 is 1
	Why     string
	Message []byte // that shows it, may be nil
}

// Noted says what became of a finding.
type Noted struct {
	Count uint64 // of its entry; 0 where the book is full and the finding only counted as dropped
	// Telling is the first of its entry and each that brings the count to a power of ten or past it: what
	// evidence and logs tell, so that no peer can fill them.
	Telling bool
	By      Doer
}

// Note enters a finding of a kind that [Kinds] has; another is dropped.
func (b *Book) Note(now time.Time, s Sighting) Noted {
	kind, known := KindNamed(s.Kind)
	k := entryKey{s.Element, s.Kind}
	e := b.entries[k]
	if e == nil {
		if !known || b.room[kind.By] <= 0 {
			b.dropped++
			return Noted{}
		}
		e = &Entry{Element: s.Element, Kind: s.Kind}
		b.enter(e, kind)
	}
	was, count := e.Count, max(s.Count, 1)
	e.Count += count
	e.Last, e.Why = now, clipText(s.Why)
	noted := Noted{Count: e.Count, Telling: decade(was) < decade(e.Count), By: kind.By}
	if was == 0 {
		e.First, e.FirstBytes = now, bytes.Clone(Shown(s.Message))
	}
	if noted.Telling {
		e.LastBytes = bytes.Clone(Shown(s.Message))
	}
	e.turn(now)
	if kind.By == Device {
		count = b.newWitness(s.Device, e.Hour)
	}
	e.Hours[0] = uint32(min(uint64(e.Hours[0])+count, maxHour))
	return noted
}

// maxHour is where an hour stops counting.
const maxHour = 1<<32 - 1

func (b *Book) enter(e *Entry, k Kind) {
	b.entries[entryKey{e.Element, e.Kind}] = e
	b.room[k.By]--
}

// newWitness is 1 for a device that has not counted in the last 24 hours, of whatever kind and at whatever element: one
// that goes from radio to radio is the cause, not they.
func (b *Book) newWitness(device ident.SUPI, hour int64) uint64 {
	last, known := b.witnesses[device]
	switch {
	case device == 0 || known && hour-last < windowHours:
		return 0
	case !known && len(b.witnesses) >= maxWitnesses:
		if b.swept == hour {
			return 0
		}
		b.swept = hour
		maps.DeleteFunc(b.witnesses, func(_ ident.SUPI, at int64) bool { return hour-at >= windowHours })
		if len(b.witnesses) >= maxWitnesses {
			return 0
		}
	}
	b.witnesses[device] = hour
	return 1
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

// Restore enters what List gave before a restart, into a book that holds nothing. What it has no room for is
// dropped. Which devices have counted is forgotten: each may count once more.
func (b *Book) Restore(entries []Entry) {
	for _, e := range entries {
		k := entryKey{e.Element, e.Kind}
		kind, known := KindNamed(e.Kind)
		if !known || b.entries[k] != nil || b.room[kind.By] <= 0 {
			b.dropped++
			continue
		}
		e.Why, e.FirstBytes, e.LastBytes = clipText(e.Why), Shown(e.FirstBytes), Shown(e.LastBytes)
		b.enter(&e, kind)
	}
}

// Dropped is how many findings the book had no room for.
func (b *Book) Dropped() uint64 { return b.dropped }

// Shown is as much of a message as the book keeps, at most 512 octets.
func Shown(message []byte) []byte { return message[:min(len(message), findingBytes)] }

func clipText(s string) string { return s[:min(len(s), findingText)] }

// decade is how many digits a number has, 0 for 0.
func decade(n uint64) (digits int) {
	for ; n > 0; n /= 10 {
		digits++
	}
	return digits
}
