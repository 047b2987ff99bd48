// Package chat finds out what a chat template writes: it has an Engine execute the template over
// probe conversations, derives the strings and rules of a planes.Chat, and proves on further
// conversations that joining them gives the engine's text to the letter. Derive does this with one
// engine, Agreed with several that have to come to the same structure, CheckTokens proves the same
// of token ids.
//
// A template that is anything else than a joining of strings is refused with
// text.ErrUnsupportedTemplate and the first difference.
package chat
