package report

import (
	"cordon/rules"
	"cordon/trust"
)

// WhatIf is what would fall due in a network, and when.
type WhatIf struct {
	AsOf    rules.Date     `json:"as_of"`
	Regimes []Regime       `json:"regimes"`
	Rules   []Rule         `json:"rules"` // those named in the outlook whose regimes are known
	Outlook trust.Forecast `json:"outlook"`
	// Devices is how many are connected now, by element; nil where the network does not run.
	Devices map[string]int `json:"devices,omitempty"`
}

// NewWhatIf gathers an outlook. Regimes are those of the outlook, so that rules can be told with their
// sources; devices may be nil.
func NewWhatIf(asOf rules.Date, regimes []*rules.Regime, outlook trust.Forecast, devices map[string]int) *WhatIf {
	return &WhatIf{AsOf: asOf, Outlook: outlook, Devices: devices}
}

// Text is the outlook for a terminal.
func (w *WhatIf) Text() []byte { return nil }

// JSON is the outlook for machines.
func (w *WhatIf) JSON() []byte { return nil }

// HTML is the outlook as one page that needs nothing else.
func (w *WhatIf) HTML() []byte { return nil }
