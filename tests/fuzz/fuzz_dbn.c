/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes of a DBN file, or of a fragment: whatever they are, they become rows or are refused, in
 * memory that their size bounds. The first byte says how they are read.
 */
#include "dbn/records.h"
#include "dbn/rows.h"
#include "fuzz/fuzz.h"

enum { BATCH_ROWS = 64 };

struct input {
    struct hw_stream base;
    const uint8_t *bytes;
    size_t size;
    size_t piece;
};

static enum hw_status input_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                 struct hw_error *err) {
    struct input *input = (struct input *)base;
    const size_t step = hw_min_size(hw_min_size(bytes, input->piece), input->size);
    (void)err;
    if (step > 0) {
        memcpy(data, input->bytes, step);
    }
    input->bytes += step;
    input->size -= step;
    *out_bytes = step;
    return HW_OK;
}

/* Every text of a batch lies within its data. */
static void batch_check(struct hw_dbn_rows *rows) {
    struct hw_batch batch;
    FUZZ_CHECK(hw_dbn_rows_batch(rows, &batch, NULL) == HW_OK);
    for (size_t i = 0; i < batch.schema->count; i++) {
        if (batch.schema->fields[i].type.kind != HW_KIND_TEXT) {
            continue;
        }
        for (size_t row = 0; row < batch.rows; row++) {
            FUZZ_CHECK(hw_column_begin(&batch.columns[i], row) <= hw_column_begin(&batch.columns[i], row + 1));
        }
    }
    hw_dbn_rows_clear(rows);
}

/* False where a value is refused. */
static bool run_take(struct hw_dbn_rows *rows, const struct hw_dbn_run *run) {
    struct hw_dbn_row_fault fault;
    for (size_t at = 0; at < run->count; at += BATCH_ROWS) {
        const size_t count = hw_min_size(run->count - at, BATCH_ROWS);
        if (hw_dbn_rows_add(rows, run->bytes + at * run->stride, run->stride, count, &fault, NULL) != HW_OK) {
            FUZZ_CHECK(fault.code && fault.record < count && fault.offset < run->stride);
            return false;
        }
        batch_check(rows);
    }
    return true;
}

static void rows_read(struct hw_dbn_records *records, struct hw_dbn_rows *rows, enum hw_dbn_schema schema) {
    struct hw_dbn_run run;
    struct hw_dbn_fault fault;
    bool more = true;
    while (more && hw_dbn_records_next(records, &run, &fault, NULL) == HW_OK) {
        more = run.count > 0 && (!hw_dbn_rtype_is_of(run.rtype, schema) || run_take(rows, &run));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t how = fuzz_byte(&data, &size);
    const struct hw_dbn_fragment fragment = {
        .schema = how % HW_DBN_SCHEMAS, .version = 1 + how % HW_DBN_VERSION_MAX, .ts_out = how % 7 == 0};
    struct input input = {{&(const struct hw_stream_ops){input_read, NULL}}, data, size, how % 2 ? SIZE_MAX : 100};
    struct hw_dbn_records records = {0};
    struct hw_dbn_fault fault;
    if (hw_dbn_records_open(&records, &input.base, how % 4 == 0 ? &fragment : NULL, &fault, NULL) == HW_OK) {
        HW_AUTO(hw_dbn_symbol_map) symbols = {0};
        HW_AUTO(hw_arena) arena = {0};
        struct hw_dbn_columns columns;
        struct hw_dbn_rows rows;
        bool mapped;
        const enum hw_dbn_schema schema =
            records.metadata.schema == HW_DBN_MIXED ? HW_DBN_MBO : records.metadata.schema;
        const struct hw_dbn_columns_options options = {
            .prices = how % 3, .raw_times = how % 5 == 0, .ts_out = records.metadata.ts_out, .symbol = true};
        FUZZ_CHECK(hw_dbn_symbol_map_init(&symbols, &records.metadata, &mapped, NULL) == HW_OK);
        FUZZ_CHECK(hw_dbn_columns_make(&columns, hw_dbn_layout_of(schema, records.metadata.version), &options, &arena,
                                       NULL) == HW_OK);
        FUZZ_CHECK(hw_dbn_rows_init(&rows, &columns, BATCH_ROWS, NULL) == HW_OK);
        rows.symbols = &symbols;
        rows_read(&records, &rows, schema);
        hw_dbn_rows_release(&rows);
    }
    hw_dbn_records_release(&records);
    return 0;
}
