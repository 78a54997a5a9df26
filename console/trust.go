package console

import (
	"context"
	"net/netip"
	"time"

	"cordon/rules"
	"cordon/trust"
)

// Trust is what the console asks of the law in force: records, rules, verdicts, and the acts of
// operators. An error that is an [io/fs.ErrNotExist] means that nothing of that name is
// there; one with a method Where names the place of a mistake. Every act says by whom it is
// done and why, and both are kept as evidence.
type Trust interface {
	Law(context.Context) (LawStatus, error)
	// Elements lists elements with their verdicts in the order of their names, from the first
	// one after.
	Elements(ctx context.Context, after string, limit int) ([]Element, error)
	// Why explains the verdict on an element: by name, or a radio by its identity.
	Why(ctx context.Context, element string) (rules.Explanation, error)

	Pending(context.Context) ([]PendingRadio, error)
	// Approve gives a pending radio a record; the record is YAML as in a records file and names
	// one element.
	Approve(ctx context.Context, act Act, record string) error
	// Approvals lists the records that operators gave and that the files of records do not have by now.
	Approvals(context.Context) ([]Approval, error)
	// Dismiss forgets a pending radio; it is listed again when it comes again.
	Dismiss(ctx context.Context, act Act, node string) error

	// Cut takes what the order names out of service, or with DryRun says what that would do.
	Cut(ctx context.Context, order CutOrder) (CutReport, error)
	// Restore takes back a cut, or an approval, by its number.
	Restore(ctx context.Context, act Act, number int) error
	Cuts(context.Context) ([]NumberedCut, error)

	Findings(context.Context) ([]trust.Entry, error)
	// ClearFindings has what was found of an element not count any more.
	ClearFindings(ctx context.Context, act Act, element string) error

	WhatIf(ctx context.Context, q WhatIfQuery) (WhatIf, error)
	// Records is all records in force as one YAML file.
	Records(context.Context) ([]byte, error)
	// Reload reads the files of records and rules anew. What does not compile is refused whole.
	Reload(context.Context, Act) error
}

// Act says who does something and why.
type Act struct {
	Who string `json:"who"` // 1 to 64 characters
	Why string `json:"why"` // 1 to 500 characters
}

// LawStatus is the law in force at a glance.
type LawStatus struct {
	Digest     string         `json:"digest"` // of the snapshot
	AsOf       string         `json:"as_of"`
	Since      time.Time      `json:"since"`
	Regimes    []RegimeStatus `json:"regimes"`
	Elements   int            `json:"elements"`
	Refused    int            `json:"refused"`
	Restricted int            `json:"restricted"`
	Pending    int            `json:"pending"`
	Cuts       int            `json:"cuts"`
	Findings   int            `json:"findings"`
	Draining   int            `json:"draining"` // radios
	// Problem says why the last change was refused; the law before it is still in force.
	Problem  string `json:"problem,omitempty"`
	Evidence Health `json:"evidence"`
}

// RegimeStatus is a regime in force.
type RegimeStatus struct {
	Name       string            `json:"name"`
	Title      string            `json:"title"`
	Rules      int               `json:"rules"`
	Parameters map[string]string `json:"parameters,omitempty"`
}

// Element is an element with the verdict on it.
type Element struct {
	Name      string   `json:"name"`
	Functions []string `json:"functions"`
	Vendor    string   `json:"vendor"`
	Site      string   `json:"site"`
	Node      string   `json:"node,omitempty"` // a radio's identity
	Act       string   `json:"act"`            // allow, restrict or refuse
	Owes      []string `json:"owes,omitempty"`
	Due       string   `json:"due,omitempty"`
	Rule      string   `json:"rule,omitempty"`
	State     string   `json:"state,omitempty"` // of a radio: connected, draining, absent
	Devices   int      `json:"devices"`         // of a radio: connected through it
}

// PendingRadio is a radio without a record that wants to be served.
type PendingRadio struct {
	Node    string         `json:"node"`
	Name    string         `json:"name"`
	Address netip.AddrPort `json:"address"`
	Areas   []ClaimedArea  `json:"areas"` // the first of them, where they are many
	First   time.Time      `json:"first"`
	Last    time.Time      `json:"last"`
	Tries   int            `json:"tries"`
	// Record is a record to start from: what the radio claims, and the rest to be filled in. It is empty where
	// that would be too long.
	Record string `json:"record"`
}

// ClaimedArea is a tracking area that a radio claims to broadcast.
type ClaimedArea struct {
	TAI    string   `json:"tai"`
	Slices []string `json:"slices"`
}

// Approval is a record that an operator gave to a radio.
type Approval struct {
	Number   int      `json:"number"` // to take it back by
	Elements []string `json:"elements"`
	Record   string   `json:"record"`
}

// CutOrder names what is to be out of service: one of Vendor, Element and Digest.
type CutOrder struct {
	Act
	Vendor  string `json:"vendor,omitempty"`
	Element string `json:"element,omitempty"`
	Digest  string `json:"digest,omitempty"`
	DryRun  bool   `json:"dry_run,omitempty"`
}

// CutReport says what a cut does, radio by radio in the order in which they are drained.
type CutReport struct {
	Number   int        `json:"number,omitempty"` // to restore it by; 0 for a dry run
	DryRun   bool       `json:"dry_run"`
	Unkept   string     `json:"unkept,omitempty"` // why it would be lost at a restart, for a store that cannot write; it is in force all the same
	Elements []string   `json:"elements"`         // all that it takes out of service
	Radios   []CutRadio `json:"radios"`
	Devices  int        `json:"devices"` // connected through these
	Dark     int        `json:"dark"`    // radios without another in reach
	Stranded int        `json:"stranded"`
	// Omitted is how many entries the API leaves out of these lists, of which it tells [MaxListed].
	Omitted int `json:"omitted,omitempty"`
}

// CutRadio is a radio that goes out of service.
type CutRadio struct {
	Element string   `json:"element"`
	Site    string   `json:"site"`
	Devices int      `json:"devices"`
	To      []string `json:"to"` // radios where its devices could go, nearest first
}

// NumberedCut is a cut in force.
type NumberedCut struct {
	Number  int       `json:"number"`
	Vendor  string    `json:"vendor,omitempty"`
	Element string    `json:"element,omitempty"`
	Digest  string    `json:"digest,omitempty"`
	Who     string    `json:"who"`
	Why     string    `json:"why"`
	At      time.Time `json:"at"`
}

// WhatIfQuery asks what regimes would do to the running network.
type WhatIfQuery struct {
	Regimes []string   // none for those in force
	AsOf    rules.Date // 0 for today
	Months  int        // how far falling due is looked for; 0 for ten years
}

// WhatIf answers it.
type WhatIf struct {
	AsOf rules.Date `json:"as_of"`
	// Now is what would change at once.
	Now CutReport `json:"now"`
	// Outlook is what changes afterwards, by date.
	Outlook trust.Forecast `json:"outlook"`
	// Omitted is how many entries the API leaves out of lists of the outlook, of each of which it tells
	// [MaxListed].
	Omitted int `json:"omitted,omitempty"`
}
