module github.com/spikechat/spikechat

go 1.27

require (
	github.com/klauspost/compress v1.20.3 // zstd, the compression of shards; tools/pack and tests alone import it
	github.com/rogpeppe/go-internal v1.16.0 // tests only: runs the command-line scripts of tools/pack
	github.com/syumai/workers v0.32.0 // serves worker/ on Cloudflare
	github.com/x448/float16 v0.8.4 // half-precision values of GGUF files; tools/pack alone imports it
)

require (
	golang.org/x/sys v0.26.0 // indirect
	golang.org/x/tools v0.26.0 // indirect
)
