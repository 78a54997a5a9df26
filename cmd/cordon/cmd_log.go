package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"cordon/evidence"
	"cordon/ledger"
	"cordon/node"
)

// logPlace is where a command finds a log.
type logPlace struct{ dir, keyFile string }

// logPlace defines the flags that say where the log is, and returns what reads them.
func (c *call) logPlace() func() (logPlace, error) {
	def := node.DefaultConfig().Evidence
	config := c.flags.String("config", "", "configuration file that says where the log and its key are")
	dir := c.flags.String("log", cmp.Or(c.getenv("CORDON_LOG"), def.Path), "the log's directory, or a copy of it; also in CORDON_LOG")
	key := c.flags.String("key-file", def.KeyFile, "the key file that signs the log")
	return func() (logPlace, error) {
		if *config == "" {
			return logPlace{*dir, *key}, nil
		}
		cfg, err := node.ReadConfig(*config)
		if err != nil {
			return logPlace{}, unusable(err)
		}
		return logPlace{cfg.Evidence.Path, cfg.Evidence.KeyFile}, nil
	}
}

// log defines the flags of a command that reads a log, and parses.
func (c *call) log(wantArgs int) (*ledger.Reader, error) {
	place := c.logPlace()
	if err := c.parse(wantArgs); err != nil {
		return nil, err
	}
	p, err := place()
	if err != nil {
		return nil, err
	}
	return ledger.NewReader(p.dir, nil), nil
}

// followEvery is how often a followed log is looked at.
const followEvery = time.Second

func logTail(c *call) error {
	n := c.flags.Int64("n", 20, "how many of the last entries")
	follow := c.flags.Bool("follow", false, "go on with entries as they come, until interrupted")
	asJSON := c.flags.Bool("json", false, "print a JSON object a line")
	r, err := c.log(0)
	if err != nil {
		return err
	}
	if *n < 0 {
		return misused("--n %d: want a number of entries", *n)
	}
	_, cp, err := r.Checkpoint()
	if err != nil {
		return err
	}
	for next := max(0, cp.Size-*n); ; {
		if next, err = printEntries(c.out, r, cp, next, *asJSON); err != nil || !*follow {
			return err
		}
		select {
		case <-c.ctx.Done():
			return nil
		case <-time.After(followEvery):
		}
		if _, cp, err = r.Checkpoint(); err != nil {
			return err
		}
	}
}

// printEntries prints the entries from the next on, and returns the one after the last.
func printEntries(w io.Writer, r *ledger.Reader, cp evidence.Checkpoint, next int64, asJSON bool) (int64, error) {
	const atOnce = 4 * evidence.Width
	for next < cp.Size {
		lines, err := r.Entries(cp, next, min(next+atOnce, cp.Size))
		if err != nil {
			return next, err
		}
		for _, line := range lines {
			if err := printEntry(w, next, line, asJSON); err != nil {
				return next, err
			}
			next++
		}
	}
	return next, nil
}

func printEntry(w io.Writer, index int64, line []byte, asJSON bool) error {
	if asJSON {
		_, err := fmt.Fprintf(w, "{\"index\":%d,\"entry\":%s}\n", index, line)
		return err
	}
	e, err := evidence.ParseEntry(line)
	if err != nil {
		return fmt.Errorf("entry %d: %w", index, err)
	}
	_, err = fmt.Fprintf(w, "%-6d  %s  %-8s  %s\n", index, e.Time.Format(time.DateTime), e.Kind, sentenceOf(e))
	return err
}

// sentenceOf is an entry on one line.
func sentenceOf(e evidence.Entry) string {
	var words []string
	add := func(before, s string) {
		if s != "" {
			words = append(words, before+s)
		}
	}
	add("", e.Act)
	add("at ", e.Gate)
	add("", e.Element)
	add("", e.Subject)
	add("by ", e.Who)
	add("", strings.Join(e.Rules, ","))
	if e.Count > 0 {
		add("x", strconv.FormatUint(e.Count, 10))
	}
	s := strings.Join(words, " ")
	if e.Why != "" {
		s += ": " + e.Why
	}
	return strings.TrimPrefix(s, ": ")
}

func logShow(c *call) error {
	asJSON := c.flags.Bool("json", false, "print JSON")
	r, err := c.log(1)
	if err != nil {
		return err
	}
	index, err := entryIndex(c.args[0])
	if err != nil {
		return err
	}
	p, err := r.Prove(index, nil)
	if err != nil {
		return err
	}
	if *asJSON {
		return printEntry(c.out, index, p.Entry, true)
	}
	e, err := evidence.ParseEntry(p.Entry)
	if err != nil {
		return fmt.Errorf("entry %d: %w", index, err)
	}
	return facts(c.out, append([]string{"entry", strconv.FormatInt(index, 10)}, entryFacts(e)...)...)
}

func entryIndex(s string) (int64, error) {
	i, err := strconv.ParseInt(s, 10, 64)
	if err != nil || i < 0 {
		return 0, misused("entry %q: want its number in \"cordon log tail\"", s)
	}
	return i, nil
}

// entryFacts is an entry as names and values, without what it does not say.
func entryFacts(e evidence.Entry) []string {
	var pairs []string
	add := func(name, value string) {
		if value != "" {
			pairs = append(pairs, name, value)
		}
	}
	at := func(name string, t time.Time) {
		if !t.IsZero() {
			add(name, t.Format(time.RFC3339Nano))
		}
	}
	at("time", e.Time)
	at("clock", e.Clock)
	add("kind", e.Kind.String())
	add("act", e.Act)
	add("gate", e.Gate)
	add("element", e.Element)
	add("subject", e.Subject)
	add("rules", strings.Join(e.Rules, ", "))
	add("regimes", strings.Join(e.Regimes, ", "))
	add("snapshot", e.Snapshot)
	if e.Count > 0 {
		add("count", strconv.FormatUint(e.Count, 10))
	}
	at("from", e.From)
	at("to", e.To)
	add("who", e.Who)
	add("why", e.Why)
	for _, d := range e.Detail {
		add(d.Name, orDash(d.Value))
	}
	return pairs
}

func logProve(c *call) error {
	out := c.flags.String("o", "", "file to write; - or none: standard output")
	under := c.flags.String("under", "", "file with a signed checkpoint, as one that witnesses have cosigned, in place of the log's newest")
	r, err := c.log(1)
	if err != nil {
		return err
	}
	index, err := entryIndex(c.args[0])
	if err != nil {
		return err
	}
	var checkpoint []byte
	if *under != "" {
		if checkpoint, err = readLimited(*under); err != nil {
			return err
		}
	}
	p, err := r.Prove(index, checkpoint)
	if err != nil {
		return err
	}
	text := evidence.AppendProof(nil, p)
	if *out == "" || *out == "-" {
		_, err = c.out.Write(text)
		return err
	}
	return os.WriteFile(*out, text, 0o644)
}

func logKey(c *call) error {
	place := c.logPlace()
	if err := c.parse(0); err != nil {
		return err
	}
	p, err := place()
	if err != nil {
		return err
	}
	key, err := publicKeyOf(p.keyFile)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.out, key)
	return err
}

func publicKeyOf(keyFile string) (string, error) {
	if _, err := os.Stat(keyFile); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no key file %s: a core makes it at its first start; name it with --key-file, or its public half with --key", keyFile)
	}
	return ledger.PublicKey(keyFile)
}

// readLimited reads a small file.
func readLimited(name string) ([]byte, error) {
	const most = 1 << 19
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(b) > most {
		err = fmt.Errorf("%s is larger than %d octets: it is no proof and no checkpoint", name, most)
	}
	return b, err
}
