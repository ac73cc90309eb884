/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of every codec decompress to the size that is said, or are refused as data; nothing else is written. */
#include "codec/decompression.h"

#include "fuzz/fuzz.h"

enum { GUARD_BYTES = 16, GUARD = 0x5a, UNSIZED_BYTES_MAX = 1 << 16 };

/* The codecs of the table, and what Parquet calls LZ4. */
static enum hw_status run(struct hw_decompressor *decompressor, unsigned codec, hw_view block, uint8_t *out,
                          size_t out_bytes) {
    if (codec == HW_CODEC_COUNT) {
        return hw_decompressor_run_lz4_hadoop(decompressor, block, out, out_bytes, NULL);
    }
    return hw_decompressor_run(decompressor, (enum hw_codec)codec, block, out, out_bytes, NULL);
}

static void sized_check(struct hw_decompressor *decompressor, unsigned codec, hw_view block, size_t bytes,
                        const struct hw_buf *plain) {
    uint8_t *out = malloc(bytes + GUARD_BYTES);
    FUZZ_CHECK(out);
    memset(out, GUARD, bytes + GUARD_BYTES);
    enum hw_status status = run(decompressor, codec, block, out, bytes);
    FUZZ_CHECK(status == HW_OK || status == HW_EDATA);
    for (size_t i = 0; i < GUARD_BYTES; i++) {
        FUZZ_CHECK(out[bytes + i] == GUARD);
    }
    if (plain) {
        FUZZ_CHECK((status == HW_OK) == (plain->size == bytes));
        FUZZ_CHECK(status != HW_OK || bytes == 0 || memcmp(out, plain->data, bytes) == 0);
    }
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const unsigned codec = 1 + fuzz_byte(&data, &size) % HW_CODEC_COUNT;
    const size_t low = fuzz_byte(&data, &size);
    const size_t bytes = low | (size_t)fuzz_byte(&data, &size) << 8;
    const hw_view block = {size > 0 ? (const char *)data : "", size};
    struct hw_decompressor *decompressor = NULL;
    struct hw_buf plain = {.limit = UNSIZED_BYTES_MAX};

    FUZZ_CHECK(hw_decompressor_new(&decompressor, NULL) == HW_OK);
    enum hw_status status = HW_EUNSUPPORTED;
    if (codec != HW_CODEC_COUNT && codec != HW_CODEC_LZ4_RAW) {
        status = hw_decompressor_run_unsized(decompressor, (enum hw_codec)codec, block, &plain, NULL);
        FUZZ_CHECK(status == HW_OK || status == HW_EDATA || status == HW_ELIMIT);
    }
    sized_check(decompressor, codec, block, bytes, status == HW_OK ? &plain : NULL);
    if (status == HW_OK) {
        sized_check(decompressor, codec, block, plain.size, &plain);
    }
    hw_decompressor_free(decompressor);
    hw_buf_release(&plain);
    return 0;
}
