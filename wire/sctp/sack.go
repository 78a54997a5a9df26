package sctp

import "time"

// progress says what an acknowledgement brought, for the timers.
type progress struct {
	advanced bool          // the cumulative TSN moved
	any      bool          // something was acknowledged that was not before
	trip     time.Duration // a round trip, when one was measured; otherwise 0
	fast     bool          // fast retransmission of the oldest fragment
}

// acknowledge takes a SACK (§6.2.1). ErrProtocol says that it acknowledges what was never
// sent. An old SACK is ignored.
func (s *sender) acknowledge(k SACK, now time.Duration, packet int) (progress, error) {
	var p progress
	if before(k.Cumulative, s.acked) {
		return p, nil
	}
	if !before(k.Cumulative, s.nextTSN()) {
		return p, ErrProtocol
	}
	flight, newly := s.flight, 0
	for p.advanced = k.Cumulative != s.acked; s.acked != k.Cumulative; s.acked++ {
		f := s.under.pop()
		newly += s.settle(&f)
		s.queued -= len(f.data)
		if f.end {
			s.queued -= overhead
		}
		s.clock(&p, s.acked+1, now)
	}
	high := -1 // place of the highest fragment newly acknowledged above a gap
	if len(k.blocks) > 0 || s.gaps {
		var n int
		n, high = s.mark(k, now, &p)
		newly += n
	}
	p.any = newly > 0
	s.peerWindow = max(0, int(k.Window)-s.flight)
	if s.recovering && !before(s.acked, s.recoverTo) {
		s.recovering = false
	}
	s.countMissing(high, p.advanced, packet, &p)
	if p.advanced {
		s.grow(newly, flight, packet)
	}
	return p, nil
}

// settle notes that a fragment was acknowledged, and returns the octets that are news.
func (s *sender) settle(f *fragment) int {
	if f.acked {
		return 0
	}
	if f.resend {
		f.resend = false
		s.resends--
	} else {
		s.flight -= len(f.data)
	}
	f.acked = true
	return len(f.data)
}

// clock ends the measurement of a round trip.
func (s *sender) clock(p *progress, tsn uint32, now time.Duration) {
	if s.timing && s.timed == tsn {
		s.timing = false
		p.trip = max(now-s.sentAt, 1)
	}
}

// mark applies the gap ack blocks. It returns the octets newly acknowledged and the
// place of the highest such fragment, or -1. Blocks that overlap, run backwards or
// reach beyond what was sent end the list, so that its cost is that of one pass.
func (s *sender) mark(k SACK, now time.Duration, p *progress) (newly, high int) {
	high, s.gaps = -1, false
	at := 0
	for first, last := range k.Blocks() {
		from, to := int(first)-1, int(last)-1
		if from < at || to < from || to >= s.under.len() {
			break
		}
		s.renege(at, from)
		for i := from; i <= to; i++ {
			if n := s.settle(s.under.at(i)); n > 0 {
				newly += n
				high = i
				s.clock(p, s.acked+1+uint32(i), now)
			}
		}
		at, s.gaps = to+1, true
	}
	s.renege(at, s.under.len())
	return newly, high
}

// renege puts fragments back under way which the peer had acknowledged and no longer does,
// as it may (§6.2).
func (s *sender) renege(from, to int) {
	for i := from; i < to; i++ {
		if f := s.under.at(i); f.acked {
			f.acked = false
			s.flight += len(f.data)
			s.lose(f)
		}
	}
}

// countMissing notes which fragments a SACK reported missing; the third report has one sent
// again at once (§7.2.4).
func (s *sender) countMissing(high int, advanced bool, packet int, p *progress) {
	if s.recovering && advanced && s.gaps {
		for i := s.under.len() - 1; i > high; i-- {
			if s.under.at(i).acked {
				high = i
			}
		}
	}
	lost := false
	for i := range high {
		f := s.under.at(i)
		if f.acked || f.resend || f.fastSent {
			continue
		}
		if f.missing++; f.missing >= 3 {
			s.lose(f)
			f.fastSent = true
			lost = true
			p.fast = p.fast || i == 0
		}
	}
	if !lost {
		return
	}
	s.fast = true
	if !s.recovering {
		s.recovering, s.recoverTo = true, s.nextTSN()-1
		s.ssthresh = max(s.cwnd/2, 4*packet)
		s.cwnd, s.partialAcked = s.ssthresh, 0
	}
}

// grow widens the congestion window (§7.2.1, §7.2.2), if it was in full use.
func (s *sender) grow(newly, flight, packet int) {
	if s.recovering || flight < s.cwnd {
		return
	}
	if s.cwnd <= s.ssthresh {
		s.cwnd += min(newly, packet)
		return
	}
	if s.partialAcked += newly; s.partialAcked >= s.cwnd {
		s.partialAcked -= s.cwnd
		s.cwnd += packet
	}
}
