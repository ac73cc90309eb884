/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_levels.h"

/* The levels that are decoded at once where they are only counted. */
enum { LEVELS_AT_ONCE = 1024 };

static unsigned level_width(unsigned level_max) {
    return level_max == 0 ? 0 : 32 - (unsigned)__builtin_clz(level_max);
}

/* Takes the levels off the front of a page v1, in either encoding. */
static enum hw_status levels_take(const struct hw_page_head *head, int32_t encoding, unsigned level_max,
                                  struct hw_rle_reader *levels, hw_view *page, struct hw_error *err) {
    const unsigned width = level_width(level_max);
    size_t bytes;
    if (encoding == HW_ENCODING_BIT_PACKED) {
        bytes = (size_t)(((uint64_t)head->values * width + 7) / 8);
    } else if (encoding == HW_ENCODING_RLE) {
        if (page->size < 4) {
            return hw_fail(err, HW_EDATA, "it ends before the length of its levels");
        }
        bytes = hw_load_le32(page->data);
        *page = (hw_view){page->data + 4, page->size - 4};
    } else {
        return hw_fail(err, HW_EDATA, "its levels have encoding %d, which levels cannot have", (int)encoding);
    }
    if (bytes > page->size) {
        return hw_fail(err, HW_EDATA, "its levels take %zu bytes, and it has %zu", bytes, page->size);
    }
    const hw_view view = {page->data, bytes};
    if (encoding == HW_ENCODING_BIT_PACKED) {
        hw_rle_reader_init_msb(levels, view, width);
    } else {
        hw_rle_reader_init(levels, view, width);
    }
    *page = (hw_view){page->data + bytes, page->size - bytes};
    return HW_OK;
}

enum hw_status hw_page_levels_begin(struct hw_page_levels *levels, const struct hw_read_leaf *leaf,
                                    const struct hw_page *page, hw_view *out_values, struct hw_error *err) {
    hw_view values = page->values;
    if (page->head.type == HW_PAGE_DATA_V2) {
        hw_rle_reader_init(&levels->reps, page->reps, level_width(leaf->rep_max));
        hw_rle_reader_init(&levels->defs, page->defs, level_width(leaf->def_max));
    } else {
        if (leaf->rep_max > 0) {
            HW_TRY(levels_take(&page->head, page->head.rep_encoding, leaf->rep_max, &levels->reps, &values, err));
        }
        if (leaf->def_max > 0) {
            HW_TRY(levels_take(&page->head, page->head.def_encoding, leaf->def_max, &levels->defs, &values, err));
        }
    }
    *out_values = values;
    return HW_OK;
}

enum hw_status hw_levels_count(const uint8_t *levels, size_t count, unsigned level_max, const char *what,
                               size_t *out_equal, struct hw_error *err) {
    unsigned highest = 0;
    size_t equal = 0;
    for (size_t i = 0; i < count; i++) {
        highest = levels[i] > highest ? levels[i] : highest;
        equal += levels[i] == level_max;
    }
    if (highest > level_max) {
        return hw_fail(err, HW_EDATA, "it has a %s level of %u, the schema allows %u", what, highest, level_max);
    }
    *out_equal = equal;
    return HW_OK;
}

enum hw_status hw_levels_skip(struct hw_rle_reader *defs, size_t count, unsigned level_max, size_t *out_equal,
                              struct hw_error *err) {
    uint8_t levels[LEVELS_AT_ONCE];
    size_t sum = 0;
    while (count > 0) {
        uint32_t level = 0;
        size_t step = 0;
        size_t equal = 0;
        HW_TRY(hw_rle_run_next(defs, count, &level, &step, err));
        if (step > 0) {
            const uint8_t one = level > UINT8_MAX ? UINT8_MAX : (uint8_t)level;
            HW_TRY(hw_rle_skip(defs, step, err));
            HW_TRY(hw_levels_count(&one, 1, level_max, "definition", &equal, err));
            equal *= step;
        } else {
            step = hw_min_size(count, LEVELS_AT_ONCE);
            HW_TRY(hw_rle_read_bytes(defs, levels, step, err));
            HW_TRY(hw_levels_count(levels, step, level_max, "definition", &equal, err));
        }
        sum += equal;
        count -= step;
    }
    *out_equal = sum;
    return HW_OK;
}
