package node

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"cordon/document"
)

// What a configuration file may hold.
var configLimits = document.Limits{Size: 1 << 20, Depth: 16, Items: 1 << 16, Text: 1 << 16, Problems: 1000}

// ReadConfig reads and checks a configuration file. Its error joins a [document.Problem] for
// everything that is wrong, in the order of the file.
func ReadConfig(path string) (Config, error) {
	text, err := readFile(path, "cordon config example")
	if err != nil {
		return Config{}, err
	}
	return ParseConfig(path, text)
}

// readFile reads a configuration file, of which the command prints an example.
func readFile(path, example string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the configuration: %w: %q prints one to start from", err, example)
	} else if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(configLimits.Size)+1))
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	return text, nil
}

// ParseConfig is ReadConfig for a text; file is the name that problems give.
func ParseConfig(file string, text []byte) (Config, error) {
	r := document.NewReader(file, configLimits)
	r.KeepPlaces()
	c := DefaultConfig()
	if !r.YAML(text, document.Section(c.fields()...)) {
		r.BadAt(document.Place{}, "", "the file is empty: \"cordon config example\" prints one to start from")
	}
	if r.OK() {
		r.Locate(c.Check())
	}
	if err := r.Err(); err != nil {
		return Config{}, err
	}
	return c, nil
}
