package sctp

import (
	"slices"
	"time"
)

// sender is the sending half of an association: what waits, what is under way, and how
// much may be (§6.1, §7).
type sender struct {
	waiting fifo[outgoing] // no TSN yet
	queued  int            // octets and overhead waiting or under way
	next    sequences

	under   fifo[fragment] // under way: TSNs from acked+1
	acked   uint32         // every TSN up to this one was acknowledged for good
	flight  int            // octets under way that are neither acknowledged nor taken for lost
	resends int            // fragments marked to be sent again
	gaps    bool           // some fragment under way is acknowledged above a gap

	cwnd, ssthresh int
	partialAcked   int
	peerWindow     int    // what the peer has room for beyond what is in flight
	recovering     bool   // fast recovery, until recoverTo is acknowledged
	recoverTo      uint32 // §7.2.4
	fast           bool   // one packet of retransmissions may go out whatever cwnd says

	timing bool // a round trip is being measured with timedTSN
	timed  uint32
	sentAt time.Duration
}

// outgoing is a message of which the octets from off have no TSN yet.
type outgoing struct {
	Message
	off int
	ssn uint16
}

// fragment is a DATA chunk under way; its TSN is its place in the queue.
type fragment struct {
	data        []byte
	ppid        uint32
	stream, ssn uint16
	unordered   bool
	begin, end  bool
	acked       bool
	resend      bool // taken for lost
	fastSent    bool // has had its one fast retransmission
	missing     uint8
}

// nextTSN is the one that the next new fragment will get.
func (s *sender) nextTSN() uint32 { return s.acked + 1 + uint32(s.under.len()) }

// enqueue takes a message. It copies it.
func (s *sender) enqueue(m Message) {
	m.Data = slices.Clone(m.Data)
	o := outgoing{Message: m}
	if !m.Unordered {
		n := s.next.of(m.Stream)
		o.ssn = *n
		*n++
	}
	s.queued += len(m.Data) + overhead
	s.waiting.push(o)
}

// idle reports whether nothing waits or is under way.
func (s *sender) idle() bool { return s.waiting.len() == 0 && s.under.len() == 0 }

// mayHave reports whether n more octets may be under way now. One fragment may always:
// it probes a closed window (§6.1 A).
func (s *sender) mayHave(n int) bool {
	return s.flight == 0 || (s.flight < s.cwnd || s.fast) && n <= s.peerWindow
}

// ready reports whether DATA can be sent now.
func (s *sender) ready(fragmentSize int) bool {
	if s.resends > 0 {
		return s.mayHave(len(s.under.at(s.firstResend()).data))
	}
	if s.waiting.len() == 0 {
		return false
	}
	m := s.waiting.at(0)
	return s.mayHave(min(len(m.Data)-m.off, fragmentSize))
}

func (s *sender) firstResend() int {
	for i := range s.under.len() {
		if s.under.at(i).resend {
			return i
		}
	}
	return 0
}

// emission says what appendData did, for the timers.
type emission struct {
	sent   bool // anything
	oldest bool // the oldest fragment under way, again
}

// appendData fills a packet of at most limit octets with DATA, old fragments first.
func (s *sender) appendData(b []byte, limit int, now time.Duration) ([]byte, emission) {
	var e emission
	full := false
	if s.resends > 0 {
		for i := s.firstResend(); i < s.under.len() && s.resends > 0; i++ {
			f := s.under.at(i)
			if !f.resend {
				continue
			}
			if len(b)+dataHeader+pad(len(f.data)) > limit || !s.mayHave(len(f.data)) {
				full = true
				break
			}
			f.resend = false
			s.resends--
			tsn := s.acked + 1 + uint32(i)
			if s.timing && !before(s.timed, tsn) {
				s.timing = false // Karn: no measuring across a retransmission
			}
			b = s.put(b, f, tsn)
			e.sent, e.oldest = true, e.oldest || i == 0
		}
		s.fast = false
	}
	for !full && s.waiting.len() > 0 {
		m := s.waiting.at(0)
		n := min(len(m.Data)-m.off, limit-packetHeader-dataHeader)
		if len(b)+dataHeader+pad(n) > limit || !s.mayHave(n) {
			break
		}
		tsn := s.nextTSN()
		s.under.push(fragment{
			data: m.Data[m.off : m.off+n], ppid: m.PPID, stream: m.Stream, ssn: m.ssn,
			unordered: m.Unordered, begin: m.off == 0, end: m.off+n == len(m.Data),
		})
		if m.off += n; m.off == len(m.Data) {
			s.waiting.pop()
		}
		if !s.timing {
			s.timing, s.timed, s.sentAt = true, tsn, now
		}
		b = s.put(b, s.under.at(s.under.len()-1), tsn)
		e.sent = true
	}
	return b, e
}

func (s *sender) put(b []byte, f *fragment, tsn uint32) []byte {
	s.flight += len(f.data)
	s.peerWindow = max(0, s.peerWindow-len(f.data))
	return Data{
		TSN: tsn, Stream: f.stream, SSN: f.ssn, PPID: f.ppid,
		Unordered: f.unordered, Begin: f.begin, End: f.end, Data: f.data,
	}.Append(b)
}

// lose takes a fragment under way for lost.
func (s *sender) lose(f *fragment) {
	f.resend, f.missing = true, 0
	s.resends++
	s.flight -= len(f.data)
	s.peerWindow += len(f.data)
}

// expire is what the retransmission timer does (§6.3.3): everything under way counts as
// lost, and one packet's worth goes out.
func (s *sender) expire(packet int) {
	s.ssthresh = max(s.cwnd/2, 4*packet)
	s.cwnd = packet
	s.partialAcked = 0
	s.recovering, s.fast, s.timing = false, false, false
	for i := range s.under.len() {
		if f := s.under.at(i); !f.acked && !f.resend {
			s.lose(f)
		}
		s.under.at(i).fastSent = false
	}
}
