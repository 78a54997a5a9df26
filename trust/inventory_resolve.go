package trust

import (
	"fmt"
	"strings"

	"cordon/document"
	"cordon/geo"
	"cordon/rules"
)

// makerCell is a manufacturer as an inventory names it, for an element.
type makerCell struct {
	element int // in intake.elements
	name    string
	file    int32
	at      document.Place
}

// siteClaim is what a row says of its site.
type siteClaim struct {
	site rules.Site
	from origin
}

// resolve finds the vendors that inventories name their own way, and makes the sites that they speak of.
func (b *intake) resolve() {
	b.resolveMakers()
	b.resolveSites()
}

func (b *intake) resolveMakers() {
	if len(b.makers) == 0 {
		return
	}
	known := map[string]string{}
	var names []string
	for _, v := range b.vendors {
		for _, n := range append([]string{v.value.Name, v.value.Title}, v.value.Aliases...) {
			known[strings.ToLower(n)] = v.value.Name
			names = append(names, strings.ToLower(n))
		}
	}
	told := map[string]bool{}
	for _, m := range b.makers {
		key := strings.ToLower(m.name)
		vendor, ok := known[key]
		if !ok && !told[key] && len(b.problems) < maxTold {
			told[key] = true
			hint := "add it to the records, or to the aliases of a vendor"
			if near := document.Nearest(key, names); near != "" {
				hint = fmt.Sprintf("is it %q? else %s", near, hint)
			}
			b.problems = append(b.problems, &document.Problem{File: b.files[m.file], Line: m.at.Line, Column: m.at.Column, Path: "manufacturer",
				Message: fmt.Sprintf("no vendor is called %s: %s", quoted(m.name), hint)})
		}
		b.elements[m.element].value.Vendor = vendor
	}
}

// sameSite is how far apart, in metres, two rows may place one site: antennas of a site do not stand in one spot.
const sameSite = 100

func (b *intake) resolveSites() {
	if len(b.claims) == 0 {
		return
	}
	index, placed := map[string]int{}, map[string]origin{}
	for i, s := range b.sites {
		index[s.value.Name], placed[s.value.Name] = i, s.from
	}
	for _, c := range b.claims {
		i, ok := index[c.site.Name]
		if !ok {
			index[c.site.Name], placed[c.site.Name] = len(b.sites), c.from
			b.sites = append(b.sites, record[rules.Site]{c.site, c.from})
			continue
		}
		s := &b.sites[i].value
		if c.site.Placed && s.Placed && geo.Distance(s.At, c.site.At) > sameSite && len(b.problems) < maxTold {
			b.problems = append(b.problems, &document.Problem{File: b.files[c.from.file], Line: int(c.from.at.line), Column: int(c.from.at.column), Path: "site",
				Message: fmt.Sprintf("%q is at %v here and at %v elsewhere (%s): a site has one place", c.site.Name, c.site.At, s.At, b.place(placed[c.site.Name]))})
		}
		if c.site.Placed && !s.Placed {
			s.At, s.Placed, placed[c.site.Name] = c.site.At, true, c.from
		}
		if s.Title == "" {
			s.Title = c.site.Title
		}
	}
}

// place is where a record stands, in words.
func (b *intake) place(o origin) string {
	return fmt.Sprintf("%s:%d:%d", b.files[o.file], o.at.line, o.at.column)
}
