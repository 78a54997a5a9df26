package pfcp

import "errors"

// Refuse is the answer to a request that Parse refused with err: its cause, the element at fault, and the name of the one
// who answers. It is nil where there is none to give, because what came was no request that is known here.
func Refuse(h Header, node NodeID, recovery RecoveryTimeStamp, err error) Message {
	var de *DecodeError
	if !errors.As(err, &de) {
		return nil
	}
	if errors.Is(err, ErrVersion) {
		return &VersionNotSupported{}
	}
	switch h.Type {
	case TypeAssociationSetupRequest:
		return &AssociationSetupResponse{Node: node, Cause: de.Cause, Recovery: recovery}
	case TypeAssociationUpdateRequest:
		return &AssociationUpdateResponse{Node: node, Cause: de.Cause}
	case TypeAssociationReleaseRequest:
		return &AssociationReleaseResponse{Node: node, Cause: de.Cause}
	case TypeNodeReportRequest:
		return &NodeReportResponse{Node: node, Cause: de.Cause, Offending: de.IE}
	case TypeEstablishmentRequest:
		return &Established{Node: node, Cause: de.Cause, Offending: de.IE}
	case TypeModificationRequest:
		return &Modified{Cause: de.Cause, Offending: de.IE}
	case TypeDeletionRequest:
		return &Deleted{Cause: de.Cause, Offending: de.IE}
	case TypeReportRequest:
		return &Reported{Cause: de.Cause, Offending: de.IE}
	}
	return nil
}
