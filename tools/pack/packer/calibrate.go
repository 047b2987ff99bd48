package packer

import (
	_ "embed"
	"fmt"
	"runtime"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/internal/corpus"
	"github.com/spikechat/spikechat/tools/pack/calibrate"
)

// A model is run over the first tokens of this many windows of the calibration text. Twice as many
// tokens rank 95 % of the first quarter of the groups alike, and take twice the time.
const (
	calibrationWindows = 8
	calibrationTokens  = 128
)

// CalibrationText is what a model is calibrated on unless another text is named; its notice stands
// beside it.
//
//go:embed calibration/wikitext2.txt
var CalibrationText string

// rankingNames are the tensors that calibration makes.
var rankingNames = [...]string{planes.SaliencyName, planes.AbsoluteName}

// calibrate runs the model over the text and gives the rankings in the order of rankingNames.
func (p *Job) calibrate(m *planes.Manifest) ([]*planes.Ranking, error) {
	model, err := core.NewModel(m, p.tensors)
	if err != nil {
		return nil, err
	}
	windows := corpus.Cut(model.Tokenizer.Encode(nil, p.Calibration))
	if windows, err = corpus.Spread(windows, calibrationWindows); err != nil {
		return nil, fmt.Errorf("calibration: %w", err)
	}
	texts := make([][]int32, len(windows))
	for i, w := range windows {
		texts[i] = w.IDs[:min(calibrationTokens, m.Config.Context)]
	}
	ran := 0
	p.Report.Calibrated(0, len(texts))
	saliency, absolute, err := calibrate.Rank(model, texts, runtime.NumCPU(), func() {
		ran++
		p.Report.Calibrated(ran, len(texts))
	})
	if err != nil {
		return nil, err
	}
	return []*planes.Ranking{saliency, absolute}, nil
}
