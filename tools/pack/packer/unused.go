package packer

import (
	"fmt"

	"github.com/spikechat/spikechat/core/planes"
)

// usedTokens is how many tokens a vocabulary has without the unused ones at its end, which fill up
// the rows of the embedding, as "[PAD151935]" of Qwen. They and their rows are not packed. Unused
// ones between others are, and the engine draws none of them (core.State.Sample).
func usedTokens(kinds []int64) int {
	n := len(kinds)
	for n > 1 && kinds[n-1] == int64(planes.TokenUnused) {
		n--
	}
	return n
}

// noteVocabulary tells where the file says another number of tokens than are packed. The rows of
// the embedding are what has to be there, and are checked.
func (p *Job) noteVocabulary(c *planes.Config) {
	key := c.Architecture + "." + vocabSize
	if n, err := p.file.Uint(key); err == nil && n != uint64(c.Vocab) {
		p.Report.Note(fmt.Sprintf("%s is %d; %d tokens are used and packed", key, n, c.Vocab))
	}
}
