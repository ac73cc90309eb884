/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/index.h"

#include "core/alloc.h"

void hw_csv_index_release(struct hw_csv_index *index) {
    hw_free(index->ends);
    hw_free(index->record_fields);
    hw_free(index->record_starts);
    *index = (struct hw_csv_index){0};
}

void hw_csv_index_clear(struct hw_csv_index *index) {
    index->ends_count = 0;
    index->records = 0;
    index->lines = 0;
    index->ascii = true;
    index->malformed = false;
    index->open_quote = false;
}

enum hw_status hw_csv_index_reserve(struct hw_csv_index *index, size_t ends, size_t records, struct hw_error *err) {
    if (index->ends_count + ends > index->ends_capacity) {
        size_t capacity = hw_max_size(index->ends_count + ends, index->ends_capacity * 2);
        uint32_t *grown = hw_realloc_array(index->ends, capacity, sizeof(*grown));
        if (!grown) {
            return hw_fail_nomem(err, capacity * sizeof(*grown));
        }
        index->ends = grown;
        index->ends_capacity = capacity;
    }
    if (index->records + records < index->records_capacity) {
        return HW_OK;
    }
    size_t capacity = hw_max_size(index->records + records + 1, index->records_capacity * 2);
    uint32_t *fields = hw_realloc_array(index->record_fields, capacity, sizeof(*fields));
    if (!fields) {
        return hw_fail_nomem(err, capacity * sizeof(*fields));
    }
    index->record_fields = fields;
    uint32_t *starts = hw_realloc_array(index->record_starts, capacity, sizeof(*starts));
    if (!starts) {
        return hw_fail_nomem(err, capacity * sizeof(*starts));
    }
    starts[0] = 0;
    index->record_starts = starts;
    index->records_capacity = capacity;
    return HW_OK;
}
