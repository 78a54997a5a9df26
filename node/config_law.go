package node

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"cordon/rules"
	"cordon/trust"
)

// readLaw reads the files that the configuration names.
func (c *TrustConfig) readLaw() (files []trust.File, regimes []*rules.Regime, err error) {
	var errs []error
	for _, name := range c.Records {
		text, err := readWhole(name)
		if err != nil {
			errs = append(errs, fmt.Errorf("reading records: %w", err))
			continue
		}
		files = append(files, trust.File{Name: name, Text: text})
	}
	for _, name := range c.Rules {
		regime, err := readRegime(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		regimes = append(regimes, regime)
	}
	for _, r := range c.Regimes {
		regime, err := rules.Pack(r.Name)
		if err == nil {
			regime, err = regime.With(r.Parameters)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		regimes = append(regimes, regime)
	}
	return files, regimes, errors.Join(errs...)
}

// ReadLaw reads the records and rules that the configuration names, as a core does when it starts, but without what
// operators have ordered of it since. Its error joins everything that is wrong with either.
func (c *TrustConfig) ReadLaw() (*rules.Facts, trust.Warnings, []*rules.Regime, error) {
	files, regimes, err := c.readLaw()
	if len(files) < len(c.Records) { // what a missing file holds would be missed in the others
		return nil, nil, nil, err
	}
	facts, warnings, wrong := trust.Parse(files)
	if err = errors.Join(err, wrong); err != nil {
		return nil, warnings, nil, err
	}
	return facts, warnings, regimes, nil
}

func readRegime(name string) (*rules.Regime, error) {
	text, err := readWhole(name)
	if err != nil {
		return nil, fmt.Errorf("reading rules: %w", err)
	}
	return rules.Parse(name, text)
}

func readWhole(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, trust.MaxOctets+1))
	if err == nil && len(text) > trust.MaxOctets {
		err = fmt.Errorf("%s is larger than %d octets: split it", name, trust.MaxOctets)
	}
	return text, err
}

// statutes are what the network starts under: the files and what operators had ordered.
func (c *TrustConfig) statutes(orders Statements) (s statutes, err error) {
	if s.files, s.regimes, err = c.readLaw(); err != nil {
		return s, err
	}
	kept, err := orders.Statements()
	if err != nil {
		return s, err
	}
	s.asOf = c.AsOf
	if s.asOf == 0 {
		s.asOf = rules.DateOf(time.Now())
	}
	return s, s.enact(kept)
}
