package main

import (
	"errors"

	"cordon/node"
)

// serve runs a core until it is interrupted or told to end.
func serve(c *call) error {
	file := c.flags.String("config", "cordon.yaml", "configuration file; \"cordon config example\" prints one")
	if err := c.parse(0); err != nil {
		return err
	}
	cfg, err := node.ReadConfig(*file)
	if err != nil {
		return unusable(err)
	}
	log := node.NewLogger(c.err, cfg.Log)
	core, err := node.Open(cfg, node.Options{Version: buildVersion(), Log: log})
	if err != nil {
		return err
	}
	log.Info("cordon serves", "version", buildVersion(), "plmn", cfg.PLMN, "n2", core.N2, "sctp", core.SCTP.String(),
		"n3", core.N3, "n6", string(core.N6.N6), "n6_why", core.N6.Why, "api", core.API)
	err = errors.Join(core.Run(c.ctx), core.Close())
	if err == nil {
		log.Info("cordon has stopped")
	}
	return err
}
