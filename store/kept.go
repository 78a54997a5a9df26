package store

import (
	"context"
	"database/sql"
	"errors"
)

// Keep keeps a value under a name, in place of the one before. It returns once that is on disk.
func (s *Store) Keep(name string, value []byte) error {
	return s.result("keeping "+name, s.w.do(func(t *tx) error {
		_, err := t.conn.ExecContext(t.ctx, "INSERT INTO kept (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
			name, t.sealer.seal("kept "+name, 0, value))
		return err
	}))
}

// Kept is the value under a name, nil where there is none.
func (s *Store) Kept(name string) (value []byte, err error) {
	var sealed []byte
	err = s.read.QueryRowContext(context.Background(), "SELECT sealed FROM kept WHERE name = ?", name).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		value, err = s.sealer.open("kept "+name, 0, sealed)
	}
	return value, s.result("reading "+name, err)
}
