# SPDX-License-Identifier: Apache-2.0
mkdir empty
"$HAWSER" convert empty/ out/ --quiet
echo "0 is wrong: $(($? != 0))"
