package trust

import "cordon/rules"

// Loss is a radio out of service, and who could serve its devices instead.
type Loss struct {
	Element string
	Site    string
	Place   string // the site's title, or its name
	// Alternatives are lawful radios that its devices could reach, best first. Where there is none, its
	// area goes dark.
	Alternatives []Alternative
	// Refuges are others that go out of service too, and serve its devices until then.
	Refuges []Alternative
}

// Alternative is a radio that could serve another's devices.
type Alternative struct {
	Element  string
	Metres   float64 // between the sites
	Overlaps bool    // the served areas of both are known and touch
}

// Dark says for each refused radio who could serve its devices. Refused and lawful name elements.
func Dark(f *rules.Facts, refused, lawful []string) []Loss { return nil }

// DrainOrder is an order in which to take radios out of service so that devices keep it longest: first those with most
// alternatives, last those that others lean on. Devices counts those on each.
func DrainOrder(losses []Loss, devices map[string]int) []string { return nil }
