/* SPDX-License-Identifier: Apache-2.0 */
#include "table/schema.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

enum { NAMES_MAX = 8 };

static void names_by_rows(void **state) {
    static const struct {
        const char *name;
        const char *from[NAMES_MAX];
        const char *want[NAMES_MAX];
    } rows[] = {
        {"all different", {"a", "b", "A"}, {"a", "b", "A"}},
        {"one empty", {"a", "", "b"}, {"a", "column_2", "b"}},
        {"all empty", {"", "", ""}, {"column_1", "column_2", "column_3"}},
        {"twice", {"a", "a"}, {"a", "a_2"}},
        {"many", {"a", "a", "a", "a"}, {"a", "a_2", "a_3", "a_4"}},
        {"a later column has the made name", {"a", "a", "a_2"}, {"a", "a_3", "a_2"}},
        {"an earlier column has it", {"a_2", "a", "a"}, {"a_2", "a", "a_3"}},
        {"two of the made names", {"a", "a", "a_2", "a_2"}, {"a", "a_3", "a_2", "a_2_2"}},
        {"a column is called column_2", {"column_2", ""}, {"column_2", "column_2_2"}},
        {"a later column is called column_1", {"", "column_1", "column_1"}, {"column_1_2", "column_1", "column_1_3"}},
        {"blanks count", {" ", "  ", " "}, {" ", "  ", " _2"}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        hw_view names[NAMES_MAX];
        size_t count = 0;
        for (; count < NAMES_MAX && rows[i].from[count]; count++) {
            names[count] = hw_view_of(rows[i].from[count]);
        }
        assert_ok(hw_names_make_unique(names, count, &arena, &err), err);
        for (size_t k = 0; k < count; k++) {
            assert_row_bytes(rows[i].name, names[k].data, names[k].size, rows[i].want[k], strlen(rows[i].want[k]));
        }
    }
}

/* As many equal names as a table may have; in one pass, or this test never ends. */
static void as_many_equal_names_as_there_may_be(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    hw_view *names = calloc(HW_CSV_COLUMNS_MAX, sizeof(*names));
    assert_non_null(names);
    for (size_t i = 0; i < HW_CSV_COLUMNS_MAX; i++) {
        names[i] = i % 2 ? HW_VIEW("a") : HW_VIEW("b");
    }
    assert_ok(hw_names_make_unique(names, HW_CSV_COLUMNS_MAX, &arena, &err), err);
    for (size_t i = 2; i < HW_CSV_COLUMNS_MAX; i++) {
        char want[32];
        snprintf(want, sizeof(want), "%c_%zu", i % 2 ? 'a' : 'b', i / 2 + 1);
        assert_row_bytes(want, names[i].data, names[i].size, want, strlen(want));
    }
    free(names);
}

static void long_names_end_at_their_limit(void **state) {
    (void)state;
    char longest[HW_CSV_NAME_BYTES_MAX + 1];
    memset(longest, 'n', sizeof(longest));
    for (size_t more = 0; more < 2; more++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        hw_view name = {longest, HW_CSV_NAME_BYTES_MAX + more};
        hw_view names[] = {name, name};
        assert_int_equal(hw_names_make_unique(names, 2, &arena, &err), more ? HW_ELIMIT : HW_OK);
        assert_row_text("limit", err.message, more ? "a column name has 4097 bytes, at most 4096 are taken" : "");
        if (!more) {
            assert_int_equal(names[1].size, HW_CSV_NAME_BYTES_MAX + 2);
            assert_memory_equal(names[1].data + HW_CSV_NAME_BYTES_MAX, "_2", 2);
        }
    }
}

static void copies_own_their_names(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    char name[] = "abc";
    struct hw_field field = {
        .name = name, .type = {.kind = HW_KIND_DECIMAL, .precision = 5, .scale = 2}, .required = true};
    const struct hw_schema from = {&field, 1};
    struct hw_schema copy;
    assert_ok(hw_schema_dup(&from, &arena, &copy, &err), err);
    name[0] = 'x';
    assert_int_equal(copy.count, 1);
    assert_string_equal(copy.fields[0].name, "abc");
    assert_true(hw_type_equal(copy.fields[0].type, field.type));
    assert_true(copy.fields[0].required);
}

/* A map of text to lists of dictionary values, all that a field can refer to. */
static struct hw_field nested_field(void) {
    static const struct hw_key_value pairs[] = {{HW_META_FIELD_ID, "7", 1}, {"bytes", "a\0b", 3}};
    static const struct hw_field values = {.name = "", .type = {.kind = HW_KIND_TEXT}};
    static const struct hw_field element = {.name = "element",
                                            .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8},
                                            .dictionary = &values,
                                            .metadata = pairs,
                                            .metadata_count = 2};
    static const struct hw_field pair[] = {
        {.name = "key", .type = {.kind = HW_KIND_TIMESTAMP, .utc = true, .zone = "Asia/Tokyo"}, .required = true},
        {.name = "value", .type = {.kind = HW_KIND_LIST}, .children = &element, .children_count = 1}};
    static const struct hw_field entries = {
        .name = "entries", .type = {.kind = HW_KIND_STRUCT}, .required = true, .children = pair, .children_count = 2};
    return (struct hw_field){.name = "m", .type = {.kind = HW_KIND_MAP}, .children = &entries, .children_count = 1};
}

static void copies_own_all_that_is_nested(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_field field = nested_field();
    struct hw_schema copy;
    assert_ok(hw_schema_dup(&(struct hw_schema){&field, 1}, &arena, &copy, &err), err);
    assert_true(hw_field_types_equal(&copy.fields[0], &field));
    const struct hw_field *pair = copy.fields[0].children->children;
    assert_ptr_not_equal(pair, field.children->children);
    assert_ptr_not_equal(pair[0].type.zone, field.children->children[0].type.zone);
    assert_string_equal(pair[0].type.zone, "Asia/Tokyo");
    const struct hw_field *element = pair[1].children;
    assert_ptr_not_equal(element->dictionary, field.children->children[1].children->dictionary);
    assert_ptr_not_equal(element->metadata, field.children->children[1].children->metadata);
    const struct hw_key_value *bytes = hw_field_metadata(element, "bytes");
    assert_row_bytes("metadata", bytes->value, bytes->value_bytes + 1, "a\0b", 4);
    int32_t id;
    assert_true(hw_field_id(element, &id));
    assert_int_equal(id, 7);
    assert_false(hw_field_id(&pair[0], &id));
    assert_null(hw_field_metadata(element, "byte"));
}

static void nested_types_differ_by_any_part(void **state) {
    (void)state;
    struct hw_field field = nested_field();
    for (int part = 0; part < 6; part++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_schema copy;
        assert_int_equal(hw_schema_dup(&(struct hw_schema){&field, 1}, &arena, &copy, NULL), HW_OK);
        struct hw_field *entries = (struct hw_field *)(uintptr_t)copy.fields[0].children;
        struct hw_field *pair = (struct hw_field *)(uintptr_t)entries->children;
        struct hw_field *element = (struct hw_field *)(uintptr_t)pair[1].children;
        struct hw_field *values = (struct hw_field *)(uintptr_t)element->dictionary;
        copy.fields[0].name = "another name";
        entries->required = part != 0;
        pair[0].name = part == 1 ? "k" : "key";
        pair[1].children_count = part == 2 ? 0 : 1;
        element->dictionary = part == 3 ? NULL : values;
        values->type.kind = part == 4 ? HW_KIND_BINARY : HW_KIND_TEXT;
        assert_int_equal(hw_field_types_equal(&copy.fields[0], &field), part == 5);
    }
}

static void field_ids_are_numbers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is;
        int32_t id;
    } rows[] = {
        {"0", true, 0},
        {"-1", true, -1},
        {"2147483647", true, INT32_MAX},
        {"-2147483648", true, INT32_MIN},
        {"", false, 0},
        {"2147483648", false, 0},
        {"1x", false, 0},
        {" 1", false, 0},
        {"+1", false, 0},
        {"99999999999999", false, 0},
        {"-", false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_key_value pair = {HW_META_FIELD_ID, rows[i].text, strlen(rows[i].text)};
        const struct hw_field field = {.name = "x", .metadata = &pair, .metadata_count = 1};
        int32_t id = 0;
        assert_row_int(rows[i].text, hw_field_id(&field, &id), rows[i].is);
        assert_row_int(rows[i].text, id, rows[i].id);
    }
    const struct hw_key_value cut = {HW_META_FIELD_ID, "1\0002", 3};
    int32_t id;
    assert_false(hw_field_id(&(struct hw_field){.name = "x", .metadata = &cut, .metadata_count = 1}, &id));
}

static void too_wide_a_schema_is_refused(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_schema from = {.count = SIZE_MAX / 2};
    struct hw_schema copy = {.count = 3};
    assert_int_equal(hw_schema_dup(&from, &arena, &copy, &err), HW_ELIMIT);
    assert_row_says("error", err.message, " columns is too wide");
    assert_int_equal(copy.count, 3);
}

static void leaves_are_counted_below_what_is_nested(void **state) {
    (void)state;
    static const struct hw_field pair[] = {{.name = "x"}, {.name = "y"}};
    static const struct hw_field both = {
        .name = "s", .type = {.kind = HW_KIND_STRUCT}, .children = pair, .children_count = 2};
    struct hw_field fields[] = {
        {.name = "flat"},
        {.name = "list", .type = {.kind = HW_KIND_LIST}, .children = &both, .children_count = 1},
        {.name = "empty", .type = {.kind = HW_KIND_STRUCT}},
    };
    assert_int_equal(hw_schema_leaves(&(struct hw_schema){fields, 1}), 1);
    assert_int_equal(hw_schema_leaves(&(struct hw_schema){fields, 3}), 4);
    assert_int_equal(hw_schema_leaves(&(struct hw_schema){NULL, 0}), 0);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_arena arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_field field = nested_field();
        struct hw_schema copy;
        hw_view names[] = {HW_VIEW_INIT("a"), HW_VIEW_INIT("a"), HW_VIEW_INIT("")};
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_names_make_unique(names, 3, &arena, &err);
        if (status == HW_OK) {
            status = hw_schema_dup(&(struct hw_schema){&field, 1}, &arena, &copy, &err);
        }
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_row_says("error", err.message, fired ? "out of memory asking for " : "");
    }
}

static void a_name_twice_is_found(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *names[NAMES_MAX];
        const char *twin;
    } rows[] = {
        {"none", {NULL}, NULL},
        {"all different", {"a", "b", "A"}, NULL},
        {"one twice", {"b", "a", "b"}, "b"},
        {"two twice", {"c", "b", "b", "c"}, "b"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_field fields[NAMES_MAX] = {{0}};
        struct hw_schema schema = {fields, 0};
        struct hw_error err = HW_ERROR_INIT;
        const char *twin = "";
        for (; schema.count < NAMES_MAX && rows[i].names[schema.count]; schema.count++) {
            fields[schema.count].name = rows[i].names[schema.count];
        }
        assert_ok(hw_schema_twin(&schema, &twin, &err), err);
        assert_row_text(rows[i].name, twin ? twin : "none", rows[i].twin ? rows[i].twin : "none");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_by_rows),
        cmocka_unit_test(as_many_equal_names_as_there_may_be),
        cmocka_unit_test(long_names_end_at_their_limit),
        cmocka_unit_test(copies_own_their_names),
        cmocka_unit_test(copies_own_all_that_is_nested),
        cmocka_unit_test(nested_types_differ_by_any_part),
        cmocka_unit_test(field_ids_are_numbers),
        cmocka_unit_test(too_wide_a_schema_is_refused),
        cmocka_unit_test(leaves_are_counted_below_what_is_nested),
        cmocka_unit_test(a_name_twice_is_found),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("table/schema", tests, NULL, NULL);
}
