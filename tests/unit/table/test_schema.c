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

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_arena arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_field field = {.name = "a"};
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_by_rows),
        cmocka_unit_test(as_many_equal_names_as_there_may_be),
        cmocka_unit_test(long_names_end_at_their_limit),
        cmocka_unit_test(copies_own_their_names),
        cmocka_unit_test(too_wide_a_schema_is_refused),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("table/schema", tests, NULL, NULL);
}
