// Package normalform has the table of Unicode's normal form C that the original tokenizers go by.
// What applies it is in core/text; the table comes with those models alone whose tokenizer wants it
// (planes.Tokenizer.NFC), so that others do not pay its 5 kB. tools/pack puts it there.
package normalform
