package console

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"
)

// Token is what a request must show, as "Authorization: Bearer TOKEN". It does not print.
type Token struct{ text string }

func (Token) String() string   { return "<token>" }
func (Token) GoString() string { return "<token>" }

// Header is the value of the Authorization header that shows the token.
func (t Token) Header() string { return "Bearer " + t.text }

const (
	tokenLen = 32 // octets drawn for a new token
	tokenMin = 32 // characters of one that an operator wrote
)

// ReadToken reads the token of a file that nobody but its owner may read.
func ReadToken(path string) (Token, error) {
	f, err := os.Open(path)
	if err != nil {
		return Token{}, fmt.Errorf("reading the token file: %w", err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return Token{}, fmt.Errorf("reading the token file: %w", err)
	}
	if p := st.Mode().Perm(); p&0o077 != 0 {
		return Token{}, fmt.Errorf("the token file %s may be read by others (mode %04o): delete it and start anew, or run chmod 600 on it", path, p)
	}
	b, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return Token{}, fmt.Errorf("reading the token file: %w", err)
	}
	b = bytes.TrimSpace(b)
	if len(b) < tokenMin || bytes.ContainsFunc(b, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return Token{}, fmt.Errorf("the token file %s: want %d or more printable characters on one line", path, tokenMin)
	}
	return Token{string(b)}, nil
}

// OpenToken reads the token of a file, or makes the file with a random token when there
// is none.
func OpenToken(path string) (Token, error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return ReadToken(path)
	}
	b := make([]byte, tokenLen)
	rand.Read(b)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Token{}, fmt.Errorf("making the token file: %w", err)
	}
	text := hex.EncodeToString(b)
	_, err = io.WriteString(f, text+"\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		os.Remove(path) // half a token would be refused at the next start
		return Token{}, fmt.Errorf("making the token file: %w", err)
	}
	return Token{text}, nil
}

// Who shows a wrong token waits, so many at a time; the rest are turned away at once. The
// right token never waits, so that guessing cannot lock the operator out.
const (
	tarpitPlaces = 4
	tarpitDelay  = 500 * time.Millisecond
)

// authenticate lets a request through to next only with the token. It looks at the
// header alone: a token in a URL ends up in logs.
func (s *Server) authenticate(next http.Handler) http.Handler {
	want := sha256.Sum256([]byte(s.c.Token.text))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, shown, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		got := sha256.Sum256([]byte(shown)) // equal lengths, so that comparing takes equal times
		ok := subtle.ConstantTimeCompare(got[:], want[:]) == 1
		if ok && strings.EqualFold(scheme, "Bearer") && s.c.Token.text != "" {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", "Bearer")
		if shown == "" {
			fail(w, http.StatusUnauthorized, Problem{Message: "this needs the token of the API's token file, as Authorization: Bearer TOKEN"})
			return
		}
		select {
		case s.tarpit <- struct{}{}:
			defer func() { <-s.tarpit }()
			select {
			case <-time.After(tarpitDelay):
			case <-r.Context().Done():
			}
			fail(w, http.StatusUnauthorized, Problem{Message: "the token is not this core's"})
		default:
			fail(w, http.StatusTooManyRequests, Problem{Message: "too many wrong tokens at a time"})
		}
	})
}
