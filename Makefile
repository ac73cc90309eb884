# SPDX-License-Identifier: Apache-2.0
# The short way in; CMakePresets.json is the long one.
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local

.PHONY: build setup demo check check-long fuzz-targets bench asan tsan lint format install uninstall clean
.DEFAULT_GOAL := build

# The tool and the library, as they are shipped: build/release/src/cli/hawser.
build:
	cmake --preset release
	cmake --build --preset release -j $(JOBS)

# What is missing of compilers, libraries, Python packages and test servers.
setup:
	scripts/setup

# The main job on real data, in a local folder. Needs nothing but this tree.
demo:
	scripts/demo

# Everything that proves the code; ends with "N passed, N failed".
check: setup build fuzz-targets
	cmake --preset check
	cmake --build --preset check -j $(JOBS)
	cmake --preset asan
	cmake --build --preset asan -j $(JOBS)
	scripts/run-tests

# What takes longer than a change can wait for.
check-long: setup build
	cmake --preset fuzz
	cmake --build --preset fuzz -j $(JOBS)
	cmake --preset check
	cmake --build --preset check -j $(JOBS) --target alloc_shim kill_shim
	scripts/run-tests --long

fuzz-targets: setup
	cmake --preset fuzz
	cmake --build --preset fuzz -j $(JOBS) --target fuzz_targets

# All that docs/benchmarks.md claims: beside other tools, by size, by stage. scripts/bench --help.
bench: setup build
	scripts/bench --get-peers
	scripts/bench

asan tsan:
	cmake --preset $@
	cmake --build --preset $@ -j $(JOBS)
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
