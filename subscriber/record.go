package subscriber

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cordon/aka"
	"cordon/ident"
)

// Columns are the fields of a subscriber's record, in the order in which a file is written
// with them. imsi, k and one of op and opc must be there.
//
//	imsi        5 to 15 digits
//	k           32 hexadecimal digits; with TUAK 32 or 64
//	op, opc     32 hexadecimal digits; with TUAK 64 (TOP, TOPc)
//	algorithm   milenage (default) or tuak
//	method      5g-aka (default) or eap-aka-prime
//	amf         4 hexadecimal digits whose first bit is set; default 8000
//	plan        name of the plan; default "default"
//	res         octets of RES with TUAK: 4, 8 (default) or 16
//	iterations  of Keccak with TUAK: 1 (default) to 255
//	protected   true or false (default)
var Columns = [...]string{"imsi", "k", "op", "opc", "algorithm", "method", "amf", "plan", "res", "iterations", "protected"}

// DefaultPlan is the plan of a record that names none.
const DefaultPlan = "default"

// RecordError names the column that is wrong and what was expected. It never holds what
// stood there, which may be a key.
type RecordError struct{ Column, Want string }

func (e *RecordError) Error() string { return e.Column + ": want " + e.Want }

// ParseRecord makes a profile of a record's columns; an empty one is absent. An error is a
// *RecordError. Whether the plan exists is the caller's to check.
func ParseRecord(fields map[string]string) (Profile, error) {
	for _, c := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(Columns[:], c) {
			return Profile{}, &RecordError{strconv.Quote(c), "no such column; there are " + strings.Join(Columns[:], ", ")}
		}
	}
	get := func(column, otherwise string) string {
		if v := strings.TrimSpace(fields[column]); v != "" {
			return v
		}
		return otherwise
	}
	supi, err := ident.ParseSUPI(get("imsi", ""))
	if err != nil {
		return Profile{}, &RecordError{"imsi", "5 to 15 digits"}
	}
	p := Profile{SUPI: supi, Plan: get("plan", DefaultPlan)}
	if len(p.Plan) > maxPlanName {
		return Profile{}, &RecordError{"plan", fmt.Sprintf("at most %d characters", maxPlanName)}
	}
	protected, err := oneOf[uint8]("protected", get("protected", "false"), []string{"false", "true"})
	if err != nil {
		return Profile{}, err
	}
	p.Protected = protected == 1
	if p.Credentials, err = parseCredentials(get); err != nil {
		return Profile{}, err
	}
	return p, nil
}

func parseCredentials(get func(column, otherwise string) string) (c Credentials, err error) {
	if c.Algorithm, err = oneOf[Algorithm]("algorithm", get("algorithm", "milenage"), algorithmNames); err != nil {
		return c, err
	}
	if c.Method, err = oneOf[Method]("method", get("method", "5g-aka"), methodNames); err != nil {
		return c, err
	}
	amf, err := hex.DecodeString(get("amf", "8000"))
	if err != nil || len(amf) != 2 || amf[0]&0x80 == 0 {
		return c, &RecordError{"amf", "4 hexadecimal digits of which the first is 8 to f (the separation bit)"}
	}
	c.AMF = [2]byte(amf)
	if c.Algorithm == TUAK {
		return c, c.parseTUAK(get)
	}
	for _, column := range []string{"res", "iterations"} {
		if get(column, "") != "" {
			return c, &RecordError{column, "nothing; it is for algorithm tuak"}
		}
	}
	return c, c.parseMilenage(get)
}

func (c *Credentials) parseMilenage(get func(column, otherwise string) string) error {
	k, err := key("k", get, 16)
	if err != nil {
		return err
	}
	op, derived, err := operatorValue(get, 16)
	if err != nil {
		return err
	}
	if !derived {
		opc := aka.OPc([16]byte(k), [16]byte(op))
		op = opc[:]
	}
	c.K, c.OPc = NewSecret(k), NewSecret(op)
	return nil
}

func (c *Credentials) parseTUAK(get func(column, otherwise string) string) error {
	k, err := key("k", get, 16, 32)
	if err != nil {
		return err
	}
	top, derived, err := operatorValue(get, 32)
	if err != nil {
		return err
	}
	res, err := oneOf[uint8]("res", get("res", "8"), []string{4: "4", 8: "8", 16: "16"})
	if err != nil {
		return err
	}
	iterations, err := strconv.ParseUint(get("iterations", "1"), 10, 8)
	if err != nil || iterations == 0 {
		return &RecordError{"iterations", "1 to 255"}
	}
	c.TUAK = aka.TUAKSizes{RES: res, Iterations: uint8(iterations)}
	if !derived {
		topc, err := aka.TOPc(k, [32]byte(top), c.TUAK)
		if err != nil {
			return &RecordError{"op", "a value that TUAK takes"}
		}
		top = topc[:]
	}
	c.K, c.OPc = NewSecret(k), NewSecret(top)
	return nil
}

// operatorValue is the column op or opc, of n octets, and whether it is the derived one.
func operatorValue(get func(column, otherwise string) string, n int) (b []byte, derived bool, err error) {
	op, opc := get("op", "") != "", get("opc", "") != ""
	switch {
	case op && opc:
		return nil, false, &RecordError{"op", "nothing where opc is given: opc is derived from it"}
	case opc:
		b, err = key("opc", get, n)
		return b, true, err
	case op:
		b, err = key("op", get, n)
		return b, false, err
	default:
		return nil, false, &RecordError{"opc", "a value here or in op"}
	}
}

// key is a column of hexadecimal digits that stand for one of the given numbers of octets.
func key(column string, get func(column, otherwise string) string, octets ...int) ([]byte, error) {
	b, err := hex.DecodeString(get(column, ""))
	if err == nil && slices.Contains(octets, len(b)) {
		return b, nil
	}
	var want []string
	for _, n := range octets {
		want = append(want, strconv.Itoa(2*n))
	}
	return nil, &RecordError{column, strings.Join(want, " or ") + " hexadecimal digits"}
}

// oneOf finds v among names, whose index is its value; an empty name is none.
func oneOf[T ~uint8](column, v string, names []string) (T, error) {
	if i := slices.Index(names, strings.ToLower(v)); i >= 0 {
		return T(i), nil
	}
	some := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" })
	return 0, &RecordError{column, strings.Join(some, " or ")}
}
