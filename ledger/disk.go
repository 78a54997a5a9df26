package ledger

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"cordon/evidence"
)

const (
	checkpointFile = "checkpoint"
	// unready ends the name of a file until it is on disk whole.
	unready = ".new"
	// maxFile is more octets than any file of a log has.
	maxFile = evidence.Width*(2+evidence.MaxEntry) + 1

	dirMode  = 0o750
	fileMode = 0o640
)

// A directory is where a log lies.
type directory string

// read reads a file by its name in the log. Somebody else may have made the directory: what is not a
// plain file is neither waited for nor read.
func (d directory) read(name string) ([]byte, error) {
	f, err := os.OpenFile(d.file(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return nil, errors.Join(err, fmt.Errorf("%s is no plain file: %w", d.file(name), ErrTampered))
	}
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		err = fmt.Errorf("%s is larger than any file of a log", d.file(name))
	}
	return b, err
}

func (d directory) file(name string) string {
	return filepath.Join(string(d), filepath.FromSlash(name))
}

// commit puts files on disk and then the checkpoint that commits to them. When it returns nil all
// of it is there to stay; else the log is as before, or as it would be.
func (d directory) commit(files []file, checkpoint []byte) error {
	var dirs []string
	for _, f := range files {
		dir := path.Dir(f.Path())
		if !slices.Contains(dirs, dir) {
			if err := d.makeDir(dir); err != nil {
				return err
			}
			dirs = append(dirs, dir)
		}
		if err := d.put(f.Path(), f.data); err != nil {
			return err
		}
	}
	for _, dir := range dirs {
		if err := syncDir(d.file(dir)); err != nil {
			return err
		}
	}
	if err := d.put(checkpointFile, checkpoint); err != nil {
		return err
	}
	return syncDir(string(d))
}

// foreign is the name of a file that is no part of a log, in a directory that holds none yet; "" for no such file.
func (d directory) foreign() (string, error) {
	list, err := os.ReadDir(string(d))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	for _, f := range list {
		if !f.IsDir() && f.Name() != checkpointFile+unready {
			return f.Name(), nil
		}
	}
	return "", err
}

// put writes a file under another name and gives it its own once it is whole.
func (d directory) put(name string, data []byte) error {
	to := d.file(name)
	f, err := os.OpenFile(to+unready, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(to+unready, to)
}

// makeDir makes a directory and those it lies in, so that none is gone after a power cut. The log's
// own is not among them: a log whose directory was taken away is not begun anew in its place.
func (d directory) makeDir(name string) error {
	at := d.file(name)
	err := os.Mkdir(at, dirMode)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist) && path.Dir(name) != ".":
		if err := d.makeDir(path.Dir(name)); err != nil {
			return err
		}
		err = os.Mkdir(at, dirMode)
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(at))
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// clear removes the narrower forms of files that have become full. They are of no more use, so it
// does not matter when one stays.
func (d directory) clear(files []file) {
	for _, f := range files {
		if f.Count == evidence.Width {
			os.RemoveAll(d.file(f.Path()) + ".p")
		}
	}
}

// sweep removes what a killed writer left beside a log of that size: files that no checkpoint
// commits to, unready ones, and narrower forms of full ones. All lie within a group of the end.
func (d directory) sweep(size int64) error {
	const span = maxGroup/evidence.Width + 2
	remove := func(name string) error { return os.RemoveAll(d.file(name)) }
	errs := []error{remove(checkpointFile + unready)}
	for level := evidence.Bundles; level <= 0 || (size+maxGroup)>>(tileHeight*level) > 0; level++ {
		last := size >> (tileHeight * (max(level, 0) + 1))
		for i := max(0, last-span); i <= last+span; i++ {
			full := evidence.Tile{Level: level, Index: i, Count: evidence.Width}.Path()
			errs = append(errs, remove(full+unready))
			switch {
			case i < last:
				errs = append(errs, remove(full+".p"))
			case i == last:
				errs = append(errs, remove(full), d.sweepNarrow(full+".p", int(size>>(tileHeight*max(level, 0))%evidence.Width)))
			default:
				errs = append(errs, remove(full), remove(full+".p"))
			}
		}
	}
	return errors.Join(errs...)
}

// sweepNarrow leaves in the directory of an unfinished tile what is no wider than it is now.
func (d directory) sweepNarrow(dir string, count int) error {
	list, err := os.ReadDir(d.file(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range list {
		t, ok := evidence.ParsePath(dir + "/" + f.Name())
		if strings.HasSuffix(f.Name(), unready) || ok && t.Count > count {
			err = errors.Join(err, os.Remove(d.file(dir+"/"+f.Name())))
		}
	}
	return err
}
