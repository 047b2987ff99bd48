// Package core is the language model: a Llama-shaped transformer whose linear layers run as a
// spiking network and whose keys and values are kept as spikes.
//
// To chat, Open a packed model, Prepare a kernel, make a Session, and for each answer call Begin,
// then Prefill until nothing is left, then Next until Token.Finish is set. A Session keeps the
// cache between turns. To look at logits alone, NewState and State.Forward run tokens;
// Model.Tokenizer and Model.Template make them from text.
//
// The names are those of the paper (SpikeLLM, arXiv 2407.04752) and of Llama: a coding.Coding says
// how many time steps T the generalised integrate-and-fire neurons have, coding.Population names
// the four inputs of a layer that they code, Counts is what they fired. The output is the
// language-model head; a head is an attention head. With coding.Coding{} nothing spikes: that is
// the float mode, which quality is measured against.
//
// The same tokens and settings give the same bits in every build, whatever the kernel and however a
// prompt is cut (ARCHITECTURE.md, "The same bits everywhere"). Running a token allocates nothing.
// Models and tokenizers may be shared; Sessions and States serve one goroutine at a time.
//
// Errors about a request wrap ErrBadRequest or ErrContextFull, errors about a model's bytes the
// causes of core/planes, ErrUnsupportedTemplate or ErrNotFinite; a call out of turn gives
// ErrNoAnswer or ErrNotPrepared.
package core
