package node

import (
	"cmp"
	_ "embed"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"cordon/aka"
	"cordon/datapath"
	"cordon/ident"
	"cordon/ledger"
	"cordon/store"
	"cordon/subscriber"
	"cordon/transport"
	"cordon/upf"
)

// Config is everything that an operator settles, as the file says it. It is passed by
// value and not changed once the node runs.
type Config struct {
	Name        string
	PLMN        ident.PLMN
	AMF         AMFConfig
	TACs        []ident.TAC
	Slices      []ident.SNSSAI
	Networks    []NetworkConfig
	Plans       []subscriber.Plan
	DefaultPlan string // of subscribers whose record names none
	N2          N2Config
	N3          N3Config
	N6          N6Config
	N4          N4Config
	WireGuard   WireGuardConfig
	UserPlanes  []UserPlaneConfig // at other sites
	Fast        FastConfig
	Security    SecurityConfig
	Timers      TimerConfig
	NetworkName NameConfig
	IMSVoice    bool // announce voice over PS: some phones shun 5G without it
	Radios      []RadioConfig
	Trust       TrustConfig
	Evidence    EvidenceConfig
	Store       store.Config
	API         APIConfig
	Limits      LimitConfig
	Log         LogConfig
}

// AMFConfig is the AMF's part of the GUAMI, and its share of the load.
type AMFConfig struct {
	Region   uint8
	Set      uint16 // 0 to 1023
	Pointer  uint8  // 0 to 63
	Capacity uint8
}

// NetworkConfig is a data network and the devices' addresses in it.
type NetworkConfig struct {
	Name  ident.DNN
	Pool  netip.Prefix // IPv4; its second address is the gateway's
	NAT   bool         // devices' IPv4 packets leave under the public addresses of N6Config.NAT
	Pool6 netip.Prefix // IPv6, of which each device gets a /64; the first is the gateway's
	DNS   []netip.Addr // told to devices; none: the gateway
	MTU   uint16       // of the inner link
	// Ethernet, if set, has the network be one of Ethernet frames, whose devices have no addresses of it.
	Ethernet *EthernetConfig
}

// N2Config is where radios find the AMF.
type N2Config struct {
	Address netip.AddrPort // SCTP
	SCTP    transport.Mode
	UDPPort uint16 // when SCTP is carried over UDP
	// StrictStreams drops what comes on a stream that TS 38.412 §7 does not give it,
	// instead of counting it. Radios that use stream 0 for everything then do not work.
	StrictStreams bool
}

// N3Config is where radios send user packets.
type N3Config struct {
	Address   netip.AddrPort // bound
	Advertise netip.Addr     // told to radios, where it is another than bound
	Radios    []netip.Prefix // where radios' own endpoints may lie; none: anywhere sensible
	EchoEvery time.Duration  // between echo requests to each; 0: never
}

// N6Config is how user packets reach data networks.
type N6Config struct {
	Mode      datapath.N6
	Device    string         // the TUN device's name
	DNS       netip.AddrPort // where the gateway's port 53 leads in user space; zero: the host's
	Forbidden []netip.Prefix // besides what no device may ever reach
	Services  []ServiceConfig
	NAT       NATConfig
	UEToUE    bool // let devices reach each other
	// Echo is an address and UDP port that sends devices back what they send it, without
	// any network behind it; zero for none.
	Echo netip.AddrPort
	// Echo6 is the same over IPv6.
	Echo6 netip.AddrPort
}

// ServiceConfig is what devices may reach although its address is forbidden.
type ServiceConfig struct {
	Address  netip.AddrPort
	Protocol string // "tcp" or "udp"
}

// SecurityConfig is the algorithms in order of preference and the home network's keys.
type SecurityConfig struct {
	Integrity  []uint8
	Ciphering  []uint8
	Keys       []HomeKeyConfig
	NullScheme bool // let devices in whose SIM does not conceal its identity
}

// HomeKeyConfig is a key pair to which SIMs conceal their identity.
type HomeKeyConfig struct {
	ID      uint8
	Profile ident.SchemeID
	File    string // private key, as PEM or 64 hexadecimal digits
	Private []byte // the key itself, 32 octets, where there is no file
}

// TimerConfig is what devices are told.
type TimerConfig struct {
	T3512 time.Duration // periodic registration
	T3502 time.Duration // back-off after failed registrations
	T3346 time.Duration // back-off under congestion
}

// NameConfig is what phones show of the network.
type NameConfig struct {
	Full, Short string
	NITZ        bool // tell devices the time
}

// RadioConfig gives radios a profile: the one with an identifier, or those whose name
// begins so.
type RadioConfig struct {
	GNB     ident.RANNode // zero: by name
	Name    string
	Profile string
}

// EvidenceConfig is where the evidence log lies and what it is called.
type EvidenceConfig struct {
	Path          string // a directory
	KeyFile       string // signs the log
	PseudonymFile string // makes subscribers' pseudonyms
	Origin        string // the log's name in the world; empty: after the PLMN
}

// Ledger is the evidence log as the ledger wants it. It is signed under a name that follows from the
// PLMN, which is the network's alone, where the configuration gives no other.
func (c Config) Ledger() ledger.Config {
	domain := strings.TrimPrefix(c.PLMN.ServingNetworkName(), "5G:")
	return ledger.Config{
		Dir: c.Evidence.Path, KeyFile: c.Evidence.KeyFile, PseudonymFile: c.Evidence.PseudonymFile,
		Origin: cmp.Or(c.Evidence.Origin, "5gc."+domain+"/evidence"),
	}
}

// APIConfig is the console's place.
type APIConfig struct {
	Listen    netip.AddrPort
	TokenFile string
}

// LimitConfig bounds what peers can make the node hold.
type LimitConfig struct {
	Devices   int // registered
	HalfOpen  int // connections that have proven nothing
	Radios    int
	PerPrefix int // radios in one /24
	Sessions  int
}

// DefaultConfig is a configuration whose file says nothing. What it leaves zero, a file
// must say: PLMN, TACs, Networks, Plans, and the addresses of N2 and N3.
func DefaultConfig() Config {
	return Config{
		Name:     "cordon",
		AMF:      AMFConfig{Region: 1, Set: 1, Pointer: 0, Capacity: 255},
		Slices:   []ident.SNSSAI{{SST: 1, SD: ident.NoSD}},
		N2:       N2Config{UDPPort: transport.DefaultUDPPort},
		N3:       N3Config{EchoEvery: leastEcho},
		N6:       N6Config{Mode: datapath.Auto, Device: "cordon0", NAT: NATConfig{Ports: defaultNATPorts}},
		Fast:     FastConfig{Mode: datapath.FastAuto, Pin: "cordon"},
		Security: SecurityConfig{Integrity: []uint8{aka.AlgAES, aka.AlgSNOW3G, aka.AlgZUC}, Ciphering: []uint8{aka.AlgAES, aka.AlgSNOW3G, aka.AlgZUC, aka.AlgNull}},
		Timers:   TimerConfig{T3512: 54 * time.Minute, T3502: 12 * time.Minute, T3346: time.Minute},
		IMSVoice: true,
		Trust:    TrustConfig{Drain: DrainRate{Devices: 500, Radios: 8}, PathAllowance: upf.EchoAllowance},
		Store:    store.Config{Path: "cordon.db", KeyFile: "cordon.key"},
		Evidence: EvidenceConfig{Path: "cordon-evidence", KeyFile: "cordon-log.key", PseudonymFile: "cordon-pseudonyms.key"},
		API:      APIConfig{Listen: netip.MustParseAddrPort("127.0.0.1:8642"), TokenFile: "cordon.token"},
		Limits:   LimitConfig{Devices: 1 << 18, HalfOpen: 4096, Radios: 4096, PerPrefix: 256, Sessions: 1 << 20},
		Log:      LogConfig{Level: slog.LevelInfo},
	}
}

//go:embed example.yaml
var example string

// ExampleConfig is a configuration file that passes its check, with every name there is.
func ExampleConfig() string { return example }
