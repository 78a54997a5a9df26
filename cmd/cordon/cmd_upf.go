package main

import (
	"errors"
	"fmt"
	"io"

	"cordon/node"
)

// upfRun runs a user plane at another site until it is interrupted or told to end.
func upfRun(c *call) error {
	file := c.flags.String("config", "upf.yaml", "configuration file; \"cordon upf example\" prints one")
	check := c.flags.Bool("check", false, "only check the configuration file")
	if err := c.parse(0); err != nil {
		return err
	}
	cfg, err := node.ReadSiteConfig(*file)
	if err != nil {
		return unusable(err)
	}
	if *check {
		_, err := fmt.Fprintf(c.out, "%s: ok\n", *file)
		return err
	}
	log := node.NewLogger(c.err, cfg.Log)
	site, err := node.OpenSite(cfg, node.Options{Version: buildVersion(), Log: log})
	if err != nil {
		return err
	}
	told := []any{"version", buildVersion(), "site", cfg.Site, "node_id", cfg.NodeID, "n4", site.N4, "n3", site.N3,
		"n6", string(site.N6.N6), "n6_why", site.N6.Why, "fast", site.N6.Fast, "api", site.API}
	if site.Tunnel != nil {
		told = append(told, "wireguard", site.Tunnel.Local(), "public_key", site.Tunnel.PublicKey())
	}
	log.Info("cordon forwards", told...)
	err = site.Run(c.ctx)
	if err = errors.Join(err, site.Close()); err == nil {
		log.Info("cordon has stopped")
	}
	return err
}

func upfExample(c *call) error {
	if err := c.parse(0); err != nil {
		return err
	}
	_, err := io.WriteString(c.out, node.ExampleSiteConfig())
	return err
}

// upfKey makes the private key of an end of the tunnel, and prints the public key, alone on its line.
func upfKey(c *call) error {
	public := c.flags.Bool("public", false, "make nothing, and print the public key of a private key that is there")
	if err := c.parse(1); err != nil {
		return err
	}
	of := node.MakeWireGuardKey
	if *public {
		of = node.WireGuardPublicKey
	}
	key, err := of(c.args[0])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.out, key)
	return err
}
