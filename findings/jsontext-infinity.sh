#!/usr/bin/env bash
# Go's encoding/json/jsontext has three answers to numbers that a float64 cannot hold.
#
# Version:  Go 1.27.3
# Expected: an error each time, as encoding/json gives for 1e400 and for an infinite float64
# Seen:     Canonicalize turns 1e400 into the largest float64 and reports no error (its
#           documentation speaks of lost precision); an infinite Float token is written as the
#           string "Infinity", and may even be the name of an object's member; only
#           Token.Float says that 1e400 is out of range
# So what:  what was signed or hashed after Canonicalize is another number than what was read,
#           and a writer of tokens changes a field's type without a word
# Needs:    go
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.27.3 GOWORK=off GOFLAGS=

cat >go.mod <<'EOF'
module infinity
go 1.27
EOF
cat >main.go <<'EOF'
package main

import (
	"bytes"
	"encoding/json"
	"encoding/json/jsontext"
	"fmt"
	"math"
	"strings"
)

func main() {
	v := jsontext.Value("1e400")
	err := v.Canonicalize()
	fmt.Println("Canonicalize of 1e400:", v, err)

	token, _ := jsontext.NewDecoder(strings.NewReader("1e400")).ReadToken()
	f, err := token.Float()
	fmt.Println("Token.Float of 1e400:", f, err)

	fmt.Println("encoding/json on 1e400:", json.Unmarshal([]byte("1e400"), &f) != nil)

	var out bytes.Buffer
	e := jsontext.NewEncoder(&out)
	e.WriteToken(jsontext.BeginObject)
	fmt.Println("infinity as a name:", e.WriteToken(jsontext.Float(math.Inf(1))))
	fmt.Println("infinity as a value:", e.WriteToken(jsontext.Float(math.Inf(-1))))
	e.WriteToken(jsontext.EndObject)
	fmt.Print("written: ", out.String())
}
EOF
go run . | tee seen

diff - seen <<'EOF'
Canonicalize of 1e400: 1.7976931348623157e+308 <nil>
Token.Float of 1e400: +Inf jsontext.Token(1e400).Float error: value out of range
encoding/json on 1e400: true
infinity as a name: <nil>
infinity as a value: <nil>
written: {"Infinity":"-Infinity"}
EOF
