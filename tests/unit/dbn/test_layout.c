/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/layout.h"

#include "core/buf.h"
#include "support/rows.h"
#include "unit/dbn/layouts.h"

/* A kind as layouts.h writes it. */
static void kind_put(const struct hw_dbn_field *field, struct hw_buf *text) {
    static const char letters[] = {
        [HW_DBN_PRICE] = 'p', [HW_DBN_TIME] = 't', [HW_DBN_U8] = 'u',   [HW_DBN_U16] = 'u',
        [HW_DBN_U32] = 'u',   [HW_DBN_U64] = 'u',  [HW_DBN_I8] = 'i',   [HW_DBN_I16] = 'i',
        [HW_DBN_I32] = 'i',   [HW_DBN_I64] = 'i',  [HW_DBN_CHAR] = 'c', [HW_DBN_TEXT] = 'c',
    };
    assert_int_equal(hw_buf_printf(text, NULL, " %s@%u:%c%zu", field->name, (unsigned)field->offset,
                                   letters[field->kind], hw_dbn_field_bytes(field)),
                     HW_OK);
}

static void layouts_are_those_of_databento(void **state) {
    (void)state;
    assert_int_equal(COUNT_OF(layouts), HW_DBN_SCHEMAS * HW_DBN_VERSION_MAX);
    for (size_t i = 0; i < COUNT_OF(layouts); i++) {
        HW_AUTO(hw_buf) text = {0};
        enum hw_dbn_schema schema;
        assert_true(hw_dbn_schema_find(hw_view_of(layouts[i].schema), &schema));
        const struct hw_dbn_layout *layout = hw_dbn_layout_of(schema, layouts[i].version);
        assert_row_int(layouts[i].schema, layout->schema, schema);
        assert_int_equal(hw_buf_printf(&text, NULL, "%u %u", (unsigned)layout->bytes, (unsigned)layout->index_ts),
                         HW_OK);
        for (size_t k = 0; k < layout->fields_count; k++) {
            kind_put(&layout->fields[k], &text);
        }
        assert_int_equal(hw_buf_end_text(&text, NULL), HW_OK);
        assert_row_text(layouts[i].schema, (const char *)text.data, layouts[i].columns);
    }
}

/* By the record types in the documentation of Databento's binary encoding. */
static const struct {
    const char *name;
    uint8_t rtype;
    size_t bytes[HW_DBN_VERSION_MAX];
} types[] = {
    {"MBP_0", 0x00, {48, 48, 48}},
    {"MBP_1", 0x01, {80, 80, 80}},
    {"MBP_10", 0x0a, {368, 368, 368}},
    {"OHLCV_DEPRECATED", 0x11, {56, 56, 56}},
    {"STATUS", 0x12, {40, 40, 40}},
    {"INSTRUMENT_DEF", 0x13, {360, 400, 520}},
    {"IMBALANCE", 0x14, {112, 112, 112}},
    {"ERROR", 0x15, {80, 320, 320}},
    {"SYMBOL_MAPPING", 0x16, {80, 176, 176}},
    {"SYSTEM", 0x17, {80, 320, 320}},
    {"STATISTICS", 0x18, {64, 64, 80}},
    {"OHLCV_1S", 0x20, {56, 56, 56}},
    {"OHLCV_EOD", 0x24, {56, 56, 56}},
    {"MBO", 0xa0, {56, 56, 56}},
    {"CMBP_1", 0xb1, {80, 80, 80}},
    {"CBBO_1S", 0xc0, {80, 80, 80}},
    {"CBBO_1M", 0xc1, {80, 80, 80}},
    {"TCBBO", 0xc2, {80, 80, 80}},
    {"BBO_1S", 0xc3, {80, 80, 80}},
    {"BBO_1M", 0xc4, {80, 80, 80}},
    {"of nothing", 0x02, {0, 0, 0}},
    {"of nothing", 0x25, {0, 0, 0}},
    {"of nothing", 0xff, {0, 0, 0}},
};

static void types_have_their_sizes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        for (unsigned version = HW_DBN_VERSION_MIN; version <= HW_DBN_VERSION_MAX; version++) {
            assert_row_int(types[i].name, hw_dbn_record_bytes(types[i].rtype, version), types[i].bytes[version - 1]);
        }
    }
}

static void types_belong_to_schemas(void **state) {
    static const struct {
        uint8_t rtype;
        const char *schema;
        bool is;
    } rows[] = {
        {0xa0, "mbo", true},      {0x01, "mbp-1", true},    {0x01, "tbbo", true},       {0x00, "tbbo", false},
        {0x00, "trades", true},   {0x20, "ohlcv-1s", true}, {0x21, "ohlcv-1s", false},  {0x11, "ohlcv-1s", true},
        {0x11, "ohlcv-1d", true}, {0x11, "mbo", false},     {0x13, "definition", true}, {0x16, "definition", false},
        {0xc2, "tcbbo", true},    {0xb1, "tcbbo", false},   {0xc4, "bbo-1m", true},     {0xc3, "bbo-1m", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum hw_dbn_schema schema;
        assert_true(hw_dbn_schema_find(hw_view_of(rows[i].schema), &schema));
        assert_row_int(rows[i].schema, hw_dbn_rtype_is_of(rows[i].rtype, schema), rows[i].is);
    }
}

static void schemas_have_names(void **state) {
    enum hw_dbn_schema schema = HW_DBN_MIXED;
    (void)state;
    for (unsigned i = 0; i < HW_DBN_SCHEMAS; i++) {
        assert_true(hw_dbn_schema_find(hw_view_of(hw_dbn_schema_name(i)), &schema));
        assert_int_equal(schema, i);
    }
    assert_null(hw_dbn_schema_name(HW_DBN_SCHEMAS));
    assert_null(hw_dbn_schema_name(HW_DBN_MIXED));
    assert_false(hw_dbn_schema_find(HW_VIEW("mbp"), &schema));
    assert_false(hw_dbn_schema_find(HW_VIEW(""), &schema));
    assert_int_equal(schema, HW_DBN_SCHEMAS - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_are_those_of_databento),
        cmocka_unit_test(types_have_their_sizes),
        cmocka_unit_test(types_belong_to_schemas),
        cmocka_unit_test(schemas_have_names),
    };
    return cmocka_run_group_tests_name("dbn/layout", tests, NULL, NULL);
}
