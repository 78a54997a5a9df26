package node

import (
	"net/netip"
	"time"

	"cordon/document"
	"cordon/rules"
)

// TrustConfig is what the network is made of and which rules it obeys.
type TrustConfig struct {
	Records []string // files: YAML, zones as .geojson, inventories as .csv
	Rules   []string // files of regimes of the operator's own
	Regimes []RegimeConfig
	AsOf    rules.Date // judge as of this day for ever, for trials; 0 for today
	// Seal is where sealed sessions may lead; with none they lead nowhere.
	Seal  []netip.Prefix
	Drain DrainRate
	// Site is where this core's user plane stands, as the records call the place; empty: not known.
	Site string
	// PathAllowance is what an echo of a radio may take besides light's travel there and back.
	PathAllowance time.Duration
}

// leastEcho is between two echo requests to one peer at least (TS 29.281 §7.2.1).
const leastEcho = time.Minute

// RegimeConfig is a regime in force, with what the operator has settled of its contested points.
type RegimeConfig struct {
	Name       string
	Parameters map[string]string
}

func (c *TrustConfig) read() document.Reading {
	return document.Section(
		document.Field("records", document.List(&c.Records, document.Text[string])),
		document.Field("rules", document.List(&c.Rules, document.Text[string])),
		document.Field("regimes", document.List(&c.Regimes, (*RegimeConfig).read)),
		document.Field("as_of", document.Value(&c.AsOf, "a date as 2027-12-31", rules.ParseDate)),
		document.Field("seal", document.List(&c.Seal, document.Prefix)),
		document.Field("drain", document.Section(
			document.Field("devices_per_second", document.Int(&c.Drain.Devices, 1, 1<<20)),
			document.Field("radios_at_once", document.Int(&c.Drain.Radios, 1, 1<<12)),
		)),
		document.Field("site", document.Text(&c.Site)),
		document.Field("path_allowance", document.Duration(&c.PathAllowance)),
	)
}

func (c *RegimeConfig) read() document.Reading {
	c.Parameters = make(map[string]string)
	return document.Section(
		document.Need("name", document.Text(&c.Name)),
		document.Field("parameters", document.Names(func(name string) document.Reading {
			return document.Value(new(string), "a text", func(s string) (string, error) {
				c.Parameters[name] = s
				return s, nil
			})
		})),
	)
}
