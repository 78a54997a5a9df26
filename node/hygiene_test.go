package node

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"cordon/console"
	"cordon/ident"
	"cordon/wire/ngap"
)

// distinct is a subscriber whose number does not come about by chance.
const distinct = "001018675309214"

// What a core writes in its log at the finest level, and in its metrics, holds no identity of
// a subscriber and no key, in whatever form, whether things go well or not.
func TestHygiene(t *testing.T) {
	for _, format := range []LogConfig{{Level: slog.LevelDebug}, {Level: slog.LevelDebug, JSON: true}} {
		t.Run(fmt.Sprintf("json=%v", format.JSON), func(t *testing.T) {
			first, err := ident.ParseSUPI(distinct)
			if err != nil {
				t.Fatal(err)
			}
			var log kept
			logger := NewLogger(io.MultiWriter(&log, t.Output()), format)
			logger.Debug("control", "device", first, "as", console.SUPI(first), "error", fmt.Errorf("of %v", first))
			o := observe(t, first, logger)
			o.everything()
			metrics := o.get("/metrics")
			o.end(t)()
			secrets := o.secrets(first)
			if n := strings.Count(log.String(), "\n"); n < 5 || strings.Count(log.String(), "imsi-00101**********") < 3 {
				t.Errorf("a log of %d lines without a masked identity proves nothing", n)
			}
			if !strings.Contains(metrics, "cordon_") {
				t.Error("no metrics")
			}
			if len(secrets) < 100 {
				t.Errorf("only %d forms of secrets are looked for", len(secrets))
			}
			for where, text := range map[string]string{"log": log.String(), "metrics": metrics} {
				text = strings.ToLower(text)
				for form, what := range secrets {
					if strings.Contains(text, form) {
						t.Errorf("the %s holds %s, as %q", where, what, form)
					}
				}
			}
		})
	}
}

// kept is a log that is kept.
type kept struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (k *kept) Write(b []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.Write(b)
}

func (k *kept) String() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.String()
}

// get asks the API.
func (o *observation) get(path string) string {
	o.Helper()
	q, err := http.NewRequestWithContext(o.ctx, http.MethodGet, "http://"+o.API.String()+path, nil)
	o.must(err)
	q.Header.Set("Authorization", o.Token.Header())
	a, err := http.DefaultClient.Do(q)
	o.must(err)
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	o.must(err)
	return string(b)
}

// secrets are the forms, in small letters, in which one could come to light, and what it is.
func (o *observation) secrets(first ident.SUPI) map[string]string {
	all := map[string]string{strings.ToLower(strings.TrimPrefix(o.Token.Header(), "Bearer ")): "the API's token"}
	for i := range o.next - first {
		supi := first + i
		all[supi.IMSI()] = "an IMSI"
		all[supi.IMSI()[5:]] = "an MSIN"
		all[strconv.FormatUint(uint64(supi), 10)] = "a SUPI's number"
		all[strconv.FormatUint(uint64(supi), 16)] = "a SUPI's number"
	}
	forms(all, "K", testK[:])
	forms(all, "OPc", testOPc[:])
	forms(all, "the home network's private key", o.world.cfg.Security.Keys[0].Private)
	keys := 0
	for _, r := range o.rec.Records() {
		m, _ := ngap.Parse(r.Data)
		if setup, ok := m.(*ngap.InitialContextSetupRequest); ok {
			forms(all, "a KgNB", setup.SecurityKey[:])
			keys++
		}
	}
	if keys < 5 {
		o.Errorf("%d keys were handed to radios", keys)
	}
	return all
}

// forms adds the forms of a secret's beginning, which is telling enough.
func forms(all map[string]string, what string, secret []byte) {
	b := secret[:8]
	for _, form := range []string{
		hex.EncodeToString(b), fmt.Sprintf("% x", b), fmt.Sprintf("%q", b), fmt.Sprint(b[:5])[1:], strings.ReplaceAll(fmt.Sprint(b[:5]), " ", ","),
		base64.StdEncoding.EncodeToString(secret)[:10], fmt.Sprintf("%#v", b)[7:],
	} {
		all[strings.Trim(strings.ToLower(form), "[]\"{}")] = what
	}
}
