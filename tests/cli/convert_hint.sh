# SPDX-License-Identifier: Apache-2.0
# The hint is for those who do not do yet what it says.
printf '"a,b\n1,2\n' >bad.csv
status "$HAWSER" convert bad.csv out.parquet
status "$HAWSER" convert bad.csv out.parquet --bad-rows reject
