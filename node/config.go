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
	"cordon/document"
	"cordon/ident"
	"cordon/ledger"
	"cordon/store"
	"cordon/subscriber"
	"cordon/transport"
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
	Name ident.DNN
	Pool netip.Prefix // IPv4; its second address is the gateway's
	DNS  []netip.Addr // told to devices; none: the gateway
	MTU  uint16       // of the inner link
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
}

// N6Config is how user packets reach data networks.
type N6Config struct {
	Mode      datapath.N6
	Device    string         // the TUN device's name
	DNS       netip.AddrPort // where the gateway's port 53 leads in user space; zero: the host's
	Forbidden []netip.Prefix // besides what no device may ever reach
	Services  []ServiceConfig
	UEToUE    bool // let devices reach each other
	// Echo is an address and UDP port that sends devices back what they send it, without
	// any network behind it; zero for none.
	Echo netip.AddrPort
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
		N6:       N6Config{Mode: datapath.Auto, Device: "cordon0"},
		Security: SecurityConfig{Integrity: []uint8{aka.AlgAES, aka.AlgSNOW3G, aka.AlgZUC}, Ciphering: []uint8{aka.AlgAES, aka.AlgSNOW3G, aka.AlgZUC, aka.AlgNull}},
		Timers:   TimerConfig{T3512: 54 * time.Minute, T3502: 12 * time.Minute, T3346: time.Minute},
		IMSVoice: true,
		Trust:    TrustConfig{Drain: DrainRate{Devices: 500, Radios: 8}},
		Store:    store.Config{Path: "cordon.db", KeyFile: "cordon.key"},
		Evidence: EvidenceConfig{Path: "cordon-evidence", KeyFile: "cordon-log.key", PseudonymFile: "cordon-pseudonyms.key"},
		API:      APIConfig{Listen: netip.MustParseAddrPort("127.0.0.1:8642"), TokenFile: "cordon.token"},
		Limits:   LimitConfig{Devices: 1 << 18, HalfOpen: 4096, Radios: 4096, PerPrefix: 256, Sessions: 1 << 20},
		Log:      LogConfig{Level: slog.LevelInfo},
	}
}

// fields is the file's form: each name and what it sets.
func (c *Config) fields() []document.Entry {
	return []document.Entry{
		document.Field("name", document.Text(&c.Name)),
		document.Field("plmn", readPLMN(&c.PLMN)),
		document.Field("amf", document.Section(
			document.Field("region", document.Int(&c.AMF.Region, 0, 255)),
			document.Field("set", document.Int(&c.AMF.Set, 0, 1023)),
			document.Field("pointer", document.Int(&c.AMF.Pointer, 0, 63)),
			document.Field("capacity", document.Int(&c.AMF.Capacity, 0, 255)),
		)),
		document.Field("tacs", document.List(&c.TACs, readTAC)),
		document.Field("slices", document.List(&c.Slices, readSlice)),
		document.Field("networks", document.List(&c.Networks, (*NetworkConfig).read)),
		document.Field("plans", document.List(&c.Plans, readPlan)),
		document.Field("default_plan", document.Text(&c.DefaultPlan)),
		document.Field("n2", document.Section(
			document.Field("address", document.Endpoint(&c.N2.Address)),
			document.Field("sctp", readSCTP(&c.N2.SCTP)),
			document.Field("udp_port", document.Int(&c.N2.UDPPort, 1, 65535)),
			document.Field("strict_streams", document.Bool(&c.N2.StrictStreams)),
		)),
		document.Field("n3", document.Section(
			document.Field("address", document.Endpoint(&c.N3.Address)),
			document.Field("advertise", document.Address(&c.N3.Advertise)),
			document.Field("radios", document.List(&c.N3.Radios, document.Prefix)),
		)),
		document.Field("n6", document.Section(
			document.Field("mode", readN6(&c.N6.Mode)),
			document.Field("device", document.Text(&c.N6.Device)),
			document.Field("dns", document.Endpoint(&c.N6.DNS)),
			document.Field("forbidden", document.List(&c.N6.Forbidden, document.Prefix)),
			document.Field("services", document.List(&c.N6.Services, (*ServiceConfig).read)),
			document.Field("ue_to_ue", document.Bool(&c.N6.UEToUE)),
			document.Field("echo", document.Endpoint(&c.N6.Echo)),
		)),
		document.Field("security", c.Security.read()),
		document.Field("timers", document.Section(
			document.Field("t3512", document.Duration(&c.Timers.T3512)),
			document.Field("t3502", document.Duration(&c.Timers.T3502)),
			document.Field("t3346", document.Duration(&c.Timers.T3346)),
		)),
		document.Field("network_name", document.Section(
			document.Field("full", document.Text(&c.NetworkName.Full)),
			document.Field("short", document.Text(&c.NetworkName.Short)),
			document.Field("nitz", document.Bool(&c.NetworkName.NITZ)),
		)),
		document.Field("ims_voice", document.Bool(&c.IMSVoice)),
		document.Field("radios", document.List(&c.Radios, (*RadioConfig).read)),
		document.Field("trust", c.Trust.read()),
		document.Field("store", document.Section(
			document.Field("path", document.Text(&c.Store.Path)),
			document.Field("key_file", document.Text(&c.Store.KeyFile)),
		)),
		document.Field("evidence", document.Section(
			document.Field("path", document.Text(&c.Evidence.Path)),
			document.Field("key_file", document.Text(&c.Evidence.KeyFile)),
			document.Field("pseudonym_key_file", document.Text(&c.Evidence.PseudonymFile)),
			document.Field("origin", document.Text(&c.Evidence.Origin)),
		)),
		document.Field("api", document.Section(
			document.Field("listen", document.Endpoint(&c.API.Listen)),
			document.Field("token_file", document.Text(&c.API.TokenFile)),
		)),
		document.Field("limits", document.Section(
			document.Field("devices", document.Int(&c.Limits.Devices, 1, 1<<24)),
			document.Field("half_open", document.Int(&c.Limits.HalfOpen, 1, 1<<20)),
			document.Field("radios", document.Int(&c.Limits.Radios, 1, 1<<16)),
			document.Field("radios_per_prefix", document.Int(&c.Limits.PerPrefix, 1, 1<<16)),
			document.Field("sessions", document.Int(&c.Limits.Sessions, 1, 1<<20)),
		)),
		document.Field("log", document.Section(
			document.Field("level", readLogLevel(&c.Log.Level)),
			document.Field("format", readLogFormat(&c.Log.JSON)),
		)),
	}
}

func (c *NetworkConfig) read() document.Reading {
	c.MTU = 1400
	return document.Section(
		document.Field("name", readDNN(&c.Name)),
		document.Field("pool", document.Prefix(&c.Pool)),
		document.Field("dns", document.List(&c.DNS, document.Address)),
		document.Field("mtu", document.Int(&c.MTU, 1280, 9000)),
	)
}

func (c *ServiceConfig) read() document.Reading {
	return document.Section(
		document.Field("address", document.Endpoint(&c.Address)),
		document.Field("protocol", document.Choice(&c.Protocol, "tcp", "udp")),
	)
}

func (c *SecurityConfig) read() document.Reading {
	return document.Section(
		document.Field("integrity", document.List(&c.Integrity, func(to *uint8) document.Reading { return readAlgorithm(to, "nia") })),
		document.Field("ciphering", document.List(&c.Ciphering, func(to *uint8) document.Reading { return readAlgorithm(to, "nea") })),
		document.Field("home_keys", document.List(&c.Keys, (*HomeKeyConfig).read)),
		document.Field("null_scheme", document.Bool(&c.NullScheme)),
	)
}

func (c *HomeKeyConfig) read() document.Reading {
	return document.Section(
		document.Field("id", document.Int(&c.ID, 0, 255)),
		document.Field("profile", readScheme(&c.Profile)),
		document.Field("file", document.Text(&c.File)),
	)
}

func (c *RadioConfig) read() document.Reading {
	return document.Section(
		document.Field("gnb", readGNB(&c.GNB)),
		document.Field("name", document.Text(&c.Name)),
		document.Field("profile", document.Text(&c.Profile)),
	)
}

//go:embed example.yaml
var example string

// ExampleConfig is a configuration file that passes its check, with every name there is.
func ExampleConfig() string { return example }
