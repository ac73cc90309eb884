/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_plain.h"

#include "parquet/unpack.h"

enum { LENGTH_BYTES = 4 };

/* The place and the lengths of texts that follow each other. */
struct texts {
    const uint8_t *end;
    size_t count;
    uint32_t lengths[HW_DECODED_TEXTS];
};

static enum hw_status booleans_go(struct hw_plain_reader *reader, size_t count, uint8_t *out, struct hw_error *err);
static enum hw_status fixed_go(struct hw_plain_reader *reader, size_t width, size_t count, uint8_t *out,
                               struct hw_error *err);
static enum hw_status texts_read(struct hw_plain_reader *reader, size_t count, struct hw_decoded *out,
                                 struct hw_error *err);
static void texts_copy(struct hw_plain_reader *reader, const uint32_t *lengths, size_t count, uint8_t *to);
static enum hw_status texts_look(const struct hw_plain_reader *reader, size_t count, struct texts *out,
                                 struct hw_error *err);

void hw_plain_reader_init(struct hw_plain_reader *reader, hw_view bytes) {
    const uint8_t *at = (const uint8_t *)bytes.data;
    *reader = (struct hw_plain_reader){at, at + bytes.size, 0};
}

enum hw_status hw_plain_read(struct hw_plain_reader *reader, const struct hw_decoded_kind *kind, size_t count,
                             struct hw_decoded *out, struct hw_error *err) {
    if (kind->physical == HW_PHYSICAL_BYTE_ARRAY) {
        return texts_read(reader, count, out, err);
    }
    if (kind->physical == HW_PHYSICAL_BOOLEAN) {
        HW_TRY(booleans_go(reader, count, out->values, err));
    } else {
        HW_TRY(fixed_go(reader, kind->width, count, out->values, err));
    }
    out->count = count;
    return HW_OK;
}

enum hw_status hw_plain_skip(struct hw_plain_reader *reader, const struct hw_decoded_kind *kind, size_t count,
                             struct hw_error *err) {
    if (kind->physical == HW_PHYSICAL_BOOLEAN) {
        return booleans_go(reader, count, NULL, err);
    }
    if (kind->physical != HW_PHYSICAL_BYTE_ARRAY) {
        return fixed_go(reader, kind->width, count, NULL, err);
    }
    while (count > 0) {
        struct texts texts;
        HW_TRY(texts_look(reader, count, &texts, err));
        reader->at = texts.end;
        count -= texts.count;
    }
    return HW_OK;
}

size_t hw_plain_left(const struct hw_plain_reader *reader) {
    return (size_t)(reader->end - reader->at) - (reader->bit > 0);
}

/* Goes over bits, and unpacks them unless `out` is NULL. */
static enum hw_status booleans_go(struct hw_plain_reader *reader, size_t count, uint8_t *out, struct hw_error *err) {
    size_t left = (size_t)(reader->end - reader->at) * 8 - reader->bit;

    if (count > left) {
        return hw_fail(err, HW_EDATA, "%zu booleans are left, not %zu", left, count);
    }
    if (out) {
        hw_unpacker()->to8(reader->at, reader->bit, count, 1, out);
    }
    reader->at += (reader->bit + count) / 8;
    reader->bit = (reader->bit + count) % 8;
    return HW_OK;
}

/* Goes over values of a fixed width, and copies them unless `out` is NULL. */
static enum hw_status fixed_go(struct hw_plain_reader *reader, size_t width, size_t count, uint8_t *out,
                               struct hw_error *err) {
    size_t left = (size_t)(reader->end - reader->at);

    if (width > 0 && count > left / width) {
        return hw_fail(err, HW_EDATA, "%zu bytes are left, which are not %zu values of %zu bytes", left, count, width);
    }
    if (out && count > 0) {
        memcpy(out, reader->at, count * width);
    }
    reader->at += count * width;
    return HW_OK;
}

static enum hw_status texts_read(struct hw_plain_reader *reader, size_t count, struct hw_decoded *out,
                                 struct hw_error *err) {
    out->count = 0;
    while (out->count < count) {
        struct texts texts;
        size_t taken = 0, bytes = 0;
        HW_TRY(texts_look(reader, count - out->count, &texts, err));
        HW_TRY(hw_decoded_make_room(out, texts.lengths, texts.count, &taken, &bytes, err));
        texts_copy(reader, texts.lengths, taken, out->data->data + out->data->size);
        out->data->size += bytes;
        out->count += taken;
        if (taken < texts.count) {
            break;
        }
    }
    return HW_OK;
}

static void texts_copy(struct hw_plain_reader *reader, const uint32_t *lengths, size_t count, uint8_t *to) {
    const uint8_t *at = reader->at;
    for (size_t i = 0; i < count; i++) {
        to = hw_decoded_copy(to, at + LENGTH_BYTES, lengths[i]);
        at += LENGTH_BYTES + lengths[i];
    }
    reader->at = at;
}

/* Reads the lengths of the next texts, HW_DECODED_TEXTS at most. */
static enum hw_status texts_look(const struct hw_plain_reader *reader, size_t count, struct texts *out,
                                 struct hw_error *err) {
    const uint8_t *at = reader->at;

    count = hw_min_size(count, HW_DECODED_TEXTS);
    for (size_t i = 0; i < count; i++) {
        size_t left = (size_t)(reader->end - at);
        if (HW_UNLIKELY(left < LENGTH_BYTES)) {
            return hw_fail(err, HW_EDATA, "the length of a text is cut: %zu bytes are left", left);
        }
        uint32_t length = hw_load_le32(at);
        if (HW_UNLIKELY(length > left - LENGTH_BYTES)) {
            return hw_fail(err, HW_EDATA, "a text has %" PRIu32 " bytes, but %zu are left", length,
                           left - LENGTH_BYTES);
        }
        out->lengths[i] = length;
        at += LENGTH_BYTES + length;
    }
    out->end = at;
    out->count = count;
    return HW_OK;
}
