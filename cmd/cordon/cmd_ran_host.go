package main

import (
	"fmt"
	"io"
	"net/netip"

	"cordon/ran"
	"cordon/wire/nas"
)

// targets are the echo services that sessions of a type can reach.
func (f *ranFlags) targets(g *ran.Group, kind nas.PDUSessionType) (err error) {
	if f.traffic == 0 || kind == nas.PDUSessionEthernet { // echo services are IP's
		return nil
	}
	if kind != nas.PDUSessionIPv6 {
		if g.Target, err = netip.ParseAddrPort(f.target); err != nil {
			return misused("--target %q: want an address and a port", f.target)
		}
	}
	if kind != nas.PDUSessionIPv4 {
		if g.Target6, err = netip.ParseAddrPort(f.target6); err != nil {
			return misused("--target6 %q: want an address and a port, as [2001:db8::1]:7", f.target6)
		}
	}
	return nil
}

// host makes the device of the first phone's first session: of packets or of frames.
func (f *ranFlags) host(c *call) (ran.Host, error) {
	if f.kind == "ethernet" {
		dev, err := ran.OpenTAP(f.tun)
		return &ranSwitchPort{TAP: dev, name: f.tun, told: c.err}, err
	}
	dev, err := ran.OpenTUN(f.tun)
	return &ranHost{TUN: dev, name: f.tun, told: c.err}, err
}

// ranSwitchPort is a TAP device that tells when programs can use it.
type ranSwitchPort struct {
	*ran.TAP
	name string
	told io.Writer
}

func (h *ranSwitchPort) Address(v4 netip.Addr, v6 netip.Prefix, mtu int) error {
	if err := h.TAP.Address(v4, v6, mtu); err != nil {
		return err
	}
	_, err := fmt.Fprintf(h.told, "%s is the first phone's: frames of %d octets; addresses are yours to give, or a bridge\n", h.name, mtu)
	return err
}

// ranHost is a TUN device that tells when programs can use it.
type ranHost struct {
	*ran.TUN
	name string
	told io.Writer
}

func (h *ranHost) Address(v4 netip.Addr, v6 netip.Prefix, mtu int) error {
	if err := h.TUN.Address(v4, v6, mtu); err != nil {
		return err
	}
	line := h.name + " is the first phone's:"
	if v4.IsValid() {
		line += " " + v4.String()
	}
	if v6.IsValid() {
		line += " " + v6.String()
	}
	_, err := fmt.Fprintf(h.told, "%s, MTU %d; routes are yours to make, as \"ip route add 198.18.0.0/15 dev %s\"\n", line, mtu, h.name)
	return err
}
