/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_schema.h"

#include <stdio.h>

#include "core/limits.h"
#include "message_parse.h"
#include "support/alloc_fault.h"
#include "table/type.h"

enum { SHOWN_BYTES = 2048 };

static void shown_add(char *shown, const char *text) {
    const size_t used = strlen(shown);
    assert_true(used + strlen(text) < SHOWN_BYTES);
    memcpy(shown + used, text, strlen(text) + 1);
}

/*
 * Shows a node and those below it as "name? type rep/def_slot/def", with "?" where it is not
 * required and "#3" for a field id; children stand in brackets.
 */
static void node_show(const struct hw_node *node, char *shown) {
    const struct hw_field *field = node->field;
    char type[64];
    char text[256];
    hw_type_format(field->type, type, sizeof(type));
    snprintf(text, sizeof(text), "%s%s%s%s %s %d/%d/%d", field->name, field->required ? "" : "?",
             field->metadata_count > 0 ? "#" : "", field->metadata_count > 0 ? field->metadata[0].value : "", type,
             node->rep, node->def_slot, node->def);
    shown_add(shown, text);
    if ((node->kind == HW_NODE_LEAF) != (field->children_count == 0) || node->children_count != field->children_count) {
        fail_msg("%s has another kind or other children than its field", field->name);
    }
    for (size_t i = 0; i < node->children_count; i++) {
        assert_ptr_equal(node->children[i].field, &field->children[i]);
        shown_add(shown, i == 0 ? " (" : ", ");
        node_show(&node->children[i], shown);
    }
    shown_add(shown, node->children_count > 0 ? ")" : "");
}

/* Shows a leaf as "path def_max/rep_max". */
static void leaf_show(const struct hw_read_leaf *leaf, char *shown) {
    char path[128];
    char text[256];
    snprintf(text, sizeof(text), "%s%s %d/%d", shown[0] ? ", " : "", hw_read_leaf_path(leaf, path, sizeof(path)),
             leaf->def_max, leaf->rep_max);
    shown_add(shown, text);
}

/*
 * The schemas are the examples of LogicalTypes.md, and what writers have made. The levels follow
 * from the paper on Dremel: one for each optional or repeated element on the way.
 */
static const struct {
    const char *name;
    const char *schema;
    const char *nodes;
    const char *leaves;
} shapes[] = {
    {"no columns", "", "", ""},
    {"flat", "required int32 a; optional binary b (STRING);", "a int32 0/0/0, b? text 0/0/1", "a 0/0, b 1/0"},
    {"structs", "optional group a { required group b { optional int32 c; required double d; } }",
     "a? struct 0/0/1 (b struct 0/0/0 (c? int32 0/0/2, d double 0/0/0))", "a.b.c 2/0, a.b.d 1/0"},
    {"a list of strings", "required group my_list (LIST) { repeated group list { optional binary element (STRING); } }",
     "my_list list 0/0/0 (element? text 1/1/2)", "my_list.list.element 2/1"},
    {"an optional list", "optional group my_list (LIST) { repeated group element { required binary str (STRING); } }",
     "my_list? list 0/0/1 (element text 1/2/2)", "my_list.element.str 2/1"},
    {"a list of lists",
     "optional group array_of_arrays (LIST) { repeated group list { required group element (LIST) { repeated group "
     "list { required int32 element; } } } }",
     "array_of_arrays? list 0/0/1 (element list 1/2/2 (element int32 2/3/3))",
     "array_of_arrays.list.element.list.element 3/2"},
    {"lists that may all be null",
     "optional group a (LIST) { repeated group list { optional group element (LIST) { repeated group list { optional "
     "int32 element; } } } }",
     "a? list 0/0/1 (element? list 1/2/3 (element? int32 2/4/5))", "a.list.element.list.element 5/2"},
    {"rule 1", "optional group my_list (LIST) { repeated int32 element; }", "my_list? list 0/0/1 (element int32 1/2/2)",
     "my_list.element 2/1"},
    {"rule 2",
     "optional group my_list (LIST) { repeated group element { required binary str (STRING); optional int32 num; } }",
     "my_list? list 0/0/1 (element struct 1/2/2 (str text 1/2/2, num? int32 1/2/3))",
     "my_list.element.str 2/1, my_list.element.num 3/1"},
    {"rule 3", "optional group my_list (LIST) { repeated group array (LIST) { repeated int32 array; } }",
     "my_list? list 0/0/1 (element list 1/2/2 (element int32 2/3/3))", "my_list.array.array 3/2"},
    {"rule 4, array", "optional group my_list (LIST) { repeated group array { required binary str (STRING); } }",
     "my_list? list 0/0/1 (element struct 1/2/2 (str text 1/2/2))", "my_list.array.str 2/1"},
    {"rule 4, _tuple",
     "optional group my_list (LIST) { repeated group my_list_tuple { required binary str (STRING); } }",
     "my_list? list 0/0/1 (element struct 1/2/2 (str text 1/2/2))", "my_list.my_list_tuple.str 2/1"},
    {"a repeated field", "required int32 a; repeated int32 b;", "a int32 0/0/0, b list 0/0/0 (element int32 1/1/1)",
     "a 0/0, b 1/1"},
    {"a repeated group", "repeated group a { required int32 b; repeated int32 c; }",
     "a list 0/0/0 (element struct 1/1/1 (b int32 1/1/1, c list 1/1/1 (element int32 2/2/2)))", "a.b 1/1, a.c 2/2"},
    {"repeated below what may be null", "optional group a { repeated int32 b; }",
     "a? struct 0/0/1 (b list 0/0/0 (element int32 1/2/2))", "a.b 2/1"},
    {"a map",
     "required group my_map (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } }",
     "my_map map 0/0/0 (key_value struct 1/1/1 (key text 1/1/1, value? int32 1/1/2))",
     "my_map.key_value.key 1/1, my_map.key_value.value 2/1"},
    {"a map of old",
     "optional group my_map (old MAP_KEY_VALUE) { repeated group map { required binary str (STRING); required int32 "
     "num; } }",
     "my_map? map 0/0/1 (key_value struct 1/2/2 (key text 1/2/2, value int32 1/2/2))",
     "my_map.map.str 2/1, my_map.map.num 2/1"},
    {"a map of keys that may be null",
     "optional group m (MAP) { repeated group map { optional binary key; optional int32 value; } }",
     "m? map 0/0/1 (key_value struct 1/2/2 (key? binary 1/2/3, value? int32 1/2/3))", "m.map.key 3/1, m.map.value 3/1"},
    {"a map of keys alone", "optional group m (MAP) { repeated group key_value { required binary key (STRING); } }",
     "m? list 0/0/1 (element text 1/2/2)", "m.key_value.key 2/1"},
    {"a map of maps",
     "optional group a (old MAP) { repeated group key_value (old MAP_KEY_VALUE) { required binary key (old UTF8); "
     "optional group value (old MAP) { repeated group key_value (old MAP_KEY_VALUE) { required int32 key; required "
     "boolean value; } } } }",
     "a? map 0/0/1 (key_value struct 1/2/2 (key text 1/2/2, value? map 1/2/3 (key_value struct 2/4/4 (key int32 2/4/4, "
     "value boolean 2/4/4))))",
     "a.key_value.key 2/1, a.key_value.value.key_value.key 4/2, a.key_value.value.key_value.value 4/2"},
    {"a map of repeated values",
     "optional group m (MAP) { repeated group key_value { required int32 key; repeated int32 v; } }",
     "m? map 0/0/1 (key_value struct 1/2/2 (key int32 1/2/2, value list 1/2/2 (element int32 2/3/3)))",
     "m.key_value.key 2/1, m.key_value.v 3/2"},
    {"what is no map", "optional group m (MAP) { repeated group kv { repeated int32 k; } }",
     "m? struct 0/0/1 (kv list 0/0/0 (element struct 1/2/2 (k list 1/2/2 (element int32 2/3/3))))", "m.kv.k 3/2"},
    {"a variant", "optional group v (VARIANT) { required binary metadata; required binary value; }",
     "v? struct 0/0/1 (metadata binary 0/0/0, value binary 0/0/0)", "v.metadata 1/0, v.value 1/0"},
    {"ids",
     "optional group a (LIST) = 1 { repeated group list = 9 { optional int32 element = 2; } } repeated int32 b = 3; "
     "required group c (MAP) = 4 { repeated group key_value { required int32 key = 5; required int32 value = -6; } }",
     "a?#1 list 0/0/1 (element?#2 int32 1/2/3), b#3 list 0/0/0 (element int32 1/1/1), "
     "c#4 map 0/0/0 (key_value struct 1/1/1 (key#5 int32 1/1/1, value#-6 int32 1/1/1))",
     "a.list.element 3/1, b 1/1, c.key_value.key 1/1, c.key_value.value 1/1"},
    {"names that repeat", "required int32 a; required double a;", "a int32 0/0/0, a double 0/0/0", "a 0/0, a 0/0"},
};

static const struct hw_read_schema_options nanos = {.int96 = HW_INT96_NANOS};

static void shapes_become_fields_and_levels(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        struct message message;
        struct hw_read_schema schema = {0};
        struct hw_error err = HW_ERROR_INIT;
        char nodes[SHOWN_BYTES] = "";
        char leaves[SHOWN_BYTES] = "";
        message_parse(&message, shapes[i].schema);
        assert_ok(hw_read_schema_make(&schema, &message.meta, &nanos, NULL, &err), err);
        for (size_t j = 0; j < schema.schema.count; j++) {
            assert_ptr_equal(schema.nodes[j].field, &schema.schema.fields[j]);
            shown_add(nodes, j > 0 ? ", " : "");
            node_show(&schema.nodes[j], nodes);
        }
        for (size_t j = 0; j < schema.leaves_count; j++) {
            assert_row_int(shapes[i].name, schema.leaves[j].column, j);
            leaf_show(&schema.leaves[j], leaves);
        }
        assert_row_text(shapes[i].name, nodes, shapes[i].nodes);
        assert_row_text(shapes[i].name, leaves, shapes[i].leaves);
        hw_read_schema_release(&schema);
    }
}

static void leaves_know_their_values(void **state) {
    (void)state;
    static const struct {
        const char *type;
        enum hw_physical physical;
        size_t width;
        enum hw_leaf_form form;
    } rows[] = {
        {"boolean", HW_PHYSICAL_BOOLEAN, 0, HW_LEAF_SAME},   {"int32", HW_PHYSICAL_INT32, 4, HW_LEAF_SAME},
        {"int64", HW_PHYSICAL_INT64, 8, HW_LEAF_SAME},       {"int96", HW_PHYSICAL_INT96, 12, HW_LEAF_INT96},
        {"float", HW_PHYSICAL_FLOAT, 4, HW_LEAF_SAME},       {"double", HW_PHYSICAL_DOUBLE, 8, HW_LEAF_SAME},
        {"binary", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME}, {"fixed", HW_PHYSICAL_FIXED, 7, HW_LEAF_SAME},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct message message;
        struct hw_read_schema schema = {0};
        struct hw_error err = HW_ERROR_INIT;
        char text[64];
        snprintf(text, sizeof(text), "required %s a;", rows[i].type);
        message_parse(&message, text);
        message.elements[1].type_length = 7;
        assert_ok(hw_read_schema_make(&schema, &message.meta, &nanos, NULL, &err), err);
        const struct hw_read_leaf *leaf = &schema.leaves[0];
        assert_ptr_equal(leaf->element, &message.elements[1]);
        assert_ptr_equal(leaf->field, &schema.schema.fields[0]);
        assert_row_int(rows[i].type, leaf->physical, rows[i].physical);
        assert_row_int(rows[i].type, leaf->width, rows[i].width);
        assert_row_int(rows[i].type, leaf->form, rows[i].form);
        hw_read_schema_release(&schema);
    }
}

static void nodes_know_the_leaves_below_them(void **state) {
    (void)state;
    struct message message;
    struct hw_read_schema schema = {0};
    struct hw_error err = HW_ERROR_INIT;
    message_parse(&message,
                  "required int32 a; repeated group b { required int32 c; required group d (MAP) { repeated "
                  "group e { required int32 f; required int32 g; } } } required group h { required int32 i; }");
    assert_ok(hw_read_schema_make(&schema, &message.meta, &nanos, NULL, &err), err);
    const struct hw_node *b = &schema.nodes[1];
    const struct hw_node *d = &b->children[0].children[1];
    const struct {
        const char *name;
        const struct hw_node *node;
        size_t first, count;
    } rows[] = {
        {"a", &schema.nodes[0], 0, 1},
        {"b", b, 1, 3},
        {"b's element", &b->children[0], 1, 3},
        {"c", &b->children[0].children[0], 1, 1},
        {"d", d, 2, 2},
        {"d's entries", &d->children[0], 2, 2},
        {"g", &d->children[0].children[1], 3, 1},
        {"h", &schema.nodes[2], 4, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, rows[i].node->first_leaf, rows[i].first);
        assert_row_int(rows[i].name, rows[i].node->leaves_count, rows[i].count);
    }
    hw_read_schema_release(&schema);
}

static void doubts_are_listed_and_the_first_is_noted(void **state) {
    (void)state;
    struct message message;
    struct hw_read_schema schema = {0};
    struct hw_notes notes = {0};
    struct hw_error err = HW_ERROR_INIT;
    message_parse(&message, "required int32 a; optional group b (LIST) { required int64 c (LATER); } "
                            "repeated int32 d (STRING);");
    assert_ok(hw_read_schema_make(&schema, &message.meta, &nanos, &notes, &err), err);
    static const struct {
        const char *path, *reason, *field;
    } rows[] = {
        {"b", "a LIST is a group of one repeated child", "b"},
        {"b.c", "the logical type is not known", "c"},
        {"d", "the logical type does not fit the physical type", "element"},
    };
    assert_int_equal(schema.doubts_count, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char path[16];
        assert_row_text(rows[i].path, hw_path_format(schema.doubts[i].path, path, sizeof(path)), rows[i].path);
        assert_row_text(rows[i].path, schema.doubts[i].reason, rows[i].reason);
        assert_row_text(rows[i].path, schema.doubts[i].field->name, rows[i].field);
    }
    assert_int_equal(notes.of[HW_NOTE_SCHEMA_LOGICAL].texts, 1);
    assert_string_equal(notes.of[HW_NOTE_SCHEMA_LOGICAL].text,
                        "column \"b\": a LIST is a group of one repeated child, so it is read as struct");
    hw_read_schema_release(&schema);
}

static void paths_are_compared_and_cut(void **state) {
    (void)state;
    struct message message;
    struct hw_read_schema schema = {0};
    struct hw_error err = HW_ERROR_INIT;
    static const struct {
        const char *name;
        hw_view names[4];
        size_t count;
        bool want;
    } rows[] = {
        {"the path", {HW_VIEW_INIT("ab"), HW_VIEW_INIT("c.d"), HW_VIEW_INIT("e")}, 3, true},
        {"too short", {HW_VIEW_INIT("c.d"), HW_VIEW_INIT("e")}, 2, false},
        {"too long", {HW_VIEW_INIT("ab"), HW_VIEW_INIT("c.d"), HW_VIEW_INIT("e"), HW_VIEW_INIT("f")}, 4, false},
        {"another root", {HW_VIEW_INIT("a"), HW_VIEW_INIT("c.d"), HW_VIEW_INIT("e")}, 3, false},
        {"another leaf", {HW_VIEW_INIT("ab"), HW_VIEW_INIT("c.d"), HW_VIEW_INIT("E")}, 3, false},
        {"none", {HW_VIEW_INIT("")}, 0, false},
    };
    message_parse(&message, "required group ab { required group c.d { required int32 e; } }");
    assert_ok(hw_read_schema_make(&schema, &message.meta, &nanos, NULL, &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_read_leaf_path_is(&schema.leaves[0], rows[i].names, rows[i].count),
                       rows[i].want);
    }
    static const char *const cuts[] = {"",      "a",      "ab",      "ab.",      "ab.c",
                                       "ab.c.", "ab.c.d", "ab.c.d.", "ab.c.d.e", "ab.c.d.e"};
    for (size_t i = 0; i < COUNT_OF(cuts); i++) {
        char out[16];
        assert_string_equal(hw_read_leaf_path(&schema.leaves[0], out, i + 1), cuts[i]);
    }
    hw_read_schema_release(&schema);
}

/* Makes `depth` structs in each other, and a leaf in the last. */
static void depth_has_a_limit(void **state) {
    (void)state;
    static struct hw_parquet_element elements[HW_TABLE_DEPTH_MAX + 2];
    struct hw_parquet_meta meta = {.elements = elements};
    struct hw_read_schema schema = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(elements); i++) {
        elements[i] = (struct hw_parquet_element){.name = HW_VIEW("a"),
                                                  .physical = -1,
                                                  .children_count = 1,
                                                  .repetition = HW_REPETITION_OPTIONAL,
                                                  .converted = HW_CONVERTED_NONE};
    }
    for (size_t depth = HW_TABLE_DEPTH_MAX; depth <= HW_TABLE_DEPTH_MAX + 1; depth++) {
        meta.elements_count = depth + 1;
        elements[depth].physical = HW_PHYSICAL_INT32;
        elements[depth].children_count = 0;
        const enum hw_status status = hw_read_schema_make(&schema, &meta, &nanos, NULL, &err);
        assert_int_equal(status, depth <= HW_TABLE_DEPTH_MAX ? HW_OK : HW_ELIMIT);
        hw_read_schema_release(&schema);
        elements[depth].physical = -1;
        elements[depth].children_count = 1;
    }
    assert_string_equal(err.message, "columns are nested more than 100 deep");
}

static void faults_of_elements_are_passed_on(void **state) {
    (void)state;
    struct message message;
    struct hw_read_schema schema = {0};
    struct hw_error err = HW_ERROR_INIT;
    message_parse(&message, "required int32 a;");
    message.elements[1].repetition = 7;
    assert_int_equal(hw_read_schema_make(&schema, &message.meta, &nanos, NULL, &err), HW_EDATA);
    assert_row_says("a", err.message, "neither required nor optional nor repeated");
    assert_null(schema.arena.blocks);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    /* Names that are longer than a block of the arena, so that each is an allocation. */
    static char name[HW_KIB(64)];
    bool fired = true;
    memset(name, 'n', sizeof(name));
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct message message;
        struct hw_read_schema schema = {0};
        struct hw_notes notes = {0};
        message_parse(&message, "optional group a (MAP) = 1 { repeated group b { required int32 c; repeated int32 d "
                                "(STRING); } } required group e { required int32 f; }");
        for (size_t i = 1; i < message.meta.elements_count; i++) {
            message.elements[i].name = (hw_view){name, sizeof(name)};
        }
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_read_schema_make(&schema, &message.meta, &nanos, &notes, NULL);
        hw_read_schema_release(&schema);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_become_fields_and_levels),  cmocka_unit_test(leaves_know_their_values),
        cmocka_unit_test(nodes_know_the_leaves_below_them), cmocka_unit_test(doubts_are_listed_and_the_first_is_noted),
        cmocka_unit_test(paths_are_compared_and_cut),       cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(faults_of_elements_are_passed_on), cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/read_schema", tests, NULL, NULL);
}
