# SPDX-License-Identifier: Apache-2.0
table
status "$HAWSER" convert in.csv out/ --dry-run
status "$HAWSER" convert in.csv out/ --dry-run --quiet
list
