package document

// Nearest is the word that was probably meant by got: one of at most two letters' difference. It is
// empty where there is none.
func Nearest(got string, words []string) string {
	best, least := "", 3
	for _, w := range words {
		if apart := len(w) - len(got); apart >= least || -apart >= least {
			continue
		}
		if d := distance(w, got); d < least {
			best, least = w, d
		}
	}
	return best
}

// distance is the number of letters to change, add or take away.
func distance(a, b string) int {
	const longest = 40
	if len(b) > longest {
		return len(b)
	}
	var row [longest + 1]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
