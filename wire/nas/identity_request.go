package nas

// IdentityRequest asks a device for an identity (TS 24.501 §8.2.21).
type IdentityRequest struct {
	Identity IdentityType
}

var identityRequestIEs = []ie[IdentityRequest]{
	{"identity type", formatV, 0, 1, 1, func(c *coder, m *IdentityRequest) { half(c, &m.Identity) }},
}

func (*IdentityRequest) Type() MessageType { return TypeIdentityRequest }

func (m *IdentityRequest) code(c *coder) { code(c, m, identityRequestIEs) }

// IdentityResponse gives it (TS 24.501 §8.2.22).
type IdentityResponse struct {
	Identity MobileIdentity
}

var identityResponseIEs = []ie[IdentityResponse]{
	{"mobile identity", formatLVE, 0, 1, unbounded, func(c *coder, m *IdentityResponse) { mobileIdentity(c, &m.Identity) }},
}

func (*IdentityResponse) Type() MessageType { return TypeIdentityResponse }

func (m *IdentityResponse) code(c *coder) { code(c, m, identityResponseIEs) }
