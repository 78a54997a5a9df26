package evidence

import "time"

// Kind is what an entry tells of.
type Kind uint8

const (
	Note     Kind = iota // something the core has to say of itself
	Verdict              // a gate restricted or refused
	Snapshot             // other rules or records are in force
	Finding              // an element did what its record or role does not explain
	Act                  // an operator did something
	Cut                  // an element was cut off, or let in again
	Pending              // an element without a record asks to be let in
	Gap                  // entries were lost
	Start                // the core began to write
	Stop                 // the core ended in good order
	Leases               // public ports were given to subscribers, or came back: see Lease
	numKinds
)

func (k Kind) String() string {
	return [...]string{"note", "verdict", "snapshot", "finding", "act", "cut", "pending", "gap", "start", "stop", "lease"}[min(k, numKinds-1)]
}

// Entry is one thing to be remembered. Which fields a kind needs stands in its table; all others
// may be empty.
type Entry struct {
	// Time is when it was written down, in UTC and whole milliseconds. It is never earlier than
	// that of the entry before.
	Time time.Time
	// Clock is what the clock said where it had been put back behind the entry before; else zero.
	Clock time.Time
	Kind  Kind
	// Act is what was decided, done or seen, in a word: "refuse", "approve", "foreign-endpoint".
	Act     string
	Gate    string // "n2", "device", "session", ...
	Element string // by the name in its record
	// Subject is whom or what else it is about: a subscriber's [Pseudonym], the identity that an
	// unknown radio claims, a file.
	Subject  string
	Rules    []string // identifiers of rules, the one that decided first
	Regimes  []string // names
	Snapshot string   // digest of the rules and records in force, "sha256:" and 64 hexadecimal digits
	Count    uint64   // how many: entries lost in a gap, elements cut, repetitions of a finding
	From, To time.Time
	Who      string   // the operator
	Why      string   // the reason given, or what went wrong
	Detail   []Detail // whatever else shows it, in the order of their names
}

// Detail is a further fact of an entry. Its name is made of small letters, digits and underscores.
type Detail struct{ Name, Value string }

// Limits in octets and numbers. What is longer is cut. An entry within them is shorter than
// [MaxEntry] in whatever characters.
const (
	MaxName    = 128  // Act, Gate, Snapshot, each of Rules and Regimes
	MaxText    = 256  // Element, Subject, Who
	MaxWhy     = 1024 // Why, and a detail's value
	MaxKey     = 32   // a detail's name
	MaxList    = 16   // Rules, Regimes
	MaxDetails = 16
	MaxEntry   = 1<<16 - 1 // of the encoded form, by C2SP tlog-tiles
)

// maxCount is the largest whole number that every reader of JSON keeps exactly.
const maxCount = 1<<53 - 1

// unknown stands where a kind needs a text and none was given.
const unknown = "unknown"

// A field is one of an entry's under its written name. One of the pointers is not nil.
type field struct {
	name   string
	max    int // of text, and of each of list
	text   *string
	list   *[]string
	at     *time.Time
	count  *uint64
	kind   *Kind
	detail *[]Detail
	needed uint16 // the kinds, as bits, that cannot be without it
	form   bool   // this is "v"
}

// table is the written description of an entry: every field in the order in which it stands. What
// reads and writes entries follows it.
func (e *Entry) table() [17]field {
	const all = 1<<numKinds - 1
	return [...]field{
		{name: "act", text: &e.Act, max: MaxName, needed: 1<<Verdict | 1<<Finding | 1<<Act | 1<<Cut},
		{name: "clock", at: &e.Clock},
		{name: "count", count: &e.Count, needed: 1 << Gap},
		{name: "detail", detail: &e.Detail},
		{name: "element", text: &e.Element, max: MaxText, needed: 1 << Cut},
		{name: "from", at: &e.From, needed: 1 << Gap},
		{name: "gate", text: &e.Gate, max: MaxName, needed: 1 << Verdict},
		{name: "kind", kind: &e.Kind, needed: all},
		{name: "regimes", list: &e.Regimes, max: MaxName},
		{name: "rules", list: &e.Rules, max: MaxName},
		{name: "snapshot", text: &e.Snapshot, max: MaxName, needed: 1 << Snapshot},
		{name: "subject", text: &e.Subject, max: MaxText, needed: 1 << Pending},
		{name: "time", at: &e.Time, needed: all},
		{name: "to", at: &e.To, needed: 1 << Gap},
		{name: "v", form: true, needed: all},
		{name: "who", text: &e.Who, max: MaxText, needed: 1 << Act},
		{name: "why", text: &e.Why, max: MaxWhy, needed: 1 << Gap},
	}
}
