package rules

import (
	"net/netip"
	"time"

	"cordon/geo"
	"cordon/ident"
)

// Facts is what a network is made of, as its operator's records state it. Names are unique within
// each list and are what the lists refer to each other by. Once compiled it is not changed.
type Facts struct {
	Vendors  []Vendor
	Sites    []Site
	Zones    []Zone
	Elements []Element
	Links    []Link
	Cuts     []Cut
	// Findings is what has been observed of elements; see Element variables of selectors.
	Findings []Observation
}

// Vendor is a corporate group, or a company in one.
type Vendor struct {
	Name    string   // as "huawei": lower case, digits, hyphens
	Title   string   // as people write it
	Aliases []string // other names in notices and inventories
	Parent  string   // the vendor that controls it; empty for the head of a group
	Country string   // where control lies, ISO 3166 alpha-2; empty is unknown
	Classes []Classing
}

// Class is what a regime holds of a vendor's group.
type Class uint8

const (
	Standard Class = iota // nothing is held of it
	Trusted               // found trustworthy
	HighRisk              // restricted by law or notice
)

// Classing is an operator's statement that a regime classes a vendor. It adds to what the
// regime's own file says, and the stricter counts.
type Classing struct {
	Regime string // name of the regime; empty for every one
	Class  Class
	Notice string // what it rests on
	From   Date
}

// Site is a place where elements stand.
type Site struct {
	Name    string
	Title   string
	Country string // ISO 3166 alpha-2; empty is unknown
	At      geo.Point
	Placed  bool // At is known
}

// Purpose is what a zone is for.
type Purpose string

const (
	Sensitive Purpose = "sensitive" // significant to national security: a base, a reactor
	Critical  Purpose = "critical"  // safety-critical networks of national infrastructure
	Territory Purpose = "territory" // where the operator's sites can be at all: land, and not sea
	Permitted Purpose = "permitted" // where an authority has permitted something
)

// Zone is an area with a purpose.
type Zone struct {
	Name    string
	Title   string
	Purpose Purpose
	Area    geo.Area
}

// Element is one piece of equipment or software with a function.
type Element struct {
	Name       string
	Functions  []Function // at least one
	Technology string     // "5g", "4g", "fibre", "transport"; empty is unknown

	Vendor   string   // maker
	Manager  string   // vendor of its management system; empty is unknown
	Support  []string // vendors that support it
	Software []string // vendors of software on it, beside the maker

	Model   string
	Version string
	Digest  string // of the software, "sha256:" and 64 hexadecimal digits; empty is unknown

	Site      string
	Served    geo.Area // the area it serves; zero is unknown
	Addresses Addresses
	// Node is the radio's identity on N2, for elements with HasNode.
	Node        ident.RANNode
	HasNode     bool
	TACs        []ident.TAC
	PLMNs       []ident.PLMN   // empty stands for Node.PLMN
	Slices      []ident.SNSSAI // that it may offer
	Fingerprint string         // SHA-256 of its certificate, 64 hexadecimal digits; empty for none
	WireGuard   string         // public key of its end of WireGuard, as WireGuard writes it; empty for none
	// Protection is that of N4 and N9, in the words of a link's; empty is unknown. WireGuard is the only one
	// that Cordon makes itself.
	Protection string

	Purchased, Installed Date
	LikeForLike          bool // a repair or spare that replaces the same

	Traffic  float64 // share input: expected traffic, in any one unit; negative is unknown
	Premises float64 // share input: premises passed; negative is unknown

	Permits    []Permit
	SupportEnd Date
	Plan       *Replacement // nil for none
	Management Management
	Tags       []string // the operator's own
}

// Addresses are the prefixes that an element's own addresses lie in. An empty N3 stands for N2's.
type Addresses struct{ N2, N3, N4, Management []netip.Prefix }

// Permit is an authority's leave to use an element.
type Permit struct {
	Kind    string // as the rule names it: "authorisation", "certificate", "mitigation", "trusted-product"
	By      string // the authority
	Ref     string
	Version string // software version that it covers; empty for all
	Site    string // site that it covers; empty for all
	From    Date
	Until   Date // last day; 0 for no end
}

// Replacement is the plan to replace an element.
type Replacement struct {
	By       Date
	Vendor   string
	Cost     int64 // in the smallest whole unit of Currency that people use: pounds, not pence
	Currency string
}

// Management is how an element is managed. Empty texts are unknown.
type Management struct {
	Path      string // "mediated": only through the operator's mediation point; or "direct"
	Country   string // from where
	Staff     string // vendor whose staff do it; empty for the operator's own
	Recorded  Known  // each session is recorded
	Months    int    // for which records are kept; 0 is unknown
	Separated Known  // its management network holds no other supplier's
	TwoPeople Known  // changes need a second person
}

// Known is a yes or no that may be unknown, which is the zero value.
type Known uint8

const (
	Unknown Known = iota
	No
	Yes
)

// Link joins two elements.
type Link struct {
	Name       string
	A, B       string // elements
	Carrier    string // vendor or company whose line it is; empty is unknown
	Kind       string // "fibre", "microwave", "leased", "internet"; empty is unknown
	Protection string // "ipsec", "wireguard", "macsec", "none"; empty is unknown
}

// Cut is an operator's order that something be out of service at once. One of the first three
// says what.
type Cut struct {
	Vendor  string // all that the vendor's group made or manages
	Element string
	Digest  string // software
	Who     string
	Why     string
	At      time.Time
}

// Observation counts findings of one kind against an element.
type Observation struct {
	Element string
	Kind    string
	Count   int
}
