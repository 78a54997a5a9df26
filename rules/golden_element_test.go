package rules_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"cordon/rules"
)

var errKey = errors.New("no key is called so")

// elementKey sets one fact of an element from a table.
func elementKey(e *rules.Element, k, x string) (err error) {
	texts := map[string]*string{
		"technology": &e.Technology, "vendor": &e.Vendor, "manager": &e.Manager, "model": &e.Model,
		"version": &e.Version, "digest": &e.Digest, "site": &e.Site, "path": &e.Management.Path,
		"from": &e.Management.Country, "staff": &e.Management.Staff,
	}
	lists := map[string]*[]string{"support": &e.Support, "software": &e.Software, "tags": &e.Tags}
	dates := map[string]*rules.Date{"installed": &e.Installed, "purchased": &e.Purchased, "support-end": &e.SupportEnd}
	answers := map[string]*rules.Known{
		"recorded": &e.Management.Recorded, "separated": &e.Management.Separated, "two-people": &e.Management.TwoPeople,
	}
	if to, ok := texts[k]; ok {
		*to = x
	} else if to, ok := lists[k]; ok {
		*to = readList[string](x)
	} else if to, ok := dates[k]; ok {
		err = readDate(to, x)
	} else if to, ok := answers[k]; ok {
		*to, err = readAnswer(x)
	} else {
		return otherKey(e, k, x)
	}
	return err
}

func otherKey(e *rules.Element, k, x string) (err error) {
	switch k {
	case "functions":
		e.Functions = readList[rules.Function](x)
	case "served":
		_, err = fmt.Sscanf(x, "%g,%g,%g", &e.Served.Centre.Lat, &e.Served.Centre.Lon, &e.Served.Radius)
	case "like-for-like":
		e.LikeForLike = x == "yes"
	case "traffic":
		e.Traffic, err = readAmount(x)
	case "premises":
		e.Premises, err = readAmount(x)
	case "months":
		e.Management.Months, err = strconv.Atoi(x)
	case "permit":
		err = readPermit(&e.Permits, x)
	case "plan":
		e.Plan = &rules.Replacement{}
		err = readDate(&e.Plan.By, x)
	default:
		return errKey
	}
	return err
}

func readPermit(to *[]rules.Permit, x string) error {
	if x == "" {
		*to = nil
		return nil
	}
	words := strings.Split(x, ":")
	p := rules.Permit{Kind: words[0], By: "authority", Ref: "1"}
	for _, w := range words[1:] {
		k, v, _ := strings.Cut(w, "=")
		var err error
		switch k {
		case "by":
			p.By = v
		case "ref":
			p.Ref = v
		case "version":
			p.Version = v
		case "site":
			p.Site = v
		case "from":
			err = readDate(&p.From, v)
		case "until":
			err = readDate(&p.Until, v)
		default:
			err = errKey
		}
		if err != nil {
			return err
		}
	}
	*to = append(*to, p)
	return nil
}

func readFindings(to *[]rules.Observation, element, x string) error {
	for _, w := range strings.Split(x, ",") {
		kind, n, _ := strings.Cut(w, ":")
		count, err := strconv.Atoi(n)
		if err != nil {
			return err
		}
		*to = append(*to, rules.Observation{Element: element, Kind: kind, Count: count})
	}
	return nil
}

func readAnswer(x string) (rules.Known, error) {
	switch x {
	case "yes":
		return rules.Yes, nil
	case "no":
		return rules.No, nil
	case "":
		return rules.Unknown, nil
	}
	return 0, fmt.Errorf("want yes or no")
}

// amount is unknown where it is empty.
func readAmount(x string) (float64, error) {
	if x == "" {
		return -1, nil
	}
	return strconv.ParseFloat(x, 64)
}

func readDate(to *rules.Date, x string) (err error) {
	if *to = 0; x != "" {
		*to, err = rules.ParseDate(x)
	}
	return err
}

func readList[T ~string](x string) []T {
	var all []T
	for _, w := range strings.Split(x, ",") {
		if w != "" {
			all = append(all, T(w))
		}
	}
	return all
}
