// Command wasm is the engine inside the page's worker. JavaScript calls the functions it exports
// (engine.go) and keeps the token loop; everything passes through plain memory, so that a token
// costs no call through syscall/js. What goes in is JSON (request.go), what comes out for each
// token a record of bytes (record.go).
//
// Natively it builds too, for the tests of its messages, and only says what it is for.
package main
