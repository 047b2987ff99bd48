package texttest

import "github.com/spikechat/spikechat/core/planes"

// SPM is a small SentencePiece vocabulary: a control token, one for each byte, and characters with
// what merges make of them. Its user-defined tokens are two and three spaces, and "<think>".
func SPM() *planes.Tokenizer {
	t := &planes.Tokenizer{Model: planes.TokenizerSPM, Flags: planes.FlagSpacePrefix, Unknown: -1}
	add := func(text string, kind planes.TokenKind, place int32) {
		t.Tokens = append(t.Tokens, text)
		t.Kinds = append(t.Kinds, kind)
		t.Order = append(t.Order, place)
	}
	add("</s>", planes.TokenControl, 0)
	for b := range 256 {
		add(string([]byte{byte(b)}), planes.TokenByte, 0)
	}
	for _, text := range []string{"  ", "   ", "<think>"} {
		add(text, planes.TokenUserDefined, 0)
	}
	for place, text := range []string{
		"he", "ll", " t", "an", "hell", "hello", "ana", " the", "aa", "aaa", " a", "na", "éé", "anan",
		"<", "/", "s", ">", "</", "</s", " ", "a", "e", "h", "l", "n", "o", "t", "é",
	} {
		add(text, planes.TokenNormal, int32(place))
	}
	return t
}
