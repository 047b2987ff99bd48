package planes

import "slices"

// A NamedRanking is a ranking tensor.
type NamedRanking struct {
	Name    string
	Ranking *Ranking
}

// AddRankings gives the manifest of a model that gets rankings of its neurons: the same shards, and
// before them those of the rankings, which emit stores. compress is that of NewWriter.
func AddRankings(m *Manifest, rankings []NamedRanking, compress func(data []byte) []byte,
	emit func(file string, data []byte) error) (*Manifest, error) {
	added := *m
	added.Tensors = slices.Clone(m.Tensors)
	for _, r := range rankings {
		added.Tensors = append(added.Tensors, Tensor{Name: r.Name, Kind: KindRanking, Rows: 1,
			Cols: m.Config.RankingBytes()})
	}
	w, err := NewWriter(added, compress, emit)
	if err != nil {
		return nil, err
	}
	for _, r := range rankings {
		if err := w.Ranking(r.Name, r.Ranking); err != nil {
			return nil, err
		}
	}
	if err := w.flush(); err != nil {
		return nil, w.fail("", err)
	}
	added.Shards = append(w.manifest.Shards, m.Shards...)
	if err := added.validate(); err != nil {
		return nil, err
	}
	return &added, nil
}
