/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/where.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

/* id, s {a, b, t {x}}, l, u, a union {n, m} */
static const struct hw_field t_fields[] = {{.name = "x", .type = {.kind = HW_KIND_INT64}}};
static const struct hw_field s_fields[] = {
    {.name = "a", .type = {.kind = HW_KIND_INT64}},
    {.name = "b", .type = {.kind = HW_KIND_INT64}},
    {.name = "t", .type = {.kind = HW_KIND_STRUCT}, .children = t_fields, .children_count = 1},
};
static const struct hw_key_value is_union[] = {{HW_META_UNION, "1", 1}};
static const struct hw_field u_fields[] = {
    {.name = "n", .type = {.kind = HW_KIND_INT64}},
    {.name = "m", .type = {.kind = HW_KIND_INT64}},
};
static struct hw_field fields[] = {
    {.name = "id", .type = {.kind = HW_KIND_INT64}},
    {.name = "s", .type = {.kind = HW_KIND_STRUCT}, .children = s_fields, .children_count = COUNT_OF(s_fields)},
    {.name = "l", .type = {.kind = HW_KIND_INT64}},
    {.name = "u",
     .type = {.kind = HW_KIND_STRUCT},
     .children = u_fields,
     .children_count = COUNT_OF(u_fields),
     .metadata = is_union,
     .metadata_count = 1},
};
static const struct hw_schema schema = {fields, COUNT_OF(fields)};

/* Shows a path as "1.0", paths with blanks between them. */
static void paths_show(const struct hw_rows_where *where, char *out, size_t bytes) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < where->filter.columns_count; i++) {
        for (size_t step = 0; step < where->filter.columns[i].path_count; step++) {
            used += (size_t)snprintf(out + used, bytes - used, "%s%" PRIu32,
                                     step > 0 ? "."
                                     : i > 0  ? " "
                                              : "",
                                     where->places[i][step]);
        }
    }
}

/* Shows columns that are read, as "1(2(0))". */
static void selected_show(const struct hw_selected *selected, size_t count, struct hw_buf *out) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hw_buf_printf(out, NULL, "%s%zu", i > 0 ? " " : "", selected[i].index), HW_OK);
        if (selected[i].children_count > 0) {
            assert_int_equal(hw_buf_append_text(out, "(", NULL), HW_OK);
            selected_show(selected[i].children, selected[i].children_count, out);
            assert_int_equal(hw_buf_append_text(out, ")", NULL), HW_OK);
        }
    }
}

static void columns_are_read_once_where_they_can_be(void **state) {
    (void)state;
    static const struct {
        const char *taken;
        const char *text;
        const char *places;
        const char *read;
    } rows[] = {
        {NULL, "id = 1 AND s.a = 2 AND s.t.x = 3", "0 1.0 1.2.0", "0 1 2 3"},
        {"l,id", "id = 1", "1", "2 0"},
        {"l", "id = 1 AND l = 2", "1 0", "2 0"},
        {"id", "s.t.x = 3", "1.0.0", "0 1(2(0))"},
        {"id", "s.b = 3 AND s.a = 1", "1.0 1.1", "0 1(1 0)"},
        {"s.b,id", "s.b = 3 AND s.a = 1 AND s IS NULL", "0.0 0.1 0", "1(1 0) 0"},
        {"s.t,s.a", "s.a = 3 AND s.t.x = 1", "0.1 0.0.0", "1(2 0)"},
        {"id", "s IS NULL", "1", "0 1"},
        {"id", "s IS NULL AND s.t.x = 1", "1 1.2.0", "0 1"},
        {"id", "u.m = 1", "1.1", "0 3"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_selection) taken = {0};
        HW_AUTO(hw_predicate) predicate = {0};
        HW_AUTO(hw_rows_where) where = {0};
        struct hw_error err = HW_ERROR_INIT;
        char text[64] = "";
        assert_ok(hw_selection_make(&taken, &schema, rows[i].taken, &err), err);
        assert_ok(hw_predicate_parse(&predicate, rows[i].text, &err), err);
        assert_ok(hw_rows_where_make(&where, &predicate, &schema, &taken, &err), err);
        paths_show(&where, text, sizeof(text));
        assert_row_text(rows[i].text, text, rows[i].places);
        HW_AUTO(hw_buf) read = {0};
        selected_show(where.read.columns, where.read.schema.count, &read);
        assert_row_bytes(rows[i].text, read.data, read.size, rows[i].read, strlen(rows[i].read));
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    HW_AUTO(hw_selection) taken = {0};
    HW_AUTO(hw_predicate) predicate = {0};
    bool fired = true;
    assert_int_equal(hw_selection_make(&taken, &schema, "id", NULL), HW_OK);
    assert_int_equal(hw_predicate_parse(&predicate, "s.t.x = 1 OR l = 2", NULL), HW_OK);
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_rows_where where = {0};
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_rows_where_make(&where, &predicate, &schema, &taken, NULL);
        hw_rows_where_release(&where);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_read_once_where_they_can_be),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("rows/where", tests, NULL, NULL);
}
