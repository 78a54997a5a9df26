package rules_test

import (
	"fmt"
	"strconv"
	"strings"

	"cordon/geo"
	"cordon/rules"
)

// add reads a line of scenery.
func (t *verdictTable) add(s *scenery, words []string) error {
	if len(words) < 2 {
		return fmt.Errorf("%q: want a word, a name and keys", strings.Join(words, " "))
	}
	switch words[0] {
	case "vendor":
		v := rules.Vendor{Name: words[1], Title: words[1]}
		s.Vendors = append(s.Vendors, v)
		return eachKey(words[2:], func(k, x string) error { return vendorKey(&s.Vendors[len(s.Vendors)-1], k, x) })
	case "site":
		s.Sites = append(s.Sites, rules.Site{Name: words[1]})
		return eachKey(words[2:], func(k, x string) error { return siteKey(&s.Sites[len(s.Sites)-1], k, x) })
	case "zone":
		if len(words) < 3 {
			return fmt.Errorf("zone %s: want its purpose next", words[1])
		}
		s.Zones = append(s.Zones, rules.Zone{Name: words[1], Purpose: rules.Purpose(words[2])})
		return eachKey(words[3:], func(k, x string) error { return zoneKey(&s.Zones[len(s.Zones)-1], k, x) })
	case "element":
		return t.element(s, words[1], words[2:])
	case "fleet":
		return t.fleet(s, words)
	case "link":
		if len(words) < 3 {
			return fmt.Errorf("link %s: want the other end next", words[1])
		}
		s.Links = append(s.Links, rules.Link{Name: words[1] + "-" + words[2], A: words[1], B: words[2]})
		return eachKey(words[3:], func(k, x string) error { return linkKey(&s.Links[len(s.Links)-1], k, x) })
	}
	return fmt.Errorf("%q: no line or clause begins so", words[0])
}

func (t *verdictTable) fleet(s *scenery, words []string) error {
	if len(words) < 4 {
		return fmt.Errorf("fleet %s: want how many and their keys", words[1])
	}
	n, err := strconv.Atoi(words[2])
	if err != nil || n < 0 || n > 1000 {
		return fmt.Errorf("fleet %s: %q is no number from 0 to 1000", words[1], words[2])
	}
	for i := range n {
		if err := t.element(s, fmt.Sprintf("%s-%d", words[1], i+1), words[3:]); err != nil {
			return err
		}
	}
	return nil
}

func (t *verdictTable) element(s *scenery, name string, keys []string) error {
	e := rules.Element{Name: name, Traffic: -1, Premises: -1}
	var findings []rules.Observation
	set := func(k, x string) error {
		if k == "findings" {
			return readFindings(&findings, name, x)
		}
		return elementKey(&e, k, x)
	}
	keys, err := t.unfold(keys)
	if err == nil {
		err = eachKey(keys, set)
	}
	if err != nil {
		return err
	}
	s.Elements, s.Findings = append(s.Elements, e), append(s.Findings, findings...)
	return nil
}

// unfold puts the keys of kinds in place of "like".
func (t *verdictTable) unfold(keys []string) ([]string, error) {
	var all []string
	for _, w := range keys {
		like, ok := strings.CutPrefix(w, "like=")
		if !ok {
			all = append(all, w)
			continue
		}
		kind, ok := t.kinds[like]
		if !ok {
			return nil, fmt.Errorf("no kind is called %s", like)
		}
		all = append(all, kind...)
	}
	return all, nil
}

// eachKey splits words at their first "=".
func eachKey(words []string, set func(key, value string) error) error {
	for _, w := range words {
		k, x, ok := strings.Cut(w, "=")
		if !ok {
			return fmt.Errorf("%q: want key=value", w)
		}
		if err := set(k, strings.ReplaceAll(x, "_", " ")); err != nil {
			return fmt.Errorf("%s: %w", w, err)
		}
	}
	return nil
}

func vendorKey(v *rules.Vendor, k, x string) (err error) {
	switch k {
	case "title":
		v.Title = x
	case "aliases":
		v.Aliases = readList[string](x)
	case "parent":
		v.Parent = x
	case "country":
		v.Country = x
	case "class":
		word, from, _ := strings.Cut(x, ":")
		c := rules.Classing{Notice: "the table says so"}
		if c.Class, err = rules.ParseClass(word); err == nil {
			err = readDate(&c.From, from)
		}
		v.Classes = append(v.Classes, c)
	default:
		return errKey
	}
	return err
}

func siteKey(s *rules.Site, k, x string) (err error) {
	switch k {
	case "at":
		s.At, err = readPoint(x)
		s.Placed = true
	case "country":
		s.Country = x
	default:
		return errKey
	}
	return err
}

func zoneKey(z *rules.Zone, k, x string) (err error) {
	switch k {
	case "at":
		z.Area.Centre, err = readPoint(x)
	case "radius":
		z.Area.Radius, err = strconv.ParseFloat(x, 64)
	case "ring":
		for _, corner := range strings.Split(x, ";") {
			p, wrong := readPoint(corner)
			if wrong != nil {
				return wrong
			}
			z.Area.Ring = append(z.Area.Ring, p)
		}
	default:
		return errKey
	}
	return err
}

func linkKey(l *rules.Link, k, x string) error {
	switch k {
	case "protection":
		l.Protection = x
	case "carrier":
		l.Carrier = x
	case "kind":
		l.Kind = x
	default:
		return errKey
	}
	return nil
}

func readPoint(x string) (geo.Point, error) {
	var p geo.Point
	_, err := fmt.Sscanf(x, "%g,%g", &p.Lat, &p.Lon)
	return p, err
}
