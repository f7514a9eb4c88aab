# The two commands of the README, and what a contributor needs daily. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test test-release lint format fuzz clean toolchain packages release

# One job per processor is more than the compiler's memory allows on small machines.
JOBS ?= 2
SWIFT_BUILD := swift build -j $(JOBS) --explicit-target-dependency-import-check error
SWIFT_TEST := swift test -j $(JOBS) --explicit-target-dependency-import-check error
SWIFT_SOURCES := $(wildcard Sources Tests Benchmarks Package.swift)

SECONDS_OF_FUZZING ?= 60

DEBIAN_PACKAGES := \
  libsimdjson-dev libuv1-dev libhttp-parser-dev libsqlite3-dev libpcre2-dev libssl-dev pkg-config curl

SABUESO := .build/release/sabueso
EVENTS := Examples/events.ndjson
DECISIONS := demo-output/decisions.ndjson
# A reward for a farm of phones; Examples/README.md tells its story.
SHOWN := q-000282
PAGE := demo-output/$(SHOWN).html

help: ## list what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

demo: release ## install what is missing, build, score the sample events, show a decision
	@echo; echo "== $(SABUESO) check Rules"
	@$(SABUESO) check Rules
	@echo; echo "== $(SABUESO) score -r Rules --explain -o $(DECISIONS) $(EVENTS)"
	@mkdir -p demo-output
	@$(SABUESO) score -r Rules --explain -o $(DECISIONS) $(EVENTS)
	@echo; echo "== $(SABUESO) explain decision $(SHOWN) $(DECISIONS)"
	@$(SABUESO) explain decision $(SHOWN) $(DECISIONS)
	@$(SABUESO) explain decision $(SHOWN) -r Rules --events $(EVENTS) --format html -o $(PAGE)
	@echo; echo "Next:"
	@echo "  $(PAGE)                   the same decision as a page: what would have changed it"
	@echo "  $(SABUESO) test Rules            the tests that stand beside the rules"
	@echo "  $(SABUESO) --help                every command; COMMAND --help shows its options"
	@echo "  less Rules/device_reuse.rules               a rule with its signal, reason and tests"
	@echo "  less Examples/README.md                     who is who among the sample events"
	@echo "  less README.md                              write a rule of your own"

test: toolchain packages lint release ## lint, build both ways, run all tests on the build for debugging
	$(SWIFT_BUILD)
	$(SWIFT_TEST)

# What the optimiser makes of the sources is another program. It takes ten minutes to build.
test-release: toolchain packages release ## run all tests on an optimised build: before a version goes out
	$(SWIFT_BUILD) -c release -Xswiftc -enable-testing --build-tests --scratch-path .build/optimised
	$(SWIFT_TEST) -c release -Xswiftc -enable-testing --skip-build --scratch-path .build/optimised

lint: toolchain ## find what `make format` would change
	swift format lint --strict --recursive $(SWIFT_SOURCES)

format: toolchain ## lay the Swift sources out as the house does
	swift format --in-place --recursive $(SWIFT_SOURCES)

fuzz: toolchain packages ## feed a minute of damaged rule files, and one of expressions, to the checker
	JOBS=$(JOBS) Tests/Fuzz/run RuleTextFuzz 60
	JOBS=$(JOBS) Tests/Fuzz/run ExpressionTextFuzz 60

clean: ## remove what was built and what the demo wrote
	rm -rf .build demo-output

release: toolchain packages
	$(SWIFT_BUILD) -c release --product sabueso

toolchain:
	@command -v swift > /dev/null || { \
	  echo "There is no \`swift\` on the PATH. Sabueso needs Swift 6.3 or later:" >&2; \
	  echo "install it from https://www.swift.org/install/linux/, then run this again." >&2; \
	  exit 1; }

packages:
	@command -v dpkg-query > /dev/null || { \
	  echo "This is no Debian; make sure that these libraries are there: $(DEBIAN_PACKAGES)" >&2; \
	  exit 0; }; \
	missing=""; \
	for package in $(DEBIAN_PACKAGES); do \
	  dpkg-query -W -f '$${db:Status-Status}\n' "$$package" 2> /dev/null | grep -qx installed \
	    || missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	echo "Installing$$missing"; \
	root=""; \
	if [ "$$(id -u)" != 0 ]; then \
	  root=sudo; \
	  command -v sudo > /dev/null || { \
	    echo "Run this as root first: apt-get update && apt-get install$$missing" >&2; exit 1; }; \
	fi; \
	$$root apt-get update; \
	$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing
