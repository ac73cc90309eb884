/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/column_dictionary.h"

#include "parquet/leaf_convert.h"

void hw_column_dictionary_release(struct hw_column_dictionary *dictionary) {
    hw_buf_release(&dictionary->data);
    hw_buf_release(&dictionary->offsets);
    dictionary->values = (struct hw_dictionary_values){0};
}

size_t hw_column_dictionary_held(const struct hw_column_dictionary *dictionary) {
    return dictionary->data.capacity + dictionary->offsets.capacity;
}

static enum hw_status page_check(const struct hw_page *page, const struct hw_decoded_kind *kind, struct hw_error *err);
static enum hw_status values_take(const struct hw_page *page, struct hw_value_reader *reader, struct hw_leaf_rows *out,
                                  struct hw_error *err);
static enum hw_status values_keep(struct hw_column_dictionary *dictionary, struct hw_leaf_rows *values,
                                  struct hw_error *err);

enum hw_status hw_column_dictionary_load(struct hw_column_dictionary *dictionary, const struct hw_page *page,
                                         struct hw_value_reader *reader, struct hw_error *err) {
    const struct hw_decoded_kind kind = hw_leaf_kind(reader->leaf);
    struct hw_leaf_rows values = {0};
    HW_TRY(page_check(page, &kind, err));
    enum hw_status status = values_take(page, reader, &values, err);
    status = status ? status : values_keep(dictionary, &values, err);
    hw_leaf_rows_release(&values);
    return status;
}

static enum hw_status page_check(const struct hw_page *page, const struct hw_decoded_kind *kind, struct hw_error *err) {
    const int32_t encoding = page->head.encoding;
    if (encoding != HW_ENCODING_PLAIN && encoding != HW_ENCODING_PLAIN_DICTIONARY) {
        return hw_fail(err, HW_EDATA, "a dictionary has encoding %d, and only PLAIN is allowed", (int)encoding);
    }
    if (kind->physical == HW_PHYSICAL_BOOLEAN) {
        return hw_fail(err, HW_EDATA, "booleans have no dictionary");
    }
    const size_t least = kind->width > 0 ? kind->width : sizeof(uint32_t);
    if (page->head.values > page->values.size / least) {
        return hw_fail(err, HW_EDATA, "its %zu bytes cannot hold the %" PRIu32 " values of its header",
                       page->values.size, page->head.values);
    }
    return HW_OK;
}

/* Values cannot be more bytes than the page, except for those that are converted. */
static enum hw_status values_take(const struct hw_page *page, struct hw_value_reader *reader, struct hw_leaf_rows *out,
                                  struct hw_error *err) {
    bool full = false;
    HW_TRY(hw_leaf_rows_clear(out, hw_leaf_width(reader->leaf), err));
    HW_TRY(hw_value_reader_begin(reader, HW_ENCODING_PLAIN, page->head.values, page->values, NULL, err));
    HW_TRY(hw_value_reader_take(reader, page->head.values, HW_TEXT_BYTES_MAX, out, &full, err));
    return full ? hw_fail(err, HW_ELIMIT, "its values have more than %zu bytes", HW_TEXT_BYTES_MAX) : HW_OK;
}

/* Takes over the memory of the values. */
static enum hw_status values_keep(struct hw_column_dictionary *dictionary, struct hw_leaf_rows *values,
                                  struct hw_error *err) {
    struct hw_buf *data = values->width == 0 ? &values->data : &values->values;
    HW_TRY(hw_buf_reserve(data, HW_DECODED_PADDING, err));
    hw_column_dictionary_release(dictionary);
    dictionary->data = *data;
    dictionary->offsets = values->offsets;
    *data = values->offsets = (struct hw_buf){0};
    dictionary->values = (struct hw_dictionary_values){
        .count = values->count,
        .width = values->width,
        .values = dictionary->data.data,
        .offsets = (const uint32_t *)(const void *)dictionary->offsets.data,
    };
    return HW_OK;
}
