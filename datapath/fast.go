package datapath

import (
	"fmt"

	"cordon/upf"
	"cordon/wire/gtpu"
)

// openSessions makes the UPF, in memory that the kernel forwards by too where that is wanted and can be. It says
// in a sentence what is used, and why nothing better.
func (f *Forwarder) openSessions(cfg *Config, n6 N6) (how string, err error) {
	unfit := f.unfit(cfg, n6)
	if unfit == nil {
		if f.fast, f.sessions, unfit = openFast(cfg, f.n6, &f.rules); unfit == nil {
			return f.fast.String(), nil
		}
	}
	if cfg.Fast != FastAuto && cfg.Fast != FastOff {
		return "", fmt.Errorf("forwarding in the kernel, mode %s: %w", cfg.Fast, unfit)
	}
	how = "every packet goes through this process: " + unfit.Error()
	if left, err := leftBehind(cfg.Pin); err != nil {
		return "", err
	} else if left {
		how += "; what an earlier process left in the kernel was taken away"
	}
	layout, err := cfg.UPF.Layout()
	if err != nil {
		return "", err
	}
	memory, err := f.ordinary(layout)
	if err != nil {
		return "", err
	}
	f.sessions, err = upf.New(cfg.UPF, memory)
	return how, err
}

// unfit says what in the configuration keeps the kernel from forwarding, nil if nothing.
func (f *Forwarder) unfit(cfg *Config, n6 N6) error {
	switch at := f.n3.local(); {
	case cfg.Fast == FastOff:
		return fmt.Errorf("as configured")
	case cfg.N3Device == "" || cfg.N6Device == "":
		return fmt.Errorf("no interfaces are named for more")
	case n6 != TUN:
		return fmt.Errorf("the user-space stack ends all flows here")
	case at.Port() != gtpu.Port:
		return fmt.Errorf("N3 is at port %d, and the kernel's forwarder takes %d", at.Port(), gtpu.Port)
	case cfg.UPF.N3.IsLoopback():
		return fmt.Errorf("N3 is on this host's loopback")
	}
	return nil
}
