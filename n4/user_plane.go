package n4

import (
	"math/rand/v2"
	"time"
)

// UserPlane is the end of a UPF.
type UserPlane struct{ endpoint }

// NewUserPlane is a user plane that no SMF has associated with yet.
func NewUserPlane(cfg Config, random rand.Source) *UserPlane { return &UserPlane{} }

// Step takes an event.
func (u *UserPlane) Step(now time.Time, ev Event) []Effect { return nil }
