package node

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"sync"
	"time"

	"cordon/aka"
	"cordon/amf"
	"cordon/ident"
	"cordon/subscriber"
)

// Bounds of the work that a radio can cause before anybody has proven anything. What is over
// them is told to come back after T3346, minutes later; what waits, waits for less than a
// second, so that all phones of a site may come back at once.
const (
	vectorQueue    = 4096 // requests waiting, before those who have their share are refused
	vectorsPerNode = 2048 // of one radio
	movesAtOnce    = 256  // connections on their way from one shard to another
)

// An authenticator is the home network's part (AUSF, UDM and SIDF of TS 33.501): it reveals
// identities and makes challenges, on goroutines of its own, since an elliptic curve and a
// disk are slow beside a machine's step.
type authenticator struct {
	n     *Node
	snn   string
	jobs  *jobs
	moves chan struct{} // holds one for each connection on its way

	mu  sync.Mutex // guards seq
	seq *subscriber.Sequencer
}

// job is a question of a shard.
type job struct {
	from *shard
	ask  amf.NeedVector
	by   *association
}

func newAuthenticator(n *Node) *authenticator {
	return &authenticator{
		n: n, snn: n.amf.GUAMI.PLMN.ServingNetworkName(), jobs: newJobs(vectorQueue), moves: make(chan struct{}, movesAtOnce),
		seq: subscriber.NewSequencer(n.d.Epoch, time.Now(), n.d.IND),
	}
}

// run starts the workers, and what takes connections to their shards. All end with ctx.
func (a *authenticator) run(ctx context.Context, wg *sync.WaitGroup) {
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case <-a.jobs.ready:
					a.work(ctx, a.jobs.take())
				}
			}
		})
	}
	for _, s := range a.n.shards {
		wg.Go(func() { a.deliver(ctx, s) })
	}
}

// ask queues a shard's question, or answers at once that there are too many.
func (a *authenticator) ask(s *shard, e amf.NeedVector) {
	by := a.n.association(e.Radio)
	if by == nil {
		a.n.metrics.drop(dropRadioGone)
		return
	}
	if by.vectors.Add(1) <= vectorsPerNode && a.jobs.put(job{s, e, by}) {
		return
	}
	by.vectors.Add(-1)
	s.stepAMF(amf.Vector{Conn: e.Conn, Request: e.Request, Err: amf.VectorBusy})
}

// work answers one question, on the shard where the device lives. What a radio asked that has
// gone since costs nothing more.
func (a *authenticator) work(ctx context.Context, j job) {
	defer j.by.vectors.Add(-1)
	if a.n.association(j.by.id) != j.by {
		return
	}
	v := amf.Vector{Err: amf.VectorUnavailable}
	a.n.contain(func() { v = a.vector(j.ask) })
	v.Conn, v.Request = j.ask.Conn, j.ask.Request
	home := j.from
	if v.Err == amf.VectorOK {
		home = a.n.shards[a.n.shardOfSUPI(v.SUPI)]
	}
	if home == j.from {
		home.post(ctx, input{amf: v})
		return
	}
	a.move(ctx, j, home, v)
}

// detached is a connection between two shards, and the answer that it has waited for.
type detached struct {
	by      *association
	adopted amf.Adopted
}

// move takes a connection that began elsewhere to the shard where its device lives. It does not
// wait for the shard that has it, since that may have much to do; the number of connections
// that are on their way bounds it.
func (a *authenticator) move(ctx context.Context, j job, home *shard, v amf.Vector) {
	select {
	case a.moves <- struct{}{}:
	case <-ctx.Done():
		return
	}
	j.from.post(ctx, input{ask: func(s *shard) {
		moved, ok := s.amf.Detach(j.ask.Conn)
		if !ok {
			<-a.moves
			return
		}
		home.adopt <- detached{j.by, amf.Adopted{Moved: moved, Vector: v}} // has room for all
	}})
}

// deliver hands a shard the connections that come to it from others.
func (a *authenticator) deliver(ctx context.Context, home *shard) {
	for {
		select {
		case <-ctx.Done():
			return
		case d := <-home.adopt:
			if d.by.move(d.adopted.Moved.RAN(), d.adopted.Vector.Conn, uint8(home.index)) {
				home.post(ctx, input{amf: d.adopted})
			}
			<-a.moves
		}
	}
}

// vector reveals the identity and makes a challenge.
func (a *authenticator) vector(ask amf.NeedVector) amf.Vector {
	supi := ask.SUPI
	if ask.SUCI != nil {
		if ask.SUCI.PLMN != a.n.amf.GUAMI.PLMN { // whose subscribers we cannot know
			return amf.Vector{Err: amf.VectorBadIdentity}
		}
		var err error
		if supi, err = a.n.d.HomeKeys.Deconceal(*ask.SUCI); err != nil {
			if a.n.logNow(logIdentity) {
				a.n.d.Log.Warn("an identity could not be revealed", "why", err, "suci_scheme", ask.SUCI.Scheme, "key_id", ask.SUCI.KeyID)
			}
			return amf.Vector{Err: amf.VectorBadIdentity}
		}
	}
	p, err := a.n.d.Store.Get(supi)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return amf.Vector{Err: amf.VectorUnknown}
	case err != nil:
		if a.n.logNow(logStore) {
			a.n.d.Log.Error("subscribers cannot be read", "err", err)
		}
		return amf.Vector{Err: amf.VectorUnavailable}
	}
	if ask.Resync != nil {
		if v := a.resync(&p, ask.Resync); v != amf.VectorOK {
			return amf.Vector{Err: v}
		}
	}
	return a.challenge(&p, ask.Request)
}

// resync moves a subscriber's sequence numbers beyond its SIM's (TS 33.501 §6.1.3.3.2).
func (a *authenticator) resync(p *subscriber.Profile, r *amf.Resync) amf.VectorError {
	a.mu.Lock()
	offset, err := a.seq.Resync(time.Now(), p, r.RAND, r.AUTS)
	a.mu.Unlock()
	if err != nil {
		if !errors.Is(err, aka.ErrMAC) && a.n.logNow(logSIM) {
			a.n.d.Log.Warn("a SIM cannot be resynchronised", "device", p.SUPI, "err", err)
		}
		return amf.VectorBadAUTS
	}
	p.SQNOffset = offset
	if err := a.n.d.Store.SetSQNOffset(p.SUPI, offset); err != nil {
		return amf.VectorUnavailable
	}
	return amf.VectorOK
}

// challenge makes the vector that p's SIM will be asked to answer.
func (a *authenticator) challenge(p *subscriber.Profile, request uint32) amf.Vector {
	plan := a.n.plan(p)
	if plan == nil {
		if a.n.logNow(logPlan) {
			a.n.d.Log.Error("a subscriber has a plan that the configuration does not", "device", p.SUPI, "plan", p.Plan)
		}
		return amf.Vector{Err: amf.VectorUnavailable}
	}
	a.mu.Lock()
	sqn, err := a.seq.Next(time.Now(), p)
	a.mu.Unlock()
	var rand [16]byte
	a.n.d.Random.Read(rand[:]) // never fails, by contract
	var v subscriber.Vector
	if err == nil {
		v, err = subscriber.NewVector(p, rand, sqn, a.snn, uint8(request))
	}
	if err != nil {
		if a.n.logNow(logSIM) {
			a.n.d.Log.Error("no challenge can be made", "device", p.SUPI, "err", err)
		}
		return amf.Vector{Err: amf.VectorUnavailable}
	}
	return amf.Vector{SUPI: p.SUPI, Plan: plan, Protected: p.Protected, RAND: v.RAND, AUTN: v.AUTN, XRESStar: v.XRESStar, KSEAF: v.KSEAF, EAP: v.EAP}
}

// plan is what a subscriber may have, nil if the configuration does not say.
func (n *Node) plan(p *subscriber.Profile) *subscriber.Plan {
	if p.Plan == "" {
		return n.d.Plans[n.d.DefaultPlan]
	}
	return n.d.Plans[p.Plan]
}

// settings are those of a session in the plan, nil where it has none.
func settings(plan *subscriber.Plan, slice ident.SNSSAI, dnn ident.DNN) *subscriber.Network {
	if s := plan.Slice(slice); s != nil {
		return s.Network(dnn)
	}
	return nil
}
