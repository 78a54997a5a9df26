package upf

import (
	"fmt"
	"time"
)

// EchoFault is what a round of echo requests shows that a peer's place does not explain.
type EchoFault uint8

const (
	EchoTooFast EchoFault = iota // faster than light: it is not where its record has it, or somebody nearer answers
	EchoTooSlow                  // slower than any sensible way there
	EchoGrown                    // the path became longer, and stays so
	EchoSilent                   // nothing came back
	EchoFaults                   // how many there are
)

// String is the fault's name as a kind of finding.
func (f EchoFault) String() string {
	switch f {
	case EchoTooFast:
		return "echo too fast"
	case EchoTooSlow:
		return "echo too slow"
	case EchoGrown:
		return "path grown longer"
	case EchoSilent:
		return "echo silent"
	}
	return "unknown echo fault"
}

// Constants of the bounds. Light in fibre goes at two thirds of its speed; cables make a detour, of which twice
// the distance and fifty kilometres of a town's rings are granted.
const (
	light       = 299_792_458.0 // metres a second, in empty space
	fibre       = light * 2 / 3
	detour      = 2.0
	detourLeast = 50_000.0 // metres
	// What a recorded place may be wrong by: two sites by a hundredth of the distance, since the earth is no ball, and a kilometre.
	placeError      = 0.01
	placeErrorLeast = 1000.0
)

// EchoAllowance is what a round trip may take besides light's travel where nothing else is configured: radio links on
// the way, routers, and the peer's own time.
const EchoAllowance = 10 * time.Millisecond

// EchoBounds are the shortest and the longest round trip over a distance in metres.
func EchoBounds(distance float64, allowance time.Duration) (floor, ceiling time.Duration) {
	seconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	floor = seconds(2 * max(0, distance*(1-placeError)-placeErrorLeast) / light)
	return floor, seconds(2*(distance*detour+detourLeast)/fibre) + allowance
}

// JudgeEcho says what a round shows, with why in a sentence. Distance is that to the peer in metres, negative where it is not
// known: then nothing is too fast or too slow. Two answers have to be too fast, and every one of at least three
// too slow.
func JudgeEcho(r Round, distance float64, allowance time.Duration) (f EchoFault, why string, found bool) {
	floor, ceiling := EchoBounds(max(0, distance), allowance)
	km, fastest := distance/1000, r.Fastest.Round(time.Microsecond)
	switch {
	case r.Answered == 0:
		return EchoSilent, fmt.Sprintf("%d echo requests in a row were not answered", EchoRound), true
	case distance >= 0 && r.Answered >= 2 && r.Second < floor:
		return EchoTooFast, fmt.Sprintf("two answers came back within %v, and light needs %v over the %.0f km to where the record has it", r.Second.Round(time.Microsecond), floor.Round(time.Microsecond), km), true
	case distance >= 0 && r.Answered >= baselineOf && r.Fastest > ceiling:
		return EchoTooSlow, fmt.Sprintf("the fastest of %d answers took %v, and a way of %.0f km %v at most", r.Answered, fastest, km, ceiling.Round(time.Microsecond)), true
	case r.Grown > 0:
		return EchoGrown, fmt.Sprintf("answers take %v longer than before, the fastest %v", r.Grown.Round(time.Microsecond), fastest), true
	}
	return 0, "", false
}
