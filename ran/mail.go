package ran

// errand has the loop run f, soon. Unlike the inbox it always has room, so that one radio's
// loop may give another's something to do. It is false where the loop has ended.
func (r *Radio) errand(f func()) bool {
	r.mu.Lock()
	ok := r.addMail(f)
	r.mu.Unlock()
	r.poke()
	return ok
}

// addMail is errand for those who hold the mutex, and poke the loop afterwards.
func (r *Radio) addMail(f func()) bool {
	if r.closed {
		return false
	}
	r.mail = append(r.mail, f)
	return true
}

// poke has the loop read its mail; it does so before all else that it takes in.
func (r *Radio) poke() {
	select {
	case r.inbox <- item{do: func() {}}:
	default: // full, so the loop is about to
	}
}

func (r *Radio) readMail() {
	r.mu.Lock()
	mail := r.mail
	r.mail = nil
	r.mu.Unlock()
	for _, f := range mail {
		f()
	}
}

// closeMail runs what is left, so that nobody waits for it.
func (r *Radio) closeMail() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.readMail()
}
