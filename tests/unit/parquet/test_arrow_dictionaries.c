/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/arrow_dictionaries.h"

#include "parquet/encoding.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/table/messages.h"

enum { LEAVES_MAX = 16 };

/*
 * `leaves` has a 't' for each leaf of texts and a 'n' for one of numbers; `want` has an 'x' for
 * each that is a dictionary. Messages are those of make_messages.py, which says what is in them.
 */
static const struct {
    const char *name;
    const char *leaves;
    const char *want;
    const char *schema; /* the value of the last pair; NULL: it has none */
    struct hw_file_pair before;
    bool other_columns;
} rows[] = {
    {"no dictionary", "tt", "..", message_floats},
    {"no dictionary, and more columns", "ttt", "...", message_floats},
    {"one among all types", "tttttttttttttttt", "..x.............", message_all},
    {"in a list, of numbers, in a struct and last", "nttntttt", ".x...x.x", message_dictionaries},
    {"more columns than the schema has", "ntttttttt", ".xxxxxxxx", message_dictionaries},
    {"fewer columns than the schema has", "nttnttt", ".xx.xxx", message_dictionaries},
    {"not of pyarrow", "tttttt", "...x..", message_rare},
    {"no base64", "tn", "x.", "?"},
    {"no message", "tn", "x.", "AAAA"},
    {"of columns that have changed", "nttntttt", "........", message_dictionaries, .other_columns = true},
    {"no value", "tn", "..", NULL},
    {"behind another key", "tttttt", "...x..", message_rare, {HW_VIEW_INIT("pandas"), HW_VIEW_INIT("?"), true}},
    {"two schemas", "tttttt", "xxxxxx", message_rare, {HW_VIEW_INIT("ARROW:schema"), HW_VIEW_INIT("?"), true}},
};

static enum hw_status mark(size_t row, struct hw_leaf *leaves, struct hw_error *err) {
    const struct hw_file_pair schema = {HW_VIEW("ARROW:schema"),
                                        rows[row].schema ? hw_view_of(rows[row].schema) : HW_VIEW(""),
                                        rows[row].schema != NULL};
    const struct hw_file_pair items[] = {rows[row].before, schema};
    const struct hw_file_pairs pairs = {items, COUNT_OF(items), !rows[row].other_columns};
    struct hw_tree tree = {.leaves = leaves, .count = strlen(rows[row].leaves)};
    for (size_t i = 0; i < tree.count; i++) {
        const bool text = rows[row].leaves[i] == 't';
        leaves[i] = (struct hw_leaf){.physical = text ? HW_PHYSICAL_BYTE_ARRAY : HW_PHYSICAL_INT64};
    }
    return hw_arrow_dictionaries_mark(&tree, &pairs, err);
}

static void leaves_are_marked(void **state) {
    (void)state;
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        struct hw_leaf leaves[LEAVES_MAX];
        char got[LEAVES_MAX + 1] = "";
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(mark(row, leaves, &err), err);
        for (size_t i = 0; rows[row].leaves[i]; i++) {
            got[i] = leaves[i].dictionary_only ? 'x' : '.';
        }
        assert_row_text(rows[row].name, got, rows[row].want);
    }
}

/* Encodings.md: the values of a text column may be PLAIN, in a dictionary, or delta-encoded. */
static void marked_leaves_have_two_encodings(void **state) {
    (void)state;
    static const struct hw_field field = {"t", {.kind = HW_KIND_TEXT}, true};
    const unsigned two = 1u << HW_ENCODING_PLAIN | 1u << HW_ENCODING_RLE_DICTIONARY;
    static const enum hw_parquet_encodings allowed[] = {HW_PARQUET_COMPACT, HW_PARQUET_COMPAT, HW_PARQUET_MAX};
    struct hw_leaf leaf;
    hw_leaf_init(&leaf, &field);
    for (size_t i = 0; i < COUNT_OF(allowed); i++) {
        leaf.dictionary_only = false;
        assert_int_equal(hw_encodings_of(&leaf, allowed[i]) == two, allowed[i] == HW_PARQUET_COMPAT);
        leaf.dictionary_only = true;
        assert_int_equal(hw_encodings_of(&leaf, allowed[i]), two);
    }
}

static void no_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        struct hw_leaf leaves[LEAVES_MAX];
        struct alloc_fault fault;
        alloc_fault_begin(&fault, n);
        const enum hw_status status = mark(2, leaves, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_are_marked),
        cmocka_unit_test(marked_leaves_have_two_encodings),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("parquet/arrow_dictionaries", tests, NULL, NULL);
}
