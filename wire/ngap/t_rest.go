package ngap

import "cordon/ident"

type TraceActivation struct{}
type InactiveAssistance struct{}
type LocationRequest struct{}
type RecommendedForPaging struct{}
type RANStatusTransfer struct{}
type PagingAssistance struct{}
type SONConfigurationTransfer struct{}
type AreaPresence struct{}

var _ ident.TAC
