/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/rows.h"

#include <stdio.h>

#include "core/buf.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/dbn/records.h"

static const struct hw_dbn_layout *layout_of(const char *schema, unsigned version) {
    enum hw_dbn_schema found;
    assert_true(hw_dbn_schema_find(hw_view_of(schema), &found));
    return hw_dbn_layout_of(found, version);
}

/* Rows in work, with all that they borrow. */
struct desk {
    struct hw_arena arena;
    struct hw_dbn_columns columns;
    struct hw_dbn_rows rows;
    struct hw_dbn_row_fault fault;
    struct hw_error err;
};

static void desk_open(struct desk *desk, const struct hw_dbn_layout *layout,
                      const struct hw_dbn_columns_options *options) {
    *desk = (struct desk){.err = HW_ERROR_INIT};
    assert_ok(hw_dbn_columns_make(&desk->columns, layout, options, &desk->arena, &desk->err), desk->err);
    assert_ok(hw_dbn_rows_init(&desk->rows, &desk->columns, 20, &desk->err), desk->err);
}

static void desk_close(struct desk *desk) {
    hw_dbn_rows_release(&desk->rows);
    hw_arena_release(&desk->arena);
}

/* A number without a sign, as it is stored. */
static uint64_t number_of(const struct hw_column *column, size_t width, size_t row) {
    uint64_t number = 0;
    memcpy(&number, (const char *)column->values + row * width, width);
    return number;
}

/* A value as make_records.py writes it; doubles are compared by their bits. */
static void value_put(struct hw_buf *text, const struct hw_field *field, const struct hw_dbn_column *column,
                      const struct hw_column *values, size_t row) {
    enum hw_status status;
    if (!hw_column_valid(values, row)) {
        status = hw_buf_append_text(text, "null", NULL);
    } else if (field->type.kind == HW_KIND_TEXT) {
        const size_t begin = hw_column_begin(values, row), end = hw_column_begin(values, row + 1);
        status = hw_buf_printf(text, NULL, "'%.*s'", (int)(end - begin), values->data + begin);
    } else if (field->type.kind == HW_KIND_DOUBLE) {
        status = hw_buf_printf(text, NULL, "=%016" PRIx64, number_of(values, sizeof(double), row));
    } else if (field->type.kind == HW_KIND_INT32) {
        status = hw_buf_printf(text, NULL, "%" PRId32, (int32_t)number_of(values, column->bytes, row));
    } else if (field->type.kind == HW_KIND_INT64) {
        status = hw_buf_printf(text, NULL, "%" PRId64, (int64_t)number_of(values, column->bytes, row));
    } else {
        status = hw_buf_printf(text, NULL, "%" PRIu64, number_of(values, column->bytes, row));
    }
    assert_int_equal(status, HW_OK);
}

static void row_put(struct hw_buf *text, const struct desk *desk, const struct hw_batch *batch, size_t row) {
    hw_buf_clear(text);
    for (size_t i = 0; i < batch->schema->count; i++) {
        assert_int_equal(hw_buf_append_text(text, i > 0 ? " " : "", NULL), HW_OK);
        value_put(text, &batch->schema->fields[i], &desk->columns.items[i], &batch->columns[i], row);
    }
    assert_int_equal(hw_buf_end_text(text, NULL), HW_OK);
}

/* The words of a wanted row, of which hexadecimal doubles become their bits. */
static void want_put(struct hw_buf *text, const char *row) {
    hw_buf_clear(text);
    while (*row) {
        const size_t word = strcspn(row, " ");
        double value;
        char form[64];
        if (memmem(row, word, "0x", 2) && row[0] != '\'' && sscanf(row, "%la", &value) == 1) {
            uint64_t bits;
            memcpy(&bits, &value, sizeof(bits));
            snprintf(form, sizeof(form), "=%016" PRIx64, bits);
            assert_int_equal(hw_buf_append_text(text, form, NULL), HW_OK);
        } else {
            assert_int_equal(hw_buf_append(text, row, word, NULL), HW_OK);
        }
        assert_int_equal(hw_buf_append_text(text, row[word] ? " " : "", NULL), HW_OK);
        row += word + (row[word] == ' ');
    }
    assert_int_equal(hw_buf_end_text(text, NULL), HW_OK);
}

/* In one run, and each record by itself. */
static void rows_are_those_of_databento(void **state) {
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(records); i++) {
        const size_t number = i / 2, step = i % 2 ? 1 : RECORDS_ROWS;
        const struct hw_dbn_layout *layout = layout_of(records[number].schema, records[number].version);
        HW_AUTO(hw_buf) got = {0};
        HW_AUTO(hw_buf) want = {0};
        struct hw_batch batch;
        struct desk desk;
        desk_open(&desk, layout, &(struct hw_dbn_columns_options){0});
        for (size_t row = 0; row < RECORDS_ROWS; row += step) {
            assert_ok(hw_dbn_rows_add(&desk.rows, records[number].bytes + row * layout->bytes, layout->bytes, step,
                                      &desk.fault, &desk.err),
                      desk.err);
        }
        assert_ok(hw_dbn_rows_batch(&desk.rows, &batch, &desk.err), desk.err);
        assert_row_int(records[number].schema, batch.rows, RECORDS_ROWS);
        for (size_t row = 0; row < RECORDS_ROWS; row++) {
            row_put(&got, &desk, &batch, row);
            want_put(&want, records[number].rows[row]);
            assert_row_text(records[number].schema, (const char *)got.data, (const char *)want.data);
        }
        desk_close(&desk);
    }
}

/* ------ options */

enum { TRADE_BYTES = 48, PRICE_AT = 16, SIZE_AT = 24, ACTION_AT = 28, TS_RECV_AT = 32 };

static void trade_make(uint8_t record[TRADE_BYTES + HW_DBN_TS_OUT_BYTES], int64_t price, uint64_t time, uint32_t size) {
    memset(record, 0, TRADE_BYTES + HW_DBN_TS_OUT_BYTES);
    hw_store_le32(record + HW_DBN_INSTRUMENT_ID, 5);
    hw_store_le32(record + SIZE_AT, size);
    record[ACTION_AT] = 'T';
    memcpy(record + PRICE_AT, &price, sizeof(price));
    memcpy(record + TS_RECV_AT, &time, sizeof(time));
    memcpy(record + TRADE_BYTES, &time, sizeof(time));
}

/* The columns ts_recv, price, size, ts_out and symbol of a trade. */
static const struct {
    const char *name;
    struct hw_dbn_columns_options options;
    int64_t price;
    uint64_t time;
    uint32_t size;
    const char *want;
    uint64_t inexact;
} trades[] = {
    {"doubles", {0}, 3722750000000, 7, 9, "7 =40ad158000000000 9", 0},
    {"the first price that a double lacks", {0}, 9007199254740993, 7, 9, "7 =41612e0be826d695 9", 1},
    {"the one before it", {0}, 9007199254740992, 7, 9, "7 =41612e0be826d695 9", 0},
    {"the least one that it has", {0}, -9007199254740992, 7, 9, "7 =c1612e0be826d695 9", 0},
    {"undefined price and time", {0}, INT64_MAX, UINT64_MAX, UINT32_MAX, "null null 4294967295", 0},
    {"undefined quantities too", {.undefined = HW_DBN_UNDEFINED_ALL}, 0, 0, UINT32_MAX, "0 =0000000000000000 null", 0},
    {"fixed prices", {.prices = HW_DBN_PRICES_FIXED}, -1, 7, 9, "7 -1 9", 0},
    {"fixed and undefined", {.prices = HW_DBN_PRICES_FIXED}, INT64_MAX, 7, 9, "7 null 9", 0},
    {"as they are stored",
     {.prices = HW_DBN_PRICES_FIXED, .raw_times = true, .undefined = HW_DBN_UNDEFINED_KEEP},
     INT64_MAX,
     UINT64_MAX,
     UINT32_MAX,
     "18446744073709551615 9223372036854775807 4294967295",
     0},
    {"late raw times", {.raw_times = true}, 0, UINT64_MAX - 1, 9, "18446744073709551614 =0000000000000000 9", 0},
    {"the last time", {0}, 0, INT64_MAX, 9, "9223372036854775807 =0000000000000000 9", 0},
    {"with ts_out", {.ts_out = true}, 0, 7, 9, "7 =0000000000000000 9 7", 0},
    {"with an undefined ts_out", {.ts_out = true}, 0, UINT64_MAX, 9, "null =0000000000000000 9 null", 0},
    {"with a symbol", {.symbol = true}, 0, 7, 9, "7 =0000000000000000 9 'five'", 0},
    {"with a symbol that has ended", {.symbol = true}, 0, 8, 9, "8 =0000000000000000 9 null", 0},
    {"with both", {.ts_out = true, .symbol = true}, 0, 7, 9, "7 =0000000000000000 9 7 'five'", 0},
};

static void options_shape_rows(void **state) {
    HW_AUTO(hw_dbn_symbol_map) symbols = {0};
    (void)state;
    assert_int_equal(hw_dbn_symbol_map_add(&symbols, 5, 7, 8, HW_VIEW("five"), NULL), HW_OK);
    for (size_t i = 0; i < COUNT_OF(trades); i++) {
        static const char *const shown[] = {"ts_recv", "price", "size", "ts_out", "symbol"};
        uint8_t record[TRADE_BYTES + HW_DBN_TS_OUT_BYTES];
        HW_AUTO(hw_buf) got = {0};
        struct hw_batch batch;
        struct desk desk;
        desk_open(&desk, layout_of("trades", 3), &trades[i].options);
        desk.rows.symbols = &symbols;
        trade_make(record, trades[i].price, trades[i].time, trades[i].size);
        assert_ok(hw_dbn_rows_add(&desk.rows, record, sizeof(record), 1, &desk.fault, &desk.err), desk.err);
        assert_ok(hw_dbn_rows_batch(&desk.rows, &batch, &desk.err), desk.err);
        for (size_t k = 0; k < COUNT_OF(shown); k++) {
            for (size_t c = 0; c < batch.schema->count; c++) {
                if (strcmp(batch.schema->fields[c].name, shown[k]) == 0) {
                    assert_int_equal(hw_buf_append_text(&got, got.size > 0 ? " " : "", NULL), HW_OK);
                    value_put(&got, &batch.schema->fields[c], &desk.columns.items[c], &batch.columns[c], 0);
                }
            }
        }
        assert_int_equal(hw_buf_end_text(&got, NULL), HW_OK);
        assert_row_text(trades[i].name, (const char *)got.data, trades[i].want);
        assert_row_int(trades[i].name, desk.rows.inexact, trades[i].inexact);
        desk_close(&desk);
    }
}

/* ------ values at fault */

static const struct {
    const char *name;
    struct hw_dbn_columns_options options;
    size_t at;
    const char *bytes;
    size_t size;
    const char *code;
    const char *says;
} faults[] = {
#define BYTES(bytes) bytes, sizeof(bytes) - 1
    {"a time of 2^63",
     {0},
     TS_RECV_AT,
     BYTES("\0\0\0\0\0\0\0\x80"),
     "dbn.ts_beyond",
     "column ts_recv: the time 9223372036854775808 ns is beyond the year 2262; --timestamps raw takes it"},
    {"an undefined time that stays",
     {.undefined = HW_DBN_UNDEFINED_KEEP},
     TS_RECV_AT,
     BYTES("\xff\xff\xff\xff\xff\xff\xff\xff"),
     "dbn.ts_beyond",
     "18446744073709551615 ns"},
    {"a price of 10^9",
     {.prices = HW_DBN_PRICES_DECIMAL},
     PRICE_AT,
     BYTES("\0\0\x64\xa7\xb3\xb6\xe0\x0d"),
     "dbn.price_beyond",
     "column price: the price 1000000000.000000000 is too large for decimal(18,9); --price fixed takes it"},
    {"the least price",
     {.prices = HW_DBN_PRICES_DECIMAL},
     PRICE_AT,
     BYTES("\0\0\0\0\0\0\0\x80"),
     "dbn.price_beyond",
     "the price -9223372036.854775808 is too large"},
    {"a letter that is not ASCII", {0}, ACTION_AT, BYTES("\x80"), "dbn.text", "column action: the text is not ASCII"},
};

static void what_does_not_fit_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        uint8_t run[3][TRADE_BYTES + HW_DBN_TS_OUT_BYTES];
        struct desk desk;
        desk_open(&desk, layout_of("trades", 1), &faults[i].options);
        for (size_t k = 0; k < COUNT_OF(run); k++) {
            trade_make(run[k], INT64_C(999999999999999999), INT64_MAX, 1);
        }
        memcpy(run[1] + faults[i].at, faults[i].bytes, faults[i].size);
        assert_row_int(faults[i].name,
                       hw_dbn_rows_add(&desk.rows, run[0], sizeof(run[0]), COUNT_OF(run), &desk.fault, &desk.err),
                       HW_EDATA);
        assert_row_text(faults[i].name, desk.fault.code, faults[i].code);
        assert_row_int(faults[i].name, desk.fault.record, 1);
        assert_row_int(faults[i].name, desk.fault.offset, faults[i].at);
        assert_row_says(faults[i].name, desk.err.message, faults[i].says);
        desk_close(&desk);
    }
}

/* Texts of definitions: currency has 4 bytes at 224 in version 3. */
static void texts_are_checked(void **state) {
    static const struct {
        const char *name;
        const char *bytes;
        enum hw_status status;
        const char *says;
    } texts[] = {
        {"a text", "USD\0", HW_OK, ""},
        {"an empty one", "\0abc", HW_OK, ""},
        {"one of two letters with something behind it", "\xc3\xa9\0\xff", HW_OK, ""},
        {"one without an end", "USDX", HW_EDATA, "column currency: the text does not end within its field"},
        {"one that is no UTF-8", "\xc3(\0\0", HW_EDATA, "column currency: the text is not UTF-8"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const struct hw_dbn_layout *layout = layout_of("definition", 3);
        uint8_t record[520] = {0};
        struct desk desk;
        assert_int_equal(layout->bytes, sizeof(record));
        memcpy(record + 224, texts[i].bytes, 4);
        desk_open(&desk, layout, &(struct hw_dbn_columns_options){0});
        assert_row_int(texts[i].name, hw_dbn_rows_add(&desk.rows, record, sizeof(record), 1, &desk.fault, &desk.err),
                       texts[i].status);
        assert_row_says(texts[i].name, desk.err.message, texts[i].says);
        desk_close(&desk);
    }
}

/* Rows that were cleared leave nothing in the next ones. */
static void rows_are_cleared(void **state) {
    uint8_t nulls[20][TRADE_BYTES + HW_DBN_TS_OUT_BYTES], record[TRADE_BYTES + HW_DBN_TS_OUT_BYTES];
    struct hw_batch batch;
    struct desk desk;
    (void)state;
    desk_open(&desk, layout_of("trades", 1), &(struct hw_dbn_columns_options){0});
    for (size_t k = 0; k < COUNT_OF(nulls); k++) {
        trade_make(nulls[k], INT64_MAX, 1, 1);
    }
    trade_make(record, INT64_MAX - 1, 1, 1);
    assert_ok(hw_dbn_rows_add(&desk.rows, nulls[0], sizeof(record), COUNT_OF(nulls), &desk.fault, &desk.err), desk.err);
    assert_ok(hw_dbn_rows_batch(&desk.rows, &batch, &desk.err), desk.err);
    assert_int_equal(batch.columns[8].null_count, COUNT_OF(nulls));
    assert_string_equal(batch.schema->fields[8].name, "price");
    hw_dbn_rows_clear(&desk.rows);
    assert_ok(hw_dbn_rows_add(&desk.rows, record, sizeof(record), 1, &desk.fault, &desk.err), desk.err);
    assert_ok(hw_dbn_rows_batch(&desk.rows, &batch, &desk.err), desk.err);
    assert_int_equal(batch.rows, 1);
    assert_int_equal(batch.columns[8].null_count, 0);
    assert_true(hw_column_valid(&batch.columns[8], 0));
    assert_int_equal(desk.rows.inexact, 1);
    assert_int_equal(hw_column_begin(&batch.columns[5], 1), 1);
    desk_close(&desk);
}

static void no_memory_is_told(void **state) {
    bool fired = true;
    (void)state;
    for (size_t n = 0; fired; n++) {
        struct hw_dbn_row_fault fault;
        struct hw_dbn_columns columns;
        struct hw_arena arena = {0};
        struct hw_dbn_rows rows = {0};
        struct hw_batch batch;
        struct alloc_fault allocations;
        const struct hw_dbn_layout *layout = layout_of("definition", 3);
        static const uint8_t record[520];
        alloc_fault_begin(&allocations, n);
        enum hw_status status =
            hw_dbn_columns_make(&columns, layout, &(struct hw_dbn_columns_options){.symbol = true}, &arena, NULL);
        status = status ? status : hw_dbn_rows_init(&rows, &columns, 20, NULL);
        status = status ? status : hw_dbn_rows_add(&rows, record, sizeof(record), 1, &fault, NULL);
        status = status ? status : hw_dbn_rows_batch(&rows, &batch, NULL);
        hw_dbn_rows_release(&rows);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&allocations);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_databento),
        cmocka_unit_test(options_shape_rows),
        cmocka_unit_test(what_does_not_fit_is_told),
        cmocka_unit_test(texts_are_checked),
        cmocka_unit_test(rows_are_cleared),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("dbn/rows", tests, NULL, NULL);
}
