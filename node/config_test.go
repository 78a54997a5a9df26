package node

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cordon/document"
	"cordon/ident"
	"cordon/subscriber"
)

func TestExampleConfig(t *testing.T) {
	c, err := ParseConfig("example.yaml", []byte(ExampleConfig()))
	if err != nil {
		t.Fatal(err)
	}
	if c.PLMN.String() != "00101" || c.Timers.T3512 != 54*time.Minute || c.Networks[0].Pool != netip.MustParsePrefix("10.45.0.0/16") ||
		c.Plans[0].UEAMBR != (subscriber.AMBR{UL: 5e8, DL: 1e9}) || c.Radios[1].GNB != (ident.RANNode{Bits: 22, ID: 0x19b}) || !c.NetworkName.NITZ {
		t.Errorf("%+v", c)
	}
	set, err := c.planSet()
	if err != nil || len(set) != 2 || set["standard"] == nil || set["standard"] != set[subscriber.DefaultPlan] || set["standard"].Slices[0].DNNs[0].FiveQI != 9 {
		t.Errorf("%v", set)
	}
	// The example names everything that there is.
	for _, f := range c.fields() {
		if !strings.Contains(ExampleConfig(), "\n"+f.Name()+":") {
			t.Errorf("the example has no %s", f.Name())
		}
	}
	for _, name := range []string{"region", "capacity", "mtu", "udp_port", "strict_streams", "advertise", "echo_every", "path_allowance", "forbidden", "ue_to_ue", "home_keys", "null_scheme",
		"t3346", "nitz", "key_file", "token_file", "radios_per_prefix", "half_open", "format", "gnb", "5qi", "arp"} {
		if !strings.Contains(ExampleConfig(), name+":") {
			t.Errorf("the example has no %s", name)
		}
	}
}

// What the example says to be a default is one.
func TestDefaults(t *testing.T) {
	full, err := ParseConfig("full", []byte(ExampleConfig()))
	if err != nil {
		t.Fatal(err)
	}
	c := DefaultConfig()
	for _, pair := range [][2]any{
		{full.Name, c.Name}, {full.Slices, c.Slices}, {full.AMF, c.AMF}, {full.N2.SCTP, c.N2.SCTP}, {full.N2.UDPPort, c.N2.UDPPort},
		{full.N6.Mode, c.N6.Mode}, {full.N6.Device, c.N6.Device}, {full.Security.Integrity, c.Security.Integrity}, {full.Security.Ciphering, c.Security.Ciphering},
		{full.Timers, c.Timers}, {full.IMSVoice, c.IMSVoice}, {full.Store, c.Store}, {full.Ledger(), withPLMN(c).Ledger()}, {full.API, c.API}, {full.Limits, c.Limits}, {full.Log, c.Log},
	} {
		if fmt.Sprint(pair[0]) != fmt.Sprint(pair[1]) {
			t.Errorf("the example says %v, and the default is %v", pair[0], pair[1])
		}
	}
}

// withPLMN is c in the example's network, after which what it names no other way is named.
func withPLMN(c Config) Config {
	c.PLMN = ident.PLMN{0x00, 0xf1, 0x10}
	return c
}

// minimal says what must be said and nothing else.
const minimal = `plmn: 00101
tacs: [1, 0x2]
networks:
  - {name: internet, pool: 10.45.0.0/16}
plans:
  - name: standard
    ue_ambr: {down: 1 Gbit/s, up: 1 Gbit/s}
    slices: [{snssai: 1, dnns: [{dnn: internet, ambr: {down: 1 Gbit/s, up: 1 Gbit/s}}]}]
n2: {address: 192.0.2.1:38412}
n3: {address: 192.0.2.1:2152}
security: {null_scheme: true}
`

func TestMinimalConfig(t *testing.T) {
	c, err := ParseConfig("minimal", []byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	if c.PLMN.String() != "00101" || c.TACs[1] != 2 || c.Networks[0].MTU != 1400 || c.API.Listen.Port() != 8642 {
		t.Errorf("%+v", c)
	}
}

// Every fault is told with its place in the file and what was expected there.
func TestConfigRefused(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"unknown name", "tacs:", "tax:", `f:2:1: "tax" is not known here: want tacs`},
		{"unknown name inside", "snssai: 1", "slice: 1", `f:8:15: plans[0].slices[0]: "slice" is not known here: want one of snssai, default, dnns`},
		{"name twice", "tacs: [1, 0x2]", "tacs: [1]\ntacs: [2]", "f:3:1: tacs: stands there twice: the first is on line 2"},
		{"not YAML", "plmn: 00101", "plmn: [", "f:"},
		{"tab", "  - {name: internet", "\t- {name: internet", "f:"},
		{"section wanted", "n2: {address: 192.0.2.1:38412}", "n2: 7", `f:9:5: n2: want a section of "name: value" lines, not "7"`},
		{"list wanted", "tacs: [1, 0x2]", "tacs: 1", `f:2:7: tacs: want a list, not "1"`},
		{"value wanted", "plmn: 00101", "plmn: {a: b}", "f:1:7: plmn: want five or six digits: country code, then network code, not a section"},
		{"nothing there", "plmn: 00101", "plmn:", "f:1:6: plmn: want five or six digits: country code, then network code, not nothing"},
		{"bad PLMN", "plmn: 00101", "plmn: 0010", `f:1:7: plmn: "0010": want five or six digits`},
		{"anchor", "tacs: [1, 0x2]", "tacs: &t [1]", "f:2:7: tacs: anchors and aliases are not read here"},
		{"octal TAC", "0x2", "010", `f:2:11: tacs[1]: "010": want a tracking area code`},
		{"reserved TAC", "0x2", "0xfffffe", "f:2:11: tacs[1]: 16777214 (0xfffffe) is reserved"},
		{"TAC twice", "0x2", "1", "f:2:11: tacs[1]: 1 (0x000001) stands there twice"},
		{"pool with host bits", "10.45.0.0/16", "10.45.0.1/16", `f:4:28: networks[0].pool: "10.45.0.1/16": want an address range without host bits`},
		{"pool of IPv6", "10.45.0.0/16", "2001:db8::/64", "f:4:28: networks[0].pool: 2001:db8::/64: want an IPv4 range of /8 to /29"},
		{"pool too small", "10.45.0.0/16", "10.45.0.0/30", "f:4:28: networks[0].pool: 10.45.0.0/30: want an IPv4 range"},
		{"pool of loopback", "10.45.0.0/16", "127.0.0.0/16", "f:4:28: networks[0].pool: 127.0.0.0/16 cannot be devices' addresses"},
		{"no pool", ", pool: 10.45.0.0/16", "", "f:4:5: networks[0]: want a pool"},
		{"pool over N2", "10.45.0.0/16", "192.0.0.0/8", "f:4:28: networks[0].pool: 192.0.0.0/8 covers n2.address, 192.0.2.1"},
		{"pools overlap", "pool: 10.45.0.0/16}", "pool: 10.45.0.0/16}\n  - {name: ims, pool: 10.45.128.0/24}",
			"f:5:23: networks[1].pool: 10.45.128.0/24 overlaps networks[0], 10.45.0.0/16"},
		{"network twice", "pool: 10.45.0.0/16}", "pool: 10.45.0.0/16}\n  - {name: internet, pool: 10.46.0.0/24}",
			"f:5:12: networks[1].name: internet is networks[0] already"},
		{"resolver", "pool: 10.45.0.0/16", "pool: 10.45.0.0/16, dns: [2001:db8::1]", "f:4:48: networks[0].dns[0]: 2001:db8::1: devices have no addresses of that version of IP"},
		{"resolver of multicast", "pool: 10.45.0.0/16", "pool: 10.45.0.0/16, dns: [224.0.0.1]", "f:4:48: networks[0].dns[0]: 224.0.0.1: want the address of a resolver"},
		{"resolvers", "pool: 10.45.0.0/16", "pool: 10.45.0.0/16, dns: [192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4, 192.0.2.5]", "f:4:47: networks[0].dns: want up to 4 resolvers of each version of IP"},
		{"pool6 of IPv4", "pool: 10.45.0.0/16", "pool6: 10.45.0.0/16", "f:4:29: networks[0].pool6: 10.45.0.0/16: want an IPv6 range of /16 to /60"},
		{"pool6 too small", "pool: 10.45.0.0/16", "pool6: 2001:db8::/64", "f:4:29: networks[0].pool6: 2001:db8::/64: want an IPv6 range of /16 to /60"},
		{"pool6 of link-local addresses", "pool: 10.45.0.0/16", "pool6: fe80::/32", "f:4:29: networks[0].pool6: fe80::/32 cannot be devices' addresses"},
		{"pools6 overlap", "pool: 10.45.0.0/16}", "pool6: 2001:db8::/40}\n  - {name: ims, pool6: 2001:db8::/44}",
			"f:5:24: networks[1].pool6: 2001:db8::/44 overlaps networks[0], 2001:db8::/40"},
		{"a version that there is none of", "dnn: internet", "dnn: internet, ip: ipv6", "f:8:53: plans[0].slices[0].dnns[0].ip: the data network \"internet\" has no addresses of that version"},
		{"MTU", "pool: 10.45.0.0/16", "pool: 10.45.0.0/16, mtu: 100", `f:4:47: networks[0].mtu: "100": want a number from 1280 to 9000`},
		{"rate without unit", "{down: 1 Gbit/s, up: 1 Gbit/s}\n", "{down: 1000, up: 1 Gbit/s}\n", `f:7:21: plans[0].ue_ambr.down: "1000": want a rate such as`},
		{"unknown network", "dnn: internet", "dnn: intranet", `f:8:39: plans[0].slices[0].dnns[0].dnn: there is no data network "intranet": want one of [internet]`},
		{"unknown slice", "snssai: 1", "snssai: 2-000001", "f:8:23: plans[0].slices[0].snssai: slice 2-000001 is not served: want one of [1]"},
		{"plan without rate", "    ue_ambr: {down: 1 Gbit/s, up: 1 Gbit/s}\n", "", "f:6:5: plans[0].ue_ambr: want 1 to 4000000000000 bit/s each way"},
		{"5QI", "dnn: internet,", "dnn: internet, 5qi: 1,", "f:8:54: plans[0].slices[0].dnns[0].5qi: want one that is not GBR"},
		{"ARP", "dnn: internet,", "dnn: internet, arp: 1,", `f:8:54: plans[0].slices[0].dnns[0].arp: "1": want a number from 8 to 15`},
		{"a plan called default", "n2:", "  - {name: default, ue_ambr: {down: 1 bit/s, up: 1 bit/s}, slices: [{snssai: 1, dnns: [{dnn: internet, ambr: {down: 1 bit/s, up: 1 bit/s}}]}]}\nn2:",
			`f:9:12: plans[1].name: "default" means the default plan, which is "standard"`},
		{"default plan", "n2:", "default_plan: gold\nn2:", `f:9:15: default_plan: there is no plan "gold"`},
		{"N2 without port", "192.0.2.1:38412", "192.0.2.1", `f:9:15: n2.address: "192.0.2.1": want an address and a port`},
		{"SCTP", "192.0.2.1:38412", "192.0.2.1:38412, sctp: tcp", `f:9:38: n2.sctp: "tcp": want auto, kernel, raw or udp`},
		{"SCTP over N3's port", "192.0.2.1:38412", "192.0.2.1:38412, udp_port: 2152", "f:9:42: n2.udp_port: 2152 is n3's port already"},
		{"N3 everywhere", "192.0.2.1:2152", "0.0.0.0:2152", "f:10:5: n3: 0.0.0.0 is every address: say in advertise which one radios are told"},
		{"N3 advertised", "192.0.2.1:2152", "192.0.2.1:2152, advertise: 0.0.0.0", "f:10:42: n3.advertise: 0.0.0.0: want an address that radios can send to"},
		{"echoes too often", "192.0.2.1:2152", "192.0.2.1:2152, echo_every: 59s", "f:10:43: n3.echo_every: 59s: want 1m0s to 24h"},
		{"echoes too seldom", "192.0.2.1:2152", "192.0.2.1:2152, echo_every: 24h1s", "f:10:43: n3.echo_every: 24h0m1s: want 1m0s to 24h"},
		{"radios in a pool", "192.0.2.1:2152", "192.0.2.1:2152, radios: [10.45.1.0/24]", "f:10:40: n3.radios[0]: 10.45.1.0/24 overlaps networks[0]"},
		{"N1-07 nia0", "null_scheme: true", "null_scheme: true, integrity: [nia2, nia0]", "f:11:49: security.integrity[1]: nia0 protects nothing and is never used"},
		{"algorithm", "null_scheme: true", "null_scheme: true, integrity: [nea2]", `f:11:43: security.integrity[0]: "nea2": want nia0, nia1, nia2 or nia3`},
		{"algorithm twice", "null_scheme: true", "null_scheme: true, ciphering: [nea2, nea2]", "f:11:49: security.ciphering[1]: nea2 stands there twice"},
		{"no algorithm", "null_scheme: true", "null_scheme: true, ciphering: []", "f:11:42: security.ciphering: want at least one algorithm"},
		{"nobody could register", "null_scheme: true", "null_scheme: false", "f:11:11: security: no device could register"},
		{"home key", "null_scheme: true", "home_keys: [{id: 1, profile: C, file: x}]", `f:11:41: security.home_keys[0].profile: "C": want A or B`},
		{"home key without file", "null_scheme: true", "home_keys: [{id: 1, profile: A}]", "f:11:24: security.home_keys[0]: want a file, with the private key"},
		{"home key twice", "null_scheme: true", "home_keys: [{id: 1, profile: A, file: x}, {id: 1, profile: B, file: y}]", "f:11:59: security.home_keys[1].id: 1 is home_keys[0] already"},
		{"boolean", "null_scheme: true", "null_scheme: yes", `f:11:25: security.null_scheme: "yes": want true or false`},
		{"timer", "n2:", "timers: {t3512: 1s}\nn2:", "f:9:17: timers.t3512: want 2s to 310h0m0s, not 1s"},
		{"timer without unit", "n2:", "timers: {t3502: 12}\nn2:", `f:9:17: timers.t3502: "12": want a time such as 30s`},
		{"API off loopback", "n2:", "api: {listen: 0.0.0.0:80}\nn2:", "f:9:15: api.listen: want a port on loopback"},
		{"radio profile", "n2:", "radios: [{name: x, profile: acme}]\nn2:", `f:9:10: radios[0]: the profile "acme" is not known: want generic, `},
		{"radio match", "n2:", "radios: [{profile: oai}]\nn2:", "f:9:10: radios[0]: want either gnb, an identifier, or name"},
		{"radio identifier", "n2:", "radios: [{gnb: 1/40, profile: oai}]\nn2:", `f:9:16: radios[0].gnb: "1/40": want a gNB identifier`},
		{"same file", "n2:", "store: {path: x, key_file: x}\nn2:", "f:9:28: store.key_file: x is store.path already"},
		{"log origin", "n2:", "evidence: {origin: \"my log\"}\nn2:", "f:9:20: evidence.origin: want the log's name in the world"},
		{"regime", "n2:", "trust: {regimes: [{name: utopia}]}\nn2:", "f:9:26: trust.regimes[0].name: "},
		{"regime twice", "n2:", "trust: {regimes: [{name: au-2018}, {name: au-2018}]}\nn2:", "f:9:43: trust.regimes[1].name: au-2018 is regimes[0] already"},
		{"regime parameter", "n2:", "trust: {regimes: [{name: contain, parameters: {mood: bad}}]}\nn2:", "f:9:47: trust.regimes[0].parameters: "},
		{"seal among devices of IPv6", "pool: 10.45.0.0/16}", "pool6: fd00::/44}\ntrust: {seal: [\"fd00:0:1::/48\"]}", "f:5:16: trust.seal[0]: fd00:0:1::/48 lies in the devices' own addresses of internet"},
		{"a way's allowance", "n2:", "trust: {path_allowance: 61s}\nn2:", "f:9:25: trust.path_allowance: 1m1s: want 0s to 1m"},
		{"seal among devices", "n2:", "trust: {seal: [10.45.1.0/24]}\nn2:", "f:9:16: trust.seal[0]: 10.45.1.0/24 lies in the devices' own addresses of internet"},
		{"seal that nobody reaches", "n2:", "trust: {seal: [127.0.0.1/32]}\nn2:", "f:9:16: trust.seal[0]: no device reaches 127.0.0.1/32"},
		{"log level", "n2:", "log: {level: loud}\nn2:", `f:9:14: log.level: "loud": want debug, info, warn or error`},
		{"second document", "n2:", "---\nn2:", "f:9:1: a second document begins here"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(minimal, test.old, test.new, 1)
			if text == minimal {
				t.Fatal("the case changes nothing")
			}
			c, err := ParseConfig("f", []byte(text))
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Fatalf("\n%v\nwant\n%s", err, test.want)
			}
			if c.Name != "" {
				t.Error("a refused configuration came out")
			}
		})
	}
}

func TestConfigTellsAllProblems(t *testing.T) {
	text := strings.NewReplacer("00101", "1", "0x2", "x", "nul", "nil").Replace(minimal)
	_, err := ParseConfig("f", []byte(text))
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 3 {
		t.Fatalf("%v", err)
	}
	last := 0
	for _, e := range joined.Unwrap() {
		p, ok := errors.AsType[*document.Problem](e)
		if !ok || p.Line < last {
			t.Errorf("%v", e)
		}
		last = p.Line
	}
}

func TestEmptyConfig(t *testing.T) {
	for _, text := range []string{"", "# nothing\n"} {
		if _, err := ParseConfig("f", []byte(text)); err == nil || !strings.Contains(err.Error(), "the file is empty") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := ParseConfig("f", make([]byte, configLimits.Size+1)); err == nil {
		t.Error("a file too large was read")
	}
	if _, err := ReadConfig(filepath.Join(t.TempDir(), "no.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

// Whatever the text: a configuration that passes its check, or problems of which each
// names the file.
func FuzzParseConfig(f *testing.F) {
	f.Add(ExampleConfig())
	f.Add(minimal)
	f.Add("a: &a [*a]")
	f.Add("? [a]\n: b")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseConfig("f", []byte(text))
		if err == nil {
			if err := c.Check(); err != nil {
				t.Fatalf("what was accepted does not pass its check: %v", err)
			}
			return
		}
		joined, ok := err.(interface{ Unwrap() []error })
		if !ok {
			t.Fatalf("%v", err)
		}
		for _, e := range joined.Unwrap() {
			if p, ok := errors.AsType[*document.Problem](e); !ok || p.File != "f" {
				t.Fatalf("%v", e)
			}
		}
	})
}

func TestLogMasksIdentities(t *testing.T) {
	supi, err := ident.ParseSUPI("imsi-001010123456789")
	if err != nil {
		t.Fatal(err)
	}
	output := []byte("concealed") // looked for in every form, none of which a time of day can take
	given := []string{"123456789", fmt.Sprint(uint64(supi)), string(output), base64.StdEncoding.EncodeToString(output), fmt.Sprint(output), hex.EncodeToString(output)}
	for _, json := range []bool{false, true} {
		var b bytes.Buffer
		l := NewLogger(&b, LogConfig{JSON: json})
		l.Info("x", "supi", supi, slog.Group("g", "supi", supi), "suci", ident.SUCI{Output: output}, "err", fmt.Errorf("for %v", supi))
		said := b.String()
		for _, secret := range given {
			if strings.Contains(said, secret) {
				t.Errorf("%q stands in %s", secret, said)
			}
		}
		if strings.Count(said, "imsi-00101**********") != 3 {
			t.Errorf("%s", said)
		}
	}
}
