package n4

import (
	"math/rand/v2"
	"time"
)

// ControlPlane is the end of an SMF.
type ControlPlane struct{ endpoint }

// NewControlPlane is a control plane that has yet to associate with its user planes, which the first Step begins.
func NewControlPlane(cfg Config, random rand.Source) *ControlPlane { return &ControlPlane{} }

// Step takes an event.
func (m *ControlPlane) Step(now time.Time, ev Event) []Effect { return nil }
