package node

import (
	"context"
	"fmt"

	"cordon/console"
	"cordon/n4"
	"cordon/transport/wireguard"
	"cordon/upf"
)

// PlaneStatus is the user plane at a glance.
func (s *Site) PlaneStatus(context.Context) (console.PlaneStatus, error) {
	st := console.PlaneStatus{
		Site: s.cfg.Site, NodeID: s.cfg.NodeID.String(), Version: s.opt.Version, Started: s.started,
		N3: s.N3.String(), N4: s.N4.String(), N6: fmt.Sprintf("%s: %s", s.N6.N6, s.N6.Why), Fast: s.N6.Fast,
		Sessions: s.Forwarder.Stats().Sessions, SMFs: []console.PlaneSMF{}, Tunnel: []console.TunnelPeer{}, Peers: []console.PlanePeer{},
	}
	for _, c := range s.cfg.N4.SMFs {
		l := s.n4.state(c.node())
		st.SMFs = append(st.SMFs, console.PlaneSMF{NodeID: c.node().String(), Up: l.up, Since: l.since})
	}
	for _, p := range s.Forwarder.Peers() {
		st.Peers = append(st.Peers, planePeer(p))
	}
	if s.Tunnel != nil {
		st.Tunnel = tunnelPeers(s.Tunnel)
	}
	return st, nil
}

// tunnelPeers are a tunnel's peers as the console tells them.
func tunnelPeers(t *wireguard.Tunnel) (list []console.TunnelPeer) {
	for _, p := range t.Peers() {
		peer := console.TunnelPeer{PublicKey: p.PublicKey.String(), Inner: p.Inner.String(), Handshake: p.Handshake, Received: p.Received, Sent: p.Sent}
		if p.Endpoint.IsValid() {
			peer.Endpoint = p.Endpoint.String()
		}
		list = append(list, peer)
	}
	return list
}

// Metrics are the user plane's figures.
func (s *Site) Metrics() []console.Family {
	plane := s.Forwarder.Stats()
	count := func(name, help string, v uint64) console.Family {
		return console.One(console.Counter, "cordon_"+name, help, float64(v))
	}
	families := []console.Family{
		console.One(console.Gauge, "cordon_sessions_user_plane", "Sessions that the user plane holds.", float64(plane.Sessions)),
		traffic("cordon_user_packets_total", "Inner packets forwarded.", plane.Uplink.Packets, plane.Downlink.Packets),
		count("user_packets_fast_total", "Those of them that the kernel forwarded by itself.", plane.Fast),
		traffic("cordon_user_bytes_total", "Inner octets forwarded.", plane.Uplink.Bytes, plane.Downlink.Bytes),
		drops(&plane.Uplink, &plane.Downlink),
		s.smfsUp(),
		labelled("cordon_n4_drops_total", "What came by N4 and changed nothing, by why.", "why", &s.n4.drops, n4.Reason.String),
		labelled("cordon_n4_findings_total", "What SMFs and strangers did on N4 that their role does not explain, by kind.", "kind", &s.n4.kinds, n4.Kind.String),
		count("n4_late_total", "Events of N4 that came faster than they are taken.", s.n4.late.Load()),
		labelled("cordon_user_plane_findings_total", "User packets that their sender's role does not explain, by kind.", "kind", &s.findings, upf.Reason.String),
		labelled("cordon_echo_findings_total", "What rounds of echo requests showed, by kind.", "kind", &s.echoes, upf.EchoFault.String),
		count("events_lost_total", "What the forwarder saw and nobody was told of.", plane.EventsLost),
	}
	families = append(families, echoMetrics(&plane)...)
	if s.Tunnel != nil {
		families = append(families, tunnelMetrics(s.Tunnel)...)
	}
	return families
}

func (s *Site) smfsUp() console.Family {
	up := 0
	for _, c := range s.cfg.N4.SMFs {
		if s.n4.state(c.node()).up {
			up++
		}
	}
	return console.One(console.Gauge, "cordon_smfs_up", "SMFs that answer.", float64(up))
}

// tunnelMetrics are the figures of a tunnel.
func tunnelMetrics(t *wireguard.Tunnel) []console.Family {
	st := t.Stats()
	dropped := console.Family{Name: "cordon_tunnel_drops_total", Help: "What came to the tunnel, or was for it, and went no further, by why.", Kind: console.Counter}
	for _, d := range []struct {
		why string
		n   uint64
	}{
		{"stranger", st.Strangers}, {"malformed", st.Malformed}, {"bad MAC", st.BadMAC}, {"bad handshake", st.BadHandshake},
		{"put off with a cookie", st.Cookies}, {"forged, repeated or expired", st.Refused}, {"foreign inner source", st.ForeignSource},
		{"bad inner packet", st.BadInner}, {"no socket", st.NoSocket}, {"reader too slow", st.LateReader}, {"cipher too slow", st.LateCipher},
		{"not sent", st.SendFaults}, {"not received", st.ReceiveFaults},
	} {
		dropped.Samples = append(dropped.Samples, console.Sample{Labels: []console.Label{{Name: "why", Value: d.why}}, Value: float64(d.n)})
	}
	up := 0
	for _, p := range t.Peers() {
		if !p.Handshake.IsZero() {
			up++
		}
	}
	return []console.Family{dropped, console.One(console.Gauge, "cordon_tunnel_peers", "Peers of the tunnel that have made a handshake.", float64(up))}
}

var _ console.Plane = (*Site)(nil)
