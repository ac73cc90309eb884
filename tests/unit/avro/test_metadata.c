/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/metadata.h"

#include "support/rows.h"

#define PAIR(key, value) \
    { HW_VIEW_INIT(key), HW_VIEW_INIT(value), true }

/* Lengths are zigzag: 2 stands for 1 ("Binary encoding" of the specification). */
static const struct {
    const char *name;
    struct hw_file_pair pairs[3];
    size_t pairs_count;
    bool same_schema;
    hw_view bytes;
    size_t count;
} rows[] = {
    {"none", {{{0}}}, 0, false, HW_VIEW_INIT(""), 0},
    {"two", {PAIR("k", "v"), PAIR("ab", "")}, 2, false, HW_VIEW_INIT("\2k\2v\4ab\0"), 2},
    {"bytes that are no text", {PAIR("k", "\xff\0")}, 1, false, HW_VIEW_INIT("\2k\4\xff\0"), 1},
    {"no value", {{HW_VIEW_INIT("k"), HW_VIEW_INIT(""), false}}, 1, false, HW_VIEW_INIT("\2k\0"), 1},
    {"Avro's own",
     {PAIR("avro.codec", "v"), PAIR("avro.x", "v"), PAIR("avro", "v")},
     3,
     true,
     HW_VIEW_INIT("\x08"
                  "avro\2v"),
     1},
    {"a key twice",
     {PAIR("k", "1"), PAIR("l", "2"), PAIR("k", "3")},
     3,
     false,
     HW_VIEW_INIT("\2k\2"
                  "1\2l\2"
                  "2"),
     2},
    {"keys that are no text",
     {PAIR("\xff", "v"), PAIR("a\0b", "v"), PAIR("\xc3\xa4", "v")},
     3,
     false,
     HW_VIEW_INIT("\4\xc3\xa4\2v"),
     1},
    {"other columns", {PAIR("pandas", "v"), PAIR("k", "v")}, 2, false, HW_VIEW_INIT("\2k\2v"), 1},
    {"the same columns", {PAIR("pandas", "v")}, 1, true, HW_VIEW_INIT("\x0cpandas\2v"), 1},
};

static void pairs_become_entries_of_a_map(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_file_pairs pairs = {rows[i].pairs, rows[i].pairs_count, rows[i].same_schema};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {0};
        size_t count;
        assert_ok(hw_avro_pairs_write(&pairs, &out, &count, &err), err);
        assert_row_int(rows[i].name, count, rows[i].count);
        assert_row_bytes(rows[i].name, out.data, out.size, rows[i].bytes.data, rows[i].bytes.size);
    }
}

static void keys_of_avro_begin_with_its_name(void **state) {
    (void)state;
    assert_true(hw_avro_key_own(HW_VIEW("avro.schema")));
    assert_true(hw_avro_key_own(HW_VIEW("avro.")));
    assert_false(hw_avro_key_own(HW_VIEW("avro")));
    assert_false(hw_avro_key_own(HW_VIEW("Avro.schema")));
    assert_false(hw_avro_key_own(HW_VIEW("parquet.avro.schema")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_become_entries_of_a_map),
        cmocka_unit_test(keys_of_avro_begin_with_its_name),
    };
    return cmocka_run_group_tests_name("avro/metadata", tests, NULL, NULL);
}
