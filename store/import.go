package store

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"cordon/ident"
	"cordon/subscriber"
)

const (
	maxProblems = 20      // told of one file
	maxRecords  = 1 << 19 // in one file
)

// ImportError is one thing wrong with a file of subscribers. It never holds what stood
// in the file, which may be a key.
type ImportError struct {
	Line, Column int    // in the file, from 1; Column in octets
	Field        string // the column's name, "" where the line as a whole is meant
	Want         string
}

// Where names the place.
func (e *ImportError) Where() string {
	at := fmt.Sprintf("line %d, column %d", e.Line, e.Column)
	if e.Field != "" {
		at += " (" + e.Field + ")"
	}
	return at
}

func (e *ImportError) Error() string { return e.Where() + ": want " + e.Want }

// Import adds the subscribers of a CSV file, whose first line names the columns
// ([subscriber.Columns]), all in one transaction: any error means that nothing has
// changed. Up to maxProblems [ImportError] come joined. Those who are there already are
// an error unless replace is set; changed are those of them who are protected now and were
// not, or were and are not. knowsPlan says whether a plan exists.
//
// Contexts wait while an import commits, which takes about a second for each 100,000.
func (s *Store) Import(r io.Reader, replace bool, knowsPlan func(string) bool) (n int, changed []ident.SUPI, err error) {
	im := &importer{csv: csv.NewReader(r), knowsPlan: knowsPlan, lines: map[ident.SUPI]int{}, seal: s.sealCredentials}
	im.csv.ReuseRecord = true
	im.csv.FieldsPerRecord = -1 // we say it better
	if err := im.read(); err != nil {
		return 0, nil, err
	}
	err = s.w.do(func(t *tx) error {
		changed, err = im.write(t, replace)
		return err
	})
	switch {
	case len(im.problems) > 0:
		return 0, nil, err // which joins places, and is told as it is
	case err != nil:
		return 0, nil, s.result("importing subscribers", err)
	}
	return len(im.found), changed, nil
}

// write adds what was read, and tells whose protection differs from what it was. Its error
// joins the problems, or is the database's own.
func (im *importer) write(t *tx, replace bool) (changed []ident.SUPI, err error) {
	for i := range im.found {
		f := &im.found[i]
		if replace {
			was, known, err := t.protected(f.profile.SUPI)
			if err != nil {
				return nil, err
			}
			if known && was != f.profile.Protected {
				changed = append(changed, f.profile.SUPI)
			}
		}
		switch err := t.addSubscriber(&f.profile, f.sealed, replace); {
		case errors.Is(err, ErrExists):
			im.bad(im.lines[f.profile.SUPI], 1, "imsi", "a subscriber who is not there yet, unless those are to be replaced (--replace)")
		case err != nil:
			return nil, err
		}
		if len(im.problems) == maxProblems {
			break
		}
	}
	return changed, errors.Join(im.problems...)
}

// importer reads a file and collects what is wrong with it.
type importer struct {
	csv       *csv.Reader
	knowsPlan func(string) bool
	seal      func(*subscriber.Profile) []byte
	columns   []string
	found     []record
	lines     map[ident.SUPI]int
	problems  []error
}

// record is a subscriber as it will be stored: without keys in clear.
type record struct {
	profile subscriber.Profile
	sealed  []byte
}

func (im *importer) bad(line, column int, field, want string) {
	im.problems = append(im.problems, &ImportError{line, column, field, want})
}

// read takes the whole file in. Its error joins the problems, or is the reader's own.
func (im *importer) read() error {
	header, err := im.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		im.bad(1, 1, "", "a first line with the names of the columns, as imsi,k,opc,plan")
		return errors.Join(im.problems...)
	case err != nil:
		return im.syntax(err)
	}
	if im.header(header); len(im.problems) > 0 {
		return errors.Join(im.problems...)
	}
	for len(im.problems) < maxProblems {
		fields, err := im.csv.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if err := im.syntax(err); err != nil {
				return err
			}
			continue
		}
		im.record(fields)
		if len(im.found) > maxRecords {
			line, _ := im.csv.FieldPos(0)
			im.bad(line, 1, "", fmt.Sprintf("up to %d subscribers in one file: divide it", maxRecords))
			break
		}
	}
	if len(im.found) == 0 && len(im.problems) == 0 {
		im.bad(2, 1, "", "a subscriber")
	}
	return errors.Join(im.problems...)
}

// syntax notes a line that is no CSV, after which reading can go on. Any other error is
// returned.
func (im *importer) syntax(err error) error {
	e, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return fmt.Errorf("reading the file: %w", err)
	}
	im.bad(e.Line, e.Column, "", "values between commas, and quotes only around whole values")
	if im.columns == nil {
		return errors.Join(im.problems...)
	}
	return nil
}

func (im *importer) header(names []string) {
	for i, name := range names {
		if i == 0 {
			name = strings.TrimPrefix(name, "\ufeff") // which spreadsheets put there
		}
		name = strings.ToLower(strings.TrimSpace(name))
		line, column := im.csv.FieldPos(i)
		switch {
		case !slices.Contains(subscriber.Columns[:], name):
			im.bad(line, column, "", "one of the columns "+strings.Join(subscriber.Columns[:], ", "))
		case slices.Contains(im.columns, name):
			im.bad(line, column, name, "each column once")
		}
		im.columns = append(im.columns, name)
	}
}

// record takes one line in, or notes what is wrong with it.
func (im *importer) record(fields []string) {
	line, _ := im.csv.FieldPos(0)
	if len(fields) != len(im.columns) {
		im.bad(line, 1, "", fmt.Sprintf("%d values, as the first line has names; there are %d", len(im.columns), len(fields)))
		return
	}
	values := make(map[string]string, len(fields))
	for i, v := range fields {
		values[im.columns[i]] = v
	}
	p, err := subscriber.ParseRecord(values)
	if e, ok := errors.AsType[*subscriber.RecordError](err); ok {
		im.bad(line, im.column(e.Column), e.Column, e.Want)
		return
	}
	if !im.knowsPlan(p.Plan) {
		im.bad(line, im.column("plan"), "plan", "a plan of the configuration")
		return
	}
	if first, twice := im.lines[p.SUPI]; twice {
		im.bad(line, im.column("imsi"), "imsi", fmt.Sprintf("each subscriber once; this one is on line %d", first))
		return
	}
	im.lines[p.SUPI] = line
	sealed := im.seal(&p)
	p.Credentials.K, p.Credentials.OPc = subscriber.Secret{}, subscriber.Secret{}
	im.found = append(im.found, record{p, sealed})
}

// column is where a value stands on the line just read; a column that is missing is
// missed at the line's beginning.
func (im *importer) column(name string) int {
	i := slices.Index(im.columns, name)
	if i < 0 {
		return 1
	}
	_, column := im.csv.FieldPos(i)
	return column
}
