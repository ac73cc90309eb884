/* SPDX-License-Identifier: Apache-2.0 */
/* Brotli. Its decoder cannot be reset, only made anew for each block. */
#include "codec/decompress_brotli.h"

#include <brotli/decode.h>

#include "core/alloc.h"

static void *block_alloc(void *opaque, size_t bytes) {
    (void)opaque;
    return hw_alloc(bytes);
}

static void block_free(void *opaque, void *block) {
    (void)opaque;
    hw_free(block);
}

static enum hw_status decoder_fail(const BrotliDecoderState *decoder, struct hw_error *err) {
    BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(decoder);
    if (code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES && code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES) {
        return hw_fail(err, HW_ENOMEM, "out of memory in the brotli decoder");
    }
    return hw_fail(err, HW_EDATA, "brotli: corrupt: %s", BrotliDecoderErrorString(code));
}

static enum hw_status block_decode(BrotliDecoderState *decoder, hw_view block, void *out, size_t capacity,
                                   size_t *out_bytes, struct hw_error *err) {
    const uint8_t *next_in = (const uint8_t *)block.data;
    uint8_t *next_out = out;
    size_t left_in = block.size;
    size_t left_out = capacity;

    switch (BrotliDecoderDecompressStream(decoder, &left_in, &next_in, &left_out, &next_out, NULL)) {
    case BROTLI_DECODER_RESULT_SUCCESS:
        break;
    case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
        return hw_fail(err, HW_EDATA, "brotli: it is cut");
    case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
        return hw_fail(err, HW_ELIMIT, "brotli: it makes more than %zu bytes", capacity);
    case BROTLI_DECODER_RESULT_ERROR:
        return decoder_fail(decoder, err);
    }
    if (left_in > 0) {
        return hw_fail(err, HW_EDATA, "brotli: %zu bytes are left behind its end", left_in);
    }
    *out_bytes = capacity - left_out;
    return HW_OK;
}

static enum hw_status brotli_run(void *state, hw_view block, void *out, size_t capacity, size_t *out_bytes,
                                 struct hw_error *err) {
    (void)state;
    BrotliDecoderState *decoder = BrotliDecoderCreateInstance(block_alloc, block_free, NULL);
    if (!decoder) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a brotli decoder");
    }
    enum hw_status status = block_decode(decoder, block, out, capacity, out_bytes, err);
    BrotliDecoderDestroyInstance(decoder);
    return status;
}

const struct hw_decompress_ops hw_decompress_brotli_ops = {NULL, NULL, brotli_run};
