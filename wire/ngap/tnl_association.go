package ngap

import (
	"net/netip"

	"cordon/wire/per"
)

// TNLAddress is the address of an SCTP association's end.
type TNLAddress struct {
	Addr netip.Addr
}

// TNLUsage is what an association is for.
type TNLUsage uint8

const (
	TNLUsageUE TNLUsage = iota
	TNLUsageNonUE
	TNLUsageBoth
)

// TNLAssociationToAdd is an association a radio is to open.
type TNLAssociationToAdd struct {
	Addr   netip.Addr
	Usage  *TNLUsage
	Weight uint8
}

// TNLAssociationToUpdate is an association whose use changes.
type TNLAssociationToUpdate struct {
	Addr   netip.Addr
	Usage  *TNLUsage
	Weight *uint8
}

// TNLAssociationFailed is an association that could not be opened.
type TNLAssociationFailed struct {
	Addr  netip.Addr
	Cause Cause
}

// RANTNLAssociation is an association that a radio takes down; AMF is invalid if absent.
type RANTNLAssociation struct {
	RAN, AMF netip.Addr
}

// maxTNLAssociations is maxnoofTNLAssociations.
const maxTNLAssociations = 32

// endpoint codes a CPTransportLayerInformation.
func endpoint(c *coder, v *netip.Addr) {
	var alt uint8
	c.choice(&alt, 1)
	address(c, v)
}

func tnlUsage(c *coder, v *TNLUsage) { per.Enum(&c.Coder, v, 3, 0, true) }

func tnlWeight(c *coder, v *uint8) { per.Int(&c.Coder, v, 0, 255) }

func tnlAssociationToAdd(c *coder, v *TNLAssociationToAdd) {
	usage := v.Usage != nil
	t := c.begin(&usage)
	endpoint(c, &v.Addr)
	present(c, usage, &v.Usage, tnlUsage)
	tnlWeight(c, &v.Weight)
	c.end(t)
}

func tnlAssociationsToAdd(c *coder, v *[]TNLAssociationToAdd) {
	list(c, v, 1, maxTNLAssociations, tnlAssociationToAdd)
}

func tnlAssociationToUpdate(c *coder, v *TNLAssociationToUpdate) {
	usage, weight := v.Usage != nil, v.Weight != nil
	t := c.begin(&usage, &weight)
	endpoint(c, &v.Addr)
	present(c, usage, &v.Usage, tnlUsage)
	present(c, weight, &v.Weight, tnlWeight)
	c.end(t)
}

func tnlAssociationsToUpdate(c *coder, v *[]TNLAssociationToUpdate) {
	list(c, v, 1, maxTNLAssociations, tnlAssociationToUpdate)
}

func tnlAddress(c *coder, v *TNLAddress) {
	t := c.begin()
	endpoint(c, &v.Addr)
	c.end(t)
}

func tnlAddresses(c *coder, v *[]TNLAddress) { list(c, v, 1, maxTNLAssociations, tnlAddress) }

func tnlAssociationFailed(c *coder, v *TNLAssociationFailed) {
	t := c.begin()
	endpoint(c, &v.Addr)
	cause(c, &v.Cause)
	c.end(t)
}

func tnlAssociationsFailed(c *coder, v *[]TNLAssociationFailed) {
	list(c, v, 1, maxTNLAssociations, tnlAssociationFailed)
}

// ranTNLAssociation is the one sequence without an extension marker.
func ranTNLAssociation(c *coder, v *RANTNLAssociation) {
	var t tail
	amf := v.AMF.IsValid()
	c.Preamble(false, &amf, &t.extensions)
	endpoint(c, &v.RAN)
	if amf {
		endpoint(c, &v.AMF)
	}
	c.end(t)
}

func ranTNLAssociations(c *coder, v *[]RANTNLAssociation) {
	list(c, v, 1, maxTNLAssociations, ranTNLAssociation)
}
