package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// migrations are numbered from 0001 without a gap, and are never edited once released:
// a store has applied as many of them, in order, as its user_version says.
//
//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks the file as Cordon's in SQLite's header: "Cord".
const applicationID = 0x436f7264

// migrate brings the schema up to date, each step in its own transaction.
func migrate(ctx context.Context, conn *sql.Conn, path string) error {
	var id, version, tables int
	if err := errors.Join(
		conn.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id),
		conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version),
		conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables),
	); err != nil {
		return err
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	switch {
	case id != applicationID && (id != 0 || version != 0 || tables != 0):
		return fmt.Errorf("%s is another program's database: name another file", path)
	case version > len(files):
		return fmt.Errorf("%s was written by a newer Cordon (schema %d, this one knows %d): run that one, or restore a backup from before", path, version, len(files))
	}
	for i, name := range files[version:] {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return err
		}
		step := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", text, applicationID, version+i+1)
		if _, err := conn.ExecContext(ctx, step); err != nil {
			conn.ExecContext(ctx, "ROLLBACK") // the step's error is the one to tell
			return fmt.Errorf("bringing the schema to %d: %w", version+i+1, err)
		}
	}
	return nil
}
