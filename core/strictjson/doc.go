// Package strictjson reads and writes the JSON of manifests and of messages between page and
// engine. Unmarshal refuses unknown, repeated and misspelt fields; Append writes the one canonical
// text.
//
// It knows structs whose fields have json tags, slices, strings, booleans, integers and float32,
// which is all that those texts hold, and Unmarshal knows pointers to them. The grammar is that of
// encoding/json/jsontext; this package maps its tokens to fields. What encoding/json/v2 in its
// place would cost the page is in RATIONALE.md ("Why which libraries in the page?").
package strictjson
