package subscriber

import (
	"errors"
	"testing"
	"time"

	"cordon/aka"
	"cordon/ident"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func next(t testing.TB, q *Sequencer, now time.Time, p *Profile) aka.SQN {
	t.Helper()
	s, err := q.Next(now, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A phone takes every challenge: spread over time, at once, and across restarts and nodes.
func TestSequencerIsFresh(t *testing.T) {
	p := mustProfile(t, "opc", testOPc)
	var sim aka.SEQArray
	now := epoch
	a, b := NewSequencer(epoch, now, 3), NewSequencer(epoch, now, 4)
	attach := func(what string, q *Sequencer) {
		t.Helper()
		v, err := NewVector(&p, [16]byte{1}, next(t, q, now, &p), testSNN, 0)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := p.Credentials.Functions()
		if _, _, err := aka.CheckAUTN(f, v.RAND, v.AUTN, &sim); err != nil {
			t.Fatalf("%s at %v: %v", what, now.Sub(epoch), err)
		}
	}
	attach("first", a)
	attach("another node", b)
	for range 1000 {
		now = now.Add(170 * time.Millisecond)
		attach("in time", a)
	}
	for range ahead {
		attach("at once", a)
	}
	for range 5 {
		now = now.Add(2 * Tick)
		a = NewSequencer(epoch, now, 3)
		attach("after a restart", a)
	}
	attach("the other node, later", b)
	now = now.Add(-time.Hour)
	attach("with the clock set back", a)
	now = now.Add(300 * 24 * time.Hour)
	attach("after ten months off", a)
}

// However often a subscriber's vectors are asked for, its numbers stay near the time, and
// the memory of a Sequencer near nothing.
func TestSequencerIsBounded(t *testing.T) {
	p := mustProfile(t, "opc", testOPc)
	q := NewSequencer(epoch, epoch, 0)
	now := epoch.Add(time.Hour)
	for range 10000 {
		next(t, q, now, &p)
	}
	if got, most := next(t, q, now, &p).SEQ(), uint64(time.Hour/Tick)+ahead; got != most {
		t.Errorf("SEQ %d, want %d", got, most)
	}
	if later := next(t, q, now.Add(Tick), &p).SEQ(); later != uint64(time.Hour/Tick)+ahead+1 {
		t.Errorf("SEQ %d a tick later", later)
	}
	for i := range 5000 {
		other := p
		other.SUPI = p.SUPI + ident.SUPI(i)
		next(t, q, now.Add(time.Duration(i)*time.Millisecond), &other)
	}
	if len(q.recent) > 200 {
		t.Errorf("remembers %d subscribers", len(q.recent))
	}
	next(t, q, now.Add(time.Hour), &p)
	if len(q.recent) != 1 {
		t.Errorf("remembers %d subscribers an hour later", len(q.recent))
	}
}

func TestSequencerBeforeEpoch(t *testing.T) {
	p := mustProfile(t, "opc", testOPc)
	q := NewSequencer(epoch, epoch.Add(-time.Hour), 40)
	if s := next(t, q, epoch.Add(-time.Hour), &p); s.SEQ() != ahead+1 || s.IND() != 40&31 {
		t.Errorf("SEQ %d IND %d", s.SEQ(), s.IND())
	}
}

// A SIM that is ahead, one that was left far behind and one that is level all come back
// with one resynchronisation, and stay.
func TestResync(t *testing.T) {
	now := epoch.Add(20 * 365 * 24 * time.Hour)
	level := uint64(now.Sub(epoch) / Tick)
	for _, alg := range [][]string{{"opc", testOPc}, {"algorithm", "tuak", "opc", testOPc + testOPc}} {
		for name, ms := range map[string]uint64{"ahead": level + 5_000_000, "new": 0, "level": level + ahead + 10, "nearly spent": aka.MaxSEQ - 100_000_000} {
			p := mustProfile(t, alg...)
			f, err := p.Credentials.Functions()
			if err != nil {
				t.Fatal(err)
			}
			sim := aka.SEQArray{7: ms}
			q := NewSequencer(epoch, now, 7)
			v, err := NewVector(&p, [16]byte{1}, next(t, q, now, &p), testSNN, 0)
			if err != nil {
				t.Fatal(err)
			}
			_, auts, err := aka.CheckAUTN(f, v.RAND, v.AUTN, &sim)
			if err == nil && name == "level" {
				continue // within its reach already
			}
			if !errors.Is(err, aka.ErrNotFresh) {
				t.Fatalf("%s: %v", name, err)
			}
			if _, err := q.Resync(now, &p, [16]byte{2}, auts); !errors.Is(err, aka.ErrMAC) {
				t.Errorf("%s: AUTS of another challenge: %v", name, err)
			}
			if p.SQNOffset, err = q.Resync(now, &p, v.RAND, auts); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for i := range 30 {
				at := now.Add(time.Duration(i) * time.Hour)
				w, err := NewVector(&p, [16]byte{byte(i)}, next(t, q, at, &p), testSNN, 0)
				if err != nil {
					t.Fatal(err)
				}
				if _, _, err := aka.CheckAUTN(f, w.RAND, w.AUTN, &sim); err != nil {
					t.Fatalf("%s, %d hours after: %v", name, i, err)
				}
				if i == 10 {
					q = NewSequencer(epoch, at.Add(time.Minute), 7)
				}
			}
		}
	}
}

func TestResyncExhausted(t *testing.T) {
	p := mustProfile(t, "opc", testOPc)
	f, err := p.Credentials.Functions()
	if err != nil {
		t.Fatal(err)
	}
	q := NewSequencer(epoch, epoch, 0)
	auts := aka.BuildAUTS(f, [16]byte{1}, aka.MakeSQN(aka.MaxSEQ, 0))
	if off, err := q.Resync(epoch, &p, [16]byte{1}, auts); !errors.Is(err, ErrSQNExhausted) || off != 0 {
		t.Errorf("offset %d, %v", off, err)
	}
	for _, off := range []int64{int64(aka.MaxSEQ), -1 << 50} {
		p.SQNOffset = off
		if s, err := q.Next(epoch, &p); !errors.Is(err, ErrSQNExhausted) || s != 0 {
			t.Errorf("SQN %x, %v", s, err)
		}
	}
	if _, err := q.Resync(epoch, &Profile{}, [16]byte{1}, auts); !errors.Is(err, ErrCredentials) {
		t.Errorf("a profile without keys: %v", err)
	}
}

// Whatever the clock and the order of questions: a subscriber's numbers never fall, and
// rise unless it has asked for more than time can bear.
func FuzzSequencer(f *testing.F) {
	f.Add([]byte{0, 0, 1, 1, 200, 7, 255, 3})
	f.Add([]byte{1, 254, 1, 254, 1, 254, 1, 254})
	f.Fuzz(func(t *testing.T, script []byte) {
		q := NewSequencer(epoch, epoch, 1)
		now := epoch
		last := map[ident.SUPI]uint64{}
		for i := 0; i+1 < len(script); i += 2 {
			step := time.Duration(int8(script[i+1])) * 10 * time.Millisecond
			now = now.Add(step)
			p := Profile{SUPI: ident.SUPI(script[i] % 4)}
			s := next(t, q, now, &p)
			most := max(q.latest, q.floor) + ahead
			was := last[p.SUPI]
			if s.SEQ() < was || s.SEQ() > most {
				t.Fatalf("step %d: SEQ %d after %d, with room up to %d", i, s.SEQ(), was, most)
			}
			if s.SEQ() == was && was < most {
				t.Fatalf("step %d: SEQ %d again, with room up to %d", i, was, most)
			}
			last[p.SUPI] = s.SEQ()
			if script[i] >= 250 { // a restart, seconds after the last
				now = epoch.Add(time.Duration(q.latest+ahead+1) * Tick)
				q = NewSequencer(epoch, now, 1)
			}
		}
	})
}
