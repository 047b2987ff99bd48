// Package texttest has a small vocabulary and a chat template for tests.
package texttest

import "github.com/spikechat/spikechat/core/planes"

// Template is SmolLM2's chat template, as its GGUF has it.
const Template = "{% for message in messages %}" +
	"{% if loop.first and messages[0]['role'] != 'system' %}" +
	"{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, " +
	"trained by Hugging Face<|im_end|>\n' }}{% endif %}" +
	"{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}" +
	"{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"

// merges are those of Tokenizer, by rank: the left and the right part.
var merges = [][2]string{
	{"a", "a"}, {"h", "e"}, {"l", "l"}, {"aa", "aa"}, {" ", " "}, {" ", "t"}, {" t", "he"},
	{"he", "ll"},
	{"hell", "o"}, {"\n", "\n"}, {"\xc3", "\xa9"}, {"i", "m"}, {"'", "s"}, {"  ", "  "}, {"<", "|"},
	{"|", ">"},
	{"e", "n"}, {"en", "d"}, {"1", "2"}, {" ", "1"}, {"u", "s"}, {"us", "er"}, {"e", "r"},
}

// Tokenizer has the control tokens of SmolLM2's template as ids 0 to 2, all single bytes from id 3
// on, and one token for each merge that gives a new one.
func Tokenizer() *planes.Tokenizer {
	t := &planes.Tokenizer{Pre: "smollm", BOS: 1, EOS: 2, Unknown: 0}
	ids := map[string]int32{}
	add := func(text string, kind planes.TokenKind) int32 {
		id := int32(len(t.Tokens))
		t.Tokens = append(t.Tokens, text)
		t.Kinds = append(t.Kinds, kind)
		if kind == planes.TokenNormal {
			ids[text] = id
		}
		return id
	}
	for _, text := range []string{"<|endoftext|>", "<|im_start|>", "<|im_end|>"} {
		add(text, planes.TokenControl)
	}
	for b := range 256 {
		add(string([]byte{byte(b)}), planes.TokenNormal)
	}
	add("er", planes.TokenNormal) // "us"+"er" has a smaller rank than "e"+"r"
	for _, m := range merges {
		if _, ok := ids[m[0]+m[1]]; !ok {
			add(m[0]+m[1], planes.TokenNormal)
		}
		t.Merges = append(t.Merges, [2]int32{ids[m[0]], ids[m[1]]})
	}
	return t
}
