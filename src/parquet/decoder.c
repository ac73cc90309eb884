/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decoder.h"

#include "parquet/decode_prefixes.h"

enum { RLE_LENGTH_BYTES = 4 };

/* What an encoding does. Counts are never more than the page has left, and never 0. */
struct hw_decoder_ops {
    enum hw_status (*begin)(struct hw_decoder *decoder, const struct hw_decoder_page *page, struct hw_error *err);
    enum hw_status (*read)(struct hw_decoder *decoder, size_t count, struct hw_decoded *out, struct hw_error *err);
    enum hw_status (*skip)(struct hw_decoder *decoder, size_t count, struct hw_error *err);
    /* Returns the bytes behind what was read. */
    size_t (*left)(const struct hw_decoder *decoder);
};

struct encoding_row {
    const struct hw_decoder_ops *ops;
    /* Bits 1 << hw_physical. */
    unsigned physicals;
};

static const struct hw_decoder_ops plain_ops, dictionary_ops, rle_ops, delta_ops, lengths_ops, prefixes_ops, split_ops;

enum {
    ALL = (1 << HW_PHYSICAL_COUNT) - 1,
    BOOLEANS = 1 << HW_PHYSICAL_BOOLEAN,
    INTEGERS = 1 << HW_PHYSICAL_INT32 | 1 << HW_PHYSICAL_INT64,
    TEXTS = 1 << HW_PHYSICAL_BYTE_ARRAY,
    FIXED = 1 << HW_PHYSICAL_FIXED,
    FLOATS = 1 << HW_PHYSICAL_FLOAT | 1 << HW_PHYSICAL_DOUBLE,
};

/* BIT_PACKED is for levels only. */
static const struct encoding_row rows[HW_ENCODING_COUNT] = {
    [HW_ENCODING_PLAIN] = {&plain_ops, ALL},
    [HW_ENCODING_PLAIN_DICTIONARY] = {&dictionary_ops, ALL & ~BOOLEANS},
    [HW_ENCODING_RLE] = {&rle_ops, BOOLEANS},
    [HW_ENCODING_DELTA_BINARY_PACKED] = {&delta_ops, INTEGERS},
    [HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY] = {&lengths_ops, TEXTS},
    [HW_ENCODING_DELTA_BYTE_ARRAY] = {&prefixes_ops, TEXTS | FIXED},
    [HW_ENCODING_RLE_DICTIONARY] = {&dictionary_ops, ALL & ~BOOLEANS},
    [HW_ENCODING_BYTE_STREAM_SPLIT] = {&split_ops, INTEGERS | FLOATS | FIXED},
};

bool hw_encoding_is_dictionary(int32_t encoding) {
    return encoding == HW_ENCODING_RLE_DICTIONARY || encoding == HW_ENCODING_PLAIN_DICTIONARY;
}

bool hw_encoding_fits(int32_t encoding, enum hw_physical physical) {
    return encoding >= 0 && encoding < HW_ENCODING_COUNT && (rows[encoding].physicals & 1u << physical) != 0;
}

enum hw_status hw_decoder_begin(struct hw_decoder *decoder, const struct hw_decoded_kind *kind,
                                const struct hw_decoder_page *page, struct hw_error *err) {
    const char *name = hw_encoding_name(page->encoding);

    if (!name) {
        return hw_fail(err, HW_EUNSUPPORTED, "its values have encoding %" PRId32 ", which is not known",
                       page->encoding);
    }
    if (!hw_encoding_fits(page->encoding, kind->physical)) {
        return hw_fail(err, HW_EDATA, "its values are of type %s, which cannot have the encoding %s",
                       hw_physical_name(kind->physical), name);
    }
    *decoder = (struct hw_decoder){.ops = rows[page->encoding].ops, .kind = *kind, .left = page->count};
    if (page->count == 0 && page->bytes.size == 0) {
        /* Not even a header is due. */
        decoder->ops = &plain_ops;
    }
    enum hw_status status = decoder->ops->begin(decoder, page, err);
    if (status) {
        hw_error_prefix(err, "%s", name);
    }
    return status;
}

enum hw_status hw_decoder_read(struct hw_decoder *decoder, size_t count, struct hw_decoded *out, struct hw_error *err) {
    count = hw_min_size(count, decoder->left);
    out->count = 0;
    if (count == 0) {
        return HW_OK;
    }
    HW_TRY(decoder->ops->read(decoder, count, out, err));
    decoder->left -= out->count;
    return HW_OK;
}

enum hw_status hw_decoder_skip(struct hw_decoder *decoder, size_t count, struct hw_error *err) {
    if (count > decoder->left) {
        return hw_fail(err, HW_EDATA, "%zu values are to be passed over, but it has %zu left", count, decoder->left);
    }
    if (count == 0) {
        return HW_OK;
    }
    HW_TRY(decoder->ops->skip(decoder, count, err));
    decoder->left -= count;
    return HW_OK;
}

enum hw_status hw_decoder_end(const struct hw_decoder *decoder, struct hw_error *err) {
    if (decoder->left > 0) {
        return hw_fail(err, HW_EDATA, "%zu of its values were not read", decoder->left);
    }
    size_t left = decoder->behind + decoder->ops->left(decoder);
    if (left > 0) {
        return hw_fail(err, HW_EDATA, "%zu bytes are left behind its last value", left);
    }
    return HW_OK;
}

/* ------ PLAIN */

static enum hw_status plain_begin(struct hw_decoder *decoder, const struct hw_decoder_page *page,
                                  struct hw_error *err) {
    (void)err;
    hw_plain_reader_init(&decoder->as.plain, page->bytes);
    return HW_OK;
}

static enum hw_status plain_read(struct hw_decoder *decoder, size_t count, struct hw_decoded *out,
                                 struct hw_error *err) {
    return hw_plain_read(&decoder->as.plain, &decoder->kind, count, out, err);
}

static enum hw_status plain_skip(struct hw_decoder *decoder, size_t count, struct hw_error *err) {
    return hw_plain_skip(&decoder->as.plain, &decoder->kind, count, err);
}

static size_t plain_left(const struct hw_decoder *decoder) {
    return hw_plain_left(&decoder->as.plain);
}

static const struct hw_decoder_ops plain_ops = {plain_begin, plain_read, plain_skip, plain_left};

/* ------ dictionaries */

static enum hw_status dictionary_begin(struct hw_decoder *decoder, const struct hw_decoder_page *page,
                                       struct hw_error *err) {
    /* Where all of a chunk is null, some writers leave the dictionary out. */
    if (!page->dictionary && page->count > 0) {
        return hw_fail(err, HW_EDATA, "its column chunk has no dictionary");
    }
    decoder->dictionary = page->dictionary;
    return hw_indices_init(&decoder->as.rle, page->bytes, err);
}

static enum hw_status dictionary_read(struct hw_decoder *decoder, size_t count, struct hw_decoded *out,
                                      struct hw_error *err) {
    return hw_indices_read(&decoder->as.rle, decoder->dictionary, count, out, err);
}

static enum hw_status runs_skip(struct hw_decoder *decoder, size_t count, struct hw_error *err) {
    return hw_rle_skip(&decoder->as.rle, count, err);
}

static size_t runs_left(const struct hw_decoder *decoder) {
    return hw_rle_left(&decoder->as.rle);
}

static const struct hw_decoder_ops dictionary_ops = {dictionary_begin, dictionary_read, runs_skip, runs_left};

/* ------ RLE */

/* Booleans have the length of their runs before them, in pages of both versions. */
static enum hw_status rle_begin(struct hw_decoder *decoder, const struct hw_decoder_page *page, struct hw_error *err) {
    const hw_view bytes = page->bytes;

    if (bytes.size < RLE_LENGTH_BYTES) {
        return hw_fail(err, HW_EDATA, "the length of its runs is cut");
    }
    const size_t length = hw_load_le32(bytes.data);
    const size_t left = bytes.size - RLE_LENGTH_BYTES;
    if (length > left) {
        return hw_fail(err, HW_EDATA, "its runs take %zu bytes, but %zu are there", length, left);
    }
    decoder->behind = left - length;
    hw_rle_reader_init(&decoder->as.rle, (hw_view){bytes.data + RLE_LENGTH_BYTES, length}, 1);
    return HW_OK;
}

static enum hw_status rle_read(struct hw_decoder *decoder, size_t count, struct hw_decoded *out, struct hw_error *err) {
    HW_TRY(hw_rle_read_bytes(&decoder->as.rle, out->values, count, err));
    out->count = count;
    return HW_OK;
}

static const struct hw_decoder_ops rle_ops = {rle_begin, rle_read, runs_skip, runs_left};

/* ------ DELTA_BINARY_PACKED */

static enum hw_status delta_begin(struct hw_decoder *decoder, const struct hw_decoder_page *page,
                                  struct hw_error *err) {
    const unsigned bits = decoder->kind.physical == HW_PHYSICAL_INT32 ? 32 : 64;
    return hw_delta_reader_init(&decoder->as.delta, page->bytes, bits, page->count, err);
}

static enum hw_status delta_read(struct hw_decoder *decoder, size_t count, struct hw_decoded *out,
                                 struct hw_error *err) {
    HW_TRY(hw_delta_read(&decoder->as.delta, out->values, count, err));
    out->count = count;
    return HW_OK;
}

static enum hw_status delta_skip(struct hw_decoder *decoder, size_t count, struct hw_error *err) {
    return hw_delta_skip(&decoder->as.delta, count, err);
}

static size_t delta_left(const struct hw_decoder *decoder) {
    return (size_t)(decoder->as.delta.end - decoder->as.delta.at);
}

static const struct hw_decoder_ops delta_ops = {delta_begin, delta_read, delta_skip, delta_left};

/* ------ DELTA_LENGTH_BYTE_ARRAY */

static enum hw_status lengths_begin(struct hw_decoder *decoder, const struct hw_decoder_page *page,
                                    struct hw_error *err) {
    return hw_lengths_reader_init(&decoder->as.lengths, page->bytes, page->count, err);
}

static enum hw_status lengths_read(struct hw_decoder *decoder, size_t count, struct hw_decoded *out,
                                   struct hw_error *err) {
    return hw_lengths_read(&decoder->as.lengths, count, out, err);
}

static enum hw_status lengths_skip(struct hw_decoder *decoder, size_t count, struct hw_error *err) {
    return hw_lengths_skip(&decoder->as.lengths, count, err);
}

static size_t lengths_left(const struct hw_decoder *decoder) {
    return (size_t)(decoder->as.lengths.end - decoder->as.lengths.at);
}

static const struct hw_decoder_ops lengths_ops = {lengths_begin, lengths_read, lengths_skip, lengths_left};

/* ------ DELTA_BYTE_ARRAY */

static enum hw_status prefixes_begin(struct hw_decoder *decoder, const struct hw_decoder_page *page,
                                     struct hw_error *err) {
    hw_buf_clear(page->scratch);
    HW_TRY(hw_prefixes_expand(page->bytes, page->count, decoder->kind.width, page->scratch, &decoder->behind, err));
    hw_plain_reader_init(&decoder->as.plain, hw_buf_view(page->scratch));
    return HW_OK;
}

static const struct hw_decoder_ops prefixes_ops = {prefixes_begin, plain_read, plain_skip, plain_left};

/* ------ BYTE_STREAM_SPLIT */

static enum hw_status split_begin(struct hw_decoder *decoder, const struct hw_decoder_page *page,
                                  struct hw_error *err) {
    return hw_split_reader_init(&decoder->as.split, page->bytes, page->count, decoder->kind.width, err);
}

static enum hw_status split_read(struct hw_decoder *decoder, size_t count, struct hw_decoded *out,
                                 struct hw_error *err) {
    (void)err;
    hw_split_read(&decoder->as.split, out->values, count);
    out->count = count;
    return HW_OK;
}

static enum hw_status split_skip(struct hw_decoder *decoder, size_t count, struct hw_error *err) {
    (void)err;
    decoder->as.split.at += count;
    return HW_OK;
}

/* The page has exactly the bytes of its values. */
static size_t split_left(const struct hw_decoder *decoder) {
    (void)decoder;
    return 0;
}

static const struct hw_decoder_ops split_ops = {split_begin, split_read, split_skip, split_left};
