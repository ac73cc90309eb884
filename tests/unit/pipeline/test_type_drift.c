/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/type_drift.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

enum { SOURCES_MAX = 4, COLUMNS_MAX = 5 };

struct told {
    size_t count;
    char message[512];
};

static void tell(void *ctx, const struct hw_error *warning) {
    struct told *told = ctx;
    told->count++;
    snprintf(told->message, sizeof(told->message), "%s", warning->message);
}

/* Columns as letters, each with the kind that stands for its type: i d t b. */
static size_t fields_of(const char *text, struct hw_field *fields, char names[COLUMNS_MAX][2]) {
    size_t count = 0;
    for (; text[2 * count]; count++) {
        const char kind = text[2 * count + 1];
        names[count][0] = text[2 * count];
        names[count][1] = '\0';
        fields[count] = (struct hw_field){
            .name = names[count],
            .type.kind = kind == 'i'   ? HW_KIND_INT64
                         : kind == 'd' ? HW_KIND_DOUBLE
                         : kind == 'b' ? HW_KIND_BOOL
                                       : HW_KIND_TEXT,
        };
    }
    return count;
}

static const struct {
    const char *name;
    struct {
        const char *source;
        const char *columns;
    } sources[SOURCES_MAX];
    const char *says; /* NULL: nothing */
} rows[] = {
    {"nothing", {{NULL, NULL}}, NULL},
    {"one source", {{"a", "xiyd"}}, NULL},
    {"the same types", {{"a", "xiyd"}, {"b", "xiyd"}}, NULL},
    {"tables with other columns", {{"a", "xiyd"}, {"b", "xdzd"}}, NULL},
    {"two tables, one of which has several types",
     {{"a", "xiyd"}, {"b", "xdzd"}, {"c", "xtyd"}},
     "x (int64 in a, text in c)"},
    {"columns of their own", {{"a", "xi"}, {"b", "yd"}}, NULL},
    {"two types", {{"a", "xiyt"}, {"b", "xdyt"}}, "1 column has not the same type in all sources with these columns"},
    {"which are named", {{"a", "xi"}, {"b", "xd"}}, "x (int64 in a, double in b)"},
    {"in the order of names", {{"c", "xi"}, {"b", "xd"}, {"a", "xi"}}, "x (int64 in a, double in b)"},
    {"three types", {{"c", "xt"}, {"b", "xd"}, {"a", "xi"}}, "x (int64 in a, double in b, text in c)"},
    {"four types",
     {{"c", "xt"}, {"d", "xb"}, {"b", "xd"}, {"a", "xi"}},
     "x (int64 in a, double in b, text in c and 1 other type)"},
    {"many columns",
     {{"a", "viwixiyi"}, {"b", "vdwdxdyd"}},
     "4 columns have not the same type in all sources with these columns, so that their outputs are no single table; "
     "--one-schema gives them one: v (int64 in a, double in b), w (int64 in a, double in b), x (int64 in a, double in "
     "b) and others"},
};

static void columns_of_several_types_are_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_type_drift) drift = {0};
        struct told told = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_warn warn = {tell, &told};
        for (size_t k = 0; k < SOURCES_MAX && rows[i].sources[k].source; k++) {
            struct hw_field fields[COLUMNS_MAX];
            char names[COLUMNS_MAX][2];
            const size_t count = fields_of(rows[i].sources[k].columns, fields, names);
            const struct hw_schema schema = {fields, count};
            assert_ok(hw_type_drift_add(&drift, &schema, rows[i].sources[k].source, &err), err);
        }
        hw_type_drift_tell(&drift, &warn);
        assert_row_int(rows[i].name, told.count, rows[i].says != NULL);
        assert_row_says(rows[i].name, told.message, rows[i].says ? rows[i].says : "");
    }
}

/* However many sources there are, only the names that would be told take memory. */
static void sources_take_no_memory(void **state) {
    (void)state;
    HW_AUTO(hw_type_drift) drift = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_field fields[] = {{.name = "x", .type.kind = HW_KIND_INT64}};
    const struct hw_schema schema = {fields, 1};
    for (size_t i = 0; i < 100000; i++) {
        char source[64];
        snprintf(source, sizeof(source), "folder/of/sources/%06zu.csv", i);
        assert_ok(hw_type_drift_add(&drift, &schema, source, &err), err);
    }
    assert_true(drift.arena.held_bytes < 1 << 16);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct hw_field fields[] = {{.name = "x", .type.kind = HW_KIND_INT64}};
    const struct hw_schema schema = {fields, 1};
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_type_drift drift = {0};
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_type_drift_add(&drift, &schema, "a", &err);
        hw_type_drift_release(&drift);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_of_several_types_are_told),
        cmocka_unit_test(sources_take_no_memory),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/type_drift", tests, NULL, NULL);
}
