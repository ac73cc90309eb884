/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/choice.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

enum { NAMES_MAX = 4 };

static size_t count_of(const char *const *names) {
    size_t count = 0;
    while (count < NAMES_MAX && names[count]) {
        count++;
    }
    return count;
}

/*
 * A schema file of decimals, whose scale is the first byte of their name; those called b are
 * required.
 */
static struct hw_schema_file file_of(const char *const *names, struct hw_field *fields) {
    struct hw_schema_file file = {.schema = {fields, count_of(names)}};
    for (size_t i = 0; i < file.schema.count; i++) {
        const char *name = names[i];
        fields[i] = (struct hw_field){name, {.kind = HW_KIND_DECIMAL, .scale = (uint8_t)*name}, *name == 'b'};
    }
    return file;
}

static struct hw_csv_layout layout_of(const char *const *names, struct hw_field *fields) {
    struct hw_csv_layout layout = {.schema = {fields, count_of(names)}};
    for (size_t i = 0; i < layout.schema.count; i++) {
        fields[i] = (struct hw_field){.name = names[i]};
    }
    return layout;
}

/*
 * "name" of each, with - before one that is left out, * behind one that is given, ! behind a
 * required one.
 */
static void layout_text(const struct hw_csv_layout *layout, char out[64]) {
    const struct hw_csv_constraint *asked = layout->constraints.columns;
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < layout->schema.count; i++) {
        const struct hw_field *field = &layout->schema.fields[i];
        const bool given = asked && asked[i].given;
        used += (size_t)snprintf(out + used, 64 - used, "%s%s%s%s%s", i > 0 ? " " : "",
                                 asked && asked[i].left_out ? "-" : "", field->name, given ? "*" : "",
                                 field->required ? "!" : "");
        assert_int_equal(field->type.scale, given && field->type.kind == HW_KIND_DECIMAL ? field->name[0] : 0);
    }
}

static void choices_are_applied(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *names[NAMES_MAX];
        const char *given[NAMES_MAX];
        const char *select[NAMES_MAX];
        const char *added;
        const char *want; /* of a text */
        bool fixed;
        const char *table; /* the columns of its own table; NULL: there is none */
    } rows[] = {
        {"nothing asked", {"a", "b"}, {NULL}, {NULL}, NULL, "a b", false, "a b"},
        {"the same order", {"a", "b"}, {"a", "b"}, {NULL}, NULL, "a* b*!", true, "a b"},
        {"another order", {"a", "b", "c"}, {"c", "a", "b"}, {NULL}, NULL, "a* b*! c*", true, "a b c"},
        {"one is not given", {"a", "b"}, {"b"}, {NULL}, NULL, "a b*!", false, "a b"},
        {"one is not there", {"a"}, {"a", "b"}, {NULL}, NULL, "a*", true, "a"},
        {"case counts", {"A"}, {"a"}, {NULL}, NULL, "A", false, "A"},
        {"selected", {"a", "b", "c"}, {NULL}, {"c", "a"}, NULL, "a -b c", false, "c a"},
        {"only what is left out is not given", {"a", "b"}, {"b"}, {"b"}, NULL, "-a b*!", true, "b"},
        {"what is left out is not given", {"a", "b"}, {"a", "b"}, {"a"}, NULL, "a* -b", true, "a"},
        {"none of those that are selected", {"a"}, {NULL}, {"b"}, NULL, "-a", true, NULL},
        {"one is added, which no text has", {"a"}, {NULL}, {NULL}, "s", "a", false, "a"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_field here[NAMES_MAX], given[NAMES_MAX];
        const struct hw_schema_file file = file_of(rows[i].given, given);
        const struct hw_columns_options columns = {
            .select = rows[i].select, .select_count = count_of(rows[i].select), .add_source = rows[i].added};
        const struct hw_csv_choice choice = {&columns, file.schema.count > 0 ? &file : NULL};
        struct hw_csv_layout layout = layout_of(rows[i].names, here);
        struct hw_schema table = {0};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        char text[64];
        assert_ok(hw_csv_choice_apply(&choice, &arena, &layout, &err), err);
        layout_text(&layout, text);
        assert_row_text(rows[i].name, text, rows[i].want);
        assert_row_int(rows[i].name, layout.fixed, rows[i].fixed);
        assert_row_int(rows[i].name, layout.constraints.unique, false);
        for (size_t k = 0; k < layout.schema.count; k++) {
            assert_row_text(rows[i].name, layout.sources[k], rows[i].names[k]);
        }
        assert_row_int(rows[i].name, hw_csv_choice_schema(&layout, &arena, &table, &err),
                       rows[i].table ? HW_OK : HW_EDATA);
        text[0] = '\0';
        for (size_t k = 0, used = 0; k < table.count; k++) {
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", k > 0 ? " " : "", table.fields[k].name);
        }
        assert_row_text(rows[i].name, text, rows[i].table ? rows[i].table : "");
    }
}

static void tables_have_their_columns_by_name(void **state) {
    (void)state;
    static const char *const names[] = {"b", "a", "x", "source", NULL};
    static const char *const all[] = {"a", "b", "x", NULL};
    const struct hw_columns_options columns = {.add_source = "source"};
    struct hw_csv_constraint constraints[3] = {{.has_min = true, .min.integer = 3}, {.unique = true}, {0}};
    struct hw_field here[NAMES_MAX], given[NAMES_MAX];
    struct hw_schema_file file = file_of(all, given);
    file.constraints = (struct hw_csv_constraints){constraints, true};
    struct hw_csv_layout layout = layout_of(names, here);
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    assert_ok(hw_csv_choice_apply_table(&(struct hw_csv_choice){&columns, &file}, &arena, &layout, &err), err);
    assert_true(layout.constraints.unique && layout.fixed);
    assert_true(layout.constraints.columns[0].unique && !layout.constraints.columns[0].has_min);
    assert_int_equal(layout.constraints.columns[0].key, 0);
    assert_int_equal(layout.constraints.columns[1].min.integer, 3);
    assert_true(here[0].required && here[0].type.scale == 'b' && here[1].type.scale == 'a');
    assert_true(layout.constraints.columns[3].given && here[3].type.kind == HW_KIND_TEXT && !here[3].required);

    /* A unique column that is not there asks for no order of the rows. */
    layout = layout_of(names + 1, here);
    assert_ok(hw_csv_choice_apply_table(&(struct hw_csv_choice){NULL, &file}, &arena, &layout, &err), err);
    assert_false(layout.constraints.unique || layout.fixed);
    assert_false(layout.constraints.columns[2].given);
}

static void what_is_not_there_is_told(void **state) {
    (void)state;
    static const char *const names[] = {"a", "b"}, *const given_names[] = {"a", "c", NULL};
    struct hw_field given[NAMES_MAX];
    const struct hw_schema_file file = file_of(given_names, given);
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_csv_choice_prove(&(struct hw_csv_choice){NULL, &file}, names, 2, &err), HW_EDATA);
    assert_row_says("message", err.message, "there is no column \"c\" for which a type is given");
    assert_int_equal(hw_csv_choice_prove(&(struct hw_csv_choice){NULL, NULL}, names, 2, &err), HW_OK);
    assert_int_equal(hw_csv_choice_lacks_columns(&err), HW_EDATA);
    assert_row_says("message", err.message, "all columns are left out (--drop)");
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static const char *const names[] = {"a", "b", NULL};
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_arena arena = {0};
        struct hw_field here[NAMES_MAX], given[NAMES_MAX];
        const struct hw_schema_file file = file_of(names, given);
        const struct hw_columns_options columns = {.names_style = HW_NAMES_SNAKE};
        const struct hw_csv_choice choice = {&columns, &file};
        struct hw_csv_layout layout = layout_of(names, here);
        struct hw_schema table;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_csv_choice_apply(&choice, &arena, &layout, &err);
        status = status ? status : hw_csv_choice_schema(&layout, &arena, &table, &err);
        status = status ? status : hw_csv_choice_apply_table(&choice, &arena, &layout, &err);
        status = status ? status : hw_csv_choice_prove(&choice, names, 2, &err);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_are_applied),
        cmocka_unit_test(tables_have_their_columns_by_name),
        cmocka_unit_test(what_is_not_there_is_told),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/choice", tests, NULL, NULL);
}
