package rules

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// subject is one element as the rules of one regime see it. It is what selectors are evaluated over.
type subject struct {
	base   *base
	regime int
	*record
}

// variable is a fact that selectors can name. Its column says what it follows from, so that
// elements which agree in the columns of a selector share its result.
type variable struct {
	name   string
	kind   *cel.Type
	column column
	value  func(*subject) (any, bool) // and whether it is known
}

// column is a part of a record that facts follow from.
type column uint8

const (
	byNothing column = iota // the same for every element
	byName
	byFunctions
	byTechnology
	byModel
	byVersion
	byDigest
	byProtection
	byTags
	byInstalled
	byPurchased
	byLikeForLike
	bySupportEnd
	byFindings
	byReaches
	byVendor
	byManager
	bySoftware
	bySupport
	bySite
	byManagement
	byLinks
	columns
)

var textList = cel.ListType(cel.StringType)

// variables is every fact, and nothing else can be named.
var variables = []variable{
	{"today", cel.StringType, byNothing, func(x *subject) (any, bool) { return x.base.asOf.String(), true }},
	{"element.name", cel.StringType, byName, text(func(x *subject) string { return x.e.Name })},
	{"element.functions", textList, byFunctions, func(x *subject) (any, bool) { return texts(x.e.Functions), true }},
	{"element.technology", cel.StringType, byTechnology, text(func(x *subject) string { return x.e.Technology })},
	{"element.model", cel.StringType, byModel, text(func(x *subject) string { return x.e.Model })},
	{"element.version", cel.StringType, byVersion, text(func(x *subject) string { return x.e.Version })},
	{"element.digest", cel.StringType, byDigest, text(func(x *subject) string { return x.e.Digest })},
	{"element.protection", cel.StringType, byProtection, text(func(x *subject) string { return x.e.Protection })},
	{"element.tags", textList, byTags, func(x *subject) (any, bool) { return texts(x.e.Tags), true }},
	{"element.installed", cel.StringType, byInstalled, text(func(x *subject) string { return x.e.Installed.String() })},
	{"element.purchased", cel.StringType, byPurchased, text(func(x *subject) string { return x.e.Purchased.String() })},
	{"element.support_end", cel.StringType, bySupportEnd, text(func(x *subject) string { return x.e.SupportEnd.String() })},
	{"element.like_for_like", cel.BoolType, byLikeForLike, func(x *subject) (any, bool) { return x.e.LikeForLike, true }},
	{"element.findings", cel.MapType(cel.StringType, cel.IntType), byFindings, func(x *subject) (any, bool) { return newCounts(x.findings), true }},
	{"element.reaches", textList, byReaches, func(x *subject) (any, bool) { return x.reaches.words(), x.reachesKnown }},
	{"vendor.name", cel.StringType, byVendor, ofCompany(maker, (*company).name)},
	{"vendor.group", cel.StringType, byVendor, ofCompany(maker, (*company).groupName)},
	{"vendor.class", cel.StringType, byVendor, classOf(maker)},
	{"vendor.country", cel.StringType, byVendor, ofCompany(maker, (*company).country)},
	{"manager.name", cel.StringType, byManager, ofCompany(manager, (*company).name)},
	{"manager.group", cel.StringType, byManager, ofCompany(manager, (*company).groupName)},
	{"manager.class", cel.StringType, byManager, classOf(manager)},
	{"manager.country", cel.StringType, byManager, ofCompany(manager, (*company).country)},
	{"software.classes", textList, bySoftware, func(x *subject) (any, bool) { return classesOf(x, x.software), true }},
	{"support.classes", textList, bySupport, func(x *subject) (any, bool) { return classesOf(x, x.support), true }},
	{"support.countries", textList, bySupport, func(x *subject) (any, bool) { return countriesOf(x.support) }},
	{"site.name", cel.StringType, bySite, text(func(x *subject) string { return x.e.Site })},
	{"site.country", cel.StringType, bySite, func(x *subject) (any, bool) {
		if x.site == nil {
			return "", false
		}
		return x.site.s.Country, x.site.s.Country != ""
	}},
	{"site.zones", textList, bySite, func(x *subject) (any, bool) {
		if x.site == nil {
			return []string(nil), false
		}
		return x.site.zones.words(), x.site.s.Placed
	}},
	{"management.path", cel.StringType, byManagement, text(func(x *subject) string { return x.e.Management.Path })},
	{"management.country", cel.StringType, byManagement, text(func(x *subject) string { return x.e.Management.Country })},
	{"management.staff", cel.StringType, byManagement, func(x *subject) (any, bool) { return x.e.Management.Staff, true }},
	{"management.recorded", cel.BoolType, byManagement, answer(func(m *Management) Known { return m.Recorded })},
	{"management.separated", cel.BoolType, byManagement, answer(func(m *Management) Known { return m.Separated })},
	{"management.two_people", cel.BoolType, byManagement, answer(func(m *Management) Known { return m.TwoPeople })},
	{"management.months", cel.IntType, byManagement, func(x *subject) (any, bool) { return x.e.Management.Months, x.e.Management.Months > 0 }},
	{"links.protections", textList, byLinks, func(x *subject) (any, bool) { return x.links.protections() }},
	{"links.carriers", textList, byLinks, func(x *subject) (any, bool) { return x.links.carriers() }},
	{"links.unprotected", cel.IntType, byLinks, func(x *subject) (any, bool) { return x.links.unprotected() }},
}

func variableNamed(name string) int {
	return slices.IndexFunc(variables, func(v variable) bool { return v.name == name })
}

// ResolveName and Parent have CEL read facts.
func (x *subject) ResolveName(name string) (any, bool) {
	i := variableNamed(name)
	if i < 0 {
		return nil, false
	}
	v, _ := variables[i].value(x)
	return v, true
}

// Parent is none.
func (x *subject) Parent() cel.Activation { return nil }

// text is a fact that is unknown where it is empty.
func text(of func(*subject) string) func(*subject) (any, bool) {
	return func(x *subject) (any, bool) { s := of(x); return s, s != "" }
}

func answer(of func(*Management) Known) func(*subject) (any, bool) {
	return func(x *subject) (any, bool) { k := of(&x.e.Management); return k == Yes, k != Unknown }
}

func maker(x *subject) *company   { return x.maker }
func manager(x *subject) *company { return x.manager }

func ofCompany(which func(*subject) *company, of func(*company) string) func(*subject) (any, bool) {
	return func(x *subject) (any, bool) {
		c := which(x)
		if c == nil {
			return "", false
		}
		s := of(c)
		return s, s != ""
	}
}

func classOf(which func(*subject) *company) func(*subject) (any, bool) {
	return func(x *subject) (any, bool) {
		c := which(x)
		if c == nil {
			return "", false
		}
		return c.head.classes[x.regime].class.String(), true
	}
}

func classesOf(x *subject, cs []*company) []string {
	words := make([]string, len(cs))
	for i, c := range cs {
		words[i] = c.head.classes[x.regime].class.String()
	}
	return words
}

func countriesOf(cs []*company) ([]string, bool) {
	known := true
	var words []string
	for _, c := range cs {
		words = append(words, c.country())
		known = known && c.country() != ""
	}
	return words, known
}

func texts[T ~string](of []T) []string {
	s := make([]string, len(of))
	for i, t := range of {
		s[i] = string(t)
	}
	return s
}

// counts is findings by kind. A kind that was never seen has been seen no times, and is no error.
type counts struct {
	traits.Mapper
	of []Observation
}

func newCounts(of []Observation) counts {
	m := make(map[string]int, len(of))
	for _, o := range of {
		m[o.Kind] = o.Count
	}
	return counts{types.NewDynamicMap(types.DefaultTypeAdapter, m), of}
}

// Find is of every kind.
func (c counts) Find(kind ref.Val) (ref.Val, bool) {
	if v, ok := c.Mapper.Find(kind); ok {
		return v, true
	}
	return types.IntZero, true
}

// Get is of every kind.
func (c counts) Get(kind ref.Val) ref.Val {
	v, _ := c.Find(kind)
	return v
}

func (c counts) String() string {
	words := make([]string, len(c.of))
	for i, o := range c.of {
		words[i] = fmt.Sprintf("%s %d", o.Kind, o.Count)
	}
	return strings.Join(words, ",")
}
