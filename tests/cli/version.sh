# SPDX-License-Identifier: Apache-2.0
needs python3
"$HAWSER" version
"$HAWSER" --version | cmp - <("$HAWSER" version)
"$HAWSER" version --json | python3 -m json.tool >/dev/null
