package rules

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cordon/document"
	"cordon/ident"
)

// shapeTerms is what entries of all shapes hold, until the shape says which of them count.
type shapeTerms struct {
	cap, share       Percent
	measure          Measure
	perVendor        bool
	domain           Domain
	zones            []Purpose
	within           float64
	after            Date
	notice           bool
	basis            []string
	permit           PermitTerms
	vendors, outside int
	require          string
	dnns             []ident.DNN
	slices           []ident.SNSSAI
	planes           []string
}

// shapeKeys is the entries that a shape has of its own; the first "needs" of them must stand there.
var shapeKeys = map[Shape]struct {
	needs int
	keys  []string
}{
	FunctionBan:  {},
	ShareCap:     {2, []string{"cap", "measure", "scope", "domain"}},
	GeoExclusion: {1, []string{"zones", "within"}},
	PhaseOut:     {0, []string{"trigger", "months"}},
	Freeze:       {1, []string{"after", "basis"}},
	Permission:   {1, []string{"permit"}},
	Diversity:    {0, []string{"domain", "vendors", "outside", "share", "measure"}},
	Separation:   {0, []string{"require", "only_dnns", "only_slices", "only_user_planes"}},
}

func (q *ruleReader) shapeEntries() []document.Entry {
	return append(q.measures(), q.conditions()...)
}

// measures is the entries of shapes that count.
func (q *ruleReader) measures() []document.Entry {
	t := &q.terms
	var domainFunctions []Function
	return []document.Entry{
		parsed(q, "cap", &t.cap, percent),
		parsed(q, "share", &t.share, percent),
		parsed(q, "measure", &t.measure, parseWord[Measure](measureWords, "measure")),
		parsed(q, "scope", &t.perVendor, func(s string) (bool, error) {
			if s != "collective" && s != "per-vendor" {
				return false, fmt.Errorf("%.20q: want collective or per-vendor", s)
			}
			return s == "per-vendor", nil
		}),
		q.field("domain", func(r *document.Reader, n document.Node) {
			inner := &ruleReader{packReader: q.packReader, at: map[string]document.Node{}}
			document.Section(document.Field("functions", q.functions(&domainFunctions)), inner.cel("where", &t.domain.Where))(r, n)
			t.domain.Functions = domainFunctions
		}),
		parsed(q, "vendors", &t.vendors, number(1, 100)),
		parsed(q, "outside", &t.outside, number(1, 100)),
	}
}

// conditions is the entries of shapes that look at one element.
func (q *ruleReader) conditions() []document.Entry {
	t := &q.terms
	return []document.Entry{
		listed(q, "zones", &t.zones, func(s string) (Purpose, error) {
			if !slices.Contains([]Purpose{Sensitive, Critical, Territory, Permitted}, Purpose(s)) {
				return "", fmt.Errorf("%.40q is no purpose of a zone%s", s, meant(s, []Purpose{Sensitive, Critical, Territory, Permitted}))
			}
			return Purpose(s), nil
		}),
		parsed(q, "within", &t.within, func(s string) (float64, error) {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil || !(v >= 0 && v <= 1000) {
				return 0, fmt.Errorf("%.20q: want a distance from 0 to 1000 km", s)
			}
			return v * 1000, nil
		}),
		parsed(q, "after", &t.after, func(s string) (Date, error) {
			if s == "notice" {
				t.notice = true
				return 0, nil
			}
			return ParseDate(s)
		}),
		listed(q, "basis", &t.basis, func(s string) (string, error) {
			if s != "install" && s != "purchase" {
				return "", fmt.Errorf("%.20q: want install or purchase", s)
			}
			return s, nil
		}),
		q.field("permit", document.Section(
			document.Need("kind", q.value(func(s string) (err error) { t.permit.Kind, err = lowerName(s); return err })),
			document.Field("authority", document.Text(&t.permit.Authority)),
			document.Field("version", q.value(func(s string) (err error) { t.permit.Version, err = yes(s); return err })),
			document.Field("site", q.value(func(s string) (err error) { t.permit.Site, err = yes(s); return err })),
			document.Field("longest", q.value(func(s string) (err error) { t.permit.Longest, err = number(1, 600)(s); return err })),
		)),
		q.cel("require", &t.require),
		listed(q, "only_dnns", &t.dnns, ident.ParseDNN),
		listed(q, "only_slices", &t.slices, ident.ParseSNSSAI),
		listed(q, "only_user_planes", &t.planes, func(s string) (string, error) {
			if s == "" || strings.TrimPrefix(s, "tag:") == "" {
				return "", errors.New("want an element's name, own, or tag: and a tag")
			}
			return s, nil
		}),
	}
}

// finish checks that entries agree with each other and with the shape, and puts its terms in place.
func (q *ruleReader) finish(bad func(name, format string, args ...any)) {
	u, t := q.rule, &q.terms
	q.checkKeys(bad)
	q.checkDates(bad)
	if u.Anyone && u.Class != HighRisk {
		bad("anyone", "anyone asks for class: high-risk")
	}
	either := len(t.basis) == 0
	switch u.Shape {
	case ShareCap:
		u.Share = &Share{Cap: t.cap, Measure: t.measure, PerVendor: t.perVendor, Domain: q.domain()}
		if !t.perVendor && u.Class != HighRisk {
			bad("scope", "a collective share is one of high-risk vendors: want class: high-risk, or scope: per-vendor")
		}
	case GeoExclusion:
		u.Geo = &Geo{Zones: t.zones, Within: t.within}
		if len(t.zones) == 0 {
			bad("zones", "want one or more purposes of zones")
		}
	case Freeze:
		u.Freeze = &FreezeTerms{
			After: t.after, Notice: t.notice,
			Install: either || slices.Contains(t.basis, "install"), Purchase: either || slices.Contains(t.basis, "purchase"),
		}
		if t.notice && u.Class != HighRisk {
			bad("after", "the day of a notice asks for class: high-risk")
		}
	case Permission:
		u.Permit = &t.permit
	case Diversity:
		u.Diverse = &DiversityTerms{Domain: q.domain(), Vendors: t.vendors, Outside: t.outside, Share: t.share, Measure: t.measure}
		if t.vendors == 0 && t.outside == 0 && t.share == 0 {
			bad("shape", "want one or more of vendors, outside and share")
		}
		if t.outside > 0 && u.Class != HighRisk {
			bad("outside", "vendors outside a class ask for class: high-risk")
		}
		if u.Act == Refuse {
			bad("act", "a lack of diversity restricts and cannot refuse: want act: restrict")
		}
	case Separation:
		u.Apart = &SeparationTerms{Require: t.require, OnlyDNNs: t.dnns, OnlySlices: t.slices, OnlyUserPlanes: t.planes}
	}
}

// domain is the rule's own functions where none are named.
func (q *ruleReader) domain() Domain {
	d := q.terms.domain
	if len(d.Functions) == 0 {
		d.Functions = q.rule.Functions
	}
	return d
}

// checkKeys refuses entries of other shapes and asks for this one's.
func (q *ruleReader) checkKeys(bad func(name, format string, args ...any)) {
	own, ok := shapeKeys[q.rule.Shape]
	if !ok {
		return // told already
	}
	for shape := FunctionBan; shape <= Separation; shape++ {
		for _, key := range shapeKeys[shape].keys {
			if _, there := q.at[key]; there && !slices.Contains(own.keys, key) {
				bad(key, "%s has no %s: want %s", q.rule.Shape, key, orNothing(own.keys))
				delete(q.at, key) // told once
			}
		}
	}
	for _, key := range own.keys[:own.needs] {
		if _, there := q.at[key]; !there {
			bad("shape", "%s asks for %s, which is missing", q.rule.Shape, key)
		}
	}
}

func orNothing(keys []string) string {
	if len(keys) == 0 {
		return "none beside those of every rule"
	}
	return "of its own " + document.OneOf(keys)
}

func (q *ruleReader) checkDates(bad func(name, format string, args ...any)) {
	u := q.rule
	if u.Shape == PhaseOut {
		_, hard := q.at["hard"]
		if hard == u.Trigger {
			bad("shape", "phase-out asks for hard, or for trigger and months")
		}
		if u.Trigger != (u.Months > 0) {
			bad("trigger", "trigger and months go together")
		}
		if u.Trigger && u.Class != HighRisk {
			bad("trigger", "the day of a notice asks for class: high-risk")
		}
	}
	last, lastName := u.From, "from"
	for _, d := range []struct {
		name string
		date Date
	}{{"target", u.Target}, {"hard", u.Hard}, {"until", u.Until}} {
		if d.date == 0 {
			continue
		}
		if d.date < last {
			bad(d.name, "%s is before %s, which is %s", d.date, lastName, last)
		}
		last, lastName = d.date, d.name
	}
}
