package node

import (
	"crypto/rand"
	"io/fs"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"cordon/amf"
	"cordon/evidence"
	"cordon/ident"
	"cordon/rules"
	"cordon/subscriber"
	"cordon/trust"
)

// From here on: parts of a node whose goroutines do not run.

// testStore is a Store of one kind of subscriber, in memory.
type testStore struct {
	get     func(ident.SUPI) (subscriber.Profile, error)
	stored  map[ident.SUPI][]byte
	deleted []ident.SUPI
}

func (s *testStore) Get(supi ident.SUPI) (subscriber.Profile, error) { return s.get(supi) }
func (s *testStore) SetSQNOffset(ident.SUPI, int64) error            { return nil }
func (s *testStore) PutContext(supi ident.SUPI, b []byte)            { s.stored[supi] = append([]byte(nil), b...) }
func (s *testStore) DeleteContext(supi ident.SUPI)                   { s.deleted = append(s.deleted, supi) }
func (s *testStore) Health() error                                   { return nil }
func (s *testStore) Keep(string, []byte) error                       { return nil }
func (s *testStore) Kept(string) ([]byte, error)                     { return nil, nil }
func (s *testStore) LoadContexts(each func(ident.SUPI, []byte) error) (int, error) {
	for supi, b := range s.stored {
		if err := each(supi, b); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// still makes a node of so many shards that nobody runs.
func still(t testing.TB, shards int, store *testStore) *Node {
	t.Helper()
	return stillWith(t, testConfig(t), shards, store, nil)
}

// stillWith is still of a configuration, with a user plane.
func stillWith(t testing.TB, cfg Config, shards int, store *testStore, up UserPlane) *Node {
	t.Helper()
	deps, err := cfg.deps()
	if err != nil {
		t.Fatal(err)
	}
	if store.get == nil {
		store.get = func(supi ident.SUPI) (subscriber.Profile, error) {
			return subscriber.Profile{SUPI: supi, Plan: "gold", Credentials: subscriber.Credentials{
				AMF: [2]byte{0x80, 0}, K: subscriber.NewSecret(testK[:]), OPc: subscriber.NewSecret(testOPc[:])}}, nil
		}
	}
	deps.UserPlane = up
	deps.Store, deps.Random, deps.Shards, deps.Log = store, rand.Reader, shards, slog.New(slog.DiscardHandler)
	deps.Epoch = time.Now().Add(-time.Hour)
	deps.Evidence = memory{make(chan evidence.Entry, 1024)}
	deps.Law = LawSource{statutes: statutes{files: []trust.File{{Name: "records.yaml", Text: trust.Export(testFacts(t))}}, asOf: rules.DateOf(time.Now())}}
	n, err := New(cfg.amf(), cfg.smf(), deps)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// living gives a still node an association without a connection.
func (n *Node) living(id amf.RadioID, from string) *association {
	a := &association{n: n, id: id, peer: netip.MustParseAddrPort(from), ues: make(map[ident.RANUENGAPID]ueRef)}
	n.radios[id] = a
	return a
}

// TestJobsTakeTurns: one address that asks for all there is room for makes another wait
// for one job and not for all, and cannot have it refused.
func TestJobsTakeTurns(t *testing.T) {
	n := still(t, 1, &testStore{})
	q := newJobs(100)
	hostile, honest := n.living(1, "192.0.2.1:1"), n.living(2, "192.0.2.2:1")
	hostileToo := n.living(3, "192.0.2.1:2")
	refused := 0
	for range 200 {
		for _, by := range []*association{hostile, hostileToo} {
			if !q.put(job{by: by}) {
				refused++
			}
		}
	}
	if q.n != 100 || refused != 300 {
		t.Fatalf("%d wait and %d were refused", q.n, refused)
	}
	if !q.put(job{by: honest}) {
		t.Fatal("an address that has asked for nothing yet is refused")
	}
	for i := range 101 {
		<-q.ready
		if j := q.take(); (j.by == honest) != (i == 1) {
			t.Fatalf("job %d is of %v", i, j.by.peer)
		}
	}
	if q.n != 0 || len(q.lines) != 0 || len(q.turns) != 0 || len(q.ready) != 0 {
		t.Errorf("left behind: %+v", q)
	}
	for i := range 1000 { // every address has a share, and there is an end all the same
		q.put(job{by: n.living(4, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 1).String())})
	}
	if q.n != 200 {
		t.Errorf("%d wait", q.n)
	}
}

// TestAuthenticatorDoesNotWait: a shard that has no time for its inbox does not hold up the
// answers to the devices of others.
func TestAuthenticatorDoesNotWait(t *testing.T) {
	n := still(t, 2, &testStore{})
	by := n.living(1, "192.0.2.1:1")
	supi, _ := ident.ParseSUPI(firstIMSI)
	home := n.shards[n.shardOfSUPI(supi)]
	from := n.shards[1-home.index]
	done := make(chan struct{})
	go func() {
		defer close(done)
		by.vectors.Add(1)
		n.auth.work(t.Context(), job{from, amf.NeedVector{Conn: 7, Radio: 1, Request: 1, SUPI: supi}, by})
	}()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("the authenticator waits for a shard")
	}
	if by.vectors.Load() != 0 || len(n.auth.moves) != 1 || len(from.inbox) != 1 {
		t.Fatalf("%d vectors, %d moves, %d posted", by.vectors.Load(), len(n.auth.moves), len(from.inbox))
	}
	from.take(<-from.inbox) // there is no such connection any more
	if len(n.auth.moves) != 0 || len(home.adopt) != 0 {
		t.Errorf("%d moves, %d adopted", len(n.auth.moves), len(home.adopt))
	}
}

// TestAuthenticatorForgetsTheGone: what a radio asked that has gone is not worked at.
func TestAuthenticatorForgetsTheGone(t *testing.T) {
	n := still(t, 1, &testStore{get: func(ident.SUPI) (subscriber.Profile, error) {
		t.Error("the store was asked")
		return subscriber.Profile{}, fs.ErrNotExist
	}})
	by := n.living(1, "192.0.2.1:1")
	delete(n.radios, by.id)
	by.vectors.Add(1)
	n.auth.work(t.Context(), job{n.shards[0], amf.NeedVector{Radio: 1}, by})
	if by.vectors.Load() != 0 {
		t.Error("it still counts")
	}
}
