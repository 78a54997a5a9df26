package wireguard_test

import (
	"net/netip"
	"syscall"
	"testing"
	"time"
)

// BenchmarkN9 carries datagrams of N9's size from one end to the other, both in this process, over loopback.
// It reports what arrived and the processor time of both ends together.
func BenchmarkN9(b *testing.B) {
	from, to := pair(b, "10.9.0.1", "10.9.0.2")
	x, y := from.socket(b, 2152), to.socket(b, 2152)
	size := from.MaxPayload()
	cross(b, x, y, make([]byte, size))
	const batch = 32
	arrived := make(chan int)
	go func() {
		bufs, sizes, sources := make([][]byte, batch), make([]int, batch), make([]netip.AddrPort, batch)
		for i := range bufs {
			bufs[i] = make([]byte, 2048)
		}
		for {
			n, err := y.ReadBatch(bufs, sizes, sources)
			if err != nil {
				close(arrived)
				return
			}
			arrived <- n
		}
	}()
	bufs, addrs := make([][]byte, batch), make([]netip.AddrPort, batch)
	for i := range bufs {
		bufs[i], addrs[i] = make([]byte, size), to.at(2152)
	}
	b.SetBytes(int64(size))
	cpu, start := used(), time.Now()
	b.ResetTimer()
	sent, got := 0, 0
	for got < b.N {
		for sent-got < 1024 { // a window, as TCP would have one
			n, _ := x.WriteBatch(bufs, addrs)
			sent += n
		}
		select {
		case n := <-arrived:
			got += n
		case <-time.After(time.Second): // the rest was lost
			sent = got
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(got*size*8)/float64(time.Since(start).Nanoseconds()), "Gbit/s")
	b.ReportMetric(float64((used()-cpu).Nanoseconds())/float64(got), "cpu-ns/packet")
	y.Close()
	for range arrived {
	}
}

// used is the processor time of this process.
func used() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
