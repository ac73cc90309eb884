/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/values_check.h"

#include "core/alloc.h"
#include "parquet/column_dictionary.h"
#include "parquet/leaf_convert.h"

/* Values that are decoded at once, and the bytes that their texts may have. */
enum { VALUES_AT_ONCE = 4096 };
#define TEXT_BYTES HW_MIB(1)

struct hw_values_check {
    struct hw_check_report *report;
    size_t page_bytes_max;
    const struct hw_chunk_walk *walk;
    const struct hw_column_index *index;
    hw_view filter;
    struct hw_value_reader reader;
    struct hw_column_dictionary dictionary;
    bool has_dictionary;
    struct hw_leaf_rows rows;
};

enum hw_status hw_values_check_new(struct hw_check_report *report, size_t page_bytes_max,
                                   struct hw_values_check **out_check, struct hw_error *err) {
    struct hw_values_check *check = hw_alloc_zero(1, sizeof(*check));
    if (!check) {
        return hw_fail_nomem(err, sizeof(*check));
    }
    check->report = report;
    check->page_bytes_max = page_bytes_max;
    *out_check = check;
    return HW_OK;
}

void hw_values_check_free(struct hw_values_check *check) {
    if (!check) {
        return;
    }
    hw_value_reader_release(&check->reader);
    hw_column_dictionary_release(&check->dictionary);
    hw_leaf_rows_release(&check->rows);
    hw_free(check);
}

enum hw_status hw_values_check_begin(struct hw_values_check *check, const struct hw_chunk_walk *walk,
                                     const struct hw_column_index *index, hw_view filter) {
    check->walk = walk;
    check->index = index;
    check->filter = filter;
    check->has_dictionary = false;
    check->reader.leaf = walk->leaf;
    check->reader.page_bytes_max = check->page_bytes_max;
    return HW_OK;
}

/* ------ faults */

static const char *const codes[] = {
    [HW_VALUE_LOOK_DECODE] = "value.decode",
    [HW_VALUE_LOOK_INDEX] = "dictionary.index",
    [HW_VALUE_LOOK_RANGE] = "value.range",
    [HW_VALUE_LOOK_UTF8] = "value.utf8",
};

static enum hw_status tell(const struct hw_values_check *check, enum hw_severity severity, const char *code,
                           int64_t at, const struct hw_error *fault) {
    struct hw_check_report *report = check->report;
    report->level = HW_VERIFY_VALUES;
    const enum hw_status status = hw_check_tell(report, severity, code, at, "%s", fault->message);
    report->level = HW_VERIFY_PAGES;
    return status;
}

static enum hw_status failure_tell(const struct hw_values_check *check, const struct hw_page *page,
                                   enum hw_status status, const struct hw_error *fault) {
    if (hw_check_is_finding(status)) {
        return tell(check, HW_SEVERITY_ERROR, codes[check->reader.look], (int64_t)page->at, fault);
    }
    if (status == HW_EUNSUPPORTED || status == HW_ELIMIT) {
        hw_check_unread(check->report, status, fault);
        return HW_OK;
    }
    return hw_error_pass(check->report->err, status, fault);
}

/* ------ pages */

enum hw_status hw_values_check_dictionary(struct hw_values_check *check, const struct hw_page *page) {
    struct hw_error fault = HW_ERROR_INIT;
    const enum hw_status status = hw_column_dictionary_load(&check->dictionary, page, &check->reader, &fault);
    check->has_dictionary = status == HW_OK;
    return status ? failure_tell(check, page, status, &fault) : HW_OK;
}

static enum hw_status page_decode(struct hw_values_check *check, const struct hw_page *page, hw_view values,
                                  const struct hw_page_found *found, struct hw_error *err) {
    struct hw_value_reader *reader = &check->reader;
    const struct hw_dictionary_values *dictionary = check->has_dictionary ? &check->dictionary.values : NULL;
    HW_TRY(hw_value_reader_begin(reader, page->head.encoding, (size_t)found->values, values, dictionary, err));
    for (uint64_t left = found->values; left > 0;) {
        const size_t step = (size_t)hw_clamp(left, 0, VALUES_AT_ONCE);
        bool full = false;
        HW_TRY(hw_leaf_rows_clear(&check->rows, hw_leaf_width(check->walk->leaf), err));
        HW_TRY(hw_value_reader_take(reader, step, TEXT_BYTES, &check->rows, &full, err));
        left -= check->rows.count;
    }
    return HW_OK;
}

enum hw_status hw_values_check_page(struct hw_values_check *check, const struct hw_page *page,
                                    const struct hw_page_levels *levels, hw_view values,
                                    const struct hw_page_found *found) {
    struct hw_error fault = HW_ERROR_INIT;
    (void)levels;
    const enum hw_status status = page_decode(check, page, values, found, &fault);
    return status ? failure_tell(check, page, status, &fault) : HW_OK;
}

enum hw_status hw_values_check_end(struct hw_values_check *check) {
    check->walk = NULL;
    return HW_OK;
}
