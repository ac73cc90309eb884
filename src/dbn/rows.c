/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/rows.h"

#include <inttypes.h>

#include "core/alloc.h"
#include "dbn/text.h"

/* The values of a column, with room for all rows. */
struct hw_dbn_values {
    uint8_t *validity; /* a bit for each row; NULL: none is null */
    size_t nulls;
    /* Numbers; or of texts where they begin, and one more. */
    uint8_t *numbers;
    struct hw_buf data; /* of texts */
};

/* Doubles hold whole numbers up to this exactly. */
#define DOUBLE_EXACT (INT64_C(1) << 53)
/* Decimals of 18 digits are below. */
#define DECIMAL_END INT64_C(1000000000000000000)
static const double price_unit = 1e9;

/* A column of a run of records. */
struct run {
    struct hw_dbn_rows *rows;
    const struct hw_dbn_column *column;
    const char *name;
    struct hw_dbn_values *values;
    const uint8_t *records;
    size_t stride;
    size_t count;
    struct hw_dbn_row_fault *fault;
    struct hw_error *err;
};

static bool is_text(const struct hw_dbn_column *column) {
    return column->form >= HW_DBN_FORM_CHAR;
}

static size_t width_of(const struct hw_dbn_column *column) {
    return is_text(column) ? sizeof(int32_t) : column->bytes;
}

/* ------ memory */

static enum hw_status values_init(struct hw_dbn_values *values, const struct hw_dbn_column *column, size_t rows_max,
                                  struct hw_error *err) {
    const size_t bytes = (rows_max + 1) * width_of(column) + HW_BATCH_PADDING;
    values->numbers = hw_alloc_zero(1, bytes);
    values->validity = column->nullable ? hw_alloc_zero(1, rows_max / 8 + 1 + HW_BATCH_PADDING) : NULL;
    return values->numbers && (values->validity || !column->nullable) ? HW_OK : hw_fail_nomem(err, bytes);
}

enum hw_status hw_dbn_rows_init(struct hw_dbn_rows *rows, const struct hw_dbn_columns *columns, size_t rows_max,
                                struct hw_error *err) {
    assert(rows_max > 0 && rows_max <= HW_DBN_ROWS_MAX);
    *rows = (struct hw_dbn_rows){
        .columns = columns,
        .rows_max = rows_max,
        .values = hw_alloc_zero(columns->count, sizeof(*rows->values)),
        .out = hw_alloc_zero(columns->count, sizeof(*rows->out)),
    };
    if (!rows->values || !rows->out) {
        return hw_fail_nomem(err, columns->count * sizeof(*rows->values));
    }
    for (size_t i = 0; i < columns->count; i++) {
        HW_TRY(values_init(&rows->values[i], &columns->items[i], rows_max, err));
    }
    hw_dbn_rows_clear(rows);
    return HW_OK;
}

void hw_dbn_rows_release(struct hw_dbn_rows *rows) {
    for (size_t i = 0; rows->values && i < rows->columns->count; i++) {
        hw_free(rows->values[i].validity);
        hw_free(rows->values[i].numbers);
        hw_buf_release(&rows->values[i].data);
    }
    hw_free(rows->values);
    hw_free(rows->out);
    *rows = (struct hw_dbn_rows){0};
}

/* Values are valid until they are found not to be. */
void hw_dbn_rows_clear(struct hw_dbn_rows *rows) {
    for (size_t i = 0; i < rows->columns->count; i++) {
        struct hw_dbn_values *values = &rows->values[i];
        values->nulls = 0;
        hw_buf_clear(&values->data);
        if (values->validity) {
            memset(values->validity, 0xff, rows->rows_max / 8 + 1);
        }
    }
    rows->rows = 0;
    rows->inexact = 0;
}

/* ------ runs of records */

static enum hw_status copy_run(const struct run *run);
static enum hw_status double_run(const struct run *run);
static enum hw_status decimal_run(const struct run *run);
static enum hw_status nanos_run(const struct run *run);
static enum hw_status char_run(const struct run *run);
static enum hw_status text_run(const struct run *run);
static enum hw_status symbol_run(const struct run *run);

static enum hw_status (*const forms[])(const struct run *run) = {
    [HW_DBN_FORM_COPY] = copy_run,     [HW_DBN_FORM_DOUBLE] = double_run, [HW_DBN_FORM_DECIMAL] = decimal_run,
    [HW_DBN_FORM_NANOS] = nanos_run,   [HW_DBN_FORM_CHAR] = char_run,     [HW_DBN_FORM_TEXT] = text_run,
    [HW_DBN_FORM_SYMBOL] = symbol_run,
};

enum hw_status hw_dbn_rows_add(struct hw_dbn_rows *rows, const uint8_t *records, size_t stride, size_t count,
                               struct hw_dbn_row_fault *fault, struct hw_error *err) {
    assert(count <= rows->rows_max - rows->rows);
    for (size_t i = 0; i < rows->columns->count; i++) {
        const struct run run = {
            .rows = rows,
            .column = &rows->columns->items[i],
            .name = rows->columns->schema.fields[i].name,
            .values = &rows->values[i],
            .records = records,
            .stride = stride,
            .count = count,
            .fault = fault,
            .err = err,
        };
        HW_TRY(forms[run.column->form](&run));
    }
    rows->rows += count;
    return HW_OK;
}

/* Returns the field of a record. */
static const uint8_t *field_at(const struct run *run, size_t record) {
    return run->records + record * run->stride + run->column->offset;
}

static void null_set(const struct run *run, size_t record) {
    const size_t row = run->rows->rows + record;
    run->values->validity[row / 8] &= (uint8_t) ~(1u << row % 8);
    run->values->nulls++;
}

static void fault_set(const struct run *run, size_t record, const char *code) {
    *run->fault = (struct hw_dbn_row_fault){code, record, run->column->offset};
}

/* ------ numbers */

/* A loop for each width, so that the compiler knows how many bytes it copies. */
#define COPY(type)                                                         \
    static void copy_##type(const struct run *run) {                       \
        type *to = (type *)(void *)run->values->numbers + run->rows->rows; \
        for (size_t i = 0; i < run->count; i++) {                          \
            memcpy(&to[i], field_at(run, i), sizeof(*to));                 \
        }                                                                  \
        for (size_t i = 0; run->column->nullable && i < run->count; i++) { \
            if (to[i] == (type)run->column->undefined) {                   \
                null_set(run, i);                                          \
            }                                                              \
        }                                                                  \
    }
COPY(uint8_t)
COPY(uint16_t)
COPY(uint32_t)
COPY(uint64_t)

static enum hw_status copy_run(const struct run *run) {
    switch (run->column->bytes) {
    case sizeof(uint8_t):
        copy_uint8_t(run);
        break;
    case sizeof(uint16_t):
        copy_uint16_t(run);
        break;
    case sizeof(uint32_t):
        copy_uint32_t(run);
        break;
    default:
        copy_uint64_t(run);
    }
    return HW_OK;
}

static enum hw_status double_run(const struct run *run) {
    double *to = (double *)(void *)run->values->numbers + run->rows->rows;
    for (size_t i = 0; i < run->count; i++) {
        const int64_t raw = (int64_t)hw_load_le64(field_at(run, i));
        to[i] = (double)raw / price_unit;
        if (run->column->nullable && raw == HW_DBN_PRICE_UNDEFINED) {
            null_set(run, i);
        } else {
            run->rows->inexact += raw > DOUBLE_EXACT || raw < -DOUBLE_EXACT;
        }
    }
    return HW_OK;
}

static enum hw_status decimal_run(const struct run *run) {
    const int64_t *to = (const int64_t *)(const void *)run->values->numbers + run->rows->rows;
    copy_uint64_t(run);
    for (size_t i = 0; i < run->count; i++) {
        const bool fits = to[i] < DECIMAL_END && to[i] > -DECIMAL_END;
        if (!fits && !(run->column->nullable && to[i] == HW_DBN_PRICE_UNDEFINED)) {
            const char *sign = to[i] < 0 ? "-" : "";
            const uint64_t size = to[i] < 0 ? 0 - (uint64_t)to[i] : (uint64_t)to[i];
            fault_set(run, i, "dbn.price_beyond");
            return hw_fail(run->err, HW_EDATA,
                           "column %s: the price %s%" PRIu64 ".%09" PRIu64
                           " is too large for decimal(18,9); --price fixed takes it",
                           run->name, sign, size / 1000000000, size % 1000000000);
        }
    }
    return HW_OK;
}

static enum hw_status nanos_run(const struct run *run) {
    const uint64_t *to = (const uint64_t *)(const void *)run->values->numbers + run->rows->rows;
    copy_uint64_t(run);
    for (size_t i = 0; i < run->count; i++) {
        if (to[i] > INT64_MAX && !(run->column->nullable && to[i] == HW_DBN_TIME_UNDEFINED)) {
            fault_set(run, i, "dbn.ts_beyond");
            return hw_fail(run->err, HW_EDATA,
                           "column %s: the time %" PRIu64 " ns is beyond the year 2262; --timestamps raw takes it",
                           run->name, to[i]);
        }
    }
    return HW_OK;
}

/* ------ texts */

/* The row begins where the data end. */
static int32_t *offsets_at(const struct run *run) {
    return (int32_t *)(void *)run->values->numbers + run->rows->rows;
}

static enum hw_status text_put(const struct run *run, size_t record, hw_view text) {
    HW_TRY(hw_buf_append(&run->values->data, text.data, text.size, run->err));
    offsets_at(run)[record + 1] = (int32_t)run->values->data.size;
    return HW_OK;
}

static enum hw_status text_fails(const struct run *run, size_t record, const char *how) {
    fault_set(run, record, "dbn.text");
    return hw_fail(run->err, HW_EDATA, "column %s: the text %s", run->name, how);
}

static enum hw_status char_run(const struct run *run) {
    for (size_t i = 0; i < run->count; i++) {
        const char *at = (const char *)field_at(run, i);
        if ((uint8_t)*at > INT8_MAX) {
            return text_fails(run, i, "is not ASCII");
        }
        HW_TRY(text_put(run, i, (hw_view){at, *at != '\0'}));
    }
    return HW_OK;
}

static enum hw_status text_run(const struct run *run) {
    for (size_t i = 0; i < run->count; i++) {
        hw_view text;
        const char *wrong = hw_dbn_text_read(field_at(run, i), run->column->bytes, &text);
        if (wrong) {
            return text_fails(run, i, wrong);
        }
        HW_TRY(text_put(run, i, text));
    }
    return HW_OK;
}

static enum hw_status symbol_run(const struct run *run) {
    const uint16_t index_ts = run->rows->columns->layout->index_ts;
    for (size_t i = 0; i < run->count; i++) {
        const uint8_t *record = run->records + i * run->stride;
        hw_view symbol = {NULL, 0};
        if (run->rows->symbols) {
            symbol = hw_dbn_symbol_map_find(run->rows->symbols, hw_load_le32(record + HW_DBN_INSTRUMENT_ID),
                                            hw_load_le64(record + index_ts));
        }
        if (!symbol.data) {
            null_set(run, i);
        }
        HW_TRY(text_put(run, i, symbol));
    }
    return HW_OK;
}

/* ------ batches */

enum hw_status hw_dbn_rows_batch(struct hw_dbn_rows *rows, struct hw_batch *out_batch, struct hw_error *err) {
    for (size_t i = 0; i < rows->columns->count; i++) {
        struct hw_dbn_values *values = &rows->values[i];
        struct hw_column column = {
            .null_count = values->nulls,
            .validity = values->nulls > 0 ? values->validity : NULL,
            .length = rows->rows,
        };
        if (is_text(&rows->columns->items[i])) {
            /* Bytes behind the data may be read. */
            HW_TRY(hw_buf_reserve(&values->data, HW_BATCH_PADDING, err));
            column.offsets = (const int32_t *)(const void *)values->numbers;
            column.data = (const char *)values->data.data;
        } else {
            column.values = values->numbers;
        }
        rows->out[i] = column;
    }
    *out_batch = (struct hw_batch){.schema = &rows->columns->schema, .rows = rows->rows, .columns = rows->out};
    return HW_OK;
}
