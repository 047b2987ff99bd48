// Package strictjson reads and writes the JSON of manifests and of messages between page and
// engine. Unmarshal refuses unknown, repeated and misspelt fields; Append writes the one canonical
// text.
//
// It knows structs whose fields have json tags, slices, strings, booleans, integers, float32 and
// pointers to them, which is all that those texts hold. The grammar is that of
// encoding/json/jsontext; this package maps its tokens to fields. What encoding/json/v2 in its
// place would cost the page is in RATIONALE.md ("Why which libraries in the page?").
package strictjson
