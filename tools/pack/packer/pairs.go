package packer

// The engine's rotary embedding turns neighbours, entries 2i and 2i+1 of a head. So do the GGUF
// files of llama and smollm3, whose converter has moved the rows; those of the others pair entry i
// with i + size/2, and the rows of what is rotated are moved here, with their biases and norms. A
// dot product of a query with a key does not depend on the order of their entries.

// pairsHalves tells which architectures' files pair the halves of a head.
var pairsHalves = map[string]bool{"qwen2": true, "qwen3": true, "gemma3": true}

// place is where a row of the source goes in the packed matrix, or a value in a vector.
func (p *part) place(row int) int {
	if p.paired == 0 {
		return row
	}
	head, at, half := row/p.paired*p.paired, row%p.paired, p.paired/2
	return head + at%half*2 + at/half
}
