package packer

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/x448/float16"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

func TestPackingTwiceGivesEqualBytes(t *testing.T) {
	first, _ := mustPack(t, Tiny())
	second, _ := mustPack(t, Tiny())
	if !reflect.DeepEqual(first.files, second.files) {
		t.Error("two runs differ")
	}
	if len(first.files) < 2 {
		t.Errorf("%d files", len(first.files))
	}
}

// matrixNames are tensors of different shapes and roles.
var matrixNames = []string{embedding, "blk.0.attn_k.weight", "blk.1.ffn_gate.weight",
	"blk.2.ffn_down.weight"}

// Every code, scale and minimum of an integer type comes back from the packed
// files bit for bit, whatever the sign and size of the scales.
func TestIntegerTypesArePackedExactly(t *testing.T) {
	for _, typ := range []gguf.TensorType{gguf.Q4_0, gguf.Q4_1, gguf.Q5_0, gguf.Q5_1, gguf.Q8_0} {
		f := Tiny()
		for i, name := range matrixNames {
			ggufedit.Randomise(ggufedit.TensorOf(f, name), typ, uint64(i))
		}
		// Zeros of both signs have an encoding of their own (negate).
		if typ.StoresMin() {
			copy(ggufedit.TensorOf(f, embedding).Data[2:], []byte{0, 0})
			copy(ggufedit.TensorOf(f, embedding).Data[typ.BlockBytes()+2:], []byte{0, 0x80})
		}
		got, r := mustPack(t, f)
		for _, name := range matrixNames {
			checkExact(t, ggufedit.TensorOf(f, name), r)
			if _, ok := got.worst[name]; ok {
				t.Errorf("%v %s: reported as quantised", typ, name)
			}
		}
	}
}

// checkExact compares a packed matrix with the blocks of the GGUF.
func checkExact(t *testing.T, want *ggufenc.Tensor, r *planes.Reader) {
	t.Helper()
	typ := gguf.TensorType(want.Type)
	columns, rows := int(want.Dims[0]), int(want.Dims[1])
	m, err := r.Matrix(want.Name, rows, columns)
	if err != nil {
		t.Fatal(err)
	}
	if m.Planes != typ.Bits() || m.StoredOffsets() != typ.StoresMin() ||
		!typ.StoresMin() && int(m.OffsetBy) != -typ.MinFactor() {
		t.Fatalf("%v %s: %d planes, offset by %v", typ, want.Name, m.Planes, m.OffsetBy)
	}
	var codes, wantCodes [32]uint8
	var wantD, wantM [1]float32
	block := want.Data
	for row := range rows {
		for g := range m.Groups() {
			gguf.DecodeBlocks(typ, block[:typ.BlockBytes()], wantCodes[:], wantD[:], wantM[:])
			block = block[typ.BlockBytes():]
			d, n := m.Group(row, g, &codes)
			if codes != wantCodes || d != tile.ToHalf(wantD[0]) ||
				typ.StoresMin() && negate(n) != tile.ToHalf(wantM[0]) {
				t.Fatalf("%v %s: row %d, group %d: %v %#04x %#04x, want %v %v %v", typ,
					want.Name, row, g, codes, d, negate(n), wantCodes, wantD, wantM)
			}
		}
	}
}

func TestFloatTypesAreQuantised(t *testing.T) {
	for _, typ := range []gguf.TensorType{gguf.F32, gguf.F16, gguf.BF16, gguf.F64} {
		f := Tiny()
		for i, name := range matrixNames {
			ggufedit.Randomise(ggufedit.TensorOf(f, name), typ, uint64(i))
		}
		got, r := mustPack(t, f)
		for _, name := range matrixNames {
			tensor := ggufedit.TensorOf(f, name)
			columns, rows := int(tensor.Dims[0]), int(tensor.Dims[1])
			m, err := r.Matrix(name, rows, columns)
			if err != nil {
				t.Fatal(err)
			}
			planesWant := 4
			if name == embedding {
				planesWant = 8
			}
			if m.Planes != planesWant || !m.NormalScales {
				t.Errorf("%v %s: %d planes, tame %v", typ, name, m.Planes, m.NormalScales)
			}
			weights := make([]float32, rows*columns)
			gguf.DecodeFloats(typ, tensor.Data, weights)
			worst, bound := largestError(m, weights)
			if worst != got.worst[name] || !(worst > 0 && worst <= bound) {
				t.Errorf("%v %s: largest error %v, reported %v, want at most %v", typ, name, worst,
					got.worst[name], bound)
			}
		}
	}
}

// largestError compares a matrix with the weights it was made from. bound is
// half a step of the largest scale, and what rounding the scale itself adds.
func largestError(m *tile.Matrix, weights []float32) (worst, bound float64) {
	var codes [32]uint8
	for row := range m.Rows {
		for g := range m.Groups() {
			dBits, nBits := m.Group(row, g, &codes)
			d, n := halfValue(dBits), halfValue(nBits)
			if !m.StoredOffsets() {
				n = float64(m.OffsetBy) * d
			}
			for j, c := range codes {
				w := float64(weights[row*m.Cols+32*g+j])
				worst = max(worst, math.Abs(float64(c)*d-n-w))
			}
			bound = max(bound, d*(0.5+float64(int(1)<<m.Planes)/2048))
		}
	}
	return worst, bound
}

func halfValue(bits uint16) float64 { return float64(float16.Frombits(bits).Float32()) }

func TestNormsStayAsTheyAre(t *testing.T) {
	for _, typ := range []gguf.TensorType{gguf.F32, gguf.F16, gguf.BF16, gguf.F64} {
		f := Tiny()
		const name = "blk.1.ffn_norm.weight"
		ggufedit.Randomise(ggufedit.TensorOf(f, name), typ, 3)
		want := make([]float32, tinyHidden)
		gguf.DecodeFloats(typ, ggufedit.TensorOf(f, name).Data, want)
		_, r := mustPack(t, f)
		got, err := r.Floats(name, tinyHidden)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v: %v, %v, want %v", typ, got, err, want)
		}
	}
}

// A head of its own is packed like the embedding.
func TestUntiedHead(t *testing.T) {
	f := Tiny()
	e := *ggufedit.TensorOf(f, embedding)
	e.Name = head
	ggufedit.Randomise(&e, gguf.Q5_1, 9)
	f.Tensors = append(f.Tensors, e)
	got, r := mustPack(t, f)
	checkExact(t, &e, r)
	checkExact(t, ggufedit.TensorOf(f, embedding), r)
	last := got.manifest.Shards[len(got.manifest.Shards)-1].Completes
	if !slices.Equal(last[len(last)-2:], []string{embedding, head}) {
		t.Errorf("%v: the low planes of both must come last", last)
	}
}

func TestManifest(t *testing.T) {
	f := Tiny()
	got, r := mustPack(t, f)
	m := got.manifest
	want := planes.Config{
		Architecture: "llama", Layers: 3, Hidden: 96, Intermediate: 160, Heads: 3, KVHeads: 1,
		HeadDim: 32,
		Vocab:   325, Context: 2048, RopeBase: 10000, RMSEpsilon: 1e-5,
	}
	if m.Config != want || m.Name != "test" || m.License != "cc0-1.0" || m.Version != 4 ||
		m.ChatTemplate != "" || m.Chat == nil || !m.Chat.AnyOrder || !m.Chat.Blank ||
		m.Chat.Strings.Answer != "<|im_end|>\n<|im_start|>assistant\n" {
		t.Errorf("%+v", m)
	}
	if m.Source.File != "test.gguf" || m.Source.Bytes != int64(len(f.Bytes())) ||
		len(m.Source.SHA256) != 64 {
		t.Errorf("source %+v", m.Source)
	}
	tokenizer, err := r.Tokenizer()
	if err != nil {
		t.Fatal(err)
	}
	checkTinyTokenizer(t, tokenizer)
}

// What is not in the file has the value that llama.cpp takes for it.
func TestDefaults(t *testing.T) {
	f := Tiny()
	for _, key := range []string{"llama.rope.freq_base", "llama.rope.dimension_count",
		"general.license"} {
		ggufedit.RemoveKey(f, key)
	}
	ggufedit.Set(f, "llama.attention.key_length", uint32(32))
	ggufedit.Set(f, "llama.expert_count", uint32(0))
	ggufedit.Set(f, "llama.rope.scaling.type", "none")
	got, _ := mustPack(t, f)
	if c := got.manifest.Config; c.RopeBase != 10000 || c.HeadDim != 32 ||
		got.manifest.License != "" {
		t.Errorf("%+v", got.manifest)
	}
}

func TestQuantiseGroups(t *testing.T) {
	all := func(v float32) []float32 { return []float32{31: v, 0: v, 1: v} }
	for name, w := range map[string][]float32{
		"zeros": make([]float32, 32), "negative zeros": all(float32(math.Copysign(0, -1))),
		"positive": all(3), "negative": all(-3), "tiny": all(1e-12), "tiny negative": all(-1e-12),
		"subnormal half": all(3e-6), "large": all(60000), "large negative": all(-60000),
	} {
		by := map[int]func([]float32) (group, error){4: quantise4, 8: quantise8}
		for bits, quantise := range by {
			g, err := quantise(w)
			if err != nil {
				t.Errorf("%s, %d bits: %v", name, bits, err)
				continue
			}
			offsetBy := float32(0)
			if bits == 8 {
				offsetBy = 128
			}
			largest := math.Abs(float64(w[0]))
			for j, v := range w {
				if off := math.Abs(g.weight(j,
					offsetBy) - float64(v)); !(off <= largest/1000+4e-5) {
					t.Errorf("%s, %d bits: %v became %v", name, bits, v, g.weight(j, offsetBy))
				}
			}
			for _, h := range []uint16{g.d, negate(g.m)} {
				if h != 0 && (h >= 0x8000 || h < 0x0400) {
					t.Errorf("%s, %d bits: scale or offset %#04x is negative or subnormal", name,
						bits, h)
				}
			}
		}
	}
	if _, err := quantise4(all(-70000)); err == nil {
		t.Error("a minimum beyond float16 is taken")
	}
	if _, err := quantise8(all(1e7)); err == nil {
		t.Error("a scale beyond float16 is taken")
	}
}

// negate is its own inverse on all halves, and never makes a zero negative.
func TestNegate(t *testing.T) {
	for bits := range 1 << 16 {
		h := uint16(bits)
		if negate(negate(h)) != h {
			t.Fatalf("%#04x does not come back", h)
		}
		if a, b := float16.Frombits(h),
			float16.Frombits(negate(h)); !a.IsNaN() && a.Float32() != -b.Float32() {
			t.Fatalf("%#04x: %v became %v", h, a, b)
		}
	}
}

func TestModelName(t *testing.T) {
	for file, want := range map[string]string{
		"SmolLM2-135M-Instruct.Q4_1.gguf": "smollm2-135m-instruct",
		"model-F16.gguf":                  "model",
		"model.gguf":                      "model",
		"Model-1.5.GGUF":                  "model-1.5",
		"q4_0.gguf":                       "q4_0",
		"Qwen3-0.6B-Q4_K_M.gguf":          "qwen3-0.6b",
		"gemma-3-270m-it-UD-IQ4_XS.gguf":  "gemma-3-270m-it",
		"My model (new).Q8_0.gguf":        "my-model--new",
		"模型.gguf":                         "model",
		strings.Repeat("n", 149):          strings.Repeat("n", 128),
	} {
		if got := ModelName(file); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}
