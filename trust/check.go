package trust

import (
	"fmt"

	"cordon/document"
	"cordon/rules"
)

// check finds what contradicts itself in facts, however they came about. The error joins a
// [document.Problem] for each, whose Path names the record, as elements["gnb-7"].node.
func check(f *rules.Facts, b *intake) (Warnings, error) {
	c := &checker{f: f, from: b}
	if !c.counts() {
		return nil, joined(c.problems)
	}
	c.names()
	c.vendors()
	c.zones()
	c.sites()
	c.elements()
	c.identities()
	c.userPlanes()
	c.areas()
	c.links()
	return c.warnings, joined(c.problems)
}

// checker collects what is wrong with facts. From is where they stood, empty where they were not read from files.
type checker struct {
	f        *rules.Facts
	from     *intake
	problems []*document.Problem
	warnings Warnings

	vendor, site, element map[string]int // by name, the first
	hints                 int            // given or refused
}

// subject is a record as problems speak of it.
type subject struct {
	list, name string
	from       *origin // nil where it was not read from a file
	index      func(field string) int
}

func (c *checker) ofVendor(i int) subject {
	return subjectOf("vendors", c.f.Vendors[i].Name, vendorFields, c.from.vendors, i)
}

func (c *checker) ofSite(i int) subject {
	return subjectOf("sites", c.f.Sites[i].Name, siteFields, c.from.sites, i)
}

func (c *checker) ofZone(i int) subject {
	return subjectOf("zones", c.f.Zones[i].Name, zoneFields, c.from.zones, i)
}

func (c *checker) ofElement(i int) subject {
	return subjectOf("elements", c.f.Elements[i].Name, elementFields, c.from.elements, i)
}

func (c *checker) ofLink(i int) subject {
	return subjectOf("links", c.f.Links[i].Name, linkFields, c.from.links, i)
}

// subjectOf is the record of a list at i, which stands there among those read, if they were.
func subjectOf[T any](list, name string, fields []field[T], read []record[T], i int) subject {
	s := subject{list: list, name: name, index: func(field string) int { return fieldNamed(fields, field) }}
	if i < len(read) {
		s.from = &read[i].from
	}
	return s
}

// problem is one with a field of a record, or with all of it where field is "".
func (c *checker) problem(s subject, field, format string, args ...any) *document.Problem {
	p := &document.Problem{Path: fmt.Sprintf("%s[%q]", s.list, s.name), Message: fmt.Sprintf(format, args...)}
	if field != "" {
		p.Path += "." + field
	}
	if s.from == nil {
		return p
	}
	p.File = c.from.files[s.from.file]
	at := s.from.at
	for _, f := range s.from.fields {
		if int(f.field) == s.index(field) {
			at = f.at
		}
	}
	p.Line, p.Column = int(at.line), int(at.column)
	return p
}

// full reports that no more problems are told.
func (c *checker) full() bool { return len(c.problems) >= maxTold }

func (c *checker) bad(s subject, field, format string, args ...any) {
	if !c.full() {
		c.problems = append(c.problems, c.problem(s, field, format, args...))
	}
}

func (c *checker) warn(s subject, field, format string, args ...any) {
	if len(c.warnings) < maxTold {
		c.warnings = append(c.warnings, c.problem(s, field, format, args...))
	}
}

// named is a record in words, with its place where it has one.
func (c *checker) named(s subject) string {
	if s.from == nil {
		return fmt.Sprintf("%q", s.name)
	}
	return fmt.Sprintf("%q (%s)", s.name, c.from.place(*s.from))
}

// counts sees that no list is longer than its limit.
func (c *checker) counts() bool {
	f := c.f
	for _, l := range []struct {
		name    string
		n, most int
	}{
		{"vendors", len(f.Vendors), MaxVendors}, {"sites", len(f.Sites), MaxSites}, {"zones", len(f.Zones), MaxZones},
		{"elements", len(f.Elements), MaxElements}, {"links", len(f.Links), MaxElements},
	} {
		if l.n > l.most {
			c.problems = append(c.problems, &document.Problem{Path: l.name, Message: fmt.Sprintf("%d: want at most %d", l.n, l.most)})
		}
	}
	return c.problems == nil
}

// names sees that each is there once, and remembers whose it is.
func (c *checker) names() {
	c.vendor = unique(c, len(c.f.Vendors), func(i int) string { return c.f.Vendors[i].Name }, c.ofVendor)
	c.site = unique(c, len(c.f.Sites), func(i int) string { return c.f.Sites[i].Name }, c.ofSite)
	c.element = unique(c, len(c.f.Elements), func(i int) string { return c.f.Elements[i].Name }, c.ofElement)
	unique(c, len(c.f.Zones), func(i int) string { return c.f.Zones[i].Name }, c.ofZone)
	unique(c, len(c.f.Links), func(i int) string { return c.f.Links[i].Name }, c.ofLink)
}

func unique(c *checker, n int, name func(int) string, of func(int) subject) map[string]int {
	seen := make(map[string]int, n)
	for i := range n {
		first, twice := seen[name(i)]
		switch {
		case name(i) == "":
			c.bad(of(i), "name", "is missing")
		case twice:
			c.bad(of(i), "name", "stands there twice: the other is %s", c.named(of(first)))
		default:
			seen[name(i)] = i
		}
	}
	return seen
}
