package text

// A preTokenizer cuts text into pieces. Merges never cross the border of a piece. Each is the
// regular expression of the original tokenizer, written out.
type preTokenizer struct {
	name string // in a model's tokenizer; tools/pack knows which others in GGUF files mean the same
	// llama has the pattern
	//
	//	(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
	//	 ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
	//
	// of Llama 3, with so many digits in a piece; else it is that of GPT-2,
	//
	//	's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
	//
	// and one digit means that each is cut out before: to what comes before it a digit is the end of
	// the text.
	llama  bool
	digits int // most in a piece; 0 is any number
}

var preTokenizers = [...]preTokenizer{
	{name: "gpt-2"},
	{name: "smollm", digits: 1},
	{name: "llama-bpe", llama: true, digits: 3},
	{name: "qwen2", llama: true, digits: 1},
}

// preTokenizerOf gives nil where there is none of the name.
func preTokenizerOf(name string) *preTokenizer {
	for i := range preTokenizers {
		if p := &preTokenizers[i]; p.name == name {
			return p
		}
	}
	return nil
}

// pieceLen gives the bytes of the first piece of s, which must not be empty.
func (p *preTokenizer) pieceLen(s string) int {
	class, size := p.class(s)
	if class == classNumber && p.digits > 0 {
		return p.digitsLen(s, size)
	}
	if p.llama {
		return p.llamaLen(s, class, size)
	}
	if class == classSpace {
		return p.spaceLen(s, size)
	}
	if n := contractionLen(s, false); n > 0 {
		return n
	}
	return p.runLen(s, size, class)
}

// class is that of the first character, as the pre-tokenizer sees it.
func (p *preTokenizer) class(s string) (class charClass, size int) {
	class, size = firstClass(s)
	if class == classNewNumber {
		class = classOther
		if p.digits > 0 && !p.llama {
			class = classNumber
		}
	}
	return class, size
}

// runLen extends a piece that ends at n by all further characters of its class.
func (p *preTokenizer) runLen(s string, n int, class charClass) int {
	for n < len(s) {
		next, size := p.class(s[n:])
		if next != class {
			break
		}
		n += size
	}
	return n
}

// digitsLen extends a piece of one digit, which ends at n, by as many as it may have.
func (p *preTokenizer) digitsLen(s string, n int) int {
	for count := 1; count < p.digits && n < len(s); count++ {
		class, size := p.class(s[n:])
		if class != classNumber {
			break
		}
		n += size
	}
	return n
}

// spaceLen handles a piece of GPT-2's whose first character, of the given size, is white space.
func (p *preTokenizer) spaceLen(s string, size int) int {
	last := 0 // where the last white space seen begins
	end := size
	for end < len(s) {
		class, n := p.class(s[end:])
		switch {
		case class == classSpace:
			last = end
			end += n
			continue
		case class == classNumber && p.digits > 0:
			return end
		case last > 0:
			return last // \s+(?!\S): the last one is left to the next piece
		case s[0] == ' ':
			return p.runLen(s, end+n, class) // the space belongs to the word
		}
		return end
	}
	return end
}

// llamaLen handles a piece of Llama's whose first character is no number.
func (p *preTokenizer) llamaLen(s string, class charClass, size int) int {
	if class == classLetter {
		return p.runLen(s, size, classLetter)
	}
	if n := contractionLen(s, true); n > 0 {
		return n
	}
	if !isLineEnd(s[0]) && size < len(s) {
		next, n := p.class(s[size:])
		if next == classLetter {
			return p.runLen(s, size+n, classLetter)
		}
		if next == classOther && s[0] == ' ' {
			class = classOther
		}
	}
	if class == classSpace {
		return p.blanksLen(s)
	}
	n := p.runLen(s, size, classOther)
	for n < len(s) && isLineEnd(s[n]) {
		n++
	}
	return n
}

// blanksLen handles white space that no word takes: up to the last line end in it, or else all but
// the last of it, which is left to what follows.
func (p *preTokenizer) blanksLen(s string) int {
	lineEnd, last, end := 0, 0, 0
	for end < len(s) {
		class, size := p.class(s[end:])
		if class != classSpace {
			break
		}
		last = end
		end += size
		if isLineEnd(s[last]) {
			lineEnd = end
		}
	}
	switch {
	case lineEnd > 0:
		return lineEnd
	case end < len(s) && last > 0:
		return last
	}
	return end
}

func isLineEnd(c byte) bool { return c == '\r' || c == '\n' }

// contractionLen gives the length of the English contraction s begins with, or 0. In any case
// U+017F is a small s too, as it is to the original's regular expressions.
func contractionLen(s string, anyCase bool) int {
	if s[0] != '\'' || len(s) < 2 {
		return 0
	}
	toLower := byte(0)
	if anyCase {
		toLower = 'a' - 'A' // of letters: what is no letter does not become one that is looked for
	}
	switch s[1] | toLower {
	case 's', 't', 'm', 'd':
		return 2
	}
	if len(s) < 3 {
		return 0
	}
	switch first, second := s[1]|toLower, s[2]|toLower; {
	case (first == 'r' || first == 'v') && second == 'e', first == 'l' && second == 'l':
		return 3
	case anyCase && s[1:3] == "\u017f":
		return 3
	}
	return 0
}
