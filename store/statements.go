package store

import "context"

// Statement is something that an operator has ordered and that is in force until it is taken
// back: a record given to a radio, a cut. What it says is its kind's own.
type Statement struct {
	Number int // not used again
	Kind   string
	Text   []byte
}

// AddStatement keeps a statement and gives it its number.
func (s *Store) AddStatement(kind string, text []byte) (number int, err error) {
	err = s.w.do(func(t *tx) error {
		r, err := t.conn.ExecContext(t.ctx, "INSERT INTO statements (kind, sealed) VALUES (?, x'')", kind)
		if err != nil {
			return err
		}
		id, err := r.LastInsertId()
		if err != nil {
			return err
		}
		number = int(id)
		// Sealed under its number and kind: neither can be exchanged with another's.
		return t.change("UPDATE statements SET sealed = ? WHERE id = ?", t.sealer.seal("statements "+kind, uint64(id), text), id)
	})
	return number, s.result("keeping an order", err)
}

// RemoveStatement forgets a statement, or answers ErrUnknown.
func (s *Store) RemoveStatement(number int) error {
	return s.result("taking back an order", s.w.do(func(t *tx) error {
		return t.change("DELETE FROM statements WHERE id = ?", number)
	}))
}

// Statements is all that are kept, by number.
func (s *Store) Statements() ([]Statement, error) {
	rows, err := s.read.QueryContext(context.Background(), "SELECT id, kind, sealed FROM statements ORDER BY id")
	if err != nil {
		return nil, s.result("reading orders", err)
	}
	defer rows.Close()
	var all []Statement
	for rows.Next() {
		var st Statement
		var sealed []byte
		if err := rows.Scan(&st.Number, &st.Kind, &sealed); err != nil {
			return nil, s.result("reading orders", err)
		}
		if st.Text, err = s.sealer.open("statements "+st.Kind, uint64(st.Number), sealed); err != nil {
			return nil, s.result("reading orders", err)
		}
		all = append(all, st)
	}
	return all, s.result("reading orders", rows.Err())
}
