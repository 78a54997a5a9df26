package trust

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"cordon/rules"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestBook(t *testing.T) {
	b := NewBook(4)
	long := bytes.Repeat([]byte{7}, 1000)
	if n := b.Note(noon, Sighting{Element: "gnb-1", Kind: "mac", Device: 7, Why: "first", Message: long}); n != (Noted{1, true, Device}) {
		t.Errorf("%+v", n)
	}
	long[0] = 8 // the book has its own copy
	if n := b.Note(noon.Add(time.Minute), Sighting{Element: "gnb-1", Kind: "mac", Device: 8, Why: strings.Repeat("w", 300), Message: []byte{9}}); n != (Noted{2, false, Device}) {
		t.Errorf("%+v", n)
	}
	b.Note(noon, Sighting{Element: "gnb-1", Kind: "path switch"})
	b.Note(noon, Sighting{Element: "", Kind: "scope"})
	if n := b.Note(noon, Sighting{Element: "gnb-2", Kind: "replayed"}); n != (Noted{}) || b.Dropped() != 1 {
		t.Errorf("a full book took %+v", n)
	}
	if n := b.Note(noon, Sighting{Element: "gnb-1", Kind: "no such kind"}); n != (Noted{}) || b.Dropped() != 2 {
		t.Errorf("%+v", n)
	}
	list := b.List(noon, "gnb-1")
	e := list[0]
	if len(list) != 2 || e.Kind != "mac" || e.Count != 2 || e.Day != 2 || e.First != noon || e.Last != noon.Add(time.Minute) || len(e.Why) != findingText ||
		len(e.FirstBytes) != findingBytes || e.FirstBytes[0] != 7 || !bytes.Equal(e.LastBytes, e.FirstBytes) {
		t.Errorf("%+v", list)
	}
	want := []rules.Observation{{Element: "", Kind: "scope", Count: 1}, {Element: "gnb-1", Kind: "mac", Count: 2}, {Element: "gnb-1", Kind: "path switch", Count: 1}}
	if got := b.Observations(noon); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	// A day later only what lasts counts.
	if got := b.Observations(noon.Add(25 * time.Hour)); !reflect.DeepEqual(got, want[2:]) {
		t.Errorf("%+v", got)
	}
	if n := b.Clear(noon, "gnb-1", "path switch", "ada", "the record was wrong"); n != 1 || len(b.Observations(noon.Add(25*time.Hour))) != 0 {
		t.Errorf("%d cleared", n)
	}
	e = b.List(noon, "gnb-1")[1]
	if e.Count != 0 || e.Cleared == nil || *e.Cleared != (Clearing{noon, "ada", "the record was wrong"}) {
		t.Errorf("%+v", e)
	}
	if n := b.Note(noon, Sighting{Element: "gnb-1", Kind: "path switch", Why: "again", Message: []byte{1}}); n != (Noted{1, true, Anyone}) {
		t.Errorf("%+v", n)
	}
	if n := b.Clear(noon, "gnb-1", "", "ada", ""); n != 2 {
		t.Errorf("%d cleared", n)
	}
}

// What each hour has free counts only beyond it.
func TestBookFree(t *testing.T) {
	b := NewBook(10)
	for hour := range 3 {
		for range 50 + 20*hour { // 50, 70, 90 in an hour that has 60 free
			b.Note(noon.Add(time.Duration(hour)*time.Hour), Sighting{Element: "gnb-1", Kind: "malformed"})
		}
	}
	if got := b.Observations(noon.Add(2 * time.Hour)); len(got) != 1 || got[0].Count != 40 {
		t.Errorf("%+v", got)
	}
	// A clock that goes back counts in the latest hour.
	b.Note(noon.Add(-time.Hour), Sighting{Element: "gnb-1", Kind: "malformed"})
	if e := b.List(noon, "")[0]; e.Day != 41 || e.Hours[0] != 91 {
		t.Errorf("%+v", e)
	}
}

func TestBookTelling(t *testing.T) {
	b := NewBook(4)
	var told []uint64
	for range 1234 {
		if n := b.Note(noon, Sighting{Element: "gnb-1", Kind: "mac"}); n.Telling {
			told = append(told, n.Count)
		}
	}
	if fmt.Sprint(told) != "[1 10 100 1000]" {
		t.Errorf("%v", told)
	}
}

// The window counts as remembering the time of every finding would; a book restored from its list goes on as
// the one that was listed.
func TestBookAsRemembered(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	b, now := NewBook(100), noon
	times := map[string][]time.Time{}
	for i := range 3000 {
		now = now.Add(time.Duration(rng.IntN(40)) * time.Minute)
		element := fmt.Sprint("gnb-", rng.IntN(4))
		b.Note(now, Sighting{Element: element, Kind: "location"})
		times[element] = append(times[element], now)
		if i%50 == 0 {
			other := NewBook(100)
			other.Restore(b.List(now, ""))
			b = other
		}
		for _, o := range b.Observations(now) {
			want := 0
			for _, at := range times[o.Element] {
				if now.Unix()/3600-at.Unix()/3600 < windowHours {
					want++
				}
			}
			if o.Count != want {
				t.Fatalf("%d, want %d", o.Count, want)
			}
		}
	}
}

func TestBookRestore(t *testing.T) {
	b := NewBook(4)
	b.Restore([]Entry{{Element: "a", Kind: "mac", Count: 1, Why: strings.Repeat("x", 999)}, {Element: "b", Kind: "mac"}, {Element: "a", Kind: "none such"}})
	if list := b.List(noon, ""); len(list) != 1 || len(list[0].Why) != findingText || b.Dropped() != 2 {
		t.Errorf("%+v %d", list, b.Dropped())
	}
	var none Book
	none.Note(noon, Sighting{Element: "a", Kind: "mac"})
	none.Restore([]Entry{{Element: "a", Kind: "mac"}})
	if none.List(noon, "") != nil || none.Dropped() != 2 || none.Clear(noon, "a", "", "", "") != 0 {
		t.Error("a book of nothing holds something")
	}
}

func BenchmarkNote(b *testing.B) {
	book, message := NewBook(100_000), make([]byte, 512)
	for b.Loop() {
		book.Note(noon, Sighting{Element: "gnb-1", Kind: "unknown TEID", Why: "user packets", Message: message})
	}
}
