package smf

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/nas"
	"cordon/wire/ngap"
	"cordon/wire/pfcp"
)

// event reads "word key=value ...". The session is 1 and the transaction 1 unless said.
func (f *fixture) event(t *testing.T, words []string) Event {
	t.Helper()
	l := &line{t: t, words: words, args: map[string]string{"psi": "1", "pti": "1"}}
	for _, w := range words[1:] {
		k, v, _ := strings.Cut(w, "=")
		l.args[k] = v
	}
	l.key = Key{testSUPI, ident.PDUSessionID(l.number("psi"))}
	if s := f.m.sessions[l.key]; s != nil {
		l.gen = s.gen
	}
	if l.args["gen"] != "" {
		l.gen = uint32(l.number("gen"))
	}
	for _, of := range []func() Event{l.ofDevice, l.ofRadio, func() Event { return f.ofPlane(l) }, func() Event { return f.ofOwner(l) }} {
		if ev := of(); ev != nil {
			return ev
		}
	}
	t.Fatalf("unknown event %q", words)
	return nil
}

// line is one of a script: an event's name and its arguments.
type line struct {
	t     *testing.T
	words []string
	args  map[string]string
	key   Key
	gen   uint32
}

func (l *line) number(name string) int {
	n, err := strconv.Atoi(l.args[name])
	if err != nil {
		l.t.Fatalf("%v: %s: %v", l.words, name, err)
	}
	return n
}

func (l *line) n1(m nas.SMMessage) []byte {
	b, err := nas.AppendSM(nil, nas.SMHeader{Session: l.key.PSI, PTI: ident.PTI(l.number("pti"))}, m)
	if err != nil {
		l.t.Fatal(err)
	}
	return b
}

// ofDevice is a 5GSM message.
func (l *line) ofDevice() Event {
	switch l.words[0] {
	case "create":
		return l.create()
	case "release-request":
		return N1{l.key, l.n1(&nas.PDUSessionReleaseRequest{})}
	case "release-complete":
		return N1{l.key, l.n1(&nas.PDUSessionReleaseComplete{})}
	case "modification-request":
		return N1{l.key, l.n1(&nas.PDUSessionModificationRequest{})}
	case "status":
		return N1{l.key, l.n1(&nas.SMStatus{Cause: nas.SMCause(l.number("cause"))})}
	case "raw":
		b, _ := hex.DecodeString(l.args["hex"])
		return N1{l.key, b}
	}
	return nil
}

func (l *line) create() Event {
	dnn := ident.DNN("internet")
	if l.args["dnn"] != "" {
		dnn = ident.DNN(l.args["dnn"])
	}
	req := &nas.PDUSessionEstablishmentRequest{IntegrityRate: nas.IntegrityRate{Uplink: 0xff, Downlink: 0xff}}
	switch l.args["type"] {
	case "", "ipv4":
		req.SessionType = nas.PDUSessionIPv4
	case "ipv6":
		req.SessionType = nas.PDUSessionIPv6
	case "ipv4v6":
		req.SessionType = nas.PDUSessionIPv4v6
	case "ethernet":
		req.SessionType = nas.PDUSessionEthernet
	case "any":
	}
	if l.args["ssc"] != "" {
		req.SSC = nas.SSCMode(l.number("ssc"))
	}
	if l.args["options"] != "" {
		req.Options = []nas.ProtocolOption{{ID: nas.OptionDNSv4, Content: []byte{}}, {ID: nas.OptionMTUv4, Content: []byte{}}, {ID: nas.OptionDNSv4, Content: []byte{}}}
	}
	if l.args["options"] == "six" {
		req.Options = append(req.Options, nas.ProtocolOption{ID: nas.OptionDNSv6, Content: []byte{}})
	}
	if l.args["options"] == "ethernet" {
		req.Options = append(req.Options, nas.ProtocolOption{ID: nas.OptionMTUEthernet, Content: []byte{}})
	}
	if l.args["always-on"] != "" {
		one := uint8(1)
		req.AlwaysOn = &one
	}
	settings := testSettings
	settings.IP = map[string]subscriber.IPVersions{"4": subscriber.IPv4, "6": subscriber.IPv6}[l.args["plan"]]
	ev := Create{Key: l.key, SNSSAI: testSlice, DNN: dnn, Settings: &settings, N1: l.n1(req), Refused: l.args["refused"] != "", Sealed: l.args["sealed"] != ""}
	if l.args["raw"] != "" {
		ev.N1, _ = hex.DecodeString(l.args["raw"])
	}
	return ev
}

// ofRadio is an answer about the session's resources.
func (l *line) ofRadio() Event {
	switch l.words[0] {
	case "setup-response":
		flow := ident.QFI(1)
		if l.args["qfi"] != "" {
			flow = ident.QFI(l.number("qfi"))
		}
		b, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceSetupResponseTransfer{DL: ngap.QosFlowsTunnel{
			Tunnel: ngap.GTPTunnel{Addr: netip.MustParseAddr(l.args["addr"]), TEID: 0xbeef}, Flows: []ngap.AssociatedFlow{{QFI: flow}}}})
		if err != nil {
			l.t.Fatal(err)
		}
		return N2{Key: l.key, Kind: N2SetupResponse, Radio: 9, Transfer: b}
	case "garbled-response":
		return N2{Key: l.key, Kind: N2SetupResponse, Radio: 9, Transfer: []byte{0xff, 0x00, 0x13}}
	case "setup-unsuccessful":
		return N2{Key: l.key, Kind: N2SetupUnsuccessful, Radio: 9}
	case "release-response":
		return N2{Key: l.key, Kind: N2ReleaseResponse, Radio: 9}
	case "notify-released":
		return N2{Key: l.key, Kind: N2NotifyReleased, Radio: 9}
	}
	return nil
}

// ofPlane is an answer of the pool of addresses or the user plane.
func (f *fixture) ofPlane(l *line) Event {
	switch l.words[0] {
	case "address":
		var a Addresses
		a.IPv4, _ = netip.ParseAddr(l.args["addr"])
		a.IPv6, _ = netip.ParsePrefix(l.args["prefix"])
		return Address{Key: l.key, Gen: l.gen, DNN: "internet", Addr: a}
	case "established":
		if l.args["err"] != "" {
			return Established{Key: l.key, Gen: l.gen, Err: &pfcp.Rejection{Cause: pfcp.CauseNoResources}}
		}
		local := pfcp.FTEID{TEID: 0x1234, Addr: netip.MustParseAddr("127.0.0.1")}
		if l.args["anew"] != "" { // there was nothing to take over
			local.TEID = 0x5678
		}
		return Established{Key: l.key, Gen: l.gen, Answer: pfcp.Established{Cause: pfcp.CauseAccepted, UP: pfcp.FSEID{SEID: 0x77},
			Created: []pfcp.CreatedPDR{{ID: ruleUplink, Local: local}}}}
	case "routed":
		ev := Routed{Key: l.key, Gen: l.gen, Local: pfcp.FTEID{TEID: 0x1234, Addr: netip.MustParseAddr("127.0.0.1")}}
		switch {
		case l.args["err"] != "":
			ev.Local, ev.Err = pfcp.FTEID{}, &pfcp.Rejection{Cause: pfcp.CauseNoResources}
		case l.args["local"] != "":
			ev.Local = pfcp.FTEID{TEID: 0x4321, Addr: netip.MustParseAddr(l.args["local"])}
		}
		return ev
	case "modified":
		ev := Modified{Key: l.key, Gen: l.gen, Change: f.asked}
		if l.args["change"] != "" {
			ev.Change = map[string]Change{"hold": ChangeHold, "path": ChangePath, "seal": ChangeSeal}[l.args["change"]]
		}
		switch l.args["err"] {
		case "":
		case "foreign":
			ev.Err = ErrForeignEndpoint
		case "deferred":
			ev.Err = ErrDeferred
		default:
			ev.Err = &pfcp.Rejection{Cause: pfcp.CauseInvalidForwarding}
		}
		return ev
	}
	return nil
}

// ofOwner is an act of the AMF or of time.
func (f *fixture) ofOwner(l *line) Event {
	switch l.words[0] {
	case "sites": // user planes stand at several
		f.m.cfg.Sites = true
		return Tick{}
	case "activate":
		ev := Activate{Key: l.key, Sealed: l.args["sealed"] != "", Protected: l.args["protected"] != ""}
		if l.args["radio"] != "" {
			ev.Radio = uint32(l.number("radio"))
		}
		return ev
	case "seal":
		return Seal{Key: l.key, Sealed: true}
	case "open":
		return Seal{Key: l.key}
	case "deactivate":
		return Deactivate{l.key}
	case "release":
		return Release{Key: l.key, Signal: l.args["signal"] != ""}
	case "path-lost":
		if s := f.m.sessions[l.key]; s != nil {
			return PathLost{SEID: s.seid}
		}
		return PathLost{SEID: 0x99}
	case "data":
		if s := f.m.sessions[l.key]; s != nil {
			return DownlinkData{SEID: s.seid}
		}
		return DownlinkData{SEID: 0x99}
	case "unreached":
		return Unreached{l.key}
	case "tunnel-lost":
		return TunnelLost{SEID: f.m.sessions[l.key].seid, Remote: pfcp.OuterHeader{TEID: ident.TEID(l.number("teid")), Addr: netip.MustParseAddr(l.args["addr"])}}
	case "restart": // what is saved goes to a new SMF
		blob, sites := f.m.Append(nil, testSUPI), f.m.cfg.Sites
		f.m = newFixture().m
		f.m.cfg.Sites = sites
		return Restored{SUPI: testSUPI, Blob: blob, Settings: func(ident.SNSSAI, ident.DNN) *subscriber.Network { return &testSettings },
			Keep: func(k Kept, a netip.Addr) bool {
				return l.args["keep"] != "none" && k.Key == l.key && a.String() == "127.0.0.9"
			}}
	case "unkeep":
		return Unkeep{func(a netip.Addr) bool { return a == netip.MustParseAddr(l.args["addr"]) }}
	case "wait":
		d, err := time.ParseDuration(l.words[1])
		if err != nil {
			l.t.Fatal(err)
		}
		f.now = f.now.Add(d)
		return Tick{}
	}
	return nil
}
