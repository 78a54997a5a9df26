package main

import "cordon/ran"

// demoSummary is what the demo ends with. What it has in common with other loads is told as they
// tell it; what it tells more precisely has its own place.
type demoSummary struct {
	ran.Summary
	Regime    string         `json:"regime"`
	AsOf      string         `json:"as_of"`
	Radios    demoRadios     `json:"radios"`
	Protected int            `json:"protected"` // of the phones
	Sealed    demoSealed     `json:"sealed_packets"`
	Findings  map[string]int `json:"findings"` // by kind
	Cut       demoCut        `json:"cut"`
	WhatIf    demoWhatIf     `json:"whatif"`
	Evidence  demoEvidence   `json:"evidence"`
	Sites     []string       `json:"sites"`
	Transport string         `json:"transport"`
	UserPlane string         `json:"user_plane"`
	Seconds   float64        `json:"seconds"`
	Problems  []string       `json:"problems,omitempty"` // what did not come out as it should
	OK        bool           `json:"ok"`
}

// demoRadios is the radios by what the law first made of them. Approved is those of the pending
// that an operator let in later.
type demoRadios struct {
	Total      int `json:"total"`
	Allowed    int `json:"allowed"`
	Restricted int `json:"restricted"`
	Refused    int `json:"refused"`
	Pending    int `json:"pending"`
	Approved   int `json:"approved"`
}

// demoSealed is the packets of a sealed session: those that came back from the seal gateway, and
// those to elsewhere that the user plane dropped.
type demoSealed struct {
	Passed  uint64 `json:"passed"`
	Dropped uint64 `json:"dropped"`
}

// demoCut is a cut of a vendor's group for real.
type demoCut struct {
	Vendor   string  `json:"vendor"`
	Radios   int     `json:"radios"`
	Devices  int     `json:"devices"`
	Moved    int     `json:"moved"`
	Stranded int     `json:"stranded"`
	Seconds  float64 `json:"seconds"` // until the last that could move had packets back
	Restored bool    `json:"restored"`
}

// demoWhatIf is what another law would refuse that serves today.
type demoWhatIf struct {
	Regime   string `json:"regime"`
	Refused  int    `json:"refused"` // elements
	Dark     int    `json:"dark"`    // radios without another in reach
	Cost     int64  `json:"cost"`    // of their replacement plans
	Currency string `json:"currency"`
}

// demoEvidence is the evidence log, verified with nothing but its public key.
type demoEvidence struct {
	Entries     int64 `json:"entries"`
	Verified    bool  `json:"verified"`
	TamperFound bool  `json:"tamper_found"` // in a copy of which one bit was turned over
}

// judge settles whether all went as it should.
func (s *demoSummary) judge() {
	s.OK = len(s.Problems) == 0 && s.Registered == s.Phones && s.Sessions == s.Phones && s.Corrupted == 0 &&
		s.Evidence.Verified && s.Evidence.TamperFound
}
