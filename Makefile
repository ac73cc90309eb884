# SPDX-License-Identifier: Apache-2.0
# The short way in; CMakePresets.json is the long one.
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local

.PHONY: build setup demo check check-long fuzz-targets bench asan tsan lint format install uninstall clean
.DEFAULT_GOAL := build

# $(call make_preset,PRESET,OPTIONS): builds a preset, and says how long that took.
make_preset = @start=$$(date +%s) && cmake --preset $(1) && cmake --build --preset $(1) -j $(JOBS) $(2) && \
	echo "-- build $(1): $$(($$(date +%s) - start)) s"

# The tool and the library, as they are shipped: build/release/src/cli/hawser.
build:
	$(call make_preset,release)

# What is missing of compilers, libraries, Python packages and test servers.
setup:
	scripts/setup

# The main job on real data, in a local folder. Needs nothing but this tree.
demo:
	scripts/demo

# Everything that proves the code; ends with "N passed, N failed".
check: setup build fuzz-targets
	$(call make_preset,check)
	$(call make_preset,asan)
	scripts/run-tests

# What takes longer than a change can wait for.
check-long: setup build
	$(call make_preset,fuzz)
	$(call make_preset,check,--target alloc_shim kill_shim batches_driver)
	scripts/run-tests --long

fuzz-targets: setup
	$(call make_preset,fuzz,--target fuzz_targets)

# All that docs/benchmarks.md claims: beside other tools, by size, by stage. scripts/bench --help.
bench: setup build
	cmake --preset check
	cmake --build --preset check --target hawser-fault-server
	scripts/bench --get-peers
	scripts/bench

asan tsan:
	$(call make_preset,$@)
	scripts/run-tests --ctest $@

lint:
	scripts/lint

format:
	scripts/lint --format

# Below PREFIX; for packages, DESTDIR is a folder that stands for / while they are made.
install: build
	DESTDIR="$(DESTDIR)" scripts/install build/release "$(PREFIX)"

# Takes away what install puts there.
uninstall: build
	DESTDIR="$(DESTDIR)" scripts/install --remove build/release "$(PREFIX)"

clean:
	rm -rf build
