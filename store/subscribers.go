package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"cordon/ident"
	"cordon/subscriber"
)

// Texts of the statements that are prepared once.
const (
	getSubscriber = `SELECT algorithm, method, amf, plan, sqn_offset, protected, sealed FROM subscribers WHERE supi = ?`

	listSubscribers = `SELECT supi, algorithm, method, amf, plan, sqn_offset, protected FROM subscribers WHERE supi > ? ORDER BY supi LIMIT ?`

	addSubscriber = `INSERT INTO subscribers (supi, algorithm, method, amf, plan, sqn_offset, protected, created, sealed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (supi) DO NOTHING`

	// A replaced subscriber keeps when it was made. Its offset goes back to the new
	// profile's: it may be another SIM.
	replaceSubscriber = `INSERT INTO subscribers (supi, algorithm, method, amf, plan, sqn_offset, protected, created, sealed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (supi) DO UPDATE SET algorithm = excluded.algorithm,
		method = excluded.method, amf = excluded.amf, plan = excluded.plan, sqn_offset = excluded.sqn_offset,
		protected = excluded.protected, sealed = excluded.sealed`
)

// Add keeps a subscriber. One who is there already is replaced only if replace is set,
// and the error is ErrExists if not.
func (s *Store) Add(p subscriber.Profile, replace bool) error {
	sealed := s.sealCredentials(&p)
	return s.result("adding a subscriber", s.w.do(func(t *tx) error { return t.addSubscriber(&p, sealed, replace) }))
}

func (s *Store) result(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, sentence(s.path, err))
	}
	return nil
}

func (t *tx) addSubscriber(p *subscriber.Profile, sealed []byte, replace bool) error {
	stmt := t.add
	if replace {
		stmt = t.replace
	}
	c := &p.Credentials
	r, err := stmt.ExecContext(t.ctx, int64(p.SUPI), int64(c.Algorithm), int64(c.Method), int64(binary.BigEndian.Uint16(c.AMF[:])),
		p.Plan, p.SQNOffset, p.Protected, time.Now().Unix(), sealed)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrExists)
	}
	return nil
}

// Get is a subscriber's profile, or ErrUnknown.
func (s *Store) Get(supi ident.SUPI) (subscriber.Profile, error) {
	p := subscriber.Profile{SUPI: supi}
	var amf int64
	var sealed []byte
	c := &p.Credentials
	err := s.get.QueryRowContext(context.Background(), int64(supi)).Scan(&c.Algorithm, &c.Method, &amf, &p.Plan, &p.SQNOffset, &p.Protected, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return subscriber.Profile{}, ErrUnknown
	}
	if err == nil {
		binary.BigEndian.PutUint16(c.AMF[:], uint16(amf))
		err = s.openCredentials(&p, sealed)
	}
	if err != nil {
		return subscriber.Profile{}, s.result("reading a subscriber", err)
	}
	return p, nil
}

// List is up to limit profiles without their keys, in the order of their SUPI (by number
// of digits first), from the first one after.
func (s *Store) List(after ident.SUPI, limit int) ([]subscriber.Profile, error) {
	rows, err := s.list.QueryContext(context.Background(), int64(after), limit)
	if err != nil {
		return nil, s.result("listing subscribers", err)
	}
	defer rows.Close()
	var out []subscriber.Profile
	for rows.Next() {
		var p subscriber.Profile
		var supi, amf int64
		if err := rows.Scan(&supi, &p.Credentials.Algorithm, &p.Credentials.Method, &amf, &p.Plan, &p.SQNOffset, &p.Protected); err != nil {
			return nil, s.result("listing subscribers", err)
		}
		p.SUPI = ident.SUPI(supi)
		binary.BigEndian.PutUint16(p.Credentials.AMF[:], uint16(amf))
		out = append(out, p)
	}
	return out, s.result("listing subscribers", rows.Err())
}

// Remove forgets a subscriber and the device's context, or answers ErrUnknown.
func (s *Store) Remove(supi ident.SUPI) error {
	return s.result("removing a subscriber", s.w.do(func(t *tx) error {
		if err := t.change("DELETE FROM subscribers WHERE supi = ?", int64(supi)); err != nil {
			return err
		}
		_, err := t.del.ExecContext(t.ctx, int64(supi))
		return err
	}))
}

// SetSQNOffset keeps what a resynchronisation found (TS 33.102 §6.3.5), or answers
// ErrUnknown. It returns once that is on disk, and no vector may be made before.
func (s *Store) SetSQNOffset(supi ident.SUPI, offset int64) error {
	return s.result("keeping a sequence number", s.w.do(func(t *tx) error {
		return t.change("UPDATE subscribers SET sqn_offset = ? WHERE supi = ?", offset, int64(supi))
	}))
}

// SetProtected keeps whether a subscriber is protected, or answers ErrUnknown.
func (s *Store) SetProtected(supi ident.SUPI, protected bool) error {
	return s.result("keeping a subscriber's protection", s.w.do(func(t *tx) error {
		return t.change("UPDATE subscribers SET protected = ? WHERE supi = ?", protected, int64(supi))
	}))
}

// protected tells whether a subscriber is, and whether there is such a subscriber.
func (t *tx) protected(supi ident.SUPI) (protected, known bool, err error) {
	err = t.class.QueryRowContext(t.ctx, int64(supi)).Scan(&protected)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	return protected, err == nil, err
}

// change runs a statement that must find its row.
func (t *tx) change(statement string, args ...any) error {
	r, err := t.conn.ExecContext(t.ctx, statement, args...)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrUnknown)
	}
	return nil
}

// Credentials are sealed as
//
//	octet 0       format, 1
//	octet 1       length of K, then K
//	next octet    length of OPc, then OPc
//	two octets    TUAK's length of RES and iterations
func (s *Store) sealCredentials(p *subscriber.Profile) []byte {
	c := &p.Credentials
	b := make([]byte, 0, 80)
	b = append(b, 1, byte(c.K.Len()))
	b = append(b, c.K.Bytes()...)
	b = append(b, byte(c.OPc.Len()))
	b = append(b, c.OPc.Bytes()...)
	b = append(b, c.TUAK.RES, c.TUAK.Iterations)
	defer clear(b)
	return s.sealer.seal("subscribers", uint64(p.SUPI), b)
}

func (s *Store) openCredentials(p *subscriber.Profile, sealed []byte) error {
	b, err := s.sealer.open("subscribers", uint64(p.SUPI), sealed)
	if err != nil {
		return err
	}
	defer clear(b)
	c := &p.Credentials
	if len(b) < 2 || b[0] != 1 {
		return errSeal
	}
	k, rest, ok := counted(b[1:])
	opc, rest, ok2 := counted(rest)
	if !ok || !ok2 || len(rest) != 2 {
		return errSeal
	}
	c.K, c.OPc = subscriber.NewSecret(k), subscriber.NewSecret(opc)
	c.TUAK.RES, c.TUAK.Iterations = rest[0], rest[1]
	return nil
}

// counted cuts a value off that stands after its length.
func counted(b []byte) (v, rest []byte, ok bool) {
	if len(b) == 0 || int(b[0]) > len(b)-1 {
		return nil, nil, false
	}
	n := 1 + int(b[0])
	return b[1:n], b[n:], true
}
