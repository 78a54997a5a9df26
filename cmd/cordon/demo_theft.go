package main

import (
	"context"
	"fmt"

	"cordon/ran"
	"cordon/trust"
	"cordon/wire/ngap"
)

// setUpHostile has the radio that will turn out hostile set up, as well behaved as the others.
func (p *play) setUpHostile(ctx context.Context) error {
	cfg, err := p.hostileRadio()
	if err != nil {
		return err
	}
	n2, err := cfg.Dial(ctx)
	if err != nil {
		return err
	}
	p.hostile = ran.Raw(n2)
	answer, err := p.hostile.Setup(ctx, cfg)
	if err != nil {
		return err
	}
	if answer.Kind() != ngap.Successful {
		return fmt.Errorf("%s is not let in", cfg.Name)
	}
	return nil
}

func (p *play) hostileRadio() (ran.RadioConfig, error) {
	for i := range p.facts.Elements {
		if e := &p.facts.Elements[i]; e.Name == demoHostile {
			return p.radioOf(e), nil
		}
	}
	return ran.RadioConfig{}, fmt.Errorf("there is no record of %s", demoHostile)
}

// theft has the hostile radio ask for the packets of another radio's phone to be led to itself. The
// handle of that connection is unguessable; the demo tells it, as if somebody had leaked it.
func (p *play) theft(ctx context.Context) error {
	cfg, err := p.hostileRadio()
	if err != nil {
		return err
	}
	victim, err := p.live.Phone("university", 0).Status(ctx)
	if err != nil {
		return err
	}
	own := ngap.QosFlowsTunnel{Tunnel: ngap.GTPTunnel{Addr: cfg.N3.Addr(), TEID: 0x1001}, Flows: []ngap.AssociatedFlow{{QFI: 1}}}
	transfer, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceModifyIndicationTransfer{DL: own})
	if err != nil {
		return err
	}
	if err := p.hostile.Send(&ngap.PDUSessionResourceModifyIndication{
		AMFUENGAPID: victim.AMF, RANUENGAPID: victim.RAN, Modify: []ngap.PDUSessionTransfer{{ID: 1, Transfer: transfer}},
	}, 1); err != nil {
		return err
	}
	p.story.tell(demoHostile, "asks to have the packets of a phone on university-k led to itself")
	if _, err := ran.Expect[*ngap.ErrorIndication](ctx, p.hostile); err != nil {
		return err
	}
	p.story.tell("core", "says no: that connection is not ferry-o's, and stays where it is")
	if err := p.found(ctx); err != nil {
		return err
	}
	return p.served(ctx, "university", "university-k")
}

// found waits until the theft is a finding, and the rule about it has taken the radio out.
func (p *play) found(ctx context.Context) error {
	var finding trust.Entry
	if err := p.until(ctx, "there is a finding", func() (bool, error) {
		list, err := p.core.Findings(ctx)
		for _, f := range list {
			if f.Element == demoHostile {
				finding = f
			}
		}
		return finding.Kind != "", err
	}); err != nil {
		return err
	}
	kind, _ := trust.KindNamed(finding.Kind)
	p.story.tell("finding", "%q against %s: %s The %d octets that show it are evidence", finding.Kind, demoHostile, kind.Means, len(finding.FirstBytes))
	if err := p.until(ctx, demoHostile+" is out of service", func() (bool, error) {
		all, err := p.elements(ctx)
		return all[demoHostile].Act == "refuse" && p.hostile.Ended(), err
	}); err != nil {
		return err
	}
	all, err := p.elements(ctx)
	if err != nil {
		return err
	}
	p.story.tell(demoHostile, "is out of service, by rule %s", all[demoHostile].Rule)
	p.rule(ctx, demoHostile, all[demoHostile].Rule)
	return nil
}
