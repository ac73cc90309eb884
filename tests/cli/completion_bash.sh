# SPDX-License-Identifier: Apache-2.0
"$HAWSER" completion bash >hawser.bash
bash -n hawser.bash
source hawser.bash
compopt() { :; } # works within a completion only
touch 'a file' && mkdir folder

# What completes the last of the words.
complete_words() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _hawser
    printf '%s:' "$*"
    printf ' <%s>' "${COMPREPLY[@]}"
    echo
}
complete_words hawser con
complete_words hawser convert --row
complete_words hawser convert --overwrite s
complete_words hawser convert --overwrite = s
complete_words hawser convert --to parquet,a
complete_words hawser convert -t pa
complete_words hawser convert a
complete_words hawser convert --schema fol
complete_words hawser convert --memory ''
complete_words hawser completion ''
complete_words hawser help inf
