# SPDX-License-Identifier: Apache-2.0
needs script
script -qec '"$HAWSER" convert a -' /dev/null | tr -d '\r'
echo "exit ${PIPESTATUS[0]}"
