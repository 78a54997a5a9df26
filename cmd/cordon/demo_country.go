package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cordon/node"
	"cordon/rules"
	"cordon/trust"
)

// demoCountry is the records and rules of Haldrey, an island that does not exist.
//
//go:embed demo/*.yaml demo/*.geojson
var demoCountry embed.FS

// demoOwnRules is the file of the operator's own rules; the others are records.
const demoOwnRules = "haldrey.yaml"

// demoRegime is the law of Haldrey, demoOther the one that a "what if" asks about.
const (
	demoRegime = "uk-2019"
	demoOther  = "au-2018"
	demoAsOf   = "2019-06-01" // the day on which all is judged
)

// writeCountry writes the files to a directory that is made for them, and says in which form a
// configuration names them.
func writeCountry(dir string) (node.TrustConfig, error) {
	t := node.TrustConfig{Regimes: []node.RegimeConfig{{Name: demoRegime}}}
	var err error
	if t.AsOf, err = rules.ParseDate(demoAsOf); err != nil {
		return t, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return t, fmt.Errorf("making the directory for the records: %w", err)
	}
	entries, err := demoCountry.ReadDir("demo")
	if err != nil {
		return t, err
	}
	for _, e := range entries {
		text, err := demoCountry.ReadFile("demo/" + e.Name())
		if err != nil {
			return t, err
		}
		at := filepath.Join(dir, e.Name())
		if err := writeNew(at, text); err != nil {
			return t, fmt.Errorf("writing the records: %w", err)
		}
		if e.Name() == demoOwnRules {
			t.Rules = append(t.Rules, at)
		} else {
			t.Records = append(t.Records, at)
		}
	}
	return t, nil
}

// writeNew writes a file, and keeps away from one that is there and reads otherwise.
func writeNew(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		if old, err := readLimited(name); err == nil && string(old) == string(text) {
			return nil
		}
		return fmt.Errorf("%s is there already and is not the demo's: name another directory", name)
	} else if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// countryFacts is what the records say.
func countryFacts() (*rules.Facts, trust.Warnings, error) {
	entries, err := demoCountry.ReadDir("demo")
	if err != nil {
		return nil, nil, err
	}
	var files []trust.File
	for _, e := range entries {
		if e.Name() == demoOwnRules {
			continue
		}
		text, err := demoCountry.ReadFile("demo/" + e.Name())
		if err != nil {
			return nil, nil, err
		}
		files = append(files, trust.File{Name: e.Name(), Text: text})
	}
	return trust.Parse(files)
}

// checkCommand is how written files are judged without the demo.
func checkCommand(t node.TrustConfig) string {
	words := append([]string{"cordon rules check"}, t.Records...)
	for _, own := range t.Rules {
		words = append(words, "--regime "+own)
	}
	for _, r := range t.Regimes {
		words = append(words, "--regime "+r.Name)
	}
	return strings.Join(append(words, "--as-of "+t.AsOf.String()), " ")
}
