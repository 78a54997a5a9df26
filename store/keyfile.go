package store

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// loadKey reads the master key. Where there is no file yet and mayMake is set, it makes
// one with a random key.
func loadKey(path string, mayMake bool) (key [32]byte, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !mayMake {
			return key, fmt.Errorf("the key file %s is missing, and the store was sealed under it: put it back", path)
		}
		return makeKey(path)
	}
	if err != nil {
		return key, fmt.Errorf("the key file cannot be read: %w", err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return key, fmt.Errorf("the key file cannot be read: %w", err)
	}
	if p := st.Mode().Perm(); p&0o077 != 0 {
		return key, fmt.Errorf("the key file %s may be read by others (mode %04o): run chmod 600 on it, and think about who has seen it", path, p)
	}
	b, err := io.ReadAll(io.LimitReader(f, 128))
	if err != nil {
		return key, fmt.Errorf("the key file cannot be read: %w", err)
	}
	b = bytes.TrimSpace(b)
	if len(b) != 2*len(key) {
		return key, fmt.Errorf("the key file %s holds %d characters: want %d hexadecimal digits on one line", path, len(b), 2*len(key))
	}
	if _, err := hex.Decode(key[:], b); err != nil {
		return key, fmt.Errorf("the key file %s holds a character that is no hexadecimal digit: want %d of them on one line", path, 2*len(key))
	}
	return key, nil
}

// makeKey writes a random key and returns once it is safely on disk: nothing may be
// sealed under a key that a power cut could take away.
func makeKey(path string) (key [32]byte, err error) {
	rand.Read(key[:])
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return key, fmt.Errorf("making the key file: %w", fileSentence(path, err))
	}
	_, err = fmt.Fprintf(f, "%x\n", key)
	if err := errors.Join(err, f.Sync(), f.Close(), syncDir(filepath.Dir(path))); err != nil {
		os.Remove(path) // half a key would be taken for a wrong one at the next start
		return key, fmt.Errorf("making the key file: %w", fileSentence(path, err))
	}
	return key, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// lockFile makes this process the store's only one. The kernel gives the lock free when
// the process ends, however it ends.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fileSentence(path, err)
	}
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		f.Close()
		return nil, fmt.Errorf("another process has it open (%s is locked): end that one first", path)
	case err != nil:
		f.Close()
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return f, nil
}
