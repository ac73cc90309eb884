# SPDX-License-Identifier: Apache-2.0
status "$HAWSER" convrt a b
status "$HAWSER" frobnicate
status "$HAWSER" help convrt
status "$HAWSER" --json convert a b
status "$HAWSER" "$(printf 'con\033[31mvert')"
