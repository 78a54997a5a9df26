package console

import (
	"bufio"
	"io"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Kind is a metric's type in Prometheus' terms.
type Kind string

const (
	Counter   Kind = "counter"
	Gauge     Kind = "gauge"
	Histogram Kind = "histogram"
)

// Family is a metric with all its samples. Name has letters, digits and underscores.
type Family struct {
	Name    string
	Help    string
	Kind    Kind
	Samples []Sample
}

// Sample is one value. Suffix is empty but for a histogram's _bucket, _sum and _count.
type Sample struct {
	Suffix string
	Labels []Label
	Value  float64
}

// Label tells the samples of a family apart. An identity must never be one.
type Label struct{ Name, Value string }

// NewHistogram is a family from counts per bucket: counts[i] observations were at most
// bounds[i] and more than the bound before; counts has one more, for those above all.
func NewHistogram(name, help string, bounds []float64, counts []uint64, sum float64) Family {
	f := Family{Name: name, Help: help, Kind: Histogram}
	total := uint64(0)
	for i, n := range counts {
		le := "+Inf"
		if i < len(bounds) {
			le = value(bounds[i])
		}
		total += n
		f.Samples = append(f.Samples, Sample{"_bucket", []Label{{"le", le}}, float64(total)})
	}
	return Family{f.Name, f.Help, f.Kind, append(f.Samples, Sample{Suffix: "_sum", Value: sum}, Sample{Suffix: "_count", Value: float64(total)})}
}

// One is a family of one sample without labels.
func One(kind Kind, name, help string, v float64) Family {
	return Family{name, help, kind, []Sample{{Value: v}}}
}

// WriteMetrics writes families in Prometheus' text format, version 0.0.4.
func WriteMetrics(w io.Writer, families []Family) error {
	b := bufio.NewWriter(w)
	for _, f := range families {
		b.WriteString("# HELP " + f.Name + " " + escapeHelp.Replace(f.Help) + "\n# TYPE " + f.Name + " " + string(f.Kind) + "\n")
		for _, s := range f.Samples {
			b.WriteString(f.Name + s.Suffix)
			for i, l := range s.Labels {
				b.WriteByte("{,"[min(i, 1)])
				b.WriteString(l.Name + `="` + escapeLabel.Replace(l.Value) + `"`)
			}
			if len(s.Labels) > 0 {
				b.WriteByte('}')
			}
			b.WriteString(" " + value(s.Value) + "\n")
		}
	}
	return b.Flush()
}

var (
	escapeHelp  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	escapeLabel = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

func value(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// processMetrics are this process's own figures, under the names that Prometheus' users
// expect.
func processMetrics(started time.Time) []Family {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail with these arguments
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return []Family{
		One(Counter, "process_cpu_seconds_total", "Processor time used, user and kernel.", float64(u.Utime.Nano()+u.Stime.Nano())/1e9),
		One(Gauge, "process_resident_memory_bytes", "Resident memory.", resident()),
		One(Gauge, "process_start_time_seconds", "When the process started, Unix time.", float64(started.UnixMilli())/1e3),
		One(Gauge, "go_goroutines", "Goroutines that exist.", float64(runtime.NumGoroutine())),
		One(Gauge, "go_memstats_heap_alloc_bytes", "Heap in use.", float64(m.HeapAlloc)),
		One(Gauge, "go_memstats_sys_bytes", "Memory taken from the system.", float64(m.Sys)),
		One(Counter, "go_memstats_mallocs_total", "Heap objects allocated.", float64(m.Mallocs)),
	}
}

// resident is the resident set, or NaN where the system does not tell.
func resident() float64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return math.NaN()
	}
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return math.NaN()
	}
	pages, err := strconv.ParseUint(fields[1], 10, 64)
	if err != nil {
		return math.NaN()
	}
	return float64(pages) * float64(os.Getpagesize())
}
