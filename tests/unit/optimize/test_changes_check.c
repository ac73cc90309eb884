/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/changes_check.h"

#include "unit/parquet/message_parse.h"

#define TABLE                                                                                                      \
    "required int32 n; optional group s { optional binary t (STRING); required double d; } "                       \
    "optional group m (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } } " \
    "optional group o (old MAP) { repeated group map { required int32 ok; optional int32 ov; } } required int32 n2;"

enum { CHANGES_MAX = 2 };

static char too_long[4098];

static const struct {
    const char *name;
    struct {
        const char *of;
        struct hw_element_change change;
    } changes[CHANGES_MAX];
    const char *says; /* "": it is allowed */
} rows[] = {
    {"nothing changes", {{0}}, ""},
    {"a new name", {{"n", {.name = "x"}}}, ""},
    {"the same name", {{"n", {.name = "n"}}}, ""},
    {"the name of a column", {{"n2", {.name = "s"}}}, "the columns \"s\" and \"n2\" would both be called \"s\""},
    {"the name of a column behind",
     {{"n", {.name = "n2"}}},
     "the columns \"n\" and \"n2\" would both be called \"n2\""},
    {"the name of a sibling in a struct",
     {{"t", {.name = "d"}}},
     "the columns \"t\" and \"d\" would both be called \"d\""},
    {"a name of another group", {{"t", {.name = "n"}}}, ""},
    {"two new names that are the same",
     {{"n", {.name = "x"}}, {"n2", {.name = "x"}}},
     "the columns \"n\" and \"n2\" would both be called \"x\""},
    {"two names that change places", {{"n", {.name = "n2"}}, {"n2", {.name = "n"}}}, ""},
    {"the name of a column that goes", {{"n", {.name = "n2"}}, {"n2", {.dropped = true}}}, ""},
    {"a name for what goes",
     {{"n", {.dropped = true, .name = "x"}}},
     "--rename gives a name to the column \"n\", which is left out"},
    {"a name below what goes",
     {{"s", {.dropped = true}}, {"t", {.name = "x"}}},
     "--rename gives a name to the column \"t\", which is left out"},
    {"a name behind what goes", {{"s", {.dropped = true}}, {"n2", {.name = "t"}}}, ""},
    {"an empty name", {{"n", {.name = ""}}}, "\"\" is no name of a column: 1 to 4096 bytes of UTF-8 are (--rename)"},
    {"no UTF-8", {{"t", {.name = "\xe4"}}}, "is no name of a column: 1 to 4096 bytes of UTF-8 are (--rename)"},
    {"umlauts", {{"t", {.name = "\xc3\xa4"}}}, ""},
    {"a name that is too long", {{"n", {.name = too_long}}}, "is no name of a column"},
    {"the longest name", {{"n", {.name = too_long + 1}}}, ""},
    {"a map without its values", {{"value", {.dropped = true}}}, ""},
    {"a map without its keys", {{"key", {.dropped = true}}}, "the map \"m\" cannot lose its keys and keep its values"},
    {"an old map without its keys",
     {{"ok", {.dropped = true}}},
     "the map \"o\" cannot lose its keys and keep its values"},
    {"a map without keys and values", {{"key", {.dropped = true}}, {"value", {.dropped = true}}}, ""},
    {"a map without entries", {{"key_value", {.dropped = true}}, {"key", {.dropped = true}}}, ""},
    {"a struct without its first child", {{"t", {.dropped = true}}}, ""},
};

static size_t element_of(const struct message *message, const char *name) {
    size_t found = 0;
    for (size_t i = message->meta.elements_count; i-- > 1;) {
        found = hw_view_equal(message->elements[i].name, hw_view_of(name)) ? i : found;
    }
    assert_int_not_equal(found, 0);
    return found;
}

static enum hw_status message_check(const char *schema, size_t row, struct hw_error *err) {
    struct message message;
    struct hw_arena arena = {0};
    struct hw_element_tree tree;
    struct hw_element_change changes[MESSAGE_ELEMENTS_MAX] = {0};
    message_parse(&message, schema);
    assert_ok(hw_element_tree_make(&message.meta, &arena, &tree, err), *err);
    for (size_t i = 0; i < CHANGES_MAX && rows[row].changes[i].of; i++) {
        changes[element_of(&message, rows[row].changes[i].of)] = rows[row].changes[i].change;
    }
    const enum hw_status status = hw_changes_check(&tree, changes, err);
    hw_arena_release(&arena);
    return status;
}

static void schemas_stay_such_that_readers_take_them(void **state) {
    (void)state;
    memset(too_long, 'a', sizeof(too_long) - 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, message_check(TABLE, i, &err), rows[i].says[0] ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, err.message[0] != '\0', rows[i].says[0] != '\0');
    }
}

/* Row 1 gives "n" a name that nothing has; the file has another one twice by itself. */
static void names_that_a_file_has_twice_stay(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(message_check("required int32 n; required int32 a; required int32 a;", 1, &err), err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemas_stay_such_that_readers_take_them),
        cmocka_unit_test(names_that_a_file_has_twice_stay),
    };
    return cmocka_run_group_tests_name("optimize/changes_check", tests, NULL, NULL);
}
