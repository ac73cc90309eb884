/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/element_changes.h"

#include "core/buf.h"
#include "parquet/tree_copy.h"
#include "support/alloc_fault.h"
#include "table/type.h"
#include "unit/parquet/message_parse.h"

enum { CHANGES_MAX = 3, TYPE_BYTES = 64 };

#define TABLE                                                                                                       \
    "required int32 n; optional group s { optional binary t (STRING); required double d; } "                        \
    "optional group l (LIST) { repeated group list { optional group element { required int64 i; } } } "             \
    "optional group o (LIST) { repeated group array { required double a; required int32 b; } } "                    \
    "optional group p (LIST) { repeated double item; } "                                                            \
    "required group m (MAP) { repeated group key_value { required binary key (STRING); optional double value; } } " \
    "repeated double r; repeated group g { required double h; } optional binary c (DECIMAL);"

static const struct hw_element_type a_float = {.physical = HW_PHYSICAL_FLOAT};
static const struct hw_element_type an_int = {.physical = HW_PHYSICAL_INT32};
static const struct hw_element_type a_uint = {.physical = HW_PHYSICAL_INT32,
                                              .logical = {.kind = HW_LOGICAL_INTEGER, .bit_width = 32}};
static const struct hw_element_type a_decimal = {.physical = HW_PHYSICAL_INT32,
                                                 .logical = {.kind = HW_LOGICAL_DECIMAL, .precision = 9, .scale = 2}};

static const struct hw_element_type micros = {.physical = HW_PHYSICAL_INT64,
                                              .logical = {.kind = HW_LOGICAL_TIMESTAMP, .unit = 2}};
static const struct hw_element_type nanos = {.physical = HW_PHYSICAL_INT64,
                                             .logical = {.kind = HW_LOGICAL_TIMESTAMP, .unit = 3}};

static const struct {
    const char *name;
    struct {
        const char *of;
        struct hw_element_change change;
    } changes[CHANGES_MAX];
    /* Paths, with [] for elements, {k} and {v} for keys and values; then what changes. */
    const char *want;
} rows[] = {
    {"nothing", {{0}}, ""},
    {"a name", {{"n", {.name = "id"}}}, "n = id; "},
    {"a name in a struct", {{"t", {.name = "x"}}}, "s.t = x; "},
    {"a name above and below", {{"s", {.name = "x"}}, {"t", {.name = "y"}}}, "s = x; s.t = y; "},
    {"a name in a list", {{"i", {.name = "x"}}}, "l[].i = x; "},
    {"a name in a list of two levels", {{"b", {.name = "x"}}}, "o[].b = x; "},
    {"a name of what repeats",
     {{"r", {.name = "x"}}, {"g", {.name = "y"}}, {"h", {.name = "z"}}},
     "r = x; g = y; g[].h = z; "},
    {"a type", {{"d", {.type = &a_float}}}, "s.d : float; "},
    {"a type and a name", {{"d", {.type = &a_float, .name = "x"}}}, "s.d = x : float; "},
    {"types of integers", {{"n", {.type = &an_int}}, {"i", {.type = &a_uint}}}, "n : int32; l[].i : uint32; "},
    {"a type of an element", {{"item", {.type = &a_float}}}, "p[] : float; "},
    {"a type of what repeats", {{"r", {.type = &a_float, .name = "x"}}}, "r = x; r[] : float; "},
    {"a type of a value", {{"value", {.type = &a_float}}}, "m{v} : float; "},
    {"timestamps", {{"d", {.type = &micros}}, {"i", {.type = &nanos}}}, "s.d : timestamp(us); l[].i : timestamp(ns); "},
    {"a decimal of doubles", {{"d", {.type = &a_decimal}}}, "s.d : decimal(9,2); "},
    {"a decimal that is stored in another way", {{"c", {.type = &a_decimal}}}, ""},
    {"a column that goes", {{"s", {.dropped = true}}}, "s goes; "},
    {"a field that goes", {{"t", {.dropped = true}}}, "s.t goes; "},
    {"a group that loses all", {{"t", {.dropped = true}}, {"d", {.dropped = true}}}, "s goes; "},
    {"a list that loses its element", {{"i", {.dropped = true}}}, "l goes; "},
};

static void path_put(const struct hw_column_change *change, struct hw_buf *out) {
    static const char *const marks[] = {[HW_COLUMN_ELEMENT] = "[]", [HW_COLUMN_KEY] = "{k}", [HW_COLUMN_VALUE] = "{v}"};
    for (size_t i = 0; i < change->path_count; i++) {
        const struct hw_column_step *step = &change->path[i];
        const bool field = step->kind == HW_COLUMN_FIELD;
        assert_int_equal(field, step->name != NULL);
        assert_int_equal(
            hw_buf_printf(out, NULL, "%s%s", field && i > 0 ? "." : "", field ? step->name : marks[step->kind]), HW_OK);
    }
}

static void change_put(const struct hw_column_change *change, struct hw_buf *out) {
    char type[TYPE_BYTES] = "";
    path_put(change, out);
    if (change->retyped) {
        hw_type_format(change->new_type, type, sizeof(type));
    }
    assert_int_equal(hw_buf_printf(out, NULL, "%s%s%s%s%s; ", change->new_name ? " = " : "",
                                   change->new_name ? change->new_name : "", change->retyped ? " : " : "", type,
                                   change->dropped ? " goes" : ""),
                     HW_OK);
}

/* A schema with its changes, and which of its elements stay. */
struct made {
    struct message message;
    struct hw_arena arena;
    struct hw_element_tree tree;
    struct hw_element_change changes[MESSAGE_ELEMENTS_MAX];
    bool kept[MESSAGE_ELEMENTS_MAX];
};

static size_t element_of(const struct made *made, const char *name) {
    for (size_t i = 1; i < made->tree.count; i++) {
        if (hw_view_equal(made->message.elements[i].name, hw_view_of(name))) {
            return i;
        }
    }
    fail_msg("there is no element %s", name);
    return 0;
}

static void made_open(struct made *made, size_t row) {
    struct hw_error err = HW_ERROR_INIT;
    memset(made, 0, sizeof(*made));
    message_parse(&made->message, TABLE);
    assert_ok(hw_element_tree_make(&made->message.meta, &made->arena, &made->tree, &err), err);
    for (size_t i = 0; i < CHANGES_MAX && rows[row].changes[i].of; i++) {
        made->changes[element_of(made, rows[row].changes[i].of)] = rows[row].changes[i].change;
    }
    hw_tree_copy_kept(&made->tree, made->changes, made->kept);
}

static void changes_are_told_along_the_types(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made made;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        const struct hw_column_change *changes;
        size_t count;
        made_open(&made, i);
        assert_ok(hw_element_changes_tell(&made.tree, made.changes, made.kept, &made.arena, &changes, &count, &err),
                  err);
        for (size_t k = 0; k < count; k++) {
            change_put(&changes[k], &text);
        }
        assert_ok(hw_buf_append_byte(&text, '\0', &err), err);
        assert_row_text(rows[i].name, (const char *)text.data, rows[i].want);
        hw_arena_release(&made.arena);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct made made;
    bool fired = true;
    made_open(&made, 4);
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_arena arena = {0};
        const struct hw_column_change *changes;
        size_t count;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status =
            hw_element_changes_tell(&made.tree, made.changes, made.kept, &arena, &changes, &count, NULL);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    hw_arena_release(&made.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_told_along_the_types),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/element_changes", tests, NULL, NULL);
}
