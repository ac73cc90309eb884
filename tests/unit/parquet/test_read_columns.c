/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_columns.h"

#include <stdio.h>

#include "message_parse.h"
#include "support/alloc_fault.h"
#include "support/schema_text.h"

enum { SHOWN_BYTES = 1024 };

static void shown_add(char *shown, const char *text) {
    const size_t used = strlen(shown);
    assert_true(used + strlen(text) < SHOWN_BYTES);
    memcpy(shown + used, text, strlen(text) + 1);
}

/*
 * Shows a node as "name rep/def_slot/def first+count" with its leaves, its children in brackets.
 * Nodes and leaves refer to the fields of the table that batches are of.
 */
static void node_show(const struct hw_read_columns *columns, const struct hw_node *node, const struct hw_field *field,
                      char *shown) {
    char text[128];
    assert_ptr_equal(node->field, field);
    snprintf(text, sizeof(text), "%s %d/%d/%d %zu+%zu", field->name, node->rep, node->def_slot, node->def,
             node->first_leaf, node->leaves_count);
    shown_add(shown, text);
    if (node->kind == HW_NODE_LEAF) {
        assert_true(node->first_leaf < columns->leaves_count);
        assert_ptr_equal(columns->leaves[node->first_leaf].field, field);
        return;
    }
    assert_int_equal(node->children_count, field->children_count);
    for (size_t i = 0; i < node->children_count; i++) {
        shown_add(shown, i == 0 ? " (" : ", ");
        node_show(columns, &node->children[i], &field->children[i], shown);
    }
    shown_add(shown, ")");
}

/* A flat column, a struct of two, a list of structs, a map whose values are structs. */
static const char file[] =
    "required int64 n; "
    "optional group s { required int32 x; optional group in { optional int32 y; required int32 z; } } "
    "optional group l (LIST) { repeated group list { optional group element { required int32 a; optional int32 b; } } "
    "} "
    "required group m (MAP) { repeated group key_value { required binary key (STRING); optional group value { required "
    "int32 u; optional int32 v; } } } "
    "optional binary t (STRING);";

/* The columns of the file: n, s.x, s.in.y, s.in.z, l.a, l.b, m.key, m.u, m.v and t, from 0 to 9. */
static const struct {
    const char *name;
    /* NULL: no selection. */
    const char *list;
    const char *schema;
    const char *nodes;
    /* Leaves with their columns in the file. */
    const char *leaves;
} rows[] = {
    {"a column", "n", "n:int64!", "n 0/0/0 0+1", "n=0"},
    {"the last one", "t", "t:text", "t 0/0/1 0+1", "t=9"},
    {"another order", "t,n", "t:text n:int64!", "t 0/0/1 0+1, n 0/0/0 1+1", "t=9 n=0"},
    {"a whole struct", "s", "s:struct{x:int32! in:struct{y:int32 z:int32!}}",
     "s 0/0/1 0+3 (x 0/0/0 0+1, in 0/0/2 1+2 (y 0/0/3 1+1, z 0/0/0 2+1))", "s.x=1 s.in.y=2 s.in.z=3"},
    {"a field of a struct", "s.x", "s:struct{x:int32!}", "s 0/0/1 0+1 (x 0/0/0 0+1)", "s.x=1"},
    {"a field far down", "s.in.z", "s:struct{in:struct{z:int32!}}", "s 0/0/1 0+1 (in 0/0/2 0+1 (z 0/0/0 0+1))",
     "s.in.z=3"},
    {"fields in another order", "s.in,s.x", "s:struct{in:struct{y:int32 z:int32!} x:int32!}",
     "s 0/0/1 0+3 (in 0/0/2 0+2 (y 0/0/3 0+1, z 0/0/0 1+1), x 0/0/0 2+1)", "s.in.y=2 s.in.z=3 s.x=1"},
    {"through a list", "l.element.b", "l:list{element:struct{b:int32}}",
     "l 0/0/1 0+1 (element 1/2/3 0+1 (b 1/2/4 0+1))", "l.list.element.b=5"},
    {"a whole list behind a column", "n,l", "n:int64! l:list{element:struct{a:int32! b:int32}}",
     "n 0/0/0 0+1, l 0/0/1 1+2 (element 1/2/3 1+2 (a 1/2/2 1+1, b 1/2/4 2+1))",
     "n=0 l.list.element.a=4 l.list.element.b=5"},
    {"through a map, which keeps its keys", "m.value.v", "m:map!{key_value:struct!{key:text! value:struct{v:int32}}}",
     "m 0/0/0 0+2 (key_value 1/1/1 0+2 (key 1/1/1 0+1, value 1/1/2 1+1 (v 1/1/3 1+1)))",
     "m.key_value.key=6 m.key_value.value.v=8"},
    {"some of all", "m.value.u,t,s.in.y,n",
     "m:map!{key_value:struct!{key:text! value:struct{u:int32!}}} t:text s:struct{in:struct{y:int32}} n:int64!",
     "m 0/0/0 0+2 (key_value 1/1/1 0+2 (key 1/1/1 0+1, value 1/1/2 1+1 (u 1/1/1 1+1))), t 0/0/1 2+1, "
     "s 0/0/1 3+1 (in 0/0/2 3+1 (y 0/0/3 3+1)), n 0/0/0 4+1",
     "m.key_value.key=6 m.key_value.value.u=7 t=9 s.in.y=2 n=0"},
    {"all of it", NULL,
     "n:int64! s:struct{x:int32! in:struct{y:int32 z:int32!}} l:list{element:struct{a:int32! b:int32}} "
     "m:map!{key_value:struct!{key:text! value:struct{u:int32! v:int32}}} t:text",
     NULL,
     "n=0 s.x=1 s.in.y=2 s.in.z=3 l.list.element.a=4 l.list.element.b=5 m.key_value.key=6 m.key_value.value.u=7 "
     "m.key_value.value.v=8 t=9"},
};

/* The schema of the file, and what is selected of it. */
struct made {
    struct message message;
    struct hw_read_schema schema;
    struct hw_selection selection;
};

static void made_open(struct made *made, const char *list) {
    const struct hw_read_schema_options options = {0};
    struct hw_error err = HW_ERROR_INIT;
    message_parse(&made->message, file);
    made->schema = (struct hw_read_schema){0};
    made->selection = (struct hw_selection){0};
    assert_ok(hw_read_schema_make(&made->schema, &made->message.meta, &options, NULL, &err), err);
    if (list) {
        assert_ok(hw_selection_make(&made->selection, &made->schema.schema, list, &err), err);
    }
}

static void leaves_show(const struct hw_read_columns *columns, char *shown) {
    for (size_t i = 0; i < columns->leaves_count; i++) {
        char path[64];
        char text[80];
        const struct hw_read_leaf *leaf = &columns->leaves[i];
        snprintf(text, sizeof(text), "%s%s=%zu", i > 0 ? " " : "", hw_read_leaf_path(leaf, path, sizeof(path)),
                 leaf->column);
        shown_add(shown, text);
    }
}

static void columns_are_those_of_the_selection(void **state) {
    (void)state;
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        struct made made;
        struct hw_read_columns columns = {0};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        char nodes[SHOWN_BYTES] = "";
        char leaves[SHOWN_BYTES] = "";
        made_open(&made, rows[row].list);
        const struct hw_selection *selection = rows[row].list ? &made.selection : NULL;
        assert_ok(hw_read_columns_make(&columns, &made.schema, selection, &err), err);
        hw_selection_release(&made.selection);
        assert_row_text(rows[row].name, schema_text(&columns.shared->schema, &text), rows[row].schema);
        assert_row_int(rows[row].name, columns.nodes_count, columns.shared->schema.count);
        for (size_t i = 0; rows[row].nodes && i < columns.nodes_count; i++) {
            shown_add(nodes, i > 0 ? ", " : "");
            node_show(&columns, &columns.nodes[i], &columns.shared->schema.fields[i], nodes);
        }
        assert_row_text(rows[row].name, nodes, rows[row].nodes ? rows[row].nodes : "");
        leaves_show(&columns, leaves);
        assert_row_text(rows[row].name, leaves, rows[row].leaves);
        hw_read_columns_release(&columns);
        hw_read_schema_release(&made.schema);
    }
}

static void all_columns_are_those_of_the_file(void **state) {
    (void)state;
    struct made made;
    struct hw_read_columns columns = {0};
    struct hw_error err = HW_ERROR_INIT;
    made_open(&made, NULL);
    assert_ok(hw_read_columns_make(&columns, &made.schema, NULL, &err), err);
    assert_ptr_equal(columns.nodes, made.schema.nodes);
    assert_ptr_equal(columns.leaves, made.schema.leaves);
    assert_int_equal(columns.leaves_count, 10);
    hw_read_columns_release(&columns);
    assert_null(columns.shared);
    assert_int_equal(columns.nodes_count, 0);
    hw_read_schema_release(&made.schema);
}

static void the_schema_lives_as_long_as_its_batches(void **state) {
    (void)state;
    struct made made;
    struct hw_read_columns columns = {0};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    made_open(&made, "s.in.y,n");
    assert_ok(hw_read_columns_make(&columns, &made.schema, &made.selection, &err), err);
    struct hw_shared_schema *shared = columns.shared;
    assert_int_equal(atomic_load(&shared->owner.references), 1);
    hw_owner_retain(&shared->owner);
    hw_read_columns_release(&columns);
    hw_selection_release(&made.selection);
    hw_read_schema_release(&made.schema);
    assert_int_equal(atomic_load(&shared->owner.references), 1);
    assert_string_equal(schema_text(&shared->schema, &text), "s:struct{in:struct{y:int32}} n:int64!");
    hw_owner_drop(&shared->owner);
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    static const char *const lists[] = {NULL, "m.value.u,s.in.y,n"};
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        struct made made;
        bool fired = true;
        size_t failures = 0;
        made_open(&made, lists[i]);
        for (; fired; failures++) {
            struct hw_read_columns columns = {0};
            struct alloc_fault fault;
            alloc_fault_begin(&fault, failures);
            const enum hw_status status =
                hw_read_columns_make(&columns, &made.schema, lists[i] ? &made.selection : NULL, NULL);
            hw_read_columns_release(&columns);
            fired = alloc_fault_end(&fault);
            assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        }
        assert_true(failures > (lists[i] ? 3 : 1));
        hw_selection_release(&made.selection);
        hw_read_schema_release(&made.schema);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_those_of_the_selection),
        cmocka_unit_test(all_columns_are_those_of_the_file),
        cmocka_unit_test(the_schema_lives_as_long_as_its_batches),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("parquet/read_columns", tests, NULL, NULL);
}
