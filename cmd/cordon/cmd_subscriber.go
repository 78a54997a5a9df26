package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"cordon/console"
)

// subscriberAdd sends the fields as they were given: the core checks them, and names the
// field that is wrong.
func subscriberAdd(c *call) error {
	fields := map[string]*string{}
	for _, f := range [][2]string{
		{"k", "the SIM's key, hexadecimal; - reads it from standard input, out of sight of the process list"},
		{"opc", "OPc or TOPc, hexadecimal; - as with --k, on the next line"},
		{"op", "OP or TOP, from which OPc is computed; - as with --k"},
		{"amf", "authentication management field, hexadecimal (default 8000)"},
		{"algorithm", "milenage or tuak (default milenage)"},
		{"method", "5g-aka or eap-aka-prime (default 5g-aka)"},
		{"plan", "name of a plan in the configuration (default: its default plan)"},
		{"res", "octets of RES with TUAK: 4, 8 or 16 (default 8)"},
		{"iterations", "of Keccak with TUAK (default 1)"},
	} {
		fields[f[0]] = c.flags.String(f[0], "", f[1])
	}
	protected := c.flags.Bool("protected", false, "keep the subscriber's traffic from equipment that nobody vouches for")
	replace := c.flags.Bool("replace", false, "replace a subscriber who is there already")
	api, err := c.remote(1)
	if err != nil {
		return err
	}
	body := map[string]any{"imsi": c.args[0]}
	if *protected {
		body["protected"] = true
	}
	if *replace {
		body["replace"] = true
	}
	in := bufio.NewReader(c.in)
	for _, name := range []string{"k", "opc", "op", "amf", "algorithm", "method", "plan", "res", "iterations"} {
		v := *fields[name]
		if v == "-" {
			if v, err = secret(in, name); err != nil {
				return err
			}
		}
		if v != "" {
			body[name] = v
		}
	}
	var s console.Subscriber
	if err := api.post("/v1/subscribers", body, &s); exists(err) {
		return fmt.Errorf("%w: --replace writes over", err)
	} else if err != nil || !api.json {
		return err
	}
	return printJSON(c.out, s)
}

func secret(in *bufio.Reader, name string) (string, error) {
	line, err := in.ReadString('\n')
	if line = strings.TrimSpace(line); line == "" {
		return "", fmt.Errorf("reading --%s from standard input: want it on a line of its own (%w)", name, err)
	}
	return line, nil
}

func subscriberList(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	all, err := everyPage(api, "/v1/subscribers", func(l *console.SubscriberList) (*[]console.Subscriber, string) { return &l.Subscribers, l.Next })
	if err != nil {
		return err
	}
	return api.print(c.out, all, func() error {
		var rows [][]string
		for _, s := range all.Subscribers {
			rows = append(rows, []string{imsi(s.SUPI), s.Plan, s.Algorithm, s.Method, s.AMF, yesNo(s.Protected)})
		}
		return table(c.out, "IMSI PLAN ALGORITHM METHOD AMF PROTECTED", rows)
	})
}

func subscriberShow(c *call) error {
	api, path, err := c.remoteOf(1, "/v1/subscribers/")
	if err != nil {
		return err
	}
	return show(api, c.out, path, func(s console.Subscriber) error {
		return facts(c.out, "IMSI", imsi(s.SUPI), "plan", s.Plan, "algorithm", s.Algorithm, "method", s.Method, "AMF", s.AMF,
			"protected", yesNo(s.Protected), "keys", "held, never shown")
	})
}

func subscriberRemove(c *call) error {
	api, path, err := c.remoteOf(1, "/v1/subscribers/")
	if err != nil {
		return err
	}
	return api.act(c.out, http.MethodDelete, path)
}

// subscriberProtect has the core obey at once, for sessions that there are too.
func subscriberProtect(c *call) error   { return setProtected(c, "/protect") }
func subscriberUnprotect(c *call) error { return setProtected(c, "/unprotect") }

func setProtected(c *call, act string) error {
	api, path, err := c.remoteOf(1, "/v1/subscribers/")
	if err != nil {
		return err
	}
	return api.act(c.out, http.MethodPost, path+act)
}

// subscriberImport sends a file whole; the core takes all of it or nothing.
func subscriberImport(c *call) error {
	replace := c.flags.Bool("replace", false, "replace subscribers who are there already")
	api, err := c.remote(1)
	if err != nil {
		return err
	}
	in, size := c.in, int64(-1)
	if name := c.args[0]; name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		if st, err := f.Stat(); err == nil && st.Mode().IsRegular() {
			size = st.Size()
		}
		in = f
	}
	read := &counter{Reader: in}
	finish := showProgress(c.err, read, size)
	q := url.Values{}
	if *replace {
		q.Set("replace", "true")
	}
	var done console.Imported
	err = api.ask(http.MethodPost, "/v1/subscribers/import?"+q.Encode(), "text/csv", read, &done)
	finish()
	if err != nil {
		return fmt.Errorf("nothing was imported: %w", err)
	}
	if api.json {
		return printJSON(c.out, done)
	}
	_, err = fmt.Fprintf(c.out, "%d subscribers imported\n", done.Imported)
	return err
}

// counter counts what is read through it.
type counter struct {
	io.Reader
	n atomic.Int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// showProgress keeps a line up to date while in is read, on a terminal and nowhere else.
// The function it returns ends it and wipes the line.
func showProgress(w io.Writer, in *counter, size int64) (finish func()) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func() {}
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				fmt.Fprint(w, "\r\x1b[K")
				return
			case <-tick.C:
				n := in.n.Load()
				switch {
				case size > 0 && n < size:
					fmt.Fprintf(w, "\r\x1b[Ksending %d %%", 100*n/size)
				case size > 0:
					fmt.Fprint(w, "\r\x1b[Kwaiting for the core to take it in")
				default:
					fmt.Fprintf(w, "\r\x1b[Ksending %s", octets(uint64(n)))
				}
			}
		}
	}()
	return func() { close(quit); <-done }
}
