package node

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"testing"

	"cordon/aka"
	"cordon/ident"
	"cordon/ran"
	"cordon/subscriber"
)

// Every kind of SIM, authentication and concealment, on two slices and two data networks.
func TestKindsOfSubscribers(t *testing.T) {
	cfg := testConfig(t)
	one, two := ident.SNSSAI{SST: 1, SD: ident.NoSD}, ident.SNSSAI{SST: 2, SD: 0x0a0b0c}
	cfg.Slices = []ident.SNSSAI{one, two}
	cfg.Networks = append(cfg.Networks, NetworkConfig{Name: "factory", Pool: netip.MustParsePrefix("10.46.0.0/24"), MTU: 1400})
	rate := subscriber.AMBR{UL: 1e8, DL: 1e8}
	cfg.Plans = []subscriber.Plan{{Name: "gold", UEAMBR: rate, Slices: []subscriber.Slice{
		{SNSSAI: one, Default: true, DNNs: []subscriber.Network{{DNN: "internet", Default: true, AMBR: rate}, {DNN: "factory", AMBR: rate}}},
		{SNSSAI: two, DNNs: []subscriber.Network{{DNN: "factory", Default: true, AMBR: rate}}},
	}}}
	b := make([]byte, 32)
	rand.Read(b)
	cfg.Security.Keys = append(cfg.Security.Keys, HomeKeyConfig{ID: 2, Profile: ident.SchemeProfileB, Private: b})
	facts := testFacts(t)
	record(facts, 0x100).Slices = cfg.Slices
	cfg.Trust.Records = []string{testRecords(t, facts)}
	w := start(t, cfg)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	load := w.load(t, 0)
	load.Radios[0].Slices = cfg.Slices
	radio, err := ran.Open(ctx, load.Radios[0])
	if err != nil {
		t.Fatal(err)
	}
	defer radio.Close()

	keyB, err := aka.NewHomeKey(ident.SchemeProfileB, b)
	if err != nil {
		t.Fatal(err)
	}
	conceal := map[string]ran.Concealment{
		"in the clear": {Routing: load.Groups[0].Phone.Conceal.Routing},
		"profile A":    load.Groups[0].Phone.Conceal,
		"profile B":    {Scheme: ident.SchemeProfileB, KeyID: 2, Public: keyB.Public(), Routing: load.Groups[0].Phone.Conceal.Routing},
	}
	sims := map[string]map[string]string{
		"Milenage": {"algorithm": "milenage", "k": "465b5ce8b199b49faa5f0a2ee238a6bc", "opc": "cd63cb71954a9f4e48a5994e37a02baf"},
		"TUAK": {"algorithm": "tuak", "k": "465b5ce8b199b49faa5f0a2ee238a6bc465b5ce8b199b49faa5f0a2ee238a6bc",
			"opc": "cd63cb71954a9f4e48a5994e37a02bafcd63cb71954a9f4e48a5994e37a02baf"},
	}
	next := load.Groups[0].First
	for sim, record := range sims {
		for _, method := range []string{"5g-aka", "eap-aka-prime"} {
			for how, concealment := range conceal {
				supi := next
				next++
				t.Run(fmt.Sprintf("%s, %s, %s", sim, method, how), func(t *testing.T) {
					record["imsi"], record["method"], record["plan"] = supi.IMSI(), method, "gold"
					p, err := subscriber.ParseRecord(record)
					if err != nil {
						t.Fatal(err)
					}
					if err := w.Store.Add(p, false); err != nil {
						t.Fatal(err)
					}
					phone := load.Groups[0].Phone
					phone.Slices, phone.Conceal = cfg.Slices, concealment
					if phone.SIM, err = p.Credentials.Functions(); err != nil {
						t.Fatal(err)
					}
					phone.Sessions = []ran.SessionConfig{{DNN: "internet", Slice: one}, {DNN: "factory", Slice: one}, {DNN: "factory", Slice: two}}
					servedOnAll(ctx, t, w, radio, supi, &phone)
				})
			}
		}
	}
}

// servedOnAll attaches a phone, sends a packet through each of its sessions, and has it leave.
func servedOnAll(ctx context.Context, t *testing.T, w *world, radio *ran.Radio, supi ident.SUPI, phone *ran.PhoneConfig) {
	u, err := radio.Add(ctx, supi, phone)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Register(ctx); err != nil {
		t.Fatal(err)
	}
	for psi := range phone.Sessions {
		if err := u.Echo(ctx, ident.PDUSessionID(psi+1), testEcho); err != nil {
			t.Errorf("session %d: %v", psi+1, err)
		}
	}
	d, err := w.Device(ctx, supi)
	if err != nil || len(d.Sessions) != len(phone.Sessions) || len(d.Slices) != len(phone.Slices) {
		t.Fatalf("%+v, %v", d, err)
	}
	for i, want := range phone.Sessions {
		s := d.Sessions[i]
		if s.DNN != want.DNN || s.Slice != want.Slice.String() || s.State != "active" || s.Uplink.Packets == 0 || s.Uplink.Packets != s.Downlink.Packets {
			t.Errorf("session %d is %+v", i+1, s)
		}
	}
	if err := u.Deregister(ctx, false); err != nil {
		t.Fatal(err)
	}
}
