/* SPDX-License-Identifier: Apache-2.0 */
#include "support/avro_file.h"

#include "support/rows.h"

static void put(struct hw_buf *out, const char *data, size_t bytes) {
    assert_int_equal(hw_buf_append(out, data, bytes, NULL), HW_OK);
}

/* Zigzag of a number that is not negative, seven bits a byte. */
static void long_put(struct hw_buf *out, uint64_t value) {
    uint64_t zigzag = value << 1;
    for (; zigzag > 0x7f; zigzag >>= 7) {
        assert_int_equal(hw_buf_append_byte(out, (uint8_t)(zigzag | 0x80), NULL), HW_OK);
    }
    assert_int_equal(hw_buf_append_byte(out, (uint8_t)zigzag, NULL), HW_OK);
}

static void text_put(struct hw_buf *out, const char *text) {
    long_put(out, strlen(text));
    put(out, text, strlen(text));
}

void avro_file_begin(struct hw_buf *out, const char *schema, const char *codec) {
    put(out, "Obj\x01", 4);
    long_put(out, codec ? 2 : 1);
    text_put(out, "avro.schema");
    text_put(out, schema);
    if (codec) {
        text_put(out, "avro.codec");
        text_put(out, codec);
    }
    put(out, "\0" AVRO_FILE_SYNC, 17);
}

void avro_file_block(struct hw_buf *out, uint64_t count, hw_view bytes) {
    long_put(out, count);
    long_put(out, bytes.size);
    put(out, bytes.data, bytes.size);
    put(out, AVRO_FILE_SYNC, 16);
}
