// Package node is one running core: it owns the shards, the radios' associations and every
// goroutine, and carries what the machines of amf and smf say to each other, to the
// radios, to the user plane and to the store.
//
// # Ownership
//
// A shard is one goroutine with the machines of its devices. A device lives on the shard that
// its SUPI falls on; its 5G-TMSI falls there too, so that a later message finds it. An
// association is one goroutine that reads a radio, decodes, and posts to the shards'
// bounded inboxes. Slow work, which is revealing an identity and making a challenge, runs on its
// own goroutines and posts its answer. A shard never waits for anything but its inbox.
package node

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"cordon/aka"
	"cordon/amf"
	"cordon/ident"
	"cordon/rules"
	"cordon/smf"
	"cordon/subscriber"
	"cordon/transport"
	"cordon/trust"
	"cordon/wire/ngap"
	"cordon/wire/pfcp"
)

// maxConnections bounds the devices of one radio at a time.
const maxConnections = 1 << 16

// Deps is every edge of a Node. A test fills it from memory; main, from sockets and files.
type Deps struct {
	N2        transport.Listener
	UserPlane UserPlane
	Planes    *planes // where there are user planes at other sites beside UserPlane
	Store     Store
	Random    io.Reader // cryptographically secure, never fails
	Log       *slog.Logger

	HomeKeys    aka.HomeKeys
	Plans       map[string]*subscriber.Plan
	DefaultPlan string // of subscribers whose record names none
	Pools       map[ident.DNN]Pool
	IND         uint8     // this node's, 0 to 31 (TS 33.102 annex C)
	Epoch       time.Time // the network's
	Shards      int       // 0 means one for each CPU
	Law         LawSource
	Drain       DrainRate
	Evidence    Evidence
	Statements  Statements

	// Site is where UserPlane stands, by the records; empty: not known. PathAllowance is what an echo of
	// a radio may take besides light's travel.
	Site          string
	PathAllowance time.Duration

	// StrictStreams drops what comes on the wrong stream instead of counting it.
	StrictStreams bool
}

// UserPlane is N4 (TS 29.244), served in process or by a UPF at another site. The error is a
// *pfcp.Rejection, or says that there was no answer.
type UserPlane interface {
	Establish(pfcp.Establishment) (pfcp.Established, error)
	Modify(pfcp.Modification) (pfcp.Modified, error)
	Delete(pfcp.Deletion) (pfcp.Deleted, error)
}

// LawSource is what the network starts under, and how it is read anew.
type LawSource struct {
	statutes
	Fixed bool // judged as of one day for ever
	// Reread reads the operator's files again; nil where there are none.
	Reread func() ([]trust.File, []*rules.Regime, error)
}

// Store is what the core keeps across restarts.
type Store interface {
	Get(ident.SUPI) (subscriber.Profile, error)
	SetSQNOffset(ident.SUPI, int64) error
	PutContext(ident.SUPI, []byte)
	DeleteContext(ident.SUPI)
	LoadContexts(func(ident.SUPI, []byte) error) (unreadable int, err error)
	Health() error
	// Keep keeps a value under a name, Kept is the last one or nil.
	Keep(name string, value []byte) error
	Kept(name string) ([]byte, error)
}

// Node is one core network.
type Node struct {
	d         Deps
	amf       amf.Config
	smf       smf.Config
	shards    []*shard
	auth      *authenticator
	pools     pools
	metrics   metrics
	strays    map[ident.TMSI]uint8  // shards of restored devices that were named when there were more or fewer; does not change
	endpoints map[netip.Addr]string // elements by radios' endpoints; only while devices are restored
	logged    [256]atomic.Int64     // when a line of each kind was logged last, Unix seconds, and in the low octet how many then

	nextRadio atomic.Uint32

	law     *law
	pending *pending
	drains  *drains
	repeats repeats
	book    book
	sources sources

	clockTold time.Time // when a clock that leapt was complained of; the watch's

	planes *planes // nil where UserPlane is all there is
	leases leases

	life context.Context // ends when Run does
	die  context.CancelFunc

	mu     sync.RWMutex // guards radios and names
	radios map[amf.RadioID]*association
	names  map[ident.RANNode]amf.RadioID // whose each identity is
}

// New makes a core and brings back the devices that were registered before a restart. a must
// have passed its Check.
func New(a amf.Config, s smf.Config, d Deps) (*Node, error) {
	n := &Node{d: d, amf: a, smf: s, pools: pools{}, pending: newPending(), drains: newDrains(), repeats: newRepeats(),
		radios: make(map[amf.RadioID]*association), names: make(map[ident.RANNode]amf.RadioID)}
	for dnn, ranges := range d.Pools {
		p, err := newNetworkPools(ranges)
		if err != nil {
			return nil, fmt.Errorf("data network %s: %w", dnn, err)
		}
		n.pools[dnn] = p
	}
	var err error
	if d.Law.asOf, err = d.startDay(); err != nil {
		return nil, err
	}
	if n.law, err = newLaw(d.Law.statutes, d.Law.Fixed); err != nil {
		return nil, err
	}
	n.book.book = trust.NewBook(maxFindings)
	if err := n.restoreFindings(); err != nil {
		return nil, err
	}
	n.leases.init(d.Evidence)
	n.metrics.searches = newSearches(len(a.TACs))
	n.life, n.die = context.WithCancel(context.Background())
	shards := d.Shards
	if shards == 0 {
		shards = min(runtime.GOMAXPROCS(0), 128)
	}
	for i := range shards {
		n.shards = append(n.shards, newShard(n, i, shards))
	}
	snapshot := n.law.now.Load()
	for _, s := range n.shards {
		s.take(input{amf: amf.NewLaw{Law: snapshot, Forbidden: snapshot.Forbidden()}}) // before any device is there to be judged
	}
	if n.planes = d.Planes; n.planes != nil {
		n.planes.n, n.planes.n4.ctx = n, n.life
	}
	n.auth = newAuthenticator(n)
	if err := n.restore(); err != nil {
		return nil, err
	}
	return n, nil
}

// Run serves until ctx ends, and returns after every goroutine it started has.
func (n *Node) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer n.die()
	n.begin()
	for _, s := range n.shards {
		wg.Go(func() { s.run(ctx) })
	}
	n.auth.run(ctx, &wg)
	wg.Go(func() { n.watchLoad(ctx) })
	wg.Go(func() { n.watchLaw(ctx) })
	wg.Go(func() { n.runDrains(ctx) })
	wg.Go(func() { n.leases.run(ctx) })
	stop := context.AfterFunc(ctx, func() { n.d.N2.Close() })
	defer stop()
	for {
		conn, err := n.d.N2.Accept()
		switch {
		case ctx.Err() != nil:
			if conn != nil {
				conn.Abort()
			}
			return nil
		case errors.Is(err, transport.ErrClosed):
			return fmt.Errorf("N2: %w", err)
		case err != nil:
			if n.logUpTo(logRadio, radioLines) {
				n.d.Log.Warn("an association was not accepted", "why", err)
			}
			continue
		}
		a := n.join(conn)
		wg.Go(func() { a.serve(ctx) })
	}
}

// join makes an association of a connection.
func (n *Node) join(conn transport.Conn) *association {
	out, _ := conn.Streams()
	a := &association{
		n: n, id: amf.RadioID(n.nextRadio.Add(1)), conn: conn, streams: out, peer: conn.Remote(), since: time.Now(),
		ues: make(map[ident.RANUENGAPID]ueRef), switches: make(map[ident.AMFUENGAPID]time.Time),
	}
	a.radio = amf.NewRadio(&n.amf, a.id)
	n.mu.Lock()
	n.radios[a.id] = a
	n.mu.Unlock()
	return a
}

// leave forgets an association that has ended.
func (n *Node) leave(a *association) {
	n.mu.Lock()
	delete(n.radios, a.id)
	n.mu.Unlock()
	n.keep(ident.RANNode{}, a.id)
	n.sources.changes.Add(1)
	n.drains.stop(a)
}

// association is a living one by its number, or nil.
func (n *Node) association(id amf.RadioID) *association {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.radios[id]
}

// associations is a snapshot of the living ones.
func (n *Node) associations() []*association {
	n.mu.RLock()
	defer n.mu.RUnlock()
	all := make([]*association, 0, len(n.radios))
	for _, a := range n.radios {
		all = append(all, a)
	}
	return all
}

// take reports whether a radio may have an identity that it presents, and keeps it from
// others if so: two that present the same at once are not both let in.
func (n *Node) take(node ident.RANNode, radio amf.RadioID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if owner, taken := n.names[node]; taken && owner != radio {
		return false
	}
	n.names[node] = radio
	return true
}

// anothers reports whether an identity is that of another radio that is connected.
func (n *Node) anothers(node ident.RANNode, radio amf.RadioID) bool {
	n.mu.RLock()
	defer n.mu.RUnlock()
	owner, taken := n.names[node]
	return taken && owner != radio
}

// keep leaves a radio no identity but one, which is the zero value for none.
func (n *Node) keep(node ident.RANNode, radio amf.RadioID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	maps.DeleteFunc(n.names, func(other ident.RANNode, owner amf.RadioID) bool { return owner == radio && other != node })
}

// shardOfSUPI is where a device lives.
func (n *Node) shardOfSUPI(supi ident.SUPI) uint8 { return uint8(amf.HomeOf(supi, len(n.shards))) }

// home is the shard for a new connection: where the device lives that the message names, or
// else any. A name only chooses the place; it proves nothing.
func (n *Node) home(m *ngap.InitialUEMessage) uint8 {
	if tmsi, ok := amf.TMSIOfMessage(m); ok {
		if shard, moved := n.strays[tmsi]; moved {
			return shard
		}
		return uint8(amf.HomeOfTMSI(tmsi, len(n.shards)))
	}
	return uint8(uint64(m.RANUENGAPID) % uint64(len(n.shards)))
}

// drawConn is an AMF-UE-NGAP-ID that nobody guesses, on the given shard (invariant 8).
func (n *Node) drawConn(shard uint8) ident.AMFUENGAPID {
	var b [8]byte
	n.d.Random.Read(b[:]) // never fails, by contract
	id := binary.BigEndian.Uint64(b[:]) & uint64(ident.MaxAMFUENGAPID)
	of := uint64(len(n.shards))
	id -= id % of
	if id += uint64(shard); id > uint64(ident.MaxAMFUENGAPID) {
		id -= of
	}
	return ident.AMFUENGAPID(id)
}

// Report takes what the user plane says of its own accord.
func (n *Node) Report(ctx context.Context, r pfcp.Report) {
	shard := smf.ShardOf(r.CP)
	if int(shard) >= len(n.shards) {
		n.metrics.n4Errors.Add(1)
		return
	}
	if r.Type == pfcp.ErrorIndication && n.planes != nil && n.planes.lostTunnel(r) {
		return
	}
	switch r.Type {
	case pfcp.ErrorIndication:
		n.shards[shard].post(ctx, input{smf: smf.TunnelLost{SEID: r.CP, Remote: r.Remote}})
	case pfcp.DownlinkData:
		n.shards[shard].post(ctx, input{smf: smf.DownlinkData{SEID: r.CP}})
	}
}

// bug reports a fault of this program; the machine's owner has contained it.
func (n *Node) bug(err error) {
	n.metrics.bugs.Add(1)
	if n.logNow(logBug) { // a peer that has found one can cause it again
		n.d.Log.Error("fault in this program; it was contained, please report it", "err", err)
	}
}

func unperformed(e any) error { return fmt.Errorf("effect %T is not performed", e) }
