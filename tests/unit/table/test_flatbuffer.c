/* SPDX-License-Identifier: Apache-2.0 */
#include "table/flatbuffer.h"

#include "support/alloc_fault.h"
#include "unit/table/tree_text.h"

static const struct hw_flat_type node;

static const struct hw_flat_type *const children[] = {NULL, &node};

static const struct hw_flat_slot node_slots[] = {
    {HW_FLAT_NUMBER, 1, NULL, 0},  {HW_FLAT_TEXT, 0, NULL, 0},           {HW_FLAT_NUMBER, 8, NULL, 0},
    {HW_FLAT_NUMBERS, 8, NULL, 0}, {HW_FLAT_TABLES, 0, &children[1], 1}, {HW_FLAT_TABLE, 0, &children[1], 1},
    {HW_FLAT_NUMBER, 1, NULL, 0},  {HW_FLAT_UNION, 0, children, 2},
};

static const struct hw_flat_type node = {"Node", node_slots, COUNT_OF(node_slots)};

static const struct hw_flat_limits limits = {1000, 10};

/*
 * By the description of the format: the offset of the root; a vtable with its size, the table's,
 * and a way to slots 0, 1 and 4; the table with the way back, then a text, tables, and a number;
 * the text with its length; the number of the tables and an offset to each; the vtable and the
 * table of the first, which is the second one too.
 */
/* clang-format off */
static const uint8_t sample[] = {
    /* 0 */ 20, 0, 0, 0, 0, 0,
    /* 6: vtable */ 14, 0, 16, 0, 12, 0, 4, 0, 0, 0, 0, 0, 8, 0,
    /* 20: table */ 14, 0, 0, 0, 16, 0, 0, 0, 20, 0, 0, 0, 7, 0, 0, 0,
    /* 36 */ 0, 0, 0, 0,
    /* 40: text */ 2, 0, 0, 0, 'h', 'i', 0, 0,
    /* 48: tables */ 2, 0, 0, 0, 16, 0, 0, 0, 12, 0, 0, 0,
    /* 60: vtable */ 6, 0, 5, 0, 4, 0, 0, 0,
    /* 68: table */ 8, 0, 0, 0, 9,
};
/* clang-format on */

static void text_is(const char *name, const struct hw_flat_table *root, const char *want) {
    HW_AUTO(hw_buf) text = {0};
    tree_put(root, &text);
    assert_int_equal(hw_buf_end_text(&text, NULL), HW_OK);
    assert_row_text(name, (const char *)text.data, want);
}

/* The sample with one byte changed, in a block that ends where it does. */
static enum hw_status sample_read(size_t at, uint8_t byte, size_t size, struct hw_flat_limits within,
                                  struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_flat_table *root = NULL;
    char *bytes = malloc(size > 0 ? size : 1);
    assert_non_null(bytes);
    memcpy(bytes, sample, size);
    if (at < size) {
        bytes[at] = (char)byte;
    }
    const enum hw_status status = hw_flat_read((hw_view){bytes, size}, &node, within, &arena, &root, err);
    assert_int_equal(status == HW_OK, root != NULL);
    free(bytes);
    return status;
}

static void a_flatbuffer_becomes_a_tree(void **state) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_flat_table *root;
    (void)state;
    assert_ok(hw_flat_read((hw_view){(const char *)sample, sizeof(sample)}, &node, limits, &arena, &root, &err), err);
    text_is("sample", root, "Node{0:7 1:'hi' 4:Node{0:9}Node{0:9}}");
}

static const struct {
    const char *name;
    size_t at;
    uint8_t byte;
    const char *says;
} faults[] = {
    {"root behind the end", 0, 200, "at byte 200"},
    {"root at the end", 0, 73, "at byte 73"},
    {"vtable before the beginning", 20, 21, "at byte 20"},
    {"vtable behind the end", 23, 0xff, "at byte 20"},
    {"vtable too short", 6, 2, "at byte 6"},
    {"vtable of an odd size", 6, 13, "at byte 6"},
    {"vtable too long", 7, 1, "at byte 6"},
    {"table too short", 8, 3, "at byte 6"},
    {"table too long", 8, 54, "at byte 6"},
    {"slot over the way back", 10, 3, "at byte 10"},
    {"slot behind the table", 10, 16, "at byte 10"},
    {"slot partly behind the table", 12, 13, "at byte 12"},
    {"text behind the end", 24, 200, "at byte 224"},
    {"text too long", 40, 30, "at byte 40"},
    {"text far too long", 43, 0xff, "at byte 40"},
    {"tables behind the end", 48, 6, "at byte 48"},
    {"more tables than there can be", 51, 0xff, "at byte 48"},
    {"a table behind the end", 52, 100, "at byte 152"},
    {"eight bytes behind the table", 14, 12, "at byte 14"},
    {"a text in the place of tables", 18, 4, "leads out of its 73 bytes"},
};

static void no_way_leads_out(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const enum hw_status status = sample_read(faults[i].at, faults[i].byte, sizeof(sample), limits, &err);
        assert_row_int(faults[i].name, status, HW_EDATA);
        assert_row_says(faults[i].name, err.message, faults[i].says);
    }
    /* All bytes count, so it cannot be shorter. */
    for (size_t size = 0; size < sizeof(sample); size++) {
        assert_int_equal(sample_read(SIZE_MAX, 0, size, limits, NULL), HW_EDATA);
    }
    for (size_t at = 0; at < sizeof(sample) * 256; at++) {
        (void)!sample_read(at / 256, (uint8_t)at, sizeof(sample), limits, NULL);
    }
}

static void trees_are_limited(void **state) {
    static const struct {
        const char *name;
        struct hw_flat_limits limits;
        enum hw_status status;
    } rows[] = {
        {"as many as there are", {3, 2}, HW_OK}, {"fewer tables", {2, 2}, HW_ELIMIT}, {"a table", {1, 2}, HW_ELIMIT},
        {"less deep", {3, 1}, HW_ELIMIT},        {"nothing", {0, 0}, HW_ELIMIT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, sample_read(SIZE_MAX, 0, sizeof(sample), rows[i].limits, NULL), rows[i].status);
    }
}

static void what_is_not_known_is_refused(void **state) {
    static const struct hw_flat_type shorter = {"Shorter", node_slots, 2};
    static const struct hw_flat_slot alone[] = {{HW_FLAT_NUMBER, 1, NULL, 0}, {HW_FLAT_UNION, 0, children, 2}};
    static const struct hw_flat_type union_type = {"Either", alone, COUNT_OF(alone)};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_flat_table *root = NULL;
    const hw_view bytes = {(const char *)sample, sizeof(sample)};
    (void)state;
    assert_int_equal(hw_flat_read(bytes, &shorter, limits, &arena, &root, &err), HW_EUNSUPPORTED);
    assert_row_says("slot", err.message, "slot 4 of Shorter is not known");
    /* Slot 0 is 7 there. */
    assert_int_equal(hw_flat_read(bytes, &union_type, limits, &arena, &root, &err), HW_EUNSUPPORTED);
    assert_row_says("union", err.message, "Either has a type of number 7");
    assert_null(root);
}

static struct hw_flat_table *table_new(struct hw_arena *arena, uint64_t number) {
    struct hw_flat_table *table;
    assert_int_equal(hw_flat_table_make(&node, arena, &table, NULL), HW_OK);
    hw_flat_number_set(table, 0, number);
    return table;
}

/* A tree in which every kind of slot has a value. */
static struct hw_flat_table *tree_new(struct hw_arena *arena, struct hw_flat_table **items, size_t count) {
    static const uint64_t numbers[] = {1, UINT64_MAX};
    struct hw_flat_table *root = table_new(arena, 1);
    root->values[1].present = true;
    root->values[1].bytes = HW_VIEW("text");
    hw_flat_number_set(root, 2, 0x0807060504030201);
    root->values[3].present = true;
    root->values[3].bytes = (hw_view){(const char *)numbers, sizeof(numbers)};
    root->values[4].present = true;
    root->values[4].tables.items = items;
    root->values[4].tables.count = count;
    for (size_t i = 0; i < count; i++) {
        items[i] = table_new(arena, i % 256);
    }
    root->values[5].present = true;
    root->values[5].table = table_new(arena, 5);
    hw_flat_number_set(root, 6, 1);
    root->values[7].present = true;
    root->values[7].table = table_new(arena, 7);
    hw_flat_number_set(root->values[7].table, 2, 70);
    return root;
}

static void trees_are_written(void **state) {
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_flat_table *items[3];
    struct hw_flat_table *root = tree_new(&arena, items, COUNT_OF(items));
    const char *want = "Node{0:1 1:'text' 2:578437695752307201 3:0100000000000000ffffffffffffffff "
                       "4:Node{}Node{0:1}Node{0:2} 5:Node{0:5} 6:1 7:Node{0:7 2:70}}";
    (void)state;
    assert_ok(hw_buf_append(&out, "12345678", 8, &err), err);
    assert_ok(hw_flat_write(root, &out, &err), err);
    const hw_view bytes = {(const char *)out.data + 8, out.size - 8};
    assert_ok(hw_flat_read(bytes, &node, limits, &arena, &root, &err), err);
    text_is("written", root, want);
    /* Numbers of 8 bytes stand where the format wants them, and a text ends with a NUL. */
    assert_int_equal((size_t)(root->values[3].bytes.data - bytes.data) % 8, 0);
    assert_int_equal(root->values[1].bytes.data[4], '\0');
    const size_t table = hw_load_le32(bytes.data);
    const size_t vtable = table - hw_load_le32(bytes.data + table);
    assert_int_equal((table + (uint8_t)bytes.data[vtable + 4 + 2 * 2]) % 8, 0);
}

/*
 * A table of one byte takes 8 bytes, and 4 for the offset to it. Its vtable of 6 bytes is there
 * once for all of a vector, and not before it, where readers exist that do not look for it.
 */
static void vtables_are_shared_within_their_owner(void **state) {
    enum { COUNT = 100 };
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) out = {0};
    struct hw_flat_table *items[COUNT];
    struct hw_flat_table *root = table_new(&arena, 1);
    (void)state;
    root->values[4].present = true;
    root->values[4].tables.items = items;
    root->values[4].tables.count = COUNT;
    for (size_t i = 0; i < COUNT; i++) {
        items[i] = table_new(&arena, 3);
    }
    assert_int_equal(hw_flat_write(root, &out, NULL), HW_OK);
    assert_in_range(out.size, COUNT * 12, COUNT * 12 + 64);
    struct hw_flat_table *inner = table_new(&arena, 1);
    root = table_new(&arena, 1);
    root->values[5].present = true;
    root->values[5].table = inner;
    inner->values[5].present = true;
    inner->values[5].table = table_new(&arena, 1);
    inner->values[5].table->values[5].present = true;
    inner->values[5].table->values[5].table = table_new(&arena, 1);
    hw_buf_clear(&out);
    assert_int_equal(hw_flat_write(root, &out, NULL), HW_OK);
    size_t owner = 0;
    size_t table = hw_load_le32(out.data);
    for (size_t depth = 0; depth < 4; depth++) {
        const size_t vtable = table - hw_load_le32(out.data + table);
        assert_true(vtable > owner);
        owner = table;
        /* The way to the next table is the only slot of 4 bytes, so it comes first. */
        table += depth < 3 ? 4 + hw_load_le32(out.data + table + 4) : 0;
    }
}

/* One slot of a tree is changed at a time, in each of its kinds. */
static void trees_are_compared(void **state) {
    static const struct hw_flat_type other = {"Other", node_slots, COUNT_OF(node_slots)};
    static const uint64_t numbers[] = {1, UINT64_MAX - 1};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_flat_table *items[3];
    struct hw_flat_table *other_items[3];
    const struct hw_flat_table *root = tree_new(&arena, items, COUNT_OF(items));
    (void)state;
    for (size_t slot = 0; slot < COUNT_OF(node_slots); slot++) {
        struct hw_flat_table *changed = tree_new(&arena, other_items, COUNT_OF(other_items));
        struct hw_flat_value *value = &changed->values[slot];
        assert_true(hw_flat_equal(root, changed));
        value->present = false;
        assert_false(hw_flat_equal(root, changed));
        assert_false(hw_flat_equal(changed, root));
        value->present = true;
        assert_true(hw_flat_equal(root, changed));
        switch (node_slots[slot].kind) {
        case HW_FLAT_NUMBER:
            value->number++;
            break;
        case HW_FLAT_TEXT:
            value->bytes = HW_VIEW("texT");
            break;
        case HW_FLAT_NUMBERS:
            value->bytes = (hw_view){(const char *)numbers, sizeof(numbers)};
            break;
        case HW_FLAT_TABLES:
            other_items[2] = table_new(&arena, 7);
            break;
        default:
            value->table = table_new(&arena, 8);
        }
        assert_false(hw_flat_equal(root, changed));
    }
    struct hw_flat_table *fewer = tree_new(&arena, other_items, COUNT_OF(other_items) - 1);
    assert_false(hw_flat_equal(root, fewer));
    assert_false(hw_flat_equal(fewer, root));
    /* No tables are as tables of none. */
    struct hw_flat_table *none = tree_new(&arena, other_items, 0);
    struct hw_flat_table *absent = tree_new(&arena, other_items, 0);
    absent->values[4].present = false;
    assert_true(hw_flat_equal(none, absent));
    assert_true(hw_flat_equal(absent, none));
    absent->type = &other;
    assert_false(hw_flat_equal(absent, none));
}

static void what_is_written_is_limited(void **state) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_flat_table *items[50];
    const struct hw_flat_table *root = tree_new(&arena, items, COUNT_OF(items));
    (void)state;
    for (size_t limit = 1; limit < 500; limit += 7) {
        HW_AUTO(hw_buf) out = {.limit = limit};
        assert_int_equal(hw_flat_write(root, &out, NULL), HW_ELIMIT);
    }
}

static enum hw_status copy(void) {
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) out = {0};
    struct hw_flat_table *root;
    HW_TRY(hw_flat_read((hw_view){(const char *)sample, sizeof(sample)}, &node, limits, &arena, &root, NULL));
    return hw_flat_write(root, &out, NULL);
}

static void no_memory_is_told(void **state) {
    bool fired = true;
    (void)state;
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        alloc_fault_begin(&fault, n);
        const enum hw_status status = copy();
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flatbuffer_becomes_a_tree), cmocka_unit_test(no_way_leads_out),
        cmocka_unit_test(trees_are_limited),           cmocka_unit_test(what_is_not_known_is_refused),
        cmocka_unit_test(trees_are_written),           cmocka_unit_test(vtables_are_shared_within_their_owner),
        cmocka_unit_test(trees_are_compared),          cmocka_unit_test(what_is_written_is_limited),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("table/flatbuffer", tests, NULL, NULL);
}
