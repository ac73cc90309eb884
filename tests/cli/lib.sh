# SPDX-License-Identifier: Apache-2.0
# Words that cases share; loaded by run.

# Runs a command and notes how it ended.
status() {
    "$@"
    echo "exit $?"
}

# Ends the case where something it needs is not installed.
needs() {
    local tool
    for tool in "$@"; do
        if ! command -v "$tool" >/dev/null; then
            echo "$tool is not installed" >&2
            exit 77
        fi
    done
}

# Everything in the folder, hidden files too.
list() {
    find . -mindepth 1 | sort
}

# A small table in in.csv.
table() {
    printf 'id,name,price\n1,one,1.5\n2,two,2.5\n3,"three, or so",3.5\n' >in.csv
}

# The magic bytes of both ends of a Parquet file.
magic() {
    printf '%s %s\n' "$(head -c 4 "$1")" "$(tail -c 4 "$1")"
}
