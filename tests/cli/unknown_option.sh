# SPDX-License-Identifier: Apache-2.0
status "$HAWSER" convert a b --compresion zstd
status "$HAWSER" convert a b --overwite=skip
status "$HAWSER" convert a b -Z
status "$HAWSER" infer a --row-group-bytes 1MiB
status "$HAWSER" version --jsn
