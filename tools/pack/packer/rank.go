package packer

import (
	"errors"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/calibrate"
)

// ErrRanked reports a model that has a ranking of its neurons already.
var ErrRanked = errors.New("the model has a ranking of its neurons")

// firstTokens is how many tokens are run alone, so that who waits can be told how long: what they
// take each is a third more than in a whole window, which reads the weights as often.
const firstTokens = 64

// Ranked is a packed model with rankings of its neurons.
type Ranked struct {
	Manifest *planes.Manifest
	Text     []byte // of the manifest
}

// Rank ranks the neurons of a packed model without calibration: it gives a new manifest, with the
// old shards and one more, which emit stores. done is called with how many of all tokens have been
// run through the model; an error of it ends the work. The first call comes early, to measure by.
func Rank(
	m *planes.Manifest, tensors core.Tensors, done func(tokens, all int) error,
	emit func(file string, data []byte) error,
) (*Ranked, error) {
	for _, name := range rankingNames {
		if tensors.Has(name) {
			return nil, ErrRanked
		}
	}
	model, err := core.NewModel(m, tensors)
	if err != nil {
		return nil, err
	}
	texts, err := calibrationTexts(model, CalibrationText)
	if err != nil {
		return nil, err
	}
	first := texts[0][:min(firstTokens, len(texts[0]))]
	all := len(first)
	for _, text := range texts {
		all += len(text)
	}
	// What is seen of the first tokens is seen again with what follows.
	if err := calibrate.NewRanker(model).Add(first); err != nil {
		return nil, err
	}
	ran := len(first)
	if err := done(ran, all); err != nil {
		return nil, err
	}
	ranker := calibrate.NewRanker(model)
	for _, text := range texts {
		if err := ranker.Add(text); err != nil {
			return nil, err
		}
		ran += len(text)
		if err := done(ran, all); err != nil {
			return nil, err
		}
	}
	saliency, absolute, err := ranker.Rankings()
	if err != nil {
		return nil, err
	}
	compress, err := compressor(true)
	if err != nil {
		return nil, err
	}
	ranked, err := planes.AddRankings(m, []planes.NamedRanking{
		{Name: planes.SaliencyName, Ranking: saliency},
		{Name: planes.AbsoluteName, Ranking: absolute},
	}, compress, emit)
	if err != nil {
		return nil, err
	}
	text, err := ranked.AppendJSON(nil)
	return &Ranked{ranked, text}, err
}
