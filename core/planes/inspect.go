package planes

import "fmt"

// RunInfo says what one run of a shard carries and what it takes, for tools that show where a
// model's bytes go.
type RunInfo struct {
	Tensor int    // index in the manifest's table
	Part   string // "plane 3", "scales", "offsets" or "data"
	Raw    int    // bytes after decoding
	Packed int    // bytes in the shard, run header included
}

// Runs lists the runs of one shard of a checked manifest without decoding them. Errors are of type
// *FormatError, with Shard -1.
func Runs(m *Manifest, shard []byte) ([]RunInfo, error) {
	var runs []RunInfo
	for at := 0; at < len(shard); {
		fail := func(err error) error { return &FormatError{Shard: -1, Offset: int64(at), Err: err} }
		h, err := parseRunHeader(shard[at:])
		if err != nil {
			return nil, fail(err)
		}
		if h.Tensor >= uint32(len(m.Tensors)) || int64(h.Packed) > int64(len(shard)-at-headerBytes) {
			return nil, fail(fmt.Errorf("%w: run of %d bytes for tensor %d of %d",
				ErrInvalid, h.Packed, h.Tensor, len(m.Tensors)))
		}
		if err := h.decodable(m.Version, &m.Tensors[h.Tensor]); err != nil {
			return nil, fail(err)
		}
		count, size := m.Tensors[h.Tensor].units(h.Part)
		if int64(h.Count) > int64(count) {
			return nil, fail(fmt.Errorf("%w: run of %d units of part %d, which has %d",
				ErrInvalid, h.Count, h.Part, count))
		}
		packed := headerBytes + int(h.Packed)
		runs = append(runs, RunInfo{Tensor: int(h.Tensor), Part: partName(h.Part),
			Raw: int(h.Count) * size, Packed: packed})
		at += packed
	}
	return runs, nil
}

func partName(part uint32) string {
	switch part {
	case partScale:
		return "scales"
	case partOffset:
		return "offsets"
	case partData:
		return "data"
	}
	return fmt.Sprintf("plane %d", part)
}
