package ran

import (
	"fmt"

	"cordon/wire/nas"
)

// Failure is why something did not come about on the phone's side. The zero value is no
// failure.
type Failure struct {
	What string    // a few fixed words
	MM   nas.Cause // 5GMM cause of a reject
	SM   nas.SMCause
}

func (f Failure) String() string {
	switch {
	case f.MM != 0:
		return fmt.Sprintf("%s: %s", f.What, f.MM)
	case f.SM != 0:
		return fmt.Sprintf("%s: %s", f.What, f.SM)
	}
	return f.What
}

// Error makes a Failure an error.
func (f Failure) Error() string { return f.String() }
