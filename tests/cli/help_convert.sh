# SPDX-License-Identifier: Apache-2.0
"$HAWSER" help convert
"$HAWSER" convert --help | cmp - <("$HAWSER" help convert)
"$HAWSER" convert -h --memory | cmp - <("$HAWSER" help convert) # a fault elsewhere is told first
