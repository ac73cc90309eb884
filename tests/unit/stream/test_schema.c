/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/schema.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/made_stream.h"
#include "support/rows.h"
#include "table/schema.h"

static const struct hw_field byte = {.name = "e", .type = {.kind = HW_KIND_UINT8}};
static const struct hw_field required_text = {.name = "k", .type = {.kind = HW_KIND_TEXT}, .required = true};
static const struct hw_field loose_pair[] = {{.name = "k", .type = {.kind = HW_KIND_TEXT}},
                                             {.name = "v", .type = {.kind = HW_KIND_TEXT}}};
static const struct hw_field loose_entries = {
    .name = "e", .type = {.kind = HW_KIND_STRUCT}, .required = true, .children = loose_pair, .children_count = 2};
static const struct hw_field wrong_child = {.name = "deep", .type = {.kind = HW_KIND_COUNT}};
static const struct hw_key_value no_key[] = {{.value = "v", .value_bytes = 1}};
static const struct hw_key_value no_value[] = {{.key = "k"}};
static const struct hw_key_value large_value[] = {{"k", "v", HW_TABLE_METADATA_BYTES_MAX + 1}};

/* A column that is wrong, and what is said of it. */
struct wrong_field {
    const char *name;
    struct hw_field field;
    enum hw_status status;
    const char *says;
};

static void fields_check(const struct wrong_field *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct hw_field fields[] = {{.name = "first", .type = {.kind = HW_KIND_TEXT}}, rows[i].field};
        const struct hw_schema schema = {fields, 2};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_stream_schema_check(&schema, &err), rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, err.column[0] == '\0', !rows[i].field.name);
    }
}

static void names_and_types_are_checked(void **state) {
    (void)state;
    static char long_name[HW_TABLE_NAME_BYTES_MAX + 2];
    memset(long_name, 'n', sizeof(long_name) - 1);
    const struct wrong_field rows[] = {
        {"no name", {.type = {.kind = HW_KIND_TEXT}}, HW_EDATA, "a column has no name"},
        {"a name that is not UTF-8", {.name = "a\xff"}, HW_EDATA, "a name is not UTF-8"},
        {"a long name", {.name = long_name}, HW_ELIMIT, "a name has more than 65536 bytes"},
        {"no such kind", {.name = "c", .type = {.kind = HW_KIND_COUNT}}, HW_EDATA, "which there is not"},
        {"no such unit", {.name = "c", .type = {.unit = HW_UNIT_COUNT}}, HW_EDATA, "which there is not"},
        {"no such label", {.name = "c", .type = {.label = (enum hw_label)9}}, HW_EDATA, "which there is not"},
        {"no digits", {.name = "c", .type = {.kind = HW_KIND_DECIMAL}}, HW_EDATA, "a decimal has 0 digits"},
        {"too many digits",
         {.name = "c", .type = {.kind = HW_KIND_DECIMAL32, .precision = 10}},
         HW_EDATA,
         "it can have 1 to 9"},
        {"too large a scale",
         {.name = "c", .type = {.kind = HW_KIND_DECIMAL, .precision = 3, .scale = 4}},
         HW_EDATA,
         "3 digits, 4 of them after the point"},
        {"a unit of another kind",
         {.name = "c", .type = {.kind = HW_KIND_TIME64, .unit = HW_UNIT_SECONDS}},
         HW_EDATA,
         "its type has no such unit"},
        {"a unit of another kind too",
         {.name = "c", .type = {.kind = HW_KIND_TIME32, .unit = HW_UNIT_NANOS}},
         HW_EDATA,
         "its type has no such unit"},
    };
    fields_check(rows, COUNT_OF(rows));
}

static void children_and_metadata_are_checked(void **state) {
    (void)state;
    static const struct wrong_field rows[] = {
        {"a text with children",
         {.name = "c", .type = {.kind = HW_KIND_TEXT}, .children = &byte, .children_count = 1},
         HW_EDATA,
         "its type does not have 1 child"},
        {"a list without a child",
         {.name = "c", .type = {.kind = HW_KIND_LIST}},
         HW_EDATA,
         "its type does not have 0 children"},
        {"children that are not there",
         {.name = "c", .type = {.kind = HW_KIND_STRUCT}, .children_count = 2},
         HW_EDATA,
         "its type does not have 2 children"},
        {"a map of texts",
         {.name = "c", .type = {.kind = HW_KIND_MAP}, .children = &required_text, .children_count = 1},
         HW_EDATA,
         "a map's child is no required struct"},
        {"a map whose keys may be null",
         {.name = "c", .type = {.kind = HW_KIND_MAP}, .children = &loose_entries, .children_count = 1},
         HW_EDATA,
         "a map's child is no required struct"},
        {"a dictionary without values",
         {.name = "c", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8}},
         HW_EDATA,
         "a dictionary has values"},
        {"a dictionary of texts as indices",
         {.name = "c", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_TEXT}, .dictionary = &byte},
         HW_EDATA,
         "an integer kind of index"},
        {"values of no dictionary",
         {.name = "c", .type = {.kind = HW_KIND_TEXT}, .dictionary = &byte},
         HW_EDATA,
         "which other types lack"},
        {"metadata that are not there", {.name = "c", .metadata_count = 1}, HW_EDATA, "its metadata are not there"},
        {"metadata without a key", {.name = "c", .metadata = no_key, .metadata_count = 1}, HW_EDATA, "no key"},
        {"metadata without a value", {.name = "c", .metadata = no_value, .metadata_count = 1}, HW_EDATA, "no value"},
        {"large metadata",
         {.name = "c", .metadata = large_value, .metadata_count = 1},
         HW_ELIMIT,
         "metadata of a column"},
        {"a wrong child",
         {.name = "c", .type = {.kind = HW_KIND_LIST}, .children = &wrong_child, .children_count = 1},
         HW_EDATA,
         "which there is not"},
        {"a wrong dictionary",
         {.name = "c", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8}, .dictionary = &wrong_child},
         HW_EDATA,
         "which there is not"},
    };
    fields_check(rows, COUNT_OF(rows));
}

static void tables_have_columns_of_their_own_names(void **state) {
    (void)state;
    struct hw_field fields[] = {{.name = "a"}, {.name = "b"}, {.name = "a"}};
    static const struct hw_schema none = {NULL, 0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_stream_schema_check(&none, &err), HW_EDATA);
    assert_row_says("none", err.message, "has no columns");
    assert_int_equal(hw_stream_schema_check(NULL, &err), HW_EDATA);
    err = (struct hw_error)HW_ERROR_INIT;
    assert_int_equal(hw_stream_schema_check(&(struct hw_schema){fields, 3}, &err), HW_EDATA);
    assert_row_says("twice", err.message, "two columns have the same name");
    assert_row_text("twice", err.column, "a");
    assert_ok(hw_stream_schema_check(&(struct hw_schema){fields, 2}, &err), err);
}

/* One list within the other, and as many columns as there may be. */
static void limits_are_kept(void **state) {
    (void)state;
    enum { LEVELS = HW_TABLE_DEPTH_MAX + 2 };
    static struct hw_field lists[LEVELS], many[HW_TABLE_FIELDS_MAX + 1];
    static char names[HW_TABLE_FIELDS_MAX + 1][8];
    struct hw_error err = HW_ERROR_INIT;
    lists[0] = byte;
    for (size_t i = 1; i < LEVELS; i++) {
        lists[i] = (struct hw_field){
            .name = "l", .type = {.kind = HW_KIND_LIST}, .children = &lists[i - 1], .children_count = 1};
    }
    assert_ok(hw_stream_schema_check(&(struct hw_schema){&lists[LEVELS - 2], 1}, &err), err);
    assert_int_equal(hw_stream_schema_check(&(struct hw_schema){&lists[LEVELS - 1], 1}, &err), HW_ELIMIT);
    assert_row_says("deep", err.message, "nested more than 100 deep");
    for (size_t i = 0; i <= HW_TABLE_FIELDS_MAX; i++) {
        snprintf(names[i], sizeof(names[i]), "%zu", i);
        many[i] = (struct hw_field){.name = names[i]};
    }
    assert_ok(hw_stream_schema_check(&(struct hw_schema){many, HW_TABLE_FIELDS_MAX}, &err), err);
    assert_int_equal(hw_stream_schema_check(&(struct hw_schema){many, HW_TABLE_FIELDS_MAX + 1}, &err), HW_ELIMIT);
    assert_row_says("wide", err.message, "more than 100000 columns");
}

static void dictionaries_become_their_values(void **state) {
    (void)state;
    static const struct hw_key_value pair[] = {{"doc", "it", 2}};
    static const struct hw_field words = {.name = "unused", .type = {.kind = HW_KIND_TEXT}, .required = true};
    static const struct hw_field twice = {
        .name = "", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8}, .dictionary = &words};
    static const struct hw_field child = {
        .name = "e", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT64}, .dictionary = &twice};
    struct hw_field fields[] = {
        {.name = "d",
         .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8, .ordered = true},
         .dictionary = &words,
         .metadata = pair,
         .metadata_count = 1},
        {.name = "l", .type = {.kind = HW_KIND_LIST}, .required = true, .children = &child, .children_count = 1},
    };
    const struct hw_schema schema = {fields, 2};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_schema plain;
    assert_ok(hw_stream_schema_plain(&schema, &arena, &plain, &err), err);
    assert_int_equal(plain.count, 2);
    assert_string_equal(plain.fields[0].name, "d");
    assert_int_equal(plain.fields[0].type.kind, HW_KIND_TEXT);
    assert_false(plain.fields[0].required);
    assert_null(plain.fields[0].dictionary);
    assert_string_equal(plain.fields[0].metadata[0].value, "it");
    assert_int_equal(plain.fields[1].type.kind, HW_KIND_LIST);
    assert_true(plain.fields[1].required);
    assert_string_equal(plain.fields[1].children[0].name, "e");
    assert_int_equal(plain.fields[1].children[0].type.kind, HW_KIND_TEXT);
    assert_int_equal(fields[0].type.kind, HW_KIND_DICTIONARY); /* it is a copy */
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct made_stream made = {.rows = 0};
    made_stream_init(&made);
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_arena arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_schema plain;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_stream_schema_check(&made.schema, &err);
        status = status == HW_OK ? hw_stream_schema_plain(&made.schema, &arena, &plain, &err) : status;
        hw_arena_release(&arena);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_types_are_checked),
        cmocka_unit_test(children_and_metadata_are_checked),
        cmocka_unit_test(tables_have_columns_of_their_own_names),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(dictionaries_become_their_values),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("stream/schema", tests, NULL, NULL);
}
