package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"cordon/console"
	"cordon/node"
)

// serve runs a core until it is interrupted or told to end. On SIGHUP the core reads its files of records
// and rules anew.
func serve(c *call) error {
	file := c.flags.String("config", "cordon.yaml", "configuration file; \"cordon config example\" prints one")
	if err := c.parse(0); err != nil {
		return err
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
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
		"n3", core.N3, "n6", string(core.N6.N6), "n6_why", core.N6.Why, "fast", core.N6.Fast, "api", core.API)
	ctx, stop := context.WithCancel(c.ctx)
	var wg sync.WaitGroup
	wg.Go(func() { reread(ctx, hangups, core, log) })
	err = core.Run(ctx)
	stop()
	wg.Wait()
	if err = errors.Join(err, core.Close()); err == nil {
		log.Info("cordon has stopped")
	}
	return err
}

// reread has the law read anew at each hangup, until ctx ends. What is wrong with it, the core logs.
func reread(ctx context.Context, hangups <-chan os.Signal, law console.Trust, log *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangups:
			if law.Reload(ctx, console.Act{Who: "SIGHUP", Why: "the process was told to by a signal"}) == nil {
				log.Info("records and rules are read anew")
			}
		}
	}
}
