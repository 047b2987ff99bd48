package packer

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// A Job packs one model. Its exported fields are set before Run.
type Job struct {
	Source *Source
	Name   string // of the model
	// Emit stores a finished shard; it must not keep data.
	Emit   func(file string, data []byte) error
	Report Reporter
	// Calibration is the text that neurons are ranked by; "" for no ranking: then the model is never
	// in memory as a whole, but read tensor by tensor.
	Calibration string
	// HeadPlanes is how many planes of embedding and head are kept, the upper ones; 0 keeps all.
	HeadPlanes int
	// TernarySteps makes ternary spikes of so many steps of the layers' weights; 0 keeps their codes.
	TernarySteps int
	// Quantizer makes them; nil rounds to nearest, with scales by least squares.
	Quantizer Quantizer
	// Quick compresses less, in less time.
	Quick bool
	// Plain writes version 2 of the format, whose runs have no codings and whose manifest has the
	// template.
	Plain bool
	// Chat makes of a chat template the strings that chats are joined of. special has the texts of
	// the tokens that a template may name, such as bos_token. Nil: only ChatML is recognised, which
	// takes no engine.
	Chat func(template string, special map[string]string) (*planes.Chat, error)

	file    *gguf.File
	parts   []part
	tensors *tensors
	w       *planes.Writer
	// keepTables is the most bytes of a table that is kept in memory.
	keepTables int64
	// done of total weights have been announced.
	done, total int64
	rounded     roundings
	// lost and energy are sums of squares, of what ternary weights are off and of the weights.
	lost, energy float64
}

// Tensor is what a Reporter learns of a tensor.
type Tensor struct {
	Name       string
	Type       gguf.TensorType // in the source
	Rows, Cols int
	Planes     int // bits of a packed code; 0 where floats stay floats
}

// A Reporter hears how packing goes on.
type Reporter interface {
	// Tensor is called before a tensor is packed; done of total weights are.
	Tensor(t Tensor, done, total int64)
	// Quantised gives the largest error of a tensor that had to be rounded.
	Quantised(t Tensor, worst float64)
	// Calibrated is called before the first window of the calibration text is run, and after each.
	Calibrated(done, total int)
	// Counted is the same of the runs that count spikes: each window once in each coding.
	Counted(done, total int)
	// Note tells what is otherwise in the packed model than in the source, in one sentence.
	Note(text string)
}

// Packed is a packed model, but for its shards.
type Packed struct {
	Manifest *planes.Manifest
	Text     []byte // of the manifest
	Activity []byte // text of planes.ActivityFile; nil where the model was not calibrated
}

// Run packs the source and gives what is to be written when the shards are. The same source, name
// and calibration give the same bytes every time.
func (p *Job) Run() (*Packed, error) {
	m, err := p.pack()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown(p.Source.Name), err)
	}
	return m, nil
}

func (p *Job) pack() (*Packed, error) {
	if err := p.checkTernary(); err != nil {
		return nil, err
	}
	f, err := p.Source.header()
	if err != nil {
		return nil, err
	}
	p.file = f
	if p.keepTables == 0 {
		p.keepTables = keptBytes
	}
	manifest, tokenizer, err := p.manifest()
	if err != nil {
		return nil, err
	}
	for i := range p.parts {
		p.total += p.parts[i].weights()
	}
	var activity *planes.Activity
	if p.Calibration != "" {
		if err := p.read(); err != nil {
			return nil, err
		}
		if activity, err = p.calibrate(manifest); err != nil {
			return nil, err
		}
	}
	compress, err := compressor(p.Quick)
	if err != nil {
		return nil, err
	}
	if p.w, err = planes.NewWriter(*manifest, compress, p.Emit); err != nil {
		return nil, err
	}
	p.w.Tiles = p.tiles
	if err := p.w.Tokenizer(planes.TokenizerName, tokenizer); err != nil {
		return nil, err
	}
	for _, name := range rankingNames {
		if r := p.tensors.rankings[name]; r != nil {
			if err := p.w.Ranking(name, r); err != nil {
				return nil, err
			}
		}
	}
	if err := p.write(); err != nil {
		return nil, err
	}
	if manifest, err = p.w.Close(); err != nil {
		return nil, err
	}
	return texts(manifest, activity)
}

// texts writes the JSON of a model.
func texts(m *planes.Manifest, a *planes.Activity) (*Packed, error) {
	packed := &Packed{Manifest: m}
	var err error
	if packed.Text, err = m.AppendJSON(nil); err != nil || a == nil {
		return packed, err
	}
	a.Manifest = hashOf(packed.Text)
	packed.Activity, err = a.AppendJSON(nil)
	return packed, err
}

// manifest checks the source's metadata and gives all that is known before the
// weights are read, and the encoded tokenizer. What the engine would refuse of
// them is refused here, where someone can choose another file.
func (p *Job) manifest() (*planes.Manifest, []byte, error) {
	c, err := config(p.file)
	if err != nil {
		return nil, nil, err
	}
	vocab, err := Vocabulary(p.file)
	if err != nil {
		return nil, nil, err
	}
	p.tensors = &tensors{tokenizer: vocab, matrices: map[string]*tile.Matrix{},
		floats: map[string][]float32{}}
	c.Vocab = len(vocab.Tokens)
	p.noteVocabulary(&c)
	template, err := p.file.String(templateKey)
	if err != nil {
		return nil, nil, err
	}
	m := &planes.Manifest{Name: p.Name, License: p.license(), Config: c,
		Source: planes.Source{File: p.label("file name", p.Source.Name), Bytes: p.Source.Size,
			SHA256: p.Source.SHA256}}
	if p.Plain {
		m.ChatTemplate = template
	} else {
		m.Version = planes.ArchitecturesVersion
		if p.TernarySteps > 0 {
			m.Version = planes.TernaryVersion
		}
		if m.Chat, err = p.chat(template, vocab); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", templateKey, err)
		}
	}
	if _, err := core.NewChat(m, vocab); err != nil {
		if errors.Is(err, core.ErrUnsupportedTemplate) {
			err = fmt.Errorf("%s: %w", templateKey, err)
		}
		return nil, nil, err
	}
	tokenizer, err := vocab.AppendBinary(nil)
	if err != nil {
		return nil, nil, err
	}
	if p.parts, err = parts(p.file, c, c.Vocab); err != nil {
		return nil, nil, err
	}
	divisors, err := rope(p.file, &m.Config)
	if err != nil {
		return nil, nil, err
	}
	if divisors != nil {
		p.parts = append([]part{*divisors}, p.parts...)
	}
	m.Tensors = []planes.Tensor{{Name: planes.TokenizerName, Kind: planes.KindTokenizer, Rows: 1,
		Cols: len(tokenizer)}}
	for i := range p.parts {
		if p.ternary(&p.parts[i]) {
			p.parts[i].fine = true
		}
		t := p.parts[i].entry()
		if p.ternary(&p.parts[i]) {
			t = p.asTernary(t)
		}
		if p.cuts(&p.parts[i]) {
			if t.OffsetBy == 0 {
				return nil, nil, fmt.Errorf("%w: tensor %q has stored offsets: none of its %d planes "+
					"can be left out", ErrModel, t.Name, t.Planes)
			}
			t.OffsetBy = offsetOfUpper(t.OffsetBy, t.Planes-p.HeadPlanes)
			t.Planes = p.HeadPlanes
		}
		m.Tensors = append(m.Tensors, t)
	}
	// What the keys above do not say, such as how much memory all of it takes.
	return m, tokenizer, m.CheckTable()
}

// weights is how many a part has.
func (p *part) weights() int64 { return int64(p.rows) * int64(p.cols) }

// read takes all parts into memory.
func (p *Job) read() error {
	for i := range p.parts {
		if err := p.keep(&p.parts[i]); err != nil {
			return err
		}
	}
	return nil
}

// keep takes a part into memory.
func (p *Job) keep(part *part) (err error) {
	if part.role == roleNorm {
		p.tensors.floats[part.name], err = p.floats(part)
		return err
	}
	p.tensors.matrices[part.name], err = p.matrix(part)
	return err
}

// announce tells that a part is read now.
func (p *Job) announce(part *part) {
	p.Report.Tensor(part.info(), p.done, p.total)
	p.done += part.weights()
}

// floats gives the values of a float tensor, read now where they are not in memory.
func (p *Job) floats(part *part) ([]float32, error) {
	if values := p.tensors.floats[part.name]; values != nil {
		return values, nil
	}
	p.announce(part)
	return part.norm(p.file)
}

// matrix gives a whole matrix, read now where it is not in memory.
func (p *Job) matrix(part *part) (*tile.Matrix, error) {
	if m := p.tensors.matrices[part.name]; m != nil {
		return m, nil
	}
	p.announce(part)
	m, worst, err := p.rows(part, 0, part.rows)
	if err == nil && p.ternary(part) {
		return p.toTernary(part, m)
	}
	if err == nil {
		p.changed(part, worst)
	}
	return m, err
}

// changed tells what packing changed of a matrix, or keeps it for the note of all of its type.
func (p *Job) changed(part *part, worst Rounding) {
	if part.quantised() {
		p.Report.Quantised(part.info(), worst.Weight)
	} else {
		p.rounded.add(part.tensor.Type, worst)
	}
}

// rows reads rows from to to-1 of a matrix, as one of their own.
func (p *Job) rows(part *part, from, to int) (m *tile.Matrix, worst Rounding, err error) {
	m, worst, err = part.matrix(p.file, from, to)
	if err == nil && p.cuts(part) {
		if m, err = upper(m, p.HeadPlanes); err != nil {
			err = fmt.Errorf("tensor %q: %w", part.name, err)
		}
	}
	return m, worst, err
}

// tiles reads tiles of a table that is not in memory. It is planes.Writer's Tiles.
func (p *Job) tiles(name string, from, to int) (*tile.Matrix, error) {
	i := slices.IndexFunc(p.parts, func(part part) bool { return part.name == name })
	part := &p.parts[i]
	m, worst, err := p.rows(part, from*tile.Rows, min(to*tile.Rows, part.rows))
	part.worst.add(worst)
	return m, err
}

// write puts all parts in loading order: norms, the rows and planes of the tables that a chat
// begins with, the layers, the tables' other rows, and their low planes. A shard ends wherever a
// chat can begin with more.
func (p *Job) write() error {
	for i := range p.parts {
		if part := &p.parts[i]; part.role == roleNorm {
			values, err := p.floats(part)
			if err == nil {
				err = p.w.Floats(part.name, values)
			}
			if err != nil {
				return err
			}
		}
	}
	if err := p.prepareTables(); err != nil {
		return err
	}
	from := 0
	for _, to := range core.EarlyRows(len(p.tensors.tokenizer.Tokens)) {
		if err := p.writeRows(from, to); err != nil {
			return err
		}
		if from == 0 {
			if err := p.writeLayers(); err != nil {
				return err
			}
		}
		if err := p.w.Cut(); err != nil {
			return err
		}
		from = to
	}
	for name, m := range p.tables {
		if m.Planes > core.EarlyPlanes {
			if err := p.w.Planes(name, m, m.Planes-core.EarlyPlanes-1, 0); err != nil {
				return err
			}
		}
	}
	for i := range p.parts {
		if part := &p.parts[i]; part.worst != (Rounding{}) {
			p.changed(part, part.worst)
		}
	}
	p.rounded.report(p.Report)
	p.reportTernary()
	return nil
}

// keptBytes is the size up to which a table, whose planes are written at several places, is kept
// in memory until it is written whole. A larger one is read for each of its planes, and again where
// they go on.
const keptBytes = 32 << 20

// prepareTables brings the tables that are not in memory there, those that are large without their
// data.
func (p *Job) prepareTables() error {
	for i := range p.parts {
		part := &p.parts[i]
		if part.role != roleTable || p.tensors.matrices[part.name] != nil {
			continue
		}
		t := part.entry()
		shape := tile.Matrix{Rows: t.Rows, Cols: t.Cols, Whole: t.Rows, Planes: t.Planes,
			OffsetBy: t.OffsetBy}
		if shape.Bytes() <= p.keepTables {
			if err := p.keep(part); err != nil {
				return err
			}
			continue
		}
		if p.cuts(part) {
			shape.OffsetBy = offsetOfUpper(t.OffsetBy, t.Planes-p.HeadPlanes)
			shape.Planes = p.HeadPlanes
		}
		p.announce(part)
		p.tensors.matrices[part.name] = &shape
	}
	return nil
}

// writeRows writes the upper planes of some rows of the tables.
func (p *Job) writeRows(from, to int) error {
	for name, m := range p.tables {
		if err := p.w.Upper(name, m, min(core.EarlyPlanes, m.Planes), from, to); err != nil {
			return err
		}
	}
	return nil
}

func (p *Job) writeLayers() error {
	for i := range p.parts {
		part := &p.parts[i]
		if part.role != roleLayer {
			continue
		}
		m, err := p.matrix(part)
		if err == nil {
			err = p.w.Matrix(part.name, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tables yields embedding and head, where it is a matrix of its own.
func (p *Job) tables(yield func(name string, m *tile.Matrix) bool) {
	for i := range p.parts {
		if part := &p.parts[i]; part.role == roleTable &&
			!yield(part.name, p.tensors.matrices[part.name]) {
			return
		}
	}
}

// sourceType is the end of a file's name that says how its weights are quantised.
var sourceType = regexp.MustCompile(
	`[.-](?:(?:ud-)?i?q[0-9]_[0-9a-z_]+|tq[12]_0|mxfp4(?:_moe)?|b?f16|f32)$`)

// ModelName makes a model's name from that of its file: lower case, without ".gguf" and without the
// quantisation type that file names end with. What CheckName would refuse becomes a dash, and what
// is too long is cut.
func ModelName(file string) string {
	name := strings.TrimSuffix(strings.ToLower(file), ".gguf")
	name = sourceType.ReplaceAllString(name, "")
	name = strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '.' || r == '_' {
			return r
		}
		return '-'
	}, name)
	name = strings.TrimLeft(name, ".-_")
	name = strings.TrimRight(name[:min(len(name), planes.MaxNameBytes)], "-")
	if name == "" {
		return "model"
	}
	return name
}

// PlainName makes a name that CheckName takes of the name of any file.
func PlainName(file string) string {
	name := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '.' || r == '_' {
			return r
		}
		return '-'
	}, ModelName(file))
	name = strings.Trim(name, ".-_")
	name = strings.TrimRight(name[:min(len(name), planes.MaxNameBytes)], ".-_")
	if name == "" {
		return "model"
	}
	return name
}

// CheckName refuses names that would be something else in a path or an address.
func CheckName(name string) error {
	if name == "" || len(name) > planes.MaxNameBytes {
		return fmt.Errorf("name %s has %d bytes, want 1 to %d",
			quoted(name), len(name), planes.MaxNameBytes)
	}
	for i, r := range name {
		plain := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		if !plain && (i == 0 || r != '.' && r != '-' && r != '_') {
			return fmt.Errorf("name %q holds %q: "+
				"letters, digits and, after the first, . - _ may be used", name, r)
		}
	}
	return nil
}
