package nas

import "cordon/ident"

// MaxTAIs is the most tracking areas that a list may hold; what follows them is ignored
// (TS 24.501 §9.11.3.9).
const MaxTAIs = 16

// Forms of a partial tracking area identity list.
const (
	taiSameNetwork = 0 // one PLMN, codes that are not consecutive
	taiConsecutive = 1 // one PLMN, codes from the first
	taiAny         = 2 // each with its PLMN
)

func lastTAI(c *coder, t *ident.TAI) {
	plmn(c, &t.PLMN)
	u24(c, &t.TAC)
}

func taiList(c *coder, p *[]ident.TAI) {
	if c.writing {
		writeTAIs(c, *p, 0)
		return
	}
	out := []ident.TAI{}
	for c.more() {
		head := c.get()
		out = readPartialTAIs(c, out, head>>5&3, listed(head))
	}
	if c.err == nil {
		*p = out[:min(len(out), MaxTAIs)]
	}
}

// listed is how many areas a part holds. A count beyond the sixteen that the field may say means
// sixteen.
func listed(head byte) int { return min(int(head&0x1f)+1, MaxTAIs) }

func readPartialTAIs(c *coder, out []ident.TAI, form byte, n int) []ident.TAI {
	var t ident.TAI
	switch form {
	case taiSameNetwork:
		plmn(c, &t.PLMN)
		for range n {
			u24(c, &t.TAC)
			out = append(out, t)
		}
	case taiConsecutive:
		lastTAI(c, &t)
		c.check(t.TAC+ident.TAC(n-1) <= ident.MaxTAC)
		for range n {
			out = append(out, t)
			t.TAC++
		}
	case taiAny:
		for range n {
			lastTAI(c, &t)
			out = append(out, t)
		}
	default:
		c.fail(ErrValue)
	}
	return out
}

// writeTAIs takes, from the front, the longest run of codes that follow each other, or
// else all of one network up to the next such run, or else all of different networks. Each part
// begins with its form, its length and flag.
func writeTAIs(c *coder, ts []ident.TAI, flag byte) {
	c.check(len(ts) <= MaxTAIs)
	for len(ts) > 0 && c.err == nil {
		if n := runLength(ts); n > 1 {
			c.put(flag | taiConsecutive<<5 | byte(n-1))
			lastTAI(c, &ts[0])
			ts = ts[n:]
			continue
		}
		n := 1
		for n < len(ts) && ts[n].PLMN == ts[0].PLMN && runLength(ts[n:]) < 3 {
			n++
		}
		if n > 1 || len(ts) == 1 || ts[1].PLMN == ts[0].PLMN {
			c.put(flag | taiSameNetwork<<5 | byte(n-1))
			c.put(ts[0].PLMN[:]...)
			for i := range ts[:n] {
				u24(c, &ts[i].TAC)
			}
			ts = ts[n:]
			continue
		}
		for n < len(ts) && ts[n].PLMN != ts[n-1].PLMN && (n+1 == len(ts) || ts[n+1].PLMN != ts[n].PLMN) {
			n++
		}
		c.put(flag | taiAny<<5 | byte(n-1))
		for i := range ts[:n] {
			lastTAI(c, &ts[i])
		}
		ts = ts[n:]
	}
}

// runLength is how many of the first areas are of one network with codes that follow
// each other.
func runLength(ts []ident.TAI) int {
	n := 1
	for n < len(ts) && ts[n].PLMN == ts[0].PLMN && ts[n].TAC == ts[0].TAC+ident.TAC(n) {
		n++
	}
	return n
}
