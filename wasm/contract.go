package main

import "github.com/spikechat/spikechat/core/planes"

// Numbers and names that JavaScript states too, most of them in web/shared/contract.js. "make
// check" compares them: see main_native.go.
const (
	// exchangeLimit bounds what JavaScript can hand over in one call: a manifest, a request or a
	// shard, the smallest of the three.
	exchangeLimit = planes.MaxManifestBytes
	_             = uint(exchangeLimit - planes.MaxShardBytes) // a shard fits

	// defaultContext is how many tokens a conversation has where nobody asks for another number.
	defaultContext = 2048

	// recordHeader is how many numbers of 32 bits a token's record begins with.
	recordHeader = 5

	// controlToken marks, in the length of a token's text, that the token is a mark of the template.
	controlToken = 1 << 31
)

// errorCode names a cause for JavaScript; web/shared/errors.js lists these and the page's own.
type errorCode string

const (
	codeContextFull     errorCode = "context_full"
	codeBadRequest      errorCode = "bad_request"
	codeShardCorrupt    errorCode = "shard_corrupt"
	codeVersionMismatch errorCode = "version_mismatch"
	codeManifestInvalid errorCode = "manifest_invalid"
	codeModelInvalid    errorCode = "model_invalid"
	codeEngineCrashed   errorCode = "engine_crashed"
)

// countedNames are JavaScript's names of what counted picks, cacheCountedNames of what cacheCounted
// does, cacheNames of the two kinds of neurons that the latter are of, and lookBackNames those of
// core.LookBack.
var (
	countedNames      = [...]string{"active", "strong", "spikes", "executed", "levels"}
	cacheCountedNames = [...]string{"active", "strong", "spikes"}
	cacheNames        = [...]string{"keys", "values"}
	lookBackNames     = [...]string{"spikes", "operations", "dense"}
)
