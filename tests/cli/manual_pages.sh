# SPDX-License-Identifier: Apache-2.0
needs groff
for command in '' convert infer completion version help; do
    # shellcheck disable=SC2086 # no command, no word
    "$HAWSER" help --man $command >page.1
    groff -man -ww -Tascii -P-cbou page.1 >page.txt 2>warnings || echo "groff fails on '$command'"
    cat warnings
    sed -n '/^NAME/,/^$/p' page.txt
done
grep -c '^EXIT STATUS' page.txt
