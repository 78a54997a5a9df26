package console

import (
	"context"
	"net/http"
	"time"
)

// Plane is what the console asks of a user plane at another site.
type Plane interface {
	PlaneStatus(context.Context) (PlaneStatus, error)
	// Metrics are the user plane's own figures, without identities in names or labels.
	Metrics() []Family
}

// PlaneStatus is a user plane at a glance.
type PlaneStatus struct {
	Site     string       `json:"site"`
	NodeID   string       `json:"node_id"`
	Version  string       `json:"version"`
	Started  time.Time    `json:"started"`
	N3       string       `json:"n3"`
	N4       string       `json:"n4"`
	N6       string       `json:"n6"`   // with why this way
	Fast     string       `json:"fast"` // what the kernel forwards by itself
	Sessions int          `json:"sessions"`
	SMFs     []PlaneSMF   `json:"smfs"`
	Tunnel   []TunnelPeer `json:"tunnel"`
	Peers    []PlanePeer  `json:"peers"` // radios and other user planes; the first, without an address, is all who are none
}

// PlanePeer is an endpoint that a user plane sends to: what came from there amiss, what it carries, and how the way there is.
type PlanePeer struct {
	Address  string `json:"address,omitempty"`
	Sessions int    `json:"sessions"` // that lead there now

	UnknownTEIDs uint64 `json:"unknown_teids"`
	Foreign      uint64 `json:"foreign"` // packets for sessions of other peers
	Spoofed      uint64 `json:"spoofed"` // packets of its devices with others' addresses
	Repeated     uint64 `json:"repeated"`
	Gaps         uint64 `json:"gaps"` // sequence numbers left out
	Malformed    uint64 `json:"malformed"`

	UplinkPackets   uint64 `json:"uplink_packets"`
	UplinkOctets    uint64 `json:"uplink_octets"`
	DownlinkPackets uint64 `json:"downlink_packets"`
	DownlinkOctets  uint64 `json:"downlink_octets"`

	Echo PlaneEcho `json:"echo"`
}

// PlaneEcho is what echo requests measured. Times are those of the last whole round of five requests, in milliseconds.
type PlaneEcho struct {
	Asked    uint64  `json:"asked"`
	Answered uint64  `json:"answered"`
	Stray    uint64  `json:"stray"` // answers that nobody asked for
	Round    int     `json:"round"` // answers in the last round
	Fastest  float64 `json:"fastest_ms,omitempty"`
	Median   float64 `json:"median_ms,omitempty"`
	Measured bool    `json:"measured"` // a round is complete
}

// PlaneSMF is an SMF that may speak to a user plane.
type PlaneSMF struct {
	NodeID string    `json:"node_id"`
	Up     bool      `json:"up"`
	Since  time.Time `json:"since,omitzero"` // of Up, or its end
}

// TunnelPeer is another site's end of a tunnel.
type TunnelPeer struct {
	PublicKey string    `json:"public_key"`
	Inner     string    `json:"inner"`
	Endpoint  string    `json:"endpoint,omitempty"`
	Handshake time.Time `json:"handshake,omitzero"` // the last one
	Received  uint64    `json:"received"`           // octets, with what the tunnel adds
	Sent      uint64    `json:"sent"`
}

// planeRoutes is the API of a user plane.
func (s *Server) planeRoutes() []route {
	return []route{
		{"GET /healthz", s.planeHealth},
		{"GET /metrics", s.planeMetrics},
		{"GET /v1/status", s.planeStatus},
	}
}

// planeHealth answers 200 while the user plane does.
func (s *Server) planeHealth(w http.ResponseWriter, q *http.Request) error {
	if _, err := s.c.Plane.PlaneStatus(q.Context()); err != nil {
		return err
	}
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
	return nil
}

func (s *Server) planeMetrics(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	WriteMetrics(w, append(processMetrics(s.started), s.c.Plane.Metrics()...)) // an error is the peer's own loss
	return nil
}

func (s *Server) planeStatus(w http.ResponseWriter, q *http.Request) error {
	st, err := s.c.Plane.PlaneStatus(q.Context())
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, st)
	return nil
}
