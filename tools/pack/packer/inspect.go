package packer

import (
	"fmt"
	"io"
	"io/fs"
	"text/tabwriter"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
)

// Verify reads a whole model and says that it is sound: the sha256 of each shard is compared, each
// run decoded, and each tensor asked for in its final form.
func Verify(folder fs.FS, out io.Writer) error {
	m, r, err := planes.Open(folder)
	if err != nil {
		return err
	}
	for _, t := range m.Tensors {
		if err := readTensor(r, t); err != nil {
			return err
		}
	}
	activity, _, err := planes.OpenActivity(folder)
	if err != nil {
		return err
	}
	if activity != nil {
		text, err := fs.ReadFile(folder, planes.ManifestFile)
		if err != nil {
			return err
		}
		if err := activity.Describes(m, text); err != nil {
			return fmt.Errorf("%s: %w", planes.ActivityFile, err)
		}
	}
	_, err = fmt.Fprintf(out, "%s: %s, %s, %d bytes: all sound\n", shown(m.Name),
		count(len(m.Tensors), "tensor"), count(len(m.Shards), "shard"), m.Bytes())
	return err
}

// readTensor asks for a tensor the way the engine does.
func readTensor(r *planes.Reader, t planes.Tensor) (err error) {
	switch t.Kind {
	case planes.KindUnsigned, planes.KindTernary:
		_, err = r.Matrix(t.Name, t.Rows, t.Cols)
	case planes.KindFloat32:
		_, err = r.Floats(t.Name, t.Rows*t.Cols)
	case planes.KindTokenizer:
		_, err = r.Tokenizer()
	case planes.KindRanking:
		_, err = r.Ranking(t.Name)
	}
	return err
}

// size is what something takes after and before compression.
type size struct{ raw, packed int64 }

func (s *size) add(r planes.RunInfo) { s.raw += int64(r.Raw); s.packed += int64(r.Packed) }

// gain is the share of bytes that compression saves; a little below zero where
// a run is stored as it is behind its header.
func (s size) gain() string {
	return fmt.Sprintf("%.1f %%", 100*(1-float64(s.packed)/float64(max(s.raw, 1))))
}

// Inspect prints what a packed model consists of. shard reads one of its files.
func Inspect(m *planes.Manifest, shard func(file string) ([]byte, error), out io.Writer) error {
	var total size
	tensors := make([]size, len(m.Tensors))
	parts := map[string]*size{} // by kind of tensor and part, in the order of names
	var names []string
	for _, s := range m.Shards {
		data, err := shard(s.File)
		if err != nil {
			return err
		}
		runs, err := planes.Runs(m, data)
		if err != nil {
			return fmt.Errorf("%s: %w", s.File, err)
		}
		for _, r := range runs {
			name := partLabel(m.Tensors[r.Tensor], r.Part)
			if parts[name] == nil {
				parts[name] = &size{}
				names = append(names, name)
			}
			parts[name].add(r)
			tensors[r.Tensor].add(r)
			total.add(r)
		}
	}
	fmt.Fprintf(out, "%s, from %s (sha256 %s)\n\n",
		shown(m.Name), shown(m.Source.File), m.Source.SHA256)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "kind\trows\tcolumns\tplanes\tbytes\tpacked\tgain\t  tensor")
	for i, t := range m.Tensors {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%s\t  %s\n", t.Kind, t.Rows, t.Cols, t.Planes,
			tensors[i].raw, tensors[i].packed, tensors[i].gain(), shown(t.Name))
	}
	w.Flush()
	fmt.Fprintln(w, "\nbytes\tpacked\tgain\t  part")
	for _, name := range names {
		fmt.Fprintf(w, "%d\t%d\t%s\t  %s\n", parts[name].raw, parts[name].packed,
			parts[name].gain(), name)
	}
	w.Flush()
	fmt.Fprintln(w, "\nshard\tsha256\tbytes\tcompletes\t")
	for i, s := range m.Shards {
		fmt.Fprintf(w, "%d\t%.12s\t%d\t%d\t\n", i, s.SHA256, s.Bytes, len(s.Completes))
	}
	w.Flush()
	_, err := fmt.Fprintf(out, "\n%s, %s, %d bytes of %d, gain %s\n",
		count(len(m.Tensors), "tensor"), count(len(m.Shards), "shard"), total.packed, total.raw,
		total.gain())
	return err
}

// InspectActivity prints how many spikes the neurons of a model usually fire; nil prints nothing.
func InspectActivity(m *planes.Manifest, a *planes.Activity, out io.Writer) error {
	if a == nil {
		return nil
	}
	fmt.Fprintf(out, "\nusual binary spikes per neuron and token, of %d tokens\n", a.Tokens)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for p := range coding.Population(coding.Populations) {
		fmt.Fprintf(w, "%v\t", p)
	}
	fmt.Fprintln(w, "keys\tvalues\t  coding")
	mean := func(counts []int, kinds, kind, neurons int) {
		sum := 0
		for i := kind; i < len(counts); i += kinds {
			sum += counts[i]
		}
		fmt.Fprintf(w, "%.3f\t", float64(sum)/float64(a.Tokens*neurons*a.Layers))
	}
	for _, c := range a.Codings {
		for p := range coding.Populations {
			mean(c.Inputs, coding.Populations, p, m.Config.Neurons(coding.Population(p)))
		}
		for kind := range 2 {
			mean(c.Cache, 2, kind, m.Config.KVHeads*m.Config.HeadDim)
		}
		name := c.Preset
		if name == "" {
			name = fmt.Sprintf("T = %d", c.Steps)
		}
		fmt.Fprintf(w, "  %s\n", shown(name))
	}
	return w.Flush()
}

// partLabel groups the parts of like tensors: "4 planes: plane 3".
func partLabel(t planes.Tensor, part string) string {
	switch t.Kind {
	case planes.KindUnsigned:
		return fmt.Sprintf("%d planes: %s", t.Planes, part)
	case planes.KindTernary:
		return fmt.Sprintf("ternary, T = %v: %s", t.OffsetBy, part)
	}
	return string(t.Kind)
}
