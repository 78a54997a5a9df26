package rules

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed regimes/*.yaml
var packs embed.FS

// Packs is the names of the regimes that come with Cordon, in order.
func Packs() []string {
	files, err := packs.ReadDir("regimes")
	if err != nil {
		panic(err) // they are part of this program
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), ".yaml")
	}
	return names
}

// Pack reads a regime that comes with Cordon.
func Pack(name string) (*Regime, error) {
	file := "regimes/" + name + ".yaml"
	text, err := packs.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("no regime is called %.40q%s", name, meant(name, Packs()))
	}
	g, err := Parse(file, text)
	if err == nil && g.Name != name {
		err = fmt.Errorf("%s: the regime calls itself %s", file, g.Name)
	}
	return g, err
}
