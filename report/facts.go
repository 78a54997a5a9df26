package report

import (
	"slices"
	"strings"

	"cordon/rules"
)

// key is where a record holds a fact, "" for what no record does.
func key(fact string) string {
	of, name, _ := strings.Cut(fact, ".")
	switch of {
	case "vendor", "manager":
		if name == "country" {
			return "country of the " + of
		}
		return of
	case "software", "support":
		if name == "countries" {
			return "country of the " + of + " vendors"
		}
		return of
	case "site":
		switch name {
		case "at", "zones":
			return "at of the site"
		case "country":
			return "country of the site"
		}
		return "site"
	case "element":
		if name == "reaches" {
			return "served"
		}
		return name
	case "management":
		return fact
	case "links":
		return "protection and carrier of its links"
	case "permit":
		return "permits"
	}
	return ""
}

// keys is where records hold facts, each once.
func keys(facts []string) []string {
	var all []string
	for _, f := range facts {
		if k := key(f); k != "" && !slices.Contains(all, k) {
			all = append(all, k)
		}
	}
	return all
}

// lacking is what to add to records so that all facts are known.
func lacking(facts []rules.Fact) []string {
	var names []string
	for _, f := range facts {
		if !f.Known {
			names = append(names, f.Name)
		}
	}
	return keys(names)
}

// factValue is a fact as an explanation shows it.
func factValue(f rules.Fact) string {
	k := key(f.Name)
	switch {
	case !f.Known && k == "":
		return "not known"
	case !f.Known && f.Value != "":
		return short(f.Value, maxFact) + " (not all is in the record: add " + k + ")"
	case !f.Known:
		return "not in the record: add " + k
	case f.Value == "":
		return "none"
	}
	return short(f.Value, maxFact)
}
