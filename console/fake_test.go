package console

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"

	"cordon/ident"
	"cordon/subscriber"
)

const (
	testToken = "0123456789abcdef0123456789abcdef"
	testK     = "465b5ce8b199b49faa5f0a2ee238a6bc"
	testOPc   = "cd63cb71954a9f4e48a5994e37a02baf"
	testIMSI  = "imsi-001010000000001"
)

// fakeCore is a network of a few devices.
type fakeCore struct {
	devices  []Device
	err      error
	gone     []ident.SUPI
	released []ident.PDUSessionID
	reset    []string
	changed  []ident.SUPI
}

func (f *fakeCore) Status(context.Context) (Status, error) {
	return Status{Name: "test", Devices: len(f.devices)}, f.err
}
func (f *fakeCore) Radios(context.Context) ([]Radio, error) { return nil, f.err }

func (f *fakeCore) Devices(_ context.Context, after ident.SUPI, limit int) ([]Device, error) {
	var out []Device
	for _, d := range f.devices {
		if ident.SUPI(d.SUPI) > after && len(out) < limit {
			out = append(out, d)
		}
	}
	return out, f.err
}

func (f *fakeCore) Device(_ context.Context, id ident.SUPI) (Device, error) {
	for _, d := range f.devices {
		if ident.SUPI(d.SUPI) == id {
			return d, nil
		}
	}
	return Device{}, cmp.Or(f.err, fs.ErrNotExist)
}

func (f *fakeCore) Sessions(_ context.Context, after ident.SUPI, afterID ident.PDUSessionID, limit int) ([]Session, error) {
	var out []Session
	for _, d := range f.devices {
		for _, s := range d.Sessions {
			if (ident.SUPI(s.SUPI) > after || ident.SUPI(s.SUPI) == after && s.ID > afterID) && len(out) < limit {
				out = append(out, s)
			}
		}
	}
	return out, f.err
}

func (f *fakeCore) Deregister(_ context.Context, id ident.SUPI) error {
	if _, err := f.Device(context.Background(), id); err != nil {
		return err
	}
	f.gone = append(f.gone, id)
	return f.err
}

func (f *fakeCore) SubscriberChanged(_ context.Context, id ident.SUPI) error {
	f.changed = append(f.changed, id)
	return f.err
}

const testRadio = "gnb-00101-1/22"

func (f *fakeCore) ResetRadio(_ context.Context, id string) error {
	if id != testRadio {
		return fmt.Errorf("radio %s: %w", id, fs.ErrNotExist)
	}
	f.reset = append(f.reset, id)
	return nil
}

func (f *fakeCore) ReleaseSession(ctx context.Context, id ident.SUPI, psi ident.PDUSessionID) error {
	list, err := f.Sessions(ctx, id, psi-1, 1)
	if err != nil || len(list) == 0 || list[0].SUPI != SUPI(id) || list[0].ID != psi {
		return errors.Join(err, fs.ErrNotExist)
	}
	f.released = append(f.released, psi)
	return nil
}

func (f *fakeCore) Metrics() []Family {
	return []Family{One(Gauge, "cordon_devices", "Registered devices.", float64(len(f.devices)))}
}
func (f *fakeCore) KnowsPlan(name string) bool {
	return name == subscriber.DefaultPlan || name == "gold"
}

type fakeSubscribers struct {
	profiles []subscriber.Profile
	imported string
	err      error
}

func (f *fakeSubscribers) find(id ident.SUPI) int {
	return slices.IndexFunc(f.profiles, func(p subscriber.Profile) bool { return p.SUPI == id })
}

func (f *fakeSubscribers) Add(p subscriber.Profile, replace bool) error {
	if i := f.find(p.SUPI); i >= 0 {
		if !replace {
			return fmt.Errorf("there already: %w", fs.ErrExist)
		}
		f.profiles[i] = p
		return nil
	}
	f.profiles = append(f.profiles, p)
	return f.err
}

func (f *fakeSubscribers) Get(id ident.SUPI) (subscriber.Profile, error) {
	if i := f.find(id); i >= 0 {
		return f.profiles[i], nil
	}
	return subscriber.Profile{}, fs.ErrNotExist
}

func (f *fakeSubscribers) List(after ident.SUPI, limit int) (out []subscriber.Profile, err error) {
	for _, p := range f.profiles {
		if p.SUPI > after && len(out) < limit {
			out = append(out, p)
		}
	}
	return out, f.err
}

func (f *fakeSubscribers) Remove(id ident.SUPI) error {
	i := f.find(id)
	if i < 0 {
		return fs.ErrNotExist
	}
	f.profiles = slices.Delete(f.profiles, i, i+1)
	return nil
}

func (f *fakeSubscribers) SetProtected(id ident.SUPI, protected bool) error {
	i := f.find(id)
	if i < 0 {
		return fs.ErrNotExist
	}
	f.profiles[i].Protected = protected
	return nil
}

type placedError string

func (e placedError) Error() string { return string(e) + ": want better" }
func (e placedError) Where() string { return string(e) }

func (f *fakeSubscribers) Import(r io.Reader, replace bool, knowsPlan func(string) bool) (int, []ident.SUPI, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return 0, nil, err
	}
	f.imported = fmt.Sprint(replace, " ", string(b))
	if string(b) == "bad" {
		return 0, nil, errors.Join(placedError("line 1"), placedError("line 2"))
	}
	return 7, []ident.SUPI{id(1), id(2)}, nil
}
func (f *fakeSubscribers) Health() error { return f.err }

func id(n int) ident.SUPI {
	s, err := ident.ParseSUPI(fmt.Sprintf("00101%010d", n))
	if err != nil {
		panic(err)
	}
	return s
}

type bench struct {
	core  *fakeCore
	subs  *fakeSubscribers
	trust *fakeTrust
	log   *bytes.Buffer
	srv   *Server
}

func newBench() *bench {
	b := &bench{core: &fakeCore{}, subs: &fakeSubscribers{}, trust: &fakeTrust{}, log: &bytes.Buffer{}}
	for n := range 3 {
		s := SUPI(id(n + 1))
		b.core.devices = append(b.core.devices, Device{SUPI: s, State: "registered", Sessions: []Session{{SUPI: s, ID: 1}, {SUPI: s, ID: 2}}})
	}
	b.srv = New(Config{Core: b.core, Subscribers: b.subs, Trust: b.trust, Token: Token{testToken}, Log: slog.New(slog.NewTextHandler(b.log, nil))})
	return b
}

// ask is one request with the token; more are pairs of header names and values.
func (b *bench) ask(method, path, body string, more ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+testToken)
	for i := 0; i < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	w := httptest.NewRecorder()
	b.srv.Handler().ServeHTTP(w, r)
	return w
}
