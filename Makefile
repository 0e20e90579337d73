# Two commands do everything: `make guide` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# An engine and its pages take their time, haechi hardly any: what is compiled soonest serves soonest, and the
# tests need it, too.
HAECHI := target/debug/haechi
PEERS := $(HOME)/.cache/haechi/peers

.PHONY: help guide test quick docs images engine browser down bench deny dist
help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

guide: images ## Verify every snippet of the guide in a real engine and build its site
	@$(HAECHI) verify .
	@$(HAECHI) build .

test: ## Run all tests: the quick ones, those with the engine, those with the browser
	@echo 'make test: needs a Docker Engine or root on Debian; about 25 minutes the first time, then about 10' >&2
	cargo fmt --check
	@$(MAKE) --no-print-directory -j2 standins tests
	@$(HAECHI) engine up && images/build.sh publish
	@$(MAKE) --no-print-directory browser
	cargo clippy --quiet --all-targets -- -D warnings
	@cargo clippy --quiet $(SUITES) -- -D warnings
	cargo test --quiet
	@$(MAKE) --no-print-directory -j2 gates sandboxes
	@$(MAKE) --no-print-directory kill

quick: ## Run the tests that need neither engine nor browser
	cargo test --quiet

# What `cargo test` leaves out.
SUITES := --test browser --test docs_run --test engine --test hostile --test images --test kill --test origins
.PHONY: haechi sandbox sandboxes standins tests fonts wasm pictures gates kill
standins: engine
	@images/build.sh build
gates:
	@tests/gates/run.sh $(HAECHI)
sandboxes:
	@cargo test --quiet --test browser --test docs_run --test engine --test hostile --test images --test origins
kill:
	@cargo test --quiet --test kill -- --test-threads 1
haechi:
	@cargo build --quiet --bin haechi && echo "haechi: built $(HAECHI)" >&2
sandbox: engine haechi
	@$(HAECHI) engine up
tests:
	@cargo test --quiet --no-run --lib --tests $(SUITES) && cargo build --quiet && echo "tests: built" >&2

fonts: ## Cut the theme's letters anew from their npm packages (needs fonttools and brotli)
	@modules=$$(themes/build/npm.sh themes/build --include=dev) && themes/build/fonts.py $$modules themes/haechi/static/fonts content

# The pages call haechi and git as their readers do.
docs: export PATH := $(CURDIR)/target/debug:$(PATH)
docs: export LC_ALL := C.UTF-8
docs: export GIT_AUTHOR_NAME := haechi
docs: export GIT_AUTHOR_EMAIL := haechi@localhost
docs: export GIT_COMMITTER_NAME := haechi
docs: export GIT_COMMITTER_EMAIL := haechi@localhost
docs: sandbox ## Run the commands of haechi's own documentation, in both languages, and build its sites
	@$(HAECHI) verify docs/en docs/ko --engine local --trust
	@$(HAECHI) build docs/en && $(HAECHI) build docs/ko

wasm: ## Make what compares readers' screens anew (needs root on Debian, or rustup's target wasm32-unknown-unknown)
	@themes/build/wasm.sh

pictures: images browser ## Take the guide's pictures of what its containers serve anew
	@$(HAECHI) verify . --pictures --trust

images: ## Make the sandbox and the images that the guide names, and serve them
	@$(MAKE) --no-print-directory -j3 standins sandbox
	@images/build.sh publish

engine: ## Find a Docker Engine, or install and start one
	@images/engine.sh up

browser: ## Install the browser that the tests drive
	@images/browser.sh

bench: images ## Measure beside the peers, and print the tables
	cargo build --release
	@benches/peers.sh $(PEERS)
	@[ ! -d ../shared/corpora ] || benches/compare.py $(PEERS)/bin/mdbook target/release/haechi ../shared/corpora/*/ tests/mdbook || echo 'docs/en/mdbook.md judges each difference'
	HAECHI_PEERS=$(PEERS) cargo bench --quiet --bench site
	HAECHI_PEERS=$(PEERS) cargo bench --quiet --bench verify

FUZZ_SECONDS ?= 900
.PHONY: fuzz
fuzz: ## Look for inputs that break a promise, 15 minutes a target (needs cargo-fuzz)
	@cargo fuzz build --sanitizer none
	@set -e; for target in $$(cargo fuzz list); do \
	  mkdir -p fuzz/found/$$target; \
	  cargo fuzz run --sanitizer none $$target fuzz/found/$$target fuzz/corpus/$$target -- \
	    -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -max_len=4096; \
	done

TARGET ?= x86_64-unknown-linux-musl aarch64-unknown-linux-musl
dist: engine ## Build static programs for x86-64 and arm64 in dist/, with completions, manual and checksums (TARGET=... for another)
	@ci/dist/run.sh $(TARGET)

.PHONY: vm
vm: images dist ## Run haechi on a machine like the reader's, in qemu (see docs/en/vm.md)
	@tests/vm/run.sh

down: ## Stop and remove what was started
	@images/engine.sh down
