package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"cordon/document"
	"cordon/node"
)

func configCheck(c *call) error {
	if err := c.parse(1); err != nil {
		return err
	}
	if _, err := node.ReadConfig(c.args[0]); err != nil {
		return unusable(err)
	}
	_, err := fmt.Fprintf(c.out, "%s: ok\n", c.args[0])
	return err
}

// unusable says what is wrong with a configuration, each place on a line of its own.
func unusable(err error) error {
	if _, ok := errors.AsType[*document.Problem](err); !ok {
		return err
	}
	return fmt.Errorf("the configuration is not usable:\n%w", err)
}

func configExample(c *call) error {
	if err := c.parse(0); err != nil {
		return err
	}
	_, err := io.WriteString(c.out, node.ExampleConfig())
	return err
}

func version(c *call) error {
	asJSON := c.flags.Bool("json", false, "print JSON")
	if err := c.parse(0); err != nil {
		return err
	}
	if *asJSON {
		return printJSON(c.out, map[string]string{"version": buildVersion(), "go": runtime.Version()})
	}
	_, err := fmt.Fprintf(c.out, "cordon %s, built with %s\n", buildVersion(), runtime.Version())
	return err
}

// buildVersion is what the Go tool stamped the binary with.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && version == "(devel)" {
			version = s.Value[:min(12, len(s.Value))]
		}
	}
	return version
}
