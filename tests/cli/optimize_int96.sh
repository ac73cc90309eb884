# SPDX-License-Identifier: Apache-2.0
# Files of pyarrow with use_deprecated_int96_timestamps: a column id, and t of a single INT96;
# and a timestamp of UTC.
base64 -d >one.bin <<'END'
UEFSMRUAFRQVFCwVAhUAFQYVBhwAAAACAAAAAgEEAAAAFQAVJBUkLBUCFQAVBhUGHAAAAAIAAAACAQEAAAAAAAAAjD0lABUEGTw1ABgGc2NoZW1h
FQQAFQIlAhgCaWQAFQYlAhgBdAAWAhkcGSwmABwVAhklBgAZGAJpZBUAFgIWOhY6JghJHBUAFQAVAgA8KQYZJgACAAAAJgAcFQYZJQYAGRgBdBUA
FgIWShZKJkJJHBUAFQAVAgA8KQYZJgACAAAAFoQBFgImCBaEAQAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGSwcAAAcAAAAswAA
AFBBUjE=
END
base64 -d >zone.parquet <<'END'
UEFSMRUAFSQVJCwVAhUAFQYVBhwAAAACAAAAAgEAAAAAAAAAAIw9JQAVBBksNQAYBnNjaGVtYRUCABUGJQIYAXQAFgIZHBkcJgAcFQYZJQYAGRgB
dBUAFgIWShZKJghJHBUAFQAVAgA8KQYZJgACAAAAFkoWAiYIFkoAGRwYDEFSUk9XOnNjaGVtYRi4AS8vLy8vNEFBQUFBUUFBQUFBQUFLQUF3QUJn
QUZBQWdBQ2dBQUFBQUJCQUFNQUFBQUNBQUlBQUFBQkFBSUFBQUFCQUFBQUFFQUFBQVVBQUFBRUFBVUFBZ0FCZ0FIQUF3QUFBQVFBQkFBQUFBQUFB
RUtFQUFBQUJ3QUFBQUVBQUFBQUFBQUFBRUFBQUIwQUFBQUNBQU1BQVlBQ0FBSUFBQUFBQUFEQUFRQUFBQURBQUFBVlZSREFBPT0AGCBwYXJxdWV0
LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRkcHAAAAEYBAABQQVIx
END

# Makes a file with another value of t: 8 bytes of nanoseconds, 4 of a Julian day.
file() {
    cp one.bin "$1"
    printf '%b' "$2" | dd of="$1" bs=1 seek=58 conv=notrunc status=none
}

# What is told of the columns.
optimize() {
    "$HAWSER" optimize --json "$@" 2>&1 | sed -nE 's/.*"source":"([^"]*)".*"outcome":"([a-z]*)".*"columns":(.*),"notes".*/\1 \2 \3/p
        s/^hawser: error/&/p' | sed -E 's/"(encodings|codec|bytes)_(before|after)":("[^"]*"|[0-9]+),//g'
    echo "exit ${PIPESTATUS[0]}"
}

file micros.parquet '\x00\xca\x71\xd7\xbe\x28\x00\x00\xe2\x85\x25\x00'
file nanos.parquet '\x01\x00\x00\x00\x00\x00\x00\x00\x8c\x3d\x25\x00'
file far.parquet '\x00\x00\x00\x00\x00\x00\x00\x00\x14\xfb\x2a\x00'
file fine_far.parquet '\x01\x00\x00\x00\x00\x00\x00\x00\x14\xfb\x2a\x00'
file no_time.parquet '\x00\x00\x4f\x91\x94\x4e\x00\x00\x8c\x3d\x25\x00'
echo "kept by default:"
optimize --force micros.parquet out/
optimize micros.parquet out/
echo "a file by itself:"
for name in micros nanos far fine_far no_time zone; do
    optimize --int96 timestamp --force "$name.parquet" out/
    status "$HAWSER" head --json "$name.parquet"
    status "$HAWSER" head --json "out/$name.parquet"
    status "$HAWSER" verify --level values --quiet "out/$name.parquet"
done
echo "what changes is written, though it does not get smaller, and what stays is left alone:"
optimize --int96 timestamp micros.parquet left/
optimize --int96 timestamp fine_far.parquet left/
optimize --int96 timestamp left/micros.parquet left/micros.parquet
cmp fine_far.parquet left/fine_far.parquet
echo "files together:"
optimize --int96 timestamp micros.parquet nanos.parquet together/
optimize --int96 timestamp --force nanos.parquet far.parquet together/
echo "with other types, and without a column:"
optimize --int96 timestamp --downcast exact micros.parquet both.parquet
optimize --int96 timestamp --keep t --force micros.parquet kept.parquet
echo "what it is not:"
status "$HAWSER" optimize --int96 auto micros.parquet none.parquet
status "$HAWSER" optimize --int96 micros.parquet none.parquet
"$HAWSER" inspect --show schema out/micros.parquet out/nanos.parquet out/far.parquet
