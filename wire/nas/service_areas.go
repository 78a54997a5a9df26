package nas

import "cordon/ident"

// ServiceAreas is a service area list (TS 24.501 §9.11.3.49): where a device may ask for services, or
// where it may not.
type ServiceAreas struct {
	NotAllowed bool // it may not in TAIs; else there and nowhere else
	TAIs       []ident.TAI
	Networks   []ident.PLMN // allowed in all their areas; none with NotAllowed
}

// What the octet before a part of the list says beside the length of that part: that it is
// a non-allowed area, and that it is a network without codes.
const (
	areaNotAllowed = 0x80
	areaNetwork    = 3 // beside the forms of a tracking area list
)

// maxAreaNetworks is how many networks are kept: so many fit beside sixteen areas however these are written.
const maxAreaNetworks = 3

func serviceAreas(c *coder, v *ServiceAreas) {
	if c.writing {
		c.check(len(v.Networks) == 0 || !v.NotAllowed && len(v.Networks) <= maxAreaNetworks)
		var flag byte
		if v.NotAllowed {
			flag = areaNotAllowed
		}
		writeTAIs(c, v.TAIs, flag)
		for i := range v.Networks {
			c.put(areaNetwork << 5)
			plmn(c, &v.Networks[i])
		}
		return
	}
	for first := true; c.more(); first = false {
		head := c.get()
		not := head&areaNotAllowed != 0
		c.check(first || not == v.NotAllowed) // all parts say the same
		v.NotAllowed = not
		if form := head >> 5 & 3; form != areaNetwork {
			v.TAIs = readPartialTAIs(c, v.TAIs, form, listed(head))
			continue
		}
		var p ident.PLMN
		plmn(c, &p)
		c.check(!not)
		if len(v.Networks) < maxAreaNetworks {
			v.Networks = append(v.Networks, p)
		}
	}
	v.TAIs = v.TAIs[:min(len(v.TAIs), MaxTAIs)]
}
