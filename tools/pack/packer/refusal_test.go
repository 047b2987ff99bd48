package packer

import (
	"testing"

	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// What is refused is refused before the model is run over a text, which takes 10 s for the standard
// one.
func TestRefusalsComeBeforeCalibration(t *testing.T) {
	calibrate := func(f *ggufenc.File) (bool, error) {
		report := &recorder{}
		p := &Job{
			Source: MemorySource("test.gguf", f.Bytes()), Name: "test", Report: report,
			Emit: func(string, []byte) error { return nil }, Calibration: CalibrationText,
		}
		_, err := p.Run()
		return report.calibrated, err
	}
	if calibrated, err := calibrate(Tiny()); !calibrated || err != nil {
		t.Errorf("the tiny model: calibrated is %t, error %v", calibrated, err)
	}
	marks := Tiny()
	kinds := ggufedit.Value[[]int32](marks, "tokenizer.ggml.token_type")
	kinds[1], kinds[2] = 1, 1
	files := map[string]*ggufenc.File{"marks that are text": marks}
	for _, c := range hostileModels {
		files[c.name] = leastModel()
		c.change(files[c.name])
	}
	refused := 0
	for name, f := range files {
		calibrated, err := calibrate(f)
		if err == nil {
			continue
		}
		refused++
		if calibrated {
			t.Errorf("%s: refused after calibration: %v", name, err)
		}
	}
	if refused < 12 {
		t.Errorf("%d of %d files are refused", refused, len(files))
	}
}
