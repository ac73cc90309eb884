/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/columns.h"

#include "core/buf.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "table/type.h"

/* Names and types of the columns, with "?" behind those that may have nulls. */
static const struct {
    const char *name;
    const char *schema;
    unsigned version;
    struct hw_dbn_columns_options options;
    const char *want;
} rows[] = {
    {"trades",
     "trades",
     1,
     {0},
     "ts_recv:timestamp_ns_utc? ts_event:timestamp_ns_utc? rtype:uint8 publisher_id:uint16 instrument_id:uint32 "
     "action:text side:text depth:uint8 price:double? size:uint32 flags:uint8 ts_in_delta:int32 sequence:uint32 "},
    {"bars, whose index is ts_event",
     "ohlcv-1d",
     3,
     {.symbol = true},
     "ts_event:timestamp_ns_utc? rtype:uint8 publisher_id:uint16 instrument_id:uint32 open:double? high:double? "
     "low:double? close:double? volume:uint64 symbol:text? "},
    {"all undefined values are null",
     "cbbo-1s",
     2,
     {.undefined = HW_DBN_UNDEFINED_ALL, .ts_out = true, .symbol = true},
     "ts_recv:timestamp_ns_utc? ts_event:timestamp_ns_utc? rtype:uint8 publisher_id:uint16 instrument_id:uint32 "
     "side:text price:double? size:uint32? flags:uint8 bid_px_00:double? ask_px_00:double? bid_sz_00:uint32? "
     "ask_sz_00:uint32? bid_pb_00:uint16 ask_pb_00:uint16 ts_out:timestamp_ns_utc? symbol:text? "},
    {"none is",
     "statistics",
     2,
     {.prices = HW_DBN_PRICES_FIXED, .raw_times = true, .undefined = HW_DBN_UNDEFINED_KEEP},
     "ts_recv:uint64 ts_event:uint64 rtype:uint8 publisher_id:uint16 instrument_id:uint32 ts_ref:uint64 price:int64 "
     "quantity:int32 sequence:uint32 ts_in_delta:int32 stat_type:uint16 channel_id:uint16 update_action:uint8 "
     "stat_flags:uint8 "},
    {"decimals, and a quantity of 64 bits",
     "statistics",
     3,
     {.prices = HW_DBN_PRICES_DECIMAL, .raw_times = true, .undefined = HW_DBN_UNDEFINED_ALL},
     "ts_recv:uint64? ts_event:uint64? rtype:uint8 publisher_id:uint16 instrument_id:uint32 ts_ref:uint64? "
     "price:decimal64(18,9)? quantity:int64? sequence:uint32 ts_in_delta:int32 stat_type:uint16 channel_id:uint16 "
     "update_action:uint8 stat_flags:uint8 "},
    {"characters",
     "status",
     3,
     {0},
     "ts_recv:timestamp_ns_utc? ts_event:timestamp_ns_utc? rtype:uint8 publisher_id:uint16 instrument_id:uint32 "
     "action:uint16 reason:uint16 trading_event:uint16 is_trading:text is_quoting:text "
     "is_short_sell_restricted:text "},
};

static void column_put(struct hw_buf *text, const struct hw_field *field) {
    static const char *const names[HW_KIND_COUNT] = {
        [HW_KIND_DOUBLE] = "double",       [HW_KIND_INT64] = "int64",   [HW_KIND_TEXT] = "text",
        [HW_KIND_INT32] = "int32",         [HW_KIND_UINT8] = "uint8",   [HW_KIND_UINT16] = "uint16",
        [HW_KIND_UINT32] = "uint32",       [HW_KIND_UINT64] = "uint64", [HW_KIND_TIMESTAMP] = "timestamp",
        [HW_KIND_DECIMAL64] = "decimal64",
    };
    assert_non_null(names[field->type.kind]);
    assert_int_equal(hw_buf_printf(text, NULL, "%s:%s", field->name, names[field->type.kind]), HW_OK);
    if (field->type.kind == HW_KIND_TIMESTAMP) {
        assert_int_equal(field->type.unit, HW_UNIT_NANOS);
        assert_int_equal(hw_buf_append_text(text, field->type.utc ? "_ns_utc" : "_ns", NULL), HW_OK);
    }
    if (field->type.kind == HW_KIND_DECIMAL64) {
        assert_int_equal(hw_buf_printf(text, NULL, "(%d,%d)", field->type.precision, field->type.scale), HW_OK);
    }
    assert_int_equal(hw_buf_append_text(text, field->required ? " " : "? ", NULL), HW_OK);
}

static void columns_have_their_types(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_dbn_columns columns;
        enum hw_dbn_schema schema;
        assert_true(hw_dbn_schema_find(hw_view_of(rows[i].schema), &schema));
        const struct hw_dbn_layout *layout = hw_dbn_layout_of(schema, rows[i].version);
        assert_ok(hw_dbn_columns_make(&columns, layout, &rows[i].options, &arena, &err), err);
        assert_int_equal(columns.count, columns.schema.count);
        for (size_t k = 0; k < columns.count; k++) {
            column_put(&text, &columns.schema.fields[k]);
            assert_row_int(rows[i].name, columns.items[k].nullable, !columns.schema.fields[k].required);
        }
        assert_int_equal(hw_buf_end_text(&text, NULL), HW_OK);
        assert_row_text(rows[i].name, (const char *)text.data, rows[i].want);
    }
}

static void no_memory_is_told(void **state) {
    bool fired = true;
    (void)state;
    for (size_t n = 0; fired; n++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_dbn_columns columns;
        struct alloc_fault fault;
        alloc_fault_begin(&fault, n);
        const enum hw_status status =
            hw_dbn_columns_make(&columns, hw_dbn_layout_of(HW_DBN_DEFINITION, 3),
                                &(struct hw_dbn_columns_options){.symbol = true}, &arena, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_have_their_types),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("dbn/columns", tests, NULL, NULL);
}
