package ran

import "errors"

// PPID is the payload protocol identifier of NGAP (TS 38.412 §7).
const PPID = 60

// ErrBusy is an association's full send queue: the message was not taken and may be
// offered again.
var ErrBusy = errors.New("association's send queue is full")

// Message is one SCTP user message.
type Message struct {
	Stream uint16
	PPID   uint32
	Data   []byte
}

// N2 is one SCTP association to a core. Receive is called by one goroutine; Send must not
// block and may be called by any. Receive ends with an error once the association has.
type N2 interface {
	Receive() (Message, error)
	Send(Message) error
	Streams() (out, in uint16)
	Close() error
	Abort()
}

// Conn is what an association of another package looks like, whose message type is
// Message in all but name.
type Conn[M ~struct {
	Stream uint16
	PPID   uint32
	Data   []byte
}] interface {
	Receive() (M, error)
	Send(M) error
	Streams() (out, in uint16)
	Close() error
	Abort()
}

// Over makes an N2 of such an association. busy is the error by which its Send says that
// the queue is full.
func Over[M ~struct {
	Stream uint16
	PPID   uint32
	Data   []byte
}](c Conn[M], busy error) N2 {
	return over[M]{c, busy}
}

type over[M ~struct {
	Stream uint16
	PPID   uint32
	Data   []byte
}] struct {
	Conn[M]
	busy error
}

func (o over[M]) Receive() (Message, error) {
	m, err := o.Conn.Receive()
	return Message(m), err
}

func (o over[M]) Send(m Message) error {
	err := o.Conn.Send(M(m))
	if err != nil && errors.Is(err, o.busy) {
		return ErrBusy
	}
	return err
}
