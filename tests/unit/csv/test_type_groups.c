/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/type_groups.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

enum { COLUMNS_MAX = 4, TABLES_MAX = 4 };

/* A table whose columns are called by letters, and what bit each of them has seen. */
struct made {
    char names[COLUMNS_MAX][2];
    struct hw_field fields[COLUMNS_MAX];
    struct hw_schema schema;
    struct hw_csv_profile profiles[COLUMNS_MAX];
};

static void table_make(struct made *made, const char *names, const uint32_t *seen) {
    *made = (struct made){.schema = {made->fields, strlen(names)}};
    for (size_t i = 0; i < made->schema.count; i++) {
        made->names[i][0] = names[i];
        made->fields[i].name = made->names[i];
        made->profiles[i] = (struct hw_csv_profile)HW_CSV_PROFILE_INIT;
        made->profiles[i].seen = seen ? seen[i] : 0;
    }
}

enum { A = 1, B = 2, C = 4, D = 8 };

static void tables_of_the_same_names_are_a_group(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct {
            const char *names;
            uint32_t seen[COLUMNS_MAX];
        } tables[TABLES_MAX]; /* up to the first without names */
        const char *asked;
        enum hw_status want;
        uint32_t seen[COLUMNS_MAX];
    } rows[] = {
        {"one table", {{"ab", {A, B}}}, "ab", HW_OK, {A, B}},
        {"two tables", {{"ab", {A, B}}, {"ab", {C, D}}}, "ab", HW_OK, {A | C, B | D}},
        {"another order", {{"ab", {A, B}}, {"ba", {C, D}}}, "ab", HW_OK, {A | D, B | C}},
        {"asked in another order", {{"abc", {A, B, C}}}, "cab", HW_OK, {C, A, B}},
        {"a column more is another group", {{"ab", {A, B}}, {"abc", {C, C, C}}}, "ab", HW_OK, {A, B}},
        {"a column less too", {{"ab", {A, B}}, {"a", {C}}, {"ab", {D, D}}}, "a", HW_OK, {C}},
        {"the last of several", {{"a", {A}}, {"b", {B}}, {"c", {C}}, {"d", {D}}}, "d", HW_OK, {D}},
        {"no such table", {{"ab", {A, B}}}, "ac", HW_ECHANGED, {0}},
        {"no table at all", {{NULL, {0}}}, "a", HW_ECHANGED, {0}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_type_groups groups;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_csv_profile got[COLUMNS_MAX] = {{0}};
        struct made made;
        hw_csv_type_groups_init(&groups);
        for (size_t k = 0; k < TABLES_MAX && rows[i].tables[k].names; k++) {
            table_make(&made, rows[i].tables[k].names, rows[i].tables[k].seen);
            assert_ok(hw_csv_type_groups_add(&groups, &made.schema, made.profiles, &err), err);
        }
        table_make(&made, rows[i].asked, NULL);
        assert_row_int(rows[i].name, hw_csv_type_groups_get(&groups, &made.schema, got, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].want == HW_OK ? "" : "it has other columns");
        for (size_t k = 0; k < COLUMNS_MAX; k++) {
            assert_row_int(rows[i].name, got[k].seen, rows[i].seen[k]);
        }
        hw_csv_type_groups_release(&groups);
    }
}

/* The names "a" and "b" are not the name "ab", nor one with what stands between names. */
static void names_are_told_apart(void **state) {
    (void)state;
    struct hw_csv_type_groups groups;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_field one = {.name = "ab"};
    const struct hw_schema single = {&one, 1};
    struct hw_csv_profile profile = HW_CSV_PROFILE_INIT;
    struct made made;
    hw_csv_type_groups_init(&groups);
    table_make(&made, "ab", NULL);
    assert_ok(hw_csv_type_groups_add(&groups, &made.schema, made.profiles, &err), err);
    assert_int_equal(hw_csv_type_groups_get(&groups, &single, &profile, &err), HW_ECHANGED);
    hw_csv_type_groups_release(&groups);
}

/* So many tables of one group take no more memory than one; as many groups come to the limit. */
static void memory_is_taken_for_each_group(void **state) {
    (void)state;
    enum { TABLES = 20000, COLUMNS = 64, NAME = 16 };
    static char names[COLUMNS][NAME];
    static struct hw_field fields[COLUMNS];
    static struct hw_csv_profile profiles[COLUMNS];
    const struct hw_schema schema = {fields, COLUMNS};
    for (int other = 0; other < 2; other++) {
        struct hw_csv_type_groups groups;
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status = HW_OK;
        hw_csv_type_groups_init(&groups);
        for (size_t i = 0; i < COLUMNS; i++) {
            snprintf(names[i], NAME, "c%zu", i);
            fields[i].name = names[i];
        }
        for (int table = 0; status == HW_OK && table < TABLES * (1 + other); table++) {
            snprintf(names[0], NAME, "t%d", other ? table : 0);
            status = hw_csv_type_groups_add(&groups, &schema, profiles, &err);
        }
        assert_int_equal(status, other ? HW_ELIMIT : HW_OK);
        assert_row_says("limit", err.message, other ? "different sets of columns, which are too many" : "");
        const size_t held = groups.synced.profiles.size + groups.synced.names.keys.size;
        assert_true(other ? held <= HW_CSV_TYPE_GROUPS_BYTES_MAX && held > HW_CSV_TYPE_GROUPS_BYTES_MAX / 2
                          : held < HW_KIB(8));
        /* what was added before is still there */
        snprintf(names[0], NAME, "t0");
        assert_int_equal(hw_csv_type_groups_get(&groups, &schema, profiles, &err), HW_OK);
        hw_csv_type_groups_release(&groups);
    }
}

static void want_of_memory_leaves_the_groups_as_they_were(void **state) {
    (void)state;
    static const uint32_t seen[] = {A, B}, more[] = {C, D};
    bool fired = true;
    size_t faults = 0;
    for (size_t successes = 0; fired; successes++) {
        struct hw_csv_type_groups groups;
        struct hw_csv_profile got[COLUMNS_MAX];
        struct hw_error err = HW_ERROR_INIT;
        struct alloc_fault fault;
        struct made made, other;
        hw_csv_type_groups_init(&groups);
        table_make(&made, "ab", seen);
        table_make(&other, "cd", more);
        assert_ok(hw_csv_type_groups_add(&groups, &made.schema, made.profiles, &err), err);
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_csv_type_groups_add(&groups, &other.schema, other.profiles, &err);
        status = status == HW_OK ? hw_csv_type_groups_get(&groups, &other.schema, got, &err) : status;
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_ok(hw_csv_type_groups_get(&groups, &made.schema, got, &err), err);
        assert_int_equal(got[0].seen, A);
        assert_int_equal(got[1].seen, B);
        faults += fired;
        hw_csv_type_groups_release(&groups);
    }
    assert_true(faults > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_the_same_names_are_a_group),
        cmocka_unit_test(names_are_told_apart),
        cmocka_unit_test(memory_is_taken_for_each_group),
        cmocka_unit_test(want_of_memory_leaves_the_groups_as_they_were),
    };
    return cmocka_run_group_tests_name("csv/type_groups", tests, NULL, NULL);
}
