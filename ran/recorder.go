package ran

import (
	"slices"
	"sync"
	"time"
)

// Record is one message that crossed N2.
type Record struct {
	At       time.Time
	Radio    string // the name given to Wrap
	FromCore bool
	Message
}

// Recorder keeps all that crosses the associations it wraps, for a dissector to judge
// afterwards. Its zero value is ready. It grows without limit: it is for tests.
type Recorder struct {
	mu      sync.Mutex // guards records
	records []Record
}

// Wrap records what crosses c under a name.
func (r *Recorder) Wrap(name string, c N2) N2 { return recorded{c, r, name} }

// Records is what was recorded so far, in order.
func (r *Recorder) Records() []Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.records)
}

func (r *Recorder) add(name string, fromCore bool, m Message) {
	m.Data = slices.Clone(m.Data)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.records = append(r.records, Record{time.Now(), name, fromCore, m})
}

type recorded struct {
	N2
	rec  *Recorder
	name string
}

func (c recorded) Receive() (Message, error) {
	m, err := c.N2.Receive()
	if err == nil {
		c.rec.add(c.name, true, m)
	}
	return m, err
}

func (c recorded) Send(m Message) error {
	err := c.N2.Send(m)
	if err == nil {
		c.rec.add(c.name, false, m)
	}
	return err
}
