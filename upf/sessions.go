package upf

import "errors"

// Sessions is a UPF: its sessions and what forwarding them needs. See the package
// comment for who may call what.
type Sessions struct {
	cfg Config
}

// New makes a UPF without sessions. The error says which setting is wrong.
func New(cfg Config) (*Sessions, error) {
	if cfg.Random == nil {
		return nil, errors.New("upf: no source of randomness")
	}
	return &Sessions{cfg: cfg}, nil
}
