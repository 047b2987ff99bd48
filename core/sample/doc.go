// Package sample draws tokens from logits: temperature, top-k, top-p and min-p, in integers, so
// that the same seed draws the same tokens in every build. Sampler.Sample takes all logits,
// Sampler.Search only what the draw depends on.
//
// Errors wrap core.ErrBadRequest.
package sample
