package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Network is what a store knows about the network and the node it belongs to.
type Network struct {
	// Epoch is when the store was first made, to the second. Sequence numbers count from it.
	Epoch time.Time
	// Boot counts the times the store has been opened, from 1.
	Boot uint64
	// IND is this node's index in sequence numbers, 0 to 31 (TS 33.102 annex C.1.1.3).
	IND uint8
}

// Network tells what the store knows about the network.
func (s *Store) Network() Network { return s.network }

var errWrongKey = errors.New("the key file is not the one that this store was sealed under: put the right one in its place")

// start checks the key, counts this start, and settles the network's facts at the first.
func (s *Store) start(ctx context.Context, conn *sql.Conn) (n Network, err error) {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return n, err
	}
	defer func() {
		if err != nil {
			conn.ExecContext(ctx, "ROLLBACK") // err is the one to tell
		}
	}()
	check := s.sealer.check()
	stored, err := settle(ctx, conn, "key-check", check)
	if err != nil {
		return n, err
	}
	if !bytes.Equal(stored, check) { // derived one way: it tells nothing about the key
		return n, errWrongKey
	}
	epoch, err := settle(ctx, conn, "epoch", number(uint64(time.Now().Unix())))
	if err != nil {
		return n, err
	}
	ind, err := settle(ctx, conn, "ind", number(0))
	if err != nil {
		return n, err
	}
	boot, err := settle(ctx, conn, "boot", number(0))
	if err != nil {
		return n, err
	}
	for _, b := range [][]byte{epoch, ind, boot} {
		if len(b) != 8 {
			return n, fmt.Errorf("%s is damaged: restore a backup", s.path)
		}
	}
	n = Network{
		Epoch: time.Unix(int64(binary.BigEndian.Uint64(epoch)), 0).UTC(),
		Boot:  binary.BigEndian.Uint64(boot) + 1,
		IND:   uint8(binary.BigEndian.Uint64(ind) & 31),
	}
	if _, err := conn.ExecContext(ctx, "UPDATE meta SET value = ? WHERE name = 'boot'", number(n.Boot)); err != nil {
		return n, err
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return n, err
}

// settle is the stored value of a name; where there is none, first becomes it.
func settle(ctx context.Context, conn *sql.Conn, name string, first []byte) (v []byte, err error) {
	err = conn.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = ?", name).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		_, err = conn.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES (?, ?)", name, first)
		v = first
	}
	return v, err
}

func number(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }
