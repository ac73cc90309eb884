/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/inspection.h"

#include "parquet/stat_value.h"

enum hw_status hw_inspection_array(struct hw_inspection *inspection, size_t count, size_t bytes, void *out_array) {
    size_t all;
    void *array = hw_mul(count, bytes, &all) ? hw_arena_alloc(&inspection->arena, all > 0 ? all : 1) : NULL;
    if (!array) {
        return hw_fail(inspection->err, HW_ENOMEM, "out of memory");
    }
    memset(array, 0, all);
    memcpy(out_array, &array, sizeof(array));
    return HW_OK;
}

enum hw_status hw_inspection_claim(struct hw_inspection *inspection, uint64_t bytes) {
    const uint64_t all = inspection->file.tail.footer_at;
    if (bytes > all - inspection->claimed_bytes) {
        return hw_fail(inspection->err, HW_EDATA,
                       "the column chunks and indexes have more bytes than are in front of the footer, %" PRIu64, all);
    }
    inspection->claimed_bytes += bytes;
    return HW_OK;
}

enum hw_status hw_inspection_text(struct hw_inspection *inspection, hw_view text, const char **out_text) {
    const char *copy = hw_arena_strndup(&inspection->arena, text.size > 0 ? text.data : "", text.size);
    if (!copy) {
        return hw_fail_nomem(inspection->err, text.size + 1);
    }
    *out_text = copy;
    return HW_OK;
}

enum hw_status hw_inspection_name(struct hw_inspection *inspection, const char *name, const char *what, int64_t number,
                                  const char **out_text) {
    if (name) {
        *out_text = name;
        return HW_OK;
    }
    hw_buf_clear(&inspection->text);
    HW_TRY(hw_buf_printf(&inspection->text, inspection->err, "%s %" PRId64, what, number));
    return hw_inspection_text(inspection, hw_buf_view(&inspection->text), out_text);
}

enum hw_status hw_inspection_value(struct hw_inspection *inspection, const struct hw_read_leaf *leaf, hw_view bound,
                                   struct hw_inspect_value *out_value) {
    static const struct hw_field bytes_field = {.name = "", .type = {.kind = HW_KIND_BINARY}};
    static const struct hw_read_leaf bytes_leaf = {.physical = HW_PHYSICAL_BYTE_ARRAY, .field = &bytes_field};
    struct hw_stat_text text;
    const char *copy;
    if (!bound.data) {
        *out_value = (struct hw_inspect_value){0};
        return HW_OK;
    }
    hw_buf_clear(&inspection->text);
    HW_TRY(hw_stat_text(leaf ? leaf : &bytes_leaf, bound, &inspection->text, &text, inspection->err));
    HW_TRY(hw_inspection_text(inspection, hw_buf_view(&inspection->text), &copy));
    *out_value = (struct hw_inspect_value){.text = copy, .size = text.size, .quoted = text.quoted};
    return HW_OK;
}
