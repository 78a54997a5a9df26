package nas

// Notification pages a device through the access that it is connected by
// (TS 24.501 §8.2.23).
type Notification struct {
	Access AccessType
}

var notificationIEs = []ie[Notification]{
	{"access type", formatV, 0, 1, 1, func(c *coder, m *Notification) { half(c, &m.Access) }},
}

func (*Notification) Type() MessageType { return TypeNotification }

func (m *Notification) code(c *coder) { code(c, m, notificationIEs) }

// NotificationResponse answers it (TS 24.501 §8.2.24).
type NotificationResponse struct {
	SessionStatus *PDUSessions
}

var notificationResponseIEs = []ie[NotificationResponse]{
	{"PDU session status", formatTLV, 0x50, 2, 32, func(c *coder, m *NotificationResponse) { ptr(c, &m.SessionStatus, pduSessions) }},
}

func (*NotificationResponse) Type() MessageType { return TypeNotificationResponse }

func (m *NotificationResponse) code(c *coder) { code(c, m, notificationResponseIEs) }
