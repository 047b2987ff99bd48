// Package core is the language model: a Llama-shaped transformer whose linear layers run as a spiking network and whose keys
// and values are kept as spikes, with its tokenizer, chat template and sampler.
//
// To chat, Open a packed model, make a Session, and for each answer call Begin, then Prefill until nothing is left, then
// Step until Token.Finish is set. A Session keeps the cache between turns. To look at logits alone, NewState and
// State.Forward run tokens; Tokenizer and ChatTemplate make them from text.
//
// The names are those of the paper (SpikeLLM, arXiv 2407.04752) and of Llama: Coding says how many time steps T the
// generalised integrate-and-fire neurons have, Population names the four inputs of a layer where they stand, Counts is
// what they fired. With Coding{} nothing spikes: that is the float mode, which quality is measured against.
//
// The same tokens and settings give the same bits in every build, whatever the kernel and however a prompt is cut
// (ARCHITECTURE.md, "The same bits everywhere"). Running a token allocates nothing. Models and Tokenizers may be
// shared; Sessions and States serve one goroutine at a time. The first use of a kernel prepares a Model's weights: SetCoding
// and ChooseKernel must not run beside anything else on it.
//
// Errors about a request wrap ErrBadRequest or ErrContextFull, errors about a model's bytes the causes of core/planes,
// ErrUnsupportedTemplate or ErrNotFinite; a call out of turn gives ErrNoAnswer.
package core
