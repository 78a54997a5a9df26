package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"cordon/node"
	"cordon/report"
	"cordon/rules"
	"cordon/trust"
)

// How far ahead a check looks, in months.
const (
	defaultMonths = 120
	maxMonths     = 1200
)

// rulesCheck judges files without a running network, by what a core would read and compile of them.
func rulesCheck(c *call) error {
	var regimes, own, params words
	c.flags.Var(&regimes, "regime", "`name` of a regime that comes with Cordon, or a file of your own that ends in .yaml; may stand several times")
	c.flags.Var(&own, "rules", "`file` with a regime of your own; may stand several times")
	c.flags.Var(&params, "param", "how a contested point is settled, as `REGIME.NAME=VALUE`; may stand several times")
	asOf := c.flags.String("as-of", "", "the `day` to judge for, as 2027-12-31 (default: today)")
	format := c.flags.String("format", "text", "text, json or html")
	output := c.flags.String("o", "", "write to this `file`")
	months := c.flags.Int("months", defaultMonths, "how many months to look ahead, up to "+strconv.Itoa(maxMonths)+"; 0 for none")
	failOn := c.flags.String("fail-on", "refuse", "the verdict of which one makes the exit status 1: refuse, restrict or never; 2 says that input is not usable")
	if err := c.parseBetween(1, trust.MaxFiles); err != nil {
		return err
	}
	in := checkOrder{law: node.TrustConfig{Records: c.args, Rules: own}, months: *months}
	if err := in.settle(regimes, params, *asOf); err != nil {
		return err
	}
	render, ok := checkFormats[*format]
	if !ok {
		return misused("--format: %q is none of text, json and html", *format)
	}
	fails, ok := checkFails[*failOn]
	if !ok {
		return misused("--fail-on: %q is none of refuse, restrict and never", *failOn)
	}
	told := c.telling()
	check, err := in.judge(told.now)
	told.stop()
	if err != nil {
		return endsWith{statusUsage, fmt.Errorf("records or rules are not usable:\n%w", err)}
	}
	if *output != "" {
		err = os.WriteFile(*output, render(check), 0o644)
	} else {
		_, err = c.out.Write(render(check))
	}
	if err == nil && fails(check.Summary) {
		err = endsWith{status: statusFailed}
	}
	return err
}

var checkFormats = map[string]func(*report.Check) []byte{
	"text": (*report.Check).Text, "json": (*report.Check).JSON, "html": (*report.Check).HTML,
}

var checkFails = map[string]func(report.Summary) bool{
	"refuse":   func(s report.Summary) bool { return s.Refused > 0 },
	"restrict": func(s report.Summary) bool { return s.Refused+s.Restricted > 0 },
	"never":    func(report.Summary) bool { return false },
}

// checkOrder is what is to be judged.
type checkOrder struct {
	law    node.TrustConfig
	months int
}

// settle reads what flags say of regimes and dates.
func (o *checkOrder) settle(regimes, params []string, asOf string) (err error) {
	for _, r := range regimes {
		if strings.HasSuffix(r, ".yaml") || strings.HasSuffix(r, ".yml") {
			o.law.Rules = append(o.law.Rules, r)
		} else {
			o.law.Regimes = append(o.law.Regimes, node.RegimeConfig{Name: r, Parameters: map[string]string{}})
		}
	}
	if len(o.law.Regimes)+len(o.law.Rules) == 0 {
		return misused("want a --regime: \"cordon rules list\" has those that come with Cordon")
	}
	for _, p := range params {
		name, value, ok := strings.Cut(p, "=")
		regime, name, named := strings.Cut(name, ".")
		i := slices.IndexFunc(o.law.Regimes, func(r node.RegimeConfig) bool { return r.Name == regime })
		if !ok || !named {
			return misused("--param: %q is not as uk-2019.near_km=0", p)
		} else if i < 0 {
			return misused("--param: no --regime %s is judged by; a regime of your own states its values in its file, the one in force first", regime)
		}
		o.law.Regimes[i].Parameters[name] = value
	}
	if o.months < 0 || o.months > maxMonths {
		return misused("--months: want 0 to %d", maxMonths)
	}
	o.law.AsOf = rules.DateOf(time.Now())
	if asOf != "" {
		if o.law.AsOf, err = rules.ParseDate(asOf); err != nil {
			return misused("--as-of: %v", err)
		}
	}
	return nil
}

// judge does what a core does with the same files.
func (o *checkOrder) judge(now func(format string, args ...any)) (*report.Check, error) {
	now("reading %s", plural(len(o.law.Records), "file"))
	facts, odd, regimes, err := o.law.ReadLaw()
	if err != nil {
		return nil, err
	}
	now("judging %s", plural(len(facts.Elements), "element"))
	snapshot, err := rules.Compile(facts, regimes, o.law.AsOf)
	if err != nil {
		return nil, err
	}
	var outlook trust.Forecast
	if o.months > 0 {
		now("looking %d months ahead", o.months)
		if outlook, err = trust.Outlook(facts, regimes, o.law.AsOf, o.months); err != nil {
			return nil, err
		}
	}
	return report.NewCheck(snapshot, facts, odd, outlook), nil
}
