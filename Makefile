# make demo: both services here, with sample tips.   make test: everything that must hold.   make audit: known advisories.   make licences: what it is made of.   make soak: the same generators for hours.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
CARGO ?= cargo
DEMO_DIR ?= demo
DEMO_FLAGS ?=

SOAK_CASES ?= 1000000

.PHONY: help demo build test test-deps tools lint audit licences soak

help:
	@sed -n 's/^# *//p' Makefile | head -1

build:
	$(CARGO) build --locked --bins

demo: build
	exec target/debug/mifeng demo --dir $(DEMO_DIR) $(DEMO_FLAGS)

# What the tests need from Debian, from npm and from PyPI.
test-deps:
	tests/install-debian.sh
	if [ ! -x target/python/bin/moto_server ]; then python3 -m venv target/python && target/python/bin/pip install -q -r tests/python/requirements.txt; fi
	if [ -f tests/node/package-lock.json ]; then npm ci --prefix tests/node --no-audit --no-fund --loglevel=error; fi
	npm ci --prefix src/intake/web/script --no-audit --no-fund --loglevel=error

# Cargo's own helpers, built once.
tools:
	command -v cargo-nextest >/dev/null || $(CARGO) install cargo-nextest --locked
	command -v cargo-deny >/dev/null || $(CARGO) install cargo-deny --locked

lint: tools
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps --document-private-items
	$(CARGO) deny --log-level error check bans licenses sources

test: test-deps lint build
	$(CARGO) nextest run --locked --workspace

# Known advisories for Cargo.lock and the npm trees: of today where there is a network, else of the dated snapshot.
audit: tools
	tests/audit/audit.sh

# What is shipped of others' work: a bill of materials (CycloneDX) and the licences, into target/licences.
licences:
	command -v cargo-cyclonedx >/dev/null || $(CARGO) install cargo-cyclonedx --locked
	npm ci --prefix src/intake/web/script --no-audit --no-fund --loglevel=error
	deploy/licences/make.sh

# Every parser, cleaner and attack with as many generated inputs as SOAK_CASES says, optimised, without a time limit worth
# the name. `make test` runs the same tests with a few thousand.
soak: test-deps tools
	MIFENG_SOAK_CASES=$(SOAK_CASES) $(CARGO) nextest run --locked --workspace --cargo-profile soak --profile soak --no-capture \
	  -E 'binary(fuzz) + test(/^(metadata|attack|crash|names)::/)'
