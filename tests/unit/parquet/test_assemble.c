/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/assemble.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"
#include "support/slot_text.h"

/* ------ fields and nodes; levels are those that the format's definition gives */

static const struct hw_field int_field = {.name = "n", .type.kind = HW_KIND_INT32};
static const struct hw_field bool_field = {.name = "b", .type.kind = HW_KIND_BOOL};
static const struct hw_field text_field = {.name = "t", .type.kind = HW_KIND_TEXT};
static const struct hw_field long_field = {.name = "l", .type.kind = HW_KIND_INT64};
static const struct hw_field byte_field = {.name = "i", .type.kind = HW_KIND_INT8};
static const struct hw_field short_field = {.name = "s", .type.kind = HW_KIND_INT16};
static const struct hw_field uuid_field = {.name = "u", .type.kind = HW_KIND_UUID};
static const struct hw_field fixed_field = {.name = "f", .type = {.kind = HW_KIND_FIXED, .width = 3}};
static const struct hw_field null_field = {.name = "z", .type.kind = HW_KIND_NULL};

static const struct hw_field list_field = {
    .name = "list", .type.kind = HW_KIND_LIST, .children = &int_field, .children_count = 1};
static const struct hw_field lists_field = {
    .name = "lists", .type.kind = HW_KIND_LIST, .children = &list_field, .children_count = 1};
static const struct hw_field pair_children[] = {
    {.name = "a", .type.kind = HW_KIND_INT32, .required = true},
    {.name = "b", .type.kind = HW_KIND_TEXT},
};
static const struct hw_field pair_field = {
    .name = "pair", .type.kind = HW_KIND_STRUCT, .children = pair_children, .children_count = 2};
static const struct hw_field pairs_field = {
    .name = "pairs", .type.kind = HW_KIND_LIST, .children = &pair_field, .children_count = 1};
static const struct hw_field entries_field = {
    .name = "key_value", .type.kind = HW_KIND_STRUCT, .required = true, .children = pair_children, .children_count = 2};
static const struct hw_field map_field = {
    .name = "map", .type.kind = HW_KIND_MAP, .children = &entries_field, .children_count = 1};

/* optional group list (LIST) { repeated group list { optional int32 element } } */
static const struct hw_node list_element = {HW_NODE_LEAF, &int_field, 1, 2, 3, .first_leaf = 0};
static const struct hw_node list_node = {HW_NODE_LIST, &list_field, 0, 0, 1, &list_element, 1};
/* The same of lists. */
static const struct hw_node inner_element = {HW_NODE_LEAF, &int_field, 2, 4, 5, .first_leaf = 0};
static const struct hw_node inner_node = {HW_NODE_LIST, &list_field, 1, 2, 3, &inner_element, 1};
static const struct hw_node outer_node = {HW_NODE_LIST, &lists_field, 0, 0, 1, &inner_node, 1};
/* optional group pair { required int32 a; optional binary b (STRING) } */
static const struct hw_node pair_nodes[] = {
    {HW_NODE_LEAF, &pair_children[0], 0, 0, 0, .first_leaf = 0},
    {HW_NODE_LEAF, &pair_children[1], 0, 0, 2, .first_leaf = 1},
};
static const struct hw_node pair_node = {HW_NODE_STRUCT, &pair_field, 0, 0, 1, pair_nodes, 2};
/* A list of such structs, and a map. */
static const struct hw_node listed_nodes[] = {
    {HW_NODE_LEAF, &pair_children[0], 1, 2, 2, .first_leaf = 0},
    {HW_NODE_LEAF, &pair_children[1], 1, 2, 4, .first_leaf = 1},
};
static const struct hw_node listed_node = {HW_NODE_STRUCT, &pair_field, 1, 2, 3, listed_nodes, 2};
static const struct hw_node pairs_node = {HW_NODE_LIST, &pairs_field, 0, 0, 1, &listed_node, 1};
static const struct hw_node entry_nodes[] = {
    {HW_NODE_LEAF, &pair_children[0], 1, 2, 2, .first_leaf = 0},
    {HW_NODE_LEAF, &pair_children[1], 1, 2, 3, .first_leaf = 1},
};
static const struct hw_node entries_node = {HW_NODE_STRUCT, &entries_field, 1, 2, 2, entry_nodes, 2};
static const struct hw_node map_node = {HW_NODE_MAP, &map_field, 0, 0, 1, &entries_node, 1};

static struct hw_node leaf_node(const struct hw_field *field, bool optional) {
    return (struct hw_node){HW_NODE_LEAF, field, 0, 0, optional, .first_leaf = 0};
}

/* ------ leaves */

/* Levels are digits, an entry each; values are hex, or texts that "|" ends. */
struct leaf_row {
    size_t width;
    const char *reps;
    const char *defs;
    const char *values;
    unsigned def_max;
};

static void levels_fill(const char *digits, struct hw_buf *levels) {
    for (const char *digit = digits ? digits : ""; *digit; digit++) {
        assert_int_equal(hw_buf_append_byte(levels, (uint8_t)(*digit - '0'), NULL), HW_OK);
    }
}

static void texts_fill(const char *texts, struct hw_leaf_rows *rows) {
    int32_t end = 0;
    assert_int_equal(hw_buf_append(&rows->offsets, &end, sizeof(end), NULL), HW_OK);
    for (; *texts; texts++) {
        if (*texts != '|') {
            assert_int_equal(hw_buf_append_byte(&rows->data, (uint8_t)*texts, NULL), HW_OK);
            continue;
        }
        end = (int32_t)rows->data.size;
        rows->count++;
        assert_int_equal(hw_buf_append(&rows->offsets, &end, sizeof(end), NULL), HW_OK);
    }
}

static void fixed_fill(const char *hex, struct hw_leaf_rows *rows) {
    for (; *hex; hex += 2) {
        unsigned byte;
        assert_int_equal(sscanf(hex, "%2x", &byte), 1);
        assert_int_equal(hw_buf_append_byte(&rows->values, (uint8_t)byte, NULL), HW_OK);
    }
    rows->count = rows->values.size / rows->width;
}

static void leaf_fill(const struct leaf_row *from, size_t rows_count, struct hw_leaf_rows *rows) {
    *rows = (struct hw_leaf_rows){.rows = rows_count, .width = from->width};
    levels_fill(from->reps, &rows->reps);
    levels_fill(from->defs, &rows->defs);
    rows->entries = from->defs ? rows->defs.size : rows_count;
    if (from->width > 0) {
        fixed_fill(from->values, rows);
    } else if (from->values) {
        texts_fill(from->values, rows);
    }
}

/* ------ rows */

struct row {
    const char *name;
    const struct hw_node *node;
    size_t rows;
    struct leaf_row leaves[2];
    /* The slots as text; of a failure, what its message says. */
    const char *want;
    enum hw_status status;
    const char *column;
};

static void owner_free(struct hw_owner *owner) {
    (void)owner;
}

static void row_run(const struct row *row) {
    struct hw_read_leaf leaves[2] = {{.def_max = (uint8_t)row->leaves[0].def_max},
                                     {.def_max = (uint8_t)row->leaves[1].def_max}};
    struct hw_leaf_rows leaf_rows[2];
    struct hw_error err = HW_ERROR_INIT;
    struct hw_owner schema;
    struct hw_batch_memory *memory;
    const struct hw_column *columns;
    struct hw_buf text = {0};
    hw_owner_init(&schema, owner_free);
    assert_ok(hw_batch_memory_new(&schema, NULL, &memory, &err), err);
    for (size_t i = 0; i < 2; i++) {
        leaf_fill(&row->leaves[i], row->rows, &leaf_rows[i]);
    }
    const struct hw_assembly assembly = {row->rows, leaves, leaf_rows, memory};
    const enum hw_status status = hw_assemble(&assembly, row->node, 1, &columns, &err);
    assert_row_int(row->name, status, row->status);
    if (status == HW_OK) {
        assert_row_int(row->name, columns->length, row->rows);
        slots_text(row->node->field, columns, 0, row->rows, &text);
        assert_row_bytes(row->name, text.data, text.size, row->want, strlen(row->want));
    } else {
        assert_row_says(row->name, err.message, row->want);
        assert_row_text(row->name, err.column, row->column);
    }
    for (size_t i = 0; i < 2; i++) {
        hw_leaf_rows_release(&leaf_rows[i]);
    }
    hw_buf_release(&text);
    hw_batch_memory_free(memory);
}

static void rows_run(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        row_run(&rows[i]);
    }
}

#define RUN(rows) rows_run(rows, sizeof(rows) / sizeof((rows)[0]))

static void leaves_get_their_slots(void **state) {
    (void)state;
    const struct hw_node required = leaf_node(&int_field, false), ints = leaf_node(&int_field, true),
                         longs = leaf_node(&long_field, true), bytes = leaf_node(&byte_field, true),
                         shorts = leaf_node(&short_field, true), bools = leaf_node(&bool_field, true),
                         texts = leaf_node(&text_field, true), uuids = leaf_node(&uuid_field, true),
                         fixed = leaf_node(&fixed_field, true), nulls = leaf_node(&null_field, true);
    const struct row rows[] = {
        {"required", &required, 2, {{4, NULL, NULL, "0100000007000000"}}, "1 7 "},
        {"no rows", &required, 0, {{4, NULL, NULL, ""}}, ""},
        {"optional, all there", &ints, 2, {{4, NULL, "11", "0100000007000000", 1}}, "1 7 "},
        {"a null in front", &ints, 3, {{4, NULL, "011", "0100000007000000", 1}}, "null 1 7 "},
        {"a null at the end", &ints, 3, {{4, NULL, "110", "0100000007000000", 1}}, "1 7 null "},
        {"nulls between", &ints, 5, {{4, NULL, "10010", "0100000007000000", 1}}, "1 null null 7 null "},
        {"only nulls", &ints, 2, {{4, NULL, "00", "", 1}}, "null null "},
        {"8 bytes", &longs, 3, {{8, NULL, "101", "01000000000000000000000001000000", 1}}, "1 null 4294967296 "},
        {"2 bytes", &shorts, 3, {{2, NULL, "101", "01000002", 1}}, "1 null 512 "},
        {"1 byte", &bytes, 3, {{1, NULL, "101", "0102", 1}}, "1 null 2 "},
        {"16 bytes",
         &uuids,
         2,
         {{16, NULL, "01", "00112233445566778899aabbccddeeff", 1}},
         "null x00112233445566778899aabbccddeeff "},
        {"3 bytes", &fixed, 3, {{3, NULL, "101", "010203a1a2a3", 1}}, "x010203 null xa1a2a3 "},
        {"booleans", &bools, 4, {{1, NULL, "1011", "010001", 1}}, "true null false true "},
        {"texts", &texts, 4, {{0, NULL, "0101", "salt||", 1}}, "null 'salt' null '' "},
        {"texts, all there", &texts, 2, {{0, NULL, "11", "salt|ore|", 1}}, "'salt' 'ore' "},
        {"the type UNKNOWN", &nulls, 2, {{4, NULL, "00", "", 1}}, "null null "},
        {"UNKNOWN with a value",
         &nulls,
         2,
         {{4, NULL, "01", "01000000", 1}},
         "its type is UNKNOWN, and it has 1 values",
         HW_EDATA,
         "z"},
    };
    RUN(rows);
}

static void lists_begin_where_levels_say(void **state) {
    (void)state;
    const struct row rows[] = {
        {"one level",
         &list_node,
         4,
         {{4, "011000", "323013", "010000000200000003000000", 3}},
         "[1 null 2] null [] [3] "},
        {"no elements at all", &list_node, 3, {{4, "000", "010", "", 3}}, "null [] null "},
        {"two levels",
         &outer_node,
         4,
         {{4, "01112000", "52345012", "0100000002000000", 5}},
         "[[1] null [] [null 2]] null [] [null] "},
        {"two levels, an empty list within", &outer_node, 1, {{4, "0", "3", "", 5}}, "[[]] "},
        {"goes on without an element",
         &list_node,
         1,
         {{4, "01", "31", "01000000", 3}},
         "a list goes on, but its levels tell of no element",
         HW_EDATA,
         "list"},
    };
    RUN(rows);
}

static void structs_have_equal_children(void **state) {
    (void)state;
    const struct row rows[] = {
        {"nulls of both levels",
         &pair_node,
         4,
         {{4, NULL, "1011", "010000000200000003000000", 1}, {0, NULL, "2012", "x|y|", 2}},
         "{1 'x'} null {2 null} {3 'y'} "},
        {"in a list",
         &pairs_node,
         3,
         {{4, "01100", "32310", "0100000002000000", 3}, {0, "01100", "42310", "x|", 4}},
         "[{1 'x'} null {2 null}] [] null "},
        {"a map",
         &map_node,
         2,
         {{4, "010", "221", "0100000002000000", 2}, {0, "010", "321", "x|", 3}},
         "[{1 'x'} {2 null}] [] "},
        {"children that differ",
         &pairs_node,
         1,
         {{4, "01", "33", "0100000002000000", 3}, {0, "0", "4", "x|", 4}},
         "the field b has 1 values in 2 structs",
         HW_EDATA,
         "pair"},
    };
    RUN(rows);
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    const struct leaf_row from[] = {{4, "01100", "32310", "0100000002000000", 3}, {0, "01100", "42310", "x|", 4}};
    struct hw_read_leaf leaves[2] = {{.def_max = 3}, {.def_max = 4}};
    bool fired = true;
    size_t failures = 0;
    for (; fired; failures++) {
        struct alloc_fault fault;
        struct hw_leaf_rows leaf_rows[2];
        struct hw_owner schema;
        struct hw_batch_memory *memory = NULL;
        const struct hw_column *columns;
        hw_owner_init(&schema, owner_free);
        alloc_fault_begin(&fault, SIZE_MAX);
        assert_int_equal(hw_batch_memory_new(&schema, NULL, &memory, NULL), HW_OK);
        leaf_fill(&from[0], 3, &leaf_rows[0]);
        leaf_fill(&from[1], 3, &leaf_rows[1]);
        atomic_store(&fault.left, failures);
        const struct hw_assembly assembly = {3, leaves, leaf_rows, memory};
        const enum hw_status status = hw_assemble(&assembly, &pairs_node, 1, &columns, NULL);
        hw_leaf_rows_release(&leaf_rows[0]);
        hw_leaf_rows_release(&leaf_rows[1]);
        hw_batch_memory_free(memory);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_get_their_slots),
        cmocka_unit_test(lists_begin_where_levels_say),
        cmocka_unit_test(structs_have_equal_children),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("parquet/assemble", tests, NULL, NULL);
}
