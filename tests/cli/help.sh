# SPDX-License-Identifier: Apache-2.0
"$HAWSER" help
"$HAWSER" --help | cmp - <("$HAWSER" help)
