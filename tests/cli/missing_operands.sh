# SPDX-License-Identifier: Apache-2.0
status "$HAWSER" convert
status "$HAWSER" convert only-one
status "$HAWSER" convert -- --to
status "$HAWSER" infer
status "$HAWSER" completion bash zsh
status "$HAWSER" completion
