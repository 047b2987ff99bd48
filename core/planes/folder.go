package planes

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// ManifestFile is the name of the manifest inside a model's folder.
const ManifestFile = "manifest.json"

// Open reads a whole packed model from a folder, checking every shard. It returns a closed Reader
// that has all tensors.
func Open(folder fs.FS) (*Manifest, *Reader, error) { return OpenPart(folder, nil) }

// OpenPart is Open for the parts of the matrices that partOf tells, all of them where it is nil.
func OpenPart(folder fs.FS, partOf func(*Manifest) Part) (*Manifest, *Reader, error) {
	text, err := readFile(folder, ManifestFile, MaxManifestBytes)
	if err != nil {
		return nil, nil, err
	}
	m, err := ReadManifest(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", ManifestFile, err)
	}
	r := NewReader(m)
	if partOf != nil {
		r.Keep(partOf(m))
	}
	for _, s := range m.Shards {
		data, err := readFile(folder, s.File, MaxShardBytes)
		if err != nil {
			return nil, nil, err
		}
		if err := r.Shard(data, false); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", s.File, err)
		}
	}
	if err := r.Close(); err != nil {
		return nil, nil, err
	}
	return m, r, nil
}

// OpenActivity reads the Activity of a folder, of whichever model (see Describes), and its text.
// Both are nil where there is none.
func OpenActivity(folder fs.FS) (*Activity, []byte, error) {
	text, err := readFile(folder, ActivityFile, MaxActivityBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	a, err := ReadActivity(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", ActivityFile, err)
	}
	return a, text, nil
}

// readFile reads a file of at most limit bytes.
func readFile(folder fs.FS, name string, limit int64) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: %w: more than %d bytes", name, ErrLimit, limit)
	}
	return data, nil
}
