/* SPDX-License-Identifier: Apache-2.0 */
#include "table/selection.h"

#include <stdio.h>

#include "core/buf.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

/*
 * id, "a,b", "p.q", p {q, r {s, t}}, l [{x, y}], ll [[{z}]], m {key, value {v, w}}, n [int], k, k
 */
static const struct hw_field r_fields[] = {{.name = "s"}, {.name = "t"}};
static const struct hw_field p_fields[] = {
    {.name = "q"}, {.name = "r", .type = {.kind = HW_KIND_STRUCT}, .children = r_fields, .children_count = 2}};
static const struct hw_field l_fields[] = {{.name = "x"}, {.name = "y"}};
static const struct hw_field l_element = {
    .name = "element", .type = {.kind = HW_KIND_STRUCT}, .children = l_fields, .children_count = 2};
static const struct hw_field z = {.name = "z"};
static const struct hw_field ll_element = {
    .name = "element", .type = {.kind = HW_KIND_STRUCT}, .children = &z, .children_count = 1};
static const struct hw_field ll_list = {
    .name = "element", .type = {.kind = HW_KIND_LIST}, .children = &ll_element, .children_count = 1};
static const struct hw_field v_fields[] = {{.name = "v"}, {.name = "w"}};
static const struct hw_field entry_fields[] = {
    {.name = "key"}, {.name = "value", .type = {.kind = HW_KIND_STRUCT}, .children = v_fields, .children_count = 2}};
static const struct hw_field entries = {
    .name = "key_value", .type = {.kind = HW_KIND_STRUCT}, .children = entry_fields, .children_count = 2};
static const struct hw_field number = {.name = "element", .type = {.kind = HW_KIND_INT32}};
static struct hw_field table_fields[] = {
    {.name = "id"},
    {.name = "a,b"},
    {.name = "p.q"},
    {.name = "p", .type = {.kind = HW_KIND_STRUCT}, .children = p_fields, .children_count = 2},
    {.name = "l", .type = {.kind = HW_KIND_LIST}, .children = &l_element, .children_count = 1},
    {.name = "ll", .type = {.kind = HW_KIND_LARGE_LIST}, .children = &ll_list, .children_count = 1},
    {.name = "m", .type = {.kind = HW_KIND_MAP}, .children = &entries, .children_count = 1},
    {.name = "n", .type = {.kind = HW_KIND_LIST}, .children = &number, .children_count = 1},
    {.name = "k"},
    {.name = "k"},
};
static const struct hw_schema table = {table_fields, COUNT_OF(table_fields)};

/* Shows fields with the numbers that they come from, as "p=3(q=0)". */
static void selected_show(const struct hw_field *fields, const struct hw_selected *selected, size_t count,
                          struct hw_buf *shown) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hw_buf_printf(shown, NULL, "%s%s=%zu", i > 0 ? " " : "", fields[i].name, selected[i].index),
                         HW_OK);
        if (selected[i].children_count > 0) {
            assert_int_equal(fields[i].children_count, selected[i].children_count);
            assert_int_equal(hw_buf_append_text(shown, "(", NULL), HW_OK);
            selected_show(fields[i].children, selected[i].children, selected[i].children_count, shown);
            assert_int_equal(hw_buf_append_text(shown, ")", NULL), HW_OK);
        }
    }
}

static const struct {
    const char *list;
    const char *want;
} rows[] = {
    {"id", "id=0"},
    {"p,id", "p=3 id=0"},
    {"\"a,b\",id", "a,b=1 id=0"},
    {"p.q", "p.q=2"},
    {"p.r", "p=3(r=1)"},
    {"p.r.t", "p=3(r=1(t=1))"},
    {"p.r.t,id,p.r.s", "p=3(r=1(t=1 s=0)) id=0"},
    {"l.y", "l=4(element=0(y=1))"},
    {"l.element.y", "l=4(element=0(y=1))"},
    {"l.list.element.y", "l=4(element=0(y=1))"},
    {"l.list.element", "l=4(element=0)"},
    {"l.x,l.list.element.y", "l=4(element=0(x=0 y=1))"},
    {"ll.z", "ll=5(element=0(element=0(z=0)))"},
    {"ll.list.element.list.element.z", "ll=5(element=0(element=0(z=0)))"},
    {"m.w", "m=6(key_value=0(key=0 value=1(w=1)))"},
    {"m.value.w", "m=6(key_value=0(key=0 value=1(w=1)))"},
    {"m.key_value.value.w,m.v", "m=6(key_value=0(key=0 value=1(w=1 v=0)))"},
    {"m.value", "m=6(key_value=0(key=0 value=1))"},
    {"n.element", "n=7(element=0)"},
};

static void lists_choose_fields(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_selection selection = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_buf shown = {0};
        assert_ok(hw_selection_make(&selection, &table, rows[i].list, &err), err);
        selected_show(selection.schema.fields, selection.columns, selection.schema.count, &shown);
        assert_row_bytes(rows[i].want, shown.data, shown.size, rows[i].want, strlen(rows[i].want));
        hw_buf_release(&shown);
        hw_selection_release(&selection);
    }
}

static void without_a_list_all_are_chosen(void **state) {
    (void)state;
    struct hw_selection selection = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_selection_make(&selection, &table, NULL, &err), err);
    assert_int_equal(selection.schema.count, table.count);
    for (size_t i = 0; i < table.count; i++) {
        assert_int_equal(selection.columns[i].index, i);
        assert_int_equal(selection.columns[i].children_count, 0);
        assert_ptr_equal(selection.schema.fields[i].children, table.fields[i].children);
    }
    hw_selection_release(&selection);
}

static const struct {
    const char *list;
    const char *says;
} faults[] = {
    {"", "the list of columns has an empty name"},
    {"id,", "the list of columns has an empty name"},
    {"id,,p", "the list of columns has an empty name"},
    {"\"id", "the list of columns ends within quotes"},
    {"\"id\"x", "a comma has to follow the closing quote of a column in the list"},
    {"zzzz", "there is no column \"zzzz\""},
    {"p.zzzz", "there is no column \"p.zzzz\""},
    {"\"a,c\"", "there is no column \"a,c\"; did you mean \"a,b\"?"},
    {"l.list.element.zzzz", "there is no column \"l.list.element.zzzz\""},
    {"m.key", "there is no column \"m.key\""},
    {"id.x", "there is no column \"id.x\""},
    {"k", "column \"k\" is the name of several columns, of which none can be told from the others"},
    {"id,id", "column \"id\" is listed twice, by itself or within another"},
    {"p,p.r", "column \"p.r\" is listed twice, by itself or within another"},
    {"p.r.s,p.r", "column \"p.r\" is listed twice, by itself or within another"},
    {"l.x,l.list.element.x", "column \"l.list.element.x\" is listed twice, by itself or within another"},
};

static void what_is_not_there_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_selection selection = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(faults[i].list, hw_selection_make(&selection, &table, faults[i].list, &err), HW_EUSAGE);
        assert_row_text(faults[i].list, err.message, faults[i].says);
        assert_null(selection.arena.blocks);
    }
}

static void the_nearest_name_keeps_its_path(void **state) {
    (void)state;
    static const struct hw_field inner[] = {{.name = "amount"}, {.name = "currency"}};
    static struct hw_field fields[] = {
        {.name = "price", .type = {.kind = HW_KIND_STRUCT}, .children = inner, .children_count = 2}};
    const struct hw_schema prices = {fields, 1};
    struct hw_selection selection = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_selection_make(&selection, &prices, "price.amuont", &err), HW_EUSAGE);
    assert_string_equal(err.message, "there is no column \"price.amuont\"; did you mean \"price.amount\"?");
    assert_int_equal(hw_selection_make(&selection, &prices, "prize", &err), HW_EUSAGE);
    assert_string_equal(err.message, "there is no column \"prize\"; did you mean \"price\"?");
}

static void batches_keep_what_is_chosen(void **state) {
    (void)state;
    static const int32_t values[] = {5, 6, 7, 8};
    static const int32_t offsets[] = {0, 1};
    const struct hw_column l_columns[] = {{.values = values}, {.values = values + 1}};
    const struct hw_column element = {.children = l_columns, .length = 1};
    struct hw_column columns[COUNT_OF(table_fields)] = {{.values = values + 2}};
    columns[4] = (struct hw_column){.offsets = offsets, .children = &element};
    const struct hw_batch batch = {&table, 1, columns, NULL};
    struct hw_selection selection = {0};
    struct hw_arena arena = {0};
    struct hw_batch chosen;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_selection_make(&selection, &table, "l.y,id", &err), err);
    assert_ok(hw_selection_apply(&selection, &batch, &arena, &chosen, &err), err);
    assert_int_equal(chosen.rows, 1);
    assert_ptr_equal(chosen.schema, &selection.schema);
    assert_ptr_equal(chosen.columns[0].offsets, offsets);
    assert_int_equal(chosen.columns[0].children[0].length, 1);
    assert_ptr_equal(chosen.columns[0].children[0].children[0].values, values + 1);
    assert_ptr_equal(chosen.columns[1].values, values + 2);
    hw_arena_release(&arena);
    hw_selection_release(&selection);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_selection selection = {0};
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_selection_make(&selection, &table, "m.w,id", NULL);
        hw_selection_release(&selection);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_choose_fields),          cmocka_unit_test(without_a_list_all_are_chosen),
        cmocka_unit_test(what_is_not_there_is_refused), cmocka_unit_test(the_nearest_name_keeps_its_path),
        cmocka_unit_test(batches_keep_what_is_chosen),  cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("table/selection", tests, NULL, NULL);
}
