package report

import (
	"slices"

	"cordon/rules"
)

// advice says what would have a rule come to something else. It never advises what would make a record untrue.
func advice(r *rules.Ruling) []string {
	var all []string
	if keys := lacking(r.Facts); len(keys) > 0 && r.Shape != rules.RecordMatch {
		all = append(all, "Add to the records: "+list(keys, maxListed)+". What is not known counts as what is worst.")
	}
	return append(all, byShape(r)...)
}

// about is whose part of an element counts.
func about(facts []rules.Fact) string {
	if slices.ContainsFunc(facts, func(f rules.Fact) bool { return f.Name == "manager.class" }) {
		return "its maker, or whoever manages it, supports it or writes software for it"
	}
	return "its maker"
}

func byShape(r *rules.Ruling) []string {
	switch r.Shape {
	case rules.FunctionBan, rules.PhaseOut:
		return []string{"Replace what the rule is about: " + about(r.Facts) + "; and say so in its record.",
			"If a vendor or a function is recorded wrongly, correct the record."}
	case rules.ShareCap:
		return []string{"Replace as many of the group's elements as are over the cap, or add others of other vendors. Those that were installed last are over it first."}
	case rules.GeoExclusion:
		return []string{"Move it, or reduce what it serves, so that it neither stands in nor serves such a zone; or replace it by one of another vendor."}
	case rules.Freeze:
		return []string{"If it was bought and installed before the freeze, record when; otherwise replace it by one of another vendor."}
	case rules.Permission:
		return []string{"Obtain the permit, and record it with its authority, reference and dates; a version or site that the permit names must be the one in use."}
	case rules.Diversity:
		return []string{"Bring another vendor into the domain, or replace elements of the group that has most of it."}
	case rules.Separation:
		return []string{"Meet the rule's condition, and record that it is met; a separation that binds every such element ends with the element's replacement only."}
	case rules.CutOff:
		return []string{"An operator has cut it off, and an operator restores it, by the number of the order."}
	}
	switch r.Rule {
	case rules.RuleRecord:
		return []string{"Approve it: \"cordon radio pending\" shows what it claims; or add a record of it to the files."}
	case rules.RuleAddress:
		return []string{"If the address is rightly its own, add it to addresses.n2 of its record; otherwise find out who uses its identity."}
	case rules.RuleCertificate:
		return []string{"If the certificate was renewed, put the new fingerprint in its record; otherwise find out who uses its identity."}
	case rules.RuleArea:
		return []string{"Add the area or network to its record if it is to serve there, or correct the radio's configuration."}
	case rules.RuleSlice:
		return []string{"Add the slice to its record if it is to offer it, or correct the radio's configuration."}
	}
	return []string{"Correct the record or what the element says of itself, whichever is wrong."}
}
