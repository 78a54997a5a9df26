package node

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cordon/amf"
)

// loadTick is how often the inboxes are looked at.
const loadTick = 250 * time.Millisecond

// watchLoad tells radios to hold back while the inboxes are half full, and to go on when they
// are all but empty (TS 38.413 §8.7.6). Who is told are those that cause the load: one radio that
// floods the core must not have it silence the others.
func (n *Node) watchLoad(ctx context.Context) {
	tick := time.NewTicker(loadTick)
	defer tick.Stop()
	posted := make(map[amf.RadioID]uint64)
	told := make(map[amf.RadioID]bool)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		fullest := 0
		for _, s := range n.shards {
			fullest = max(fullest, len(s.inbox))
		}
		loads := n.loads(posted)
		switch {
		case fullest > inboxSize/2:
			n.holdBack(ctx, heaviest(loads), told, fullest)
		case fullest < inboxSize/16 && len(told) > 0:
			n.goOn(ctx, told)
		}
	}
}

// load is how much a radio has posted since the last tick.
type load struct {
	by     *association
	posted uint64
}

// loads are those of the radios that are set up. posted is what each had posted until the last
// tick, and is brought up to date.
func (n *Node) loads(posted map[amf.RadioID]uint64) []load {
	var all []load
	for _, a := range n.radiosUp() {
		all = append(all, load{a, a.posted.Load()})
	}
	now := make([]uint64, len(all))
	for i := range all {
		now[i] = all[i].posted
		all[i].posted -= posted[all[i].by.id]
	}
	clear(posted)
	for i := range all {
		posted[all[i].by.id] = now[i]
	}
	return all
}

// heaviest are the fewest radios that cause half of the load or more. When all are alike that is
// half of them, and the other half's turn comes if it does not help.
func heaviest(all []load) []load {
	slices.SortFunc(all, func(a, b load) int { return cmp.Or(cmp.Compare(b.posted, a.posted), cmp.Compare(a.by.id, b.by.id)) })
	var total, sum uint64
	for _, l := range all {
		total += l.posted
	}
	for i, l := range all {
		if sum += l.posted; sum >= total-sum && sum > 0 {
			return all[:i+1]
		}
	}
	return nil
}

func (n *Node) holdBack(ctx context.Context, radios []load, told map[amf.RadioID]bool, waiting int) {
	before := len(told)
	for _, l := range radios {
		if !told[l.by.id] {
			told[l.by.id] = true
			l.by.overload(ctx, true)
		}
	}
	if len(told) > before {
		n.d.Log.Warn("signalling overload", "on", true, "waiting", waiting, "radios_told", len(told))
	}
}

func (n *Node) goOn(ctx context.Context, told map[amf.RadioID]bool) {
	for id := range told {
		if a := n.association(id); a != nil {
			a.overload(ctx, false)
		}
	}
	clear(told)
	n.d.Log.Warn("signalling overload", "on", false)
}
