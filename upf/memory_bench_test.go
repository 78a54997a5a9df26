package upf

import (
	"net/netip"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"cordon/ident"
)

// memoryBudget is for a million sessions, all that this package keeps of them and of itself.
const memoryBudget = 256 << 20

// BenchmarkMemory1M is what a user plane of a million IPv4 sessions takes, at a thousand radios, of a class of service
// each, of which there are ten. Octets are of resident memory, after what requests left behind has been collected.
func BenchmarkMemory1M(b *testing.B) {
	const n = 1_000_000
	for b.Loop() {
		before, heap := resident(b)
		s := newSessions(b, func(c *Config) {
			c.Pools[0].Prefix, c.MaxSessions, c.RAN = netip.MustParsePrefix("10.64.0.0/12"), 0, only("10.0.0.0/12")
		})
		for i := range uint32(n) {
			e := establishment(ident.SEID(i+1), addrOf(0x0a400002+i))
			e.QERs[0].UplinkMBR, e.QERs[0].DownlinkMBR = 1000*uint64(1+i%10), 5000*uint64(1+i%10)
			a, err := s.Establish(0, e)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := s.Modify(0, toRadio(a.UP.SEID, addrOf(0x0a000101+i%1000), ident.TEID(i+1)), nil); err != nil {
				b.Fatal(err)
			}
		}
		after, heapAfter := resident(b)
		used := after - before
		b.ReportMetric(float64(used)/(1<<20), "MiB")
		b.ReportMetric(float64(used)/n, "octets/session")
		b.ReportMetric(float64(heapAfter-heap)/n, "heap-octets/session")
		if runtime.KeepAlive(s); used > memoryBudget {
			b.Errorf("%d MiB, over the budget of %d", used>>20, memoryBudget>>20)
		}
	}
}

// resident is the process's resident memory and the heap in use, once all garbage is gone.
func resident(b *testing.B) (rss, heap int) {
	b.Helper()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Skip("resident memory is in /proc/self/statm on Linux only")
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		b.Fatal(err)
	}
	return pages * os.Getpagesize(), int(m.HeapAlloc)
}
