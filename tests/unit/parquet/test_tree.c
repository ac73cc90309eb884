/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/tree.h"

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

static const struct hw_field number = {.name = "item", .type = {.kind = HW_KIND_INT32}};
static const struct hw_field lists[] = {
    {.name = "a", .type = {.kind = HW_KIND_LIST}, .children = &number, .children_count = 1},
    {.name = "b", .type = {.kind = HW_KIND_DOUBLE}, .required = true}};
static struct hw_field table_fields[] = {
    {.name = "n", .type = {.kind = HW_KIND_INT64}, .required = true},
    {.name = "s", .type = {.kind = HW_KIND_STRUCT}, .children = lists, .children_count = 2},
    {.name = "t", .type = {.kind = HW_KIND_TEXT}},
};
static const struct hw_schema table = {table_fields, 3};

static const struct {
    const char *path;
    size_t column, counts_at;
    uint8_t def_max, rep_max;
    bool nested;
} leaves[] = {
    {"n", 0, 0, 0, 0, false},
    {"s.a.list.element", 1, 0, 4, 1, true}, /* counts of repetition 0..1 and definition 0..4 */
    {"s.b", 1, 7, 1, 0, true},
    {"t", 2, 0, 1, 0, false},
};

static void leaves_know_where_they_are(void **state) {
    (void)state;
    struct hw_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_tree_init(&tree, &table, &err), err);
    assert_int_equal(tree.count, COUNT_OF(leaves));
    assert_int_equal(tree.elements, 8); /* root, n, s, a, list, element, b, t */
    assert_int_equal(tree.counts, 10);
    for (size_t i = 0; i < COUNT_OF(leaves); i++) {
        char path[64];
        const struct hw_leaf *leaf = &tree.leaves[i];
        assert_row_text(leaves[i].path, hw_leaf_path(leaf, path, sizeof(path)), leaves[i].path);
        assert_row_int(leaves[i].path, leaf->column, leaves[i].column);
        assert_row_int(leaves[i].path, leaf->counts_at, leaves[i].counts_at);
        assert_row_int(leaves[i].path, leaf->def_max, leaves[i].def_max);
        assert_row_int(leaves[i].path, leaf->rep_max, leaves[i].rep_max);
        assert_row_int(leaves[i].path, leaf->nested, leaves[i].nested);
        assert_row_int(leaves[i].path, leaf->steps != NULL, leaves[i].nested);
    }
    char cut[6];
    assert_string_equal(hw_leaf_path(&tree.leaves[1], cut, sizeof(cut)), "s.a.l");
    hw_tree_release(&tree);
    hw_tree_release(&tree);
}

static void what_parquet_has_not_is_refused(void **state) {
    (void)state;
    static const struct {
        struct hw_field field;
        const char *says;
    } rows[] = {
        {{.name = "empty", .type = {.kind = HW_KIND_STRUCT}}, "Parquet has no struct without fields"},
        {{.name = "bytes", .type = {.kind = HW_KIND_FIXED}}, "Parquet has no values of 0 bytes"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_field field = rows[i].field;
        struct hw_tree tree;
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].says, hw_tree_init(&tree, &(struct hw_schema){&field, 1}, &err), HW_EUNSUPPORTED);
        assert_row_text(rows[i].says, err.message, rows[i].says);
        assert_row_text(rows[i].says, err.column, field.name);
    }
}

static void depth_has_a_limit(void **state) {
    (void)state;
    struct hw_field fields[HW_TABLE_DEPTH_MAX + 1];
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        fields[i] = (struct hw_field){
            .name = "l", .type = {.kind = HW_KIND_LIST}, .children = &fields[i + 1], .children_count = 1};
    }
    fields[HW_TABLE_DEPTH_MAX] = number;
    struct hw_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_tree_init(&tree, &(struct hw_schema){fields, 1}, &err), HW_ELIMIT);
    assert_row_says("deep", err.message, "columns are nested more than 100 deep");
    assert_ok(hw_tree_init(&tree, &(struct hw_schema){fields + 1, 1}, &err), err);
    assert_int_equal(tree.leaves[0].rep_max, HW_TABLE_DEPTH_MAX - 1);
    assert_int_equal(tree.leaves[0].def_max, 2 * (HW_TABLE_DEPTH_MAX - 1) + 1);
    hw_tree_release(&tree);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_tree tree;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_tree_init(&tree, &table, &err);
        if (status == HW_OK) {
            hw_tree_release(&tree);
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_know_where_they_are),
        cmocka_unit_test(what_parquet_has_not_is_refused),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/tree", tests, NULL, NULL);
}
