//go:build race

package node

// raceDetector makes everything ten times slower.
const raceDetector = true
