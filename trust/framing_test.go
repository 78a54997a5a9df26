package trust_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"cordon/ident"
	"cordon/rules"
	"cordon/trust"
)

// What others can make a book say of an element.

var day = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// of is what rules are told of an element's findings of a kind.
func of(b *trust.Book, now time.Time, element, kind string) int {
	for _, o := range b.Observations(now) {
		if o.Element == element && o.Kind == kind {
			return o.Count
		}
	}
	return 0
}

// One device counts once in 24 hours, however often it does it and wherever; another one counts beside it, and
// one that nobody has proven does not count. What it was is in the book all the same.
func TestFramingByDevice(t *testing.T) {
	for _, k := range trust.Kinds() {
		if k.By != trust.Device {
			continue
		}
		b := trust.NewBook(4096)
		see := func(now time.Time, element string, device ident.SUPI, count uint64) {
			b.Note(now, trust.Sighting{Element: element, Kind: k.Name, Device: device, Count: count})
		}
		for i := range 1000 {
			see(day.Add(time.Duration(i)*time.Minute), fmt.Sprint("gnb-", i%50), 7, 100) // a town's radios
			see(day, "gnb-0", 0, 100)                                                    // somebody
		}
		now := day.Add(999 * time.Minute)
		total := 0
		for _, o := range b.Observations(now) {
			total += o.Count
		}
		if total != 1 || of(b, now, "gnb-0", k.Name) != 1 {
			t.Errorf("%s: one device makes %d, of which gnb-0 has %d", k.Name, total, of(b, now, "gnb-0", k.Name))
		}
		if e := b.List(now, "gnb-0"); e[0].Count != 1000/50*100+1000*100 {
			t.Errorf("%s: %d in the book", k.Name, e[0].Count)
		}
		see(now, "gnb-0", 8, 1)
		if n := of(b, now, "gnb-0", k.Name); n != 2 {
			t.Errorf("%s: two devices make %d", k.Name, n)
		}
		later := day.Add(25 * time.Hour)
		see(later, "gnb-3", 7, 1)
		if n := of(b, later, "gnb-3", k.Name); n != 1 {
			t.Errorf("%s: a day later the device makes %d", k.Name, n)
		}
	}
}

// Nor does a device count for each kind of what it does.
func TestFramingByDeviceInManyWays(t *testing.T) {
	b := trust.NewBook(4096)
	for _, k := range trust.Kinds() {
		if k.By == trust.Device {
			b.Note(day, trust.Sighting{Element: "gnb-1", Kind: k.Name, Device: 7, Count: 50})
		}
	}
	if list := b.Observations(day); len(list) != 1 || list[0].Count != 1 {
		t.Errorf("%+v", list)
	}
}

// The devices that have counted are remembered in bounded memory. When that is full no further one counts until
// others are a day old.
func TestFramingByMoreDevicesThanAreRemembered(t *testing.T) {
	const most = 1 << 16
	b := trust.NewBook(4096)
	for i := range ident.SUPI(most + 1000) {
		b.Note(day, trust.Sighting{Element: "gnb-1", Kind: "mac", Device: i + 1})
	}
	if n := of(b, day, "gnb-1", "mac"); n != most {
		t.Errorf("%d devices count", n)
	}
	b.Note(day.Add(24*time.Hour), trust.Sighting{Element: "gnb-2", Kind: "mac", Device: most + 2000})
	if n := of(b, day.Add(24*time.Hour), "gnb-2", "mac"); n != 1 {
		t.Errorf("%d of a new device a day later", n)
	}
}

// Entries that anyone can make up by sending from many radios' addresses, or devices by going there, leave the room
// that is kept for what elements do.
func TestFramingFillsNobodyElsesRoom(t *testing.T) {
	const most = 64
	b := trust.NewBook(most)
	for i := range 10_000 {
		b.Note(day, trust.Sighting{Element: fmt.Sprint("gnb-", i), Kind: "replayed", Count: 1000})
		b.Note(day, trust.Sighting{Element: fmt.Sprint("gnb-", i), Kind: "mac", Device: ident.SUPI(i + 1)})
	}
	if n := len(b.List(day, "")); n != most/2 {
		t.Errorf("%d entries", n)
	}
	for i := range most / 2 {
		if n := b.Note(day, trust.Sighting{Element: fmt.Sprint("gnb-", i), Kind: "stolen connection"}); n.Count != 1 {
			t.Errorf("radio %d: %+v", i, n)
		}
	}
	if b.Dropped() != 20_000-most/2 {
		t.Errorf("%d dropped", b.Dropped())
	}
}

// No rule of an embedded regime restricts an element for what anyone can do, nor refuses it for what
// devices can.
func TestNoRuleLetsOthersFrame(t *testing.T) {
	named := regexp.MustCompile(`findings\["([^"]*)"\]`)
	found := 0
	for _, name := range rules.Packs() {
		g, err := rules.Pack(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range g.Rules {
			r := g.Rules[i]
			for _, m := range named.FindAllStringSubmatch(r.Where+r.Except+fmt.Sprintf("%+v", r.Apart), -1) {
				found++
				k, ok := trust.KindNamed(m[1])
				if !ok || k.By == trust.Anyone || k.By == trust.Device && r.Act == rules.Refuse {
					t.Errorf("%s would %v for %q, which is of %v", r.ID, r.Act, m[1], k.By)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d uses of findings: the test looks at too few", found)
	}
}
