module github.com/spikechat/spikechat

go 1.27

// The least that builds what the tests were run with; the Makefile asks for exactly this one.
toolchain go1.27.3

require (
	github.com/BurntSushi/toml v1.4.1-0.20240526193622-a339e1f7089c // tests only: parses a settings file of docs/hosting
	github.com/klauspost/compress v1.20.3 // zstd, the compression of shards; tools/pack and tests alone import it
	github.com/rogpeppe/go-internal v1.16.0 // tests only: runs the command-line scripts of tools/pack, tools/eval and worker
	github.com/syumai/workers v0.32.0 // serves worker/ on Cloudflare
	github.com/x448/float16 v0.8.4 // half-precision values of GGUF files; tools/pack alone imports it
	golang.org/x/time v0.16.0 // the pace of slow lines; tools/faults alone imports it
	gonum.org/v1/gonum v0.17.0 // linear algebra of GPTQ; tools/pack/gptq and its tests alone import it
	gonum.org/v1/plot v0.17.0 // the figure of the quality table; tools/eval alone imports it
)

require (
	codeberg.org/go-fonts/liberation v0.5.0 // indirect
	codeberg.org/go-latex/latex v0.2.0 // indirect
	codeberg.org/go-pdf/fpdf v0.11.1 // indirect
	git.sr.ht/~sbinet/gg v0.7.0 // indirect
	github.com/ajstarks/svgo v0.0.0-20211024235047-1546f124cd8b // indirect
	github.com/golang/freetype v0.0.0-20170609003504-e2365dfdc4a0 // indirect
	golang.org/x/exp/typeparams v0.0.0-20231108232855-2478ac86f678 // indirect
	golang.org/x/image v0.48.0 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sync v0.25.0 // indirect
	golang.org/x/sys v0.50.0 // indirect
	golang.org/x/telemetry v0.0.0-20261010193011-f71dc92da45e // indirect
	golang.org/x/text v0.44.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
	golang.org/x/vuln v1.9.0 // indirect
	honnef.co/go/tools v0.8.2 // indirect
)

tool (
	golang.org/x/vuln/cmd/govulncheck // make check: code that calls what has a known hole
	honnef.co/go/tools/cmd/staticcheck // make check: mistakes that go vet does not look for
)
