/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes are values of a page, of every type and encoding, or are refused as data; and it does not matter in which
 * portions they are read.
 */
#include "parquet/decoder.h"

#include "fuzz/fuzz.h"

enum {
    HEAD_BYTES = 6,
    DICTIONARY_VALUES = 5,
    TEXT_BYTES_MAX = 1 << 20,
    SCRATCH_BYTES_MAX = 1 << 22,
    /* As encodings: levels of both forms. */
    LEVELS = 20,
    LEVELS_MSB = 21,
};

/* What an input asks for. */
struct trial {
    struct hw_decoded_kind kind;
    struct hw_decoder_page page;
    unsigned width; /* the bits of levels */
};

/* Where values come to, and how reading ended. */
struct result {
    struct hw_buf values;
    struct hw_buf ends;
    struct hw_buf data;
    size_t count;
    enum hw_status status;
};

static void result_release(struct result *result) {
    hw_buf_release(&result->values);
    hw_buf_release(&result->ends);
    hw_buf_release(&result->data);
}

static bool refused(enum hw_status status) {
    return status == HW_EDATA || status == HW_EUNSUPPORTED || status == HW_ELIMIT;
}

/* Appends what a call has read to what others have. */
static void portion_keep(struct result *result, const struct hw_decoded *out, size_t width) {
    size_t before = result->data.size - out->data->size;
    FUZZ_CHECK(hw_buf_append(&result->values, out->values, out->count * width, NULL) == HW_OK);
    for (size_t i = 0; width == 0 && i < out->count; i++) {
        uint64_t end = before + (uint64_t)out->ends[i];
        FUZZ_CHECK(out->ends[i] >= (i > 0 ? out->ends[i - 1] : 0));
        FUZZ_CHECK(hw_buf_append(&result->ends, &end, sizeof(end), NULL) == HW_OK);
    }
    FUZZ_CHECK(width > 0 || out->count == 0 || (size_t)out->ends[out->count - 1] == out->data->size);
    result->count += out->count;
}

/* Reads all values, `step` at once, texts until they have so many bytes. */
static void values_read(const struct trial *trial, size_t step, size_t text_bytes, struct result *result) {
    const bool dictionary =
        trial->page.encoding == HW_ENCODING_RLE_DICTIONARY || trial->page.encoding == HW_ENCODING_PLAIN_DICTIONARY;
    const size_t width = dictionary ? trial->page.dictionary->width : trial->kind.width;
    struct hw_decoder decoder;
    struct hw_buf data = {.limit = TEXT_BYTES_MAX};
    uint8_t *values = malloc(step * (width + 1) + HW_DECODED_PADDING);
    int32_t *ends = malloc(step * sizeof(*ends));
    FUZZ_CHECK(values && ends);

    result->status = hw_decoder_begin(&decoder, &trial->kind, &trial->page, NULL);
    while (result->status == HW_OK && result->count < trial->page.count) {
        struct hw_decoded out = {values, &data, ends, text_bytes, 0};
        struct hw_decoder again = decoder;
        hw_buf_clear(&data);
        result->status = hw_decoder_read(&decoder, step, &out, NULL);
        if (result->status == HW_OK) {
            FUZZ_CHECK(out.count > 0 && out.count <= step);
            FUZZ_CHECK(hw_decoder_skip(&again, out.count, NULL) == HW_OK);
            FUZZ_CHECK(again.left == decoder.left);
            FUZZ_CHECK(hw_buf_append(&result->data, data.data, data.size, NULL) == HW_OK);
            portion_keep(result, &out, width);
        }
    }
    FUZZ_CHECK(result->status == HW_OK || refused(result->status));
    if (result->status == HW_OK) {
        enum hw_status end = hw_decoder_end(&decoder, NULL);
        FUZZ_CHECK(end == HW_OK || end == HW_EDATA);
    }
    hw_buf_release(&data);
    free(values);
    free(ends);
}

static void levels_read(const struct trial *trial, size_t step, struct result *result) {
    struct hw_rle_reader reader;
    uint8_t *levels = malloc(step);
    FUZZ_CHECK(levels);
    if (trial->page.encoding == LEVELS_MSB) {
        hw_rle_reader_init_msb(&reader, trial->page.bytes, trial->width);
    } else {
        hw_rle_reader_init(&reader, trial->page.bytes, trial->width);
    }
    while (result->status == HW_OK && result->count < trial->page.count) {
        size_t count = hw_min_size(step, trial->page.count - result->count);
        struct hw_rle_reader again = reader;
        result->status = hw_rle_read_bytes(&reader, levels, count, NULL);
        FUZZ_CHECK(hw_rle_skip(&again, count, NULL) == result->status);
        FUZZ_CHECK(result->status != HW_OK || hw_rle_left(&again) == hw_rle_left(&reader));
        if (result->status == HW_OK) {
            FUZZ_CHECK(hw_buf_append(&result->values, levels, count, NULL) == HW_OK);
            result->count += count;
        }
    }
    FUZZ_CHECK(result->status == HW_OK || result->status == HW_EDATA);
    free(levels);
}

static void result_compare(const struct result *one, const struct result *other) {
    FUZZ_CHECK((one->status == HW_OK) == (other->status == HW_OK));
    if (one->status == HW_OK) {
        FUZZ_CHECK(one->count == other->count);
        FUZZ_CHECK(hw_view_equal(hw_buf_view(&one->values), hw_buf_view(&other->values)));
        FUZZ_CHECK(hw_view_equal(hw_buf_view(&one->ends), hw_buf_view(&other->ends)));
        FUZZ_CHECK(hw_view_equal(hw_buf_view(&one->data), hw_buf_view(&other->data)));
    }
}

static void trial_run(const struct trial *trial, size_t step) {
    struct result all = {.status = HW_OK};
    struct result portions = {.status = HW_OK};
    if (trial->page.encoding >= LEVELS) {
        levels_read(trial, trial->page.count + 1, &all);
        levels_read(trial, step, &portions);
    } else {
        values_read(trial, trial->page.count + 1, TEXT_BYTES_MAX / 2, &all);
        values_read(trial, step, 100, &portions);
    }
    /* A text may be too large for all of them together. */
    if (all.status != HW_ELIMIT && portions.status != HW_ELIMIT) {
        result_compare(&all, &portions);
    }
    result_release(&all);
    result_release(&portions);
}

/* Returns the width of a type; `fixed` is that of FIXED_LEN_BYTE_ARRAY. */
static size_t width_of(enum hw_physical physical, size_t fixed) {
    static const size_t widths[HW_PHYSICAL_COUNT] = {1, 4, 8, 12, 4, 8, 0, 0};
    return physical == HW_PHYSICAL_FIXED ? fixed : widths[physical];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint32_t offsets[] = {0, 0, 1, 4, 20, 60};
    static const uint8_t dictionary_bytes[DICTIONARY_VALUES * 256 + HW_DECODED_PADDING];
    struct hw_buf scratch = {.limit = SCRATCH_BYTES_MAX};
    const unsigned head[HEAD_BYTES] = {fuzz_byte(&data, &size), fuzz_byte(&data, &size), fuzz_byte(&data, &size),
                                       fuzz_byte(&data, &size), fuzz_byte(&data, &size), fuzz_byte(&data, &size)};
    const enum hw_physical physical = (enum hw_physical)(head[0] % HW_PHYSICAL_COUNT);
    struct trial trial = {.kind = {physical, width_of(physical, head[2] % 40 + 1)}, .width = head[2] % 9};
    const struct hw_dictionary_values dictionary = {DICTIONARY_VALUES, trial.kind.width, dictionary_bytes, offsets};
    /* Behind the padding that decoders may read nothing may be touched, which a sanitizer sees. */
    char *bytes = calloc(size + HW_DECODED_PADDING, 1);
    FUZZ_CHECK(bytes);

    if (size > 0) {
        memcpy(bytes, data, size);
    }
    trial.page = (struct hw_decoder_page){
        .encoding = (int32_t)(head[1] % (LEVELS_MSB + 1)),
        .count = head[3] | head[4] << 8,
        .bytes = {bytes, size},
        .dictionary = &dictionary,
        .scratch = &scratch,
    };
    trial_run(&trial, head[5] + 1);
    free(bytes);
    hw_buf_release(&scratch);
    return 0;
}
