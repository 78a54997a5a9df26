package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"cordon/console"
	"cordon/ident"
)

const (
	defaultAPI   = "http://127.0.0.1:8642"
	defaultToken = "cordon.token"
	maxAnswer    = 64 << 20
)

// A client speaks to a core's API.
type client struct {
	ctx   context.Context
	base  string
	token console.Token
	http  *http.Client
	json  bool // answer machines, not people
}

// remote defines the flags of a command that asks a core, and parses.
func (c *call) remote(wantArgs int) (*client, error) { return c.remoteBetween(wantArgs, wantArgs) }

// remoteBetween is remote for a command that takes from the least to the most arguments.
func (c *call) remoteBetween(least, most int) (*client, error) {
	api := c.flags.String("api", cmp.Or(c.getenv("CORDON_API"), defaultAPI), "the core's API; also in CORDON_API")
	file := c.flags.String("token-file", cmp.Or(c.getenv("CORDON_TOKEN_FILE"), defaultToken), "the API's token file; also in CORDON_TOKEN_FILE")
	asJSON := c.flags.Bool("json", false, "print JSON")
	if err := c.parseBetween(least, most); err != nil {
		return nil, err
	}
	u, err := url.Parse(*api)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" {
		return nil, misused("--api %q: want a URL such as %s", *api, defaultAPI)
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return nil, misused("--api %s would send the token in clear: use an SSH tunnel to this host's loopback, or https", *api)
	}
	token, err := console.ReadToken(*file)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w: name the running core's with --token-file", err)
		}
		return nil, err
	}
	return &client{
		ctx: c.ctx, base: u.Scheme + "://" + u.Host, token: token, json: *asJSON,
		http: &http.Client{
			Timeout:       5 * time.Minute,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// remoteOf is remote for a command whose first argument names a subscriber or device, and
// the path under which the API has it.
func (c *call) remoteOf(wantArgs int, under string) (api *client, path string, err error) {
	if api, err = c.remote(wantArgs); err != nil {
		return nil, "", err
	}
	id, err := ident.ParseSUPI(c.args[0])
	if err != nil {
		return nil, "", misused("%v", err)
	}
	return api, under + "imsi-" + id.IMSI(), nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// ask sends a request and decodes the answer.
func (c *client) ask(method, path, contentType string, body io.Reader, into any) error {
	answer, err := c.fetch(method, path, contentType, body, maxAnswer)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s does not answer as Cordon's API: see --api", c.base)
	}
	return nil
}

// fetch sends a request and returns the answer, which is refused beyond a number of octets. An error is
// a sentence, the API's own where it gave one.
func (c *client) fetch(method, path, contentType string, body io.Reader, most int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(c.ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", c.token.Header())
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	switch {
	case errors.Is(err, context.Canceled):
		return nil, err
	case errors.Is(err, syscall.ECONNREFUSED):
		return nil, fmt.Errorf("no core answers on %s: start one with \"cordon serve\", or name another with --api", c.base)
	case err != nil:
		return nil, fmt.Errorf("asking %s: %w", c.base, err.(*url.Error).Err) // the URL itself may hold an identity
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the answer of %s: %w", c.base, err)
	case resp.StatusCode/100 != 2:
		return nil, refusal(c.base, resp, answer)
	case int64(len(answer)) > most:
		return nil, fmt.Errorf("the answer of %s is larger than %d octets", c.base, most)
	}
	return answer, nil
}

// refusal is the error that the API answered with.
func refusal(base string, resp *http.Response, answer []byte) error {
	var doc struct{ Error *console.Problem }
	if json.Unmarshal(answer, &doc) != nil || doc.Error == nil {
		return fmt.Errorf("%s answers %q and not as Cordon's API does: see --api", base, resp.Status)
	}
	if resp.StatusCode == http.StatusUnauthorized {
		return fmt.Errorf("%s: name the running core's with --token-file", doc.Error.Message)
	}
	if len(doc.Error.Details) == 0 {
		return doc.Error
	}
	var b strings.Builder
	for i, d := range doc.Error.Details {
		if i > 0 {
			b.WriteString("\n  ")
		}
		b.WriteString(d.Message)
	}
	return errors.New(b.String())
}

// exists reports whether the API refused because what is to be made is there already.
func exists(err error) bool {
	p, ok := errors.AsType[*console.Problem](err)
	return ok && p.Code == "exists"
}

func (c *client) get(path string, into any) error { return c.ask(http.MethodGet, path, "", nil, into) }

// post sends a JSON object.
func (c *client) post(path string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return c.ask(http.MethodPost, path, "application/json", bytes.NewReader(b), into)
}

// act has the core do something; only machines are told what it answered.
func (c *client) act(out io.Writer, method, path string) error {
	var done map[string]string
	if err := c.ask(method, path, "", nil, &done); err != nil || !c.json {
		return err
	}
	return printJSON(out, done)
}

// show asks for what stands at a path and prints it: as JSON for machines, as tell does for people.
func show[T any](c *client, out io.Writer, path string, tell func(T) error) error {
	var v T
	if err := c.get(path, &v); err != nil {
		return err
	}
	return c.print(out, v, func() error { return tell(v) })
}

func (c *client) print(out io.Writer, v any, tell func() error) error {
	if c.json {
		return printJSON(out, v)
	}
	return tell()
}

// everyPage asks for the pages of a list until there is no next, and joins them. part is
// where a page has its entries, and what it says is next.
func everyPage[L, E any](c *client, path string, part func(*L) (entries *[]E, next string)) (all L, err error) {
	joined, _ := part(&all)
	*joined = []E{}
	for next := ""; ; {
		q := url.Values{"limit": {"1000"}}
		if next != "" {
			q.Set("after", next)
		}
		var page L
		if err := c.get(path+"?"+q.Encode(), &page); err != nil {
			return all, err
		}
		entries, after := part(&page)
		*joined = append(*joined, *entries...)
		switch after {
		case "":
			return all, nil
		case next:
			return all, fmt.Errorf("%s repeats a page: see --api", c.base)
		}
		next = after
	}
}
