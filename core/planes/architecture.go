package planes

import "math"

// Architecture says in what one kind of transformer differs from Llama; the zero value is Llama
// itself. What differs between models of one kind are the numbers in Config.
type Architecture struct {
	// Biases: a vector is added to queries, keys and values (attn_q.bias and so on).
	Biases bool
	// HeadNorms: each head of the queries and of the keys has a norm, before it is rotated
	// (attn_q_norm, attn_k_norm).
	HeadNorms bool
	// PostNorms: what a half of a layer adds has a norm (post_attention_norm, post_ffw_norm).
	PostNorms bool
	// GELU is the activation of the gate, in its tanh form; otherwise SiLU.
	GELU bool
	// ScaledEmbedding: a token's vector enters the first layer times sqrt(hidden).
	ScaledEmbedding bool
	// Windows: layers look back over Config.Window positions and have Config.LocalRopeBase, but
	// for every Period-th, which looks back over all.
	Windows bool
	// Unrotated: every Period-th layer has no rotary embedding.
	Unrotated bool
	Period    int
}

// architectures are known by the name that Config and the GGUF file have for them.
var architectures = [...]struct {
	name string
	kind Architecture
}{
	{"llama", Architecture{}},
	{"qwen2", Architecture{Biases: true}},
	{"qwen3", Architecture{HeadNorms: true}},
	{"gemma3", Architecture{HeadNorms: true, PostNorms: true, GELU: true, ScaledEmbedding: true,
		Windows: true, Period: 6}},
	{"smollm3", Architecture{Unrotated: true, Period: 4}},
}

// ArchitectureOf gives the architecture of a name, and whether there is one.
func ArchitectureOf(name string) (kind Architecture, known bool) {
	for i := range architectures {
		if architectures[i].name == name {
			return architectures[i].kind, true
		}
	}
	return Architecture{}, false
}

// RopeDivisors is the tensor [headDim/2] that divides the angles of rotation of the layers that are
// not local, GGUF's name for Llama 3's factors; absent where all are 1.
const RopeDivisors = "rope_freqs.weight"

// CheckRopeDivisors fails with ErrInvalid where one is not from 1 to 10^6.
func CheckRopeDivisors(divisors []float32) error {
	for i, d := range divisors {
		if !(d >= 1 && d <= MaxRopeDivisor) { // written so that NaN fails too
			return tensorError(RopeDivisors, ErrInvalid, "value %d is %v, want 1 to %d", i, d,
				int(MaxRopeDivisor))
		}
	}
	return nil
}

// Kind is the model's architecture.
func (c *Config) Kind() Architecture {
	kind, _ := ArchitectureOf(c.Architecture)
	return kind
}

// Local tells whether a layer looks back over the window alone, and rotates by LocalRopeBase.
func (c *Config) Local(layer int) bool {
	a := c.Kind()
	return a.Windows && (layer+1)%a.Period != 0
}

// FirstSeen is the first position that a layer looks back to from another.
func (c *Config) FirstSeen(layer, position int) int {
	if c.Local(layer) {
		return max(0, position+1-c.Window)
	}
	return 0
}

// Rotates tells whether a layer has a rotary embedding.
func (c *Config) Rotates(layer int) bool {
	a := c.Kind()
	return !a.Unrotated || (layer+1)%a.Period != 0
}

// EmbeddingScale is the factor of a token's vector as it enters the first layer.
func (c *Config) EmbeddingScale() float32 {
	if c.Kind().ScaledEmbedding {
		return float32(math.Sqrt(float64(c.Hidden)))
	}
	return 1
}

// validateKind checks the fields that not every architecture has.
func (c *Config) validateKind(version int) error {
	a, known := ArchitectureOf(c.Architecture)
	if version < ArchitecturesVersion && c.Architecture != "llama" {
		return invalid("config: architecture is %.40q, want \"llama\"", c.Architecture)
	}
	if !known {
		return tensorError("", ErrUnsupported, "config: architecture %.40q", c.Architecture)
	}
	if version < ArchitecturesVersion && (c.RopeScale != 0 || c.Window != 0 || c.LocalRopeBase != 0) {
		return invalid("config: rope_scale, window or local_rope_base in version %d", version)
	}
	// Written so that NaN fails too.
	if c.RopeScale != 0 && !(c.RopeScale > 0 && c.RopeScale <= MaxRopeScale) {
		return invalid("config: rope_scale is %v, want above 0 to %d", c.RopeScale, MaxRopeScale)
	}
	if !a.Windows {
		if c.Window != 0 || c.LocalRopeBase != 0 {
			return invalid("config: window or local_rope_base of architecture %q", c.Architecture)
		}
		return nil
	}
	if c.Window < 1 || c.Window > MaxContext {
		return invalid("config: window is %d, want 1 to %d", c.Window, MaxContext)
	}
	if !(c.LocalRopeBase >= 1 && c.LocalRopeBase <= MaxRopeBase) {
		return invalid("config: local_rope_base %v out of range", c.LocalRopeBase)
	}
	return nil
}
