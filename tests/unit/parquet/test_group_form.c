/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/group_form.h"

#include "message_parse.h"

/* The groups are those of LogicalTypes.md, "Nested Types", unless they say otherwise. */
static const struct {
    const char *name;
    const char *schema;
    enum hw_group_form want;
    const char *doubt;
} rows[] = {
    {"a struct", "optional group a { required int32 x; }", HW_GROUP_STRUCT, "none"},
    {"three levels", "required group a (LIST) { repeated group list { optional binary element (STRING); } }",
     HW_GROUP_LIST_OF_THREE, "none"},
    {"three levels of other names", "optional group a (LIST) { repeated group bag { optional int32 array_element; } }",
     HW_GROUP_LIST_OF_THREE, "none"},
    {"rule 1", "optional group a (LIST) { repeated int32 element; }", HW_GROUP_LIST_OF_TWO, "none"},
    {"rule 2", "optional group a (LIST) { repeated group element { required binary str; required int32 num; } }",
     HW_GROUP_LIST_OF_TWO, "none"},
    {"rule 3", "optional group a (LIST) { repeated group list (LIST) { repeated int32 element; } }",
     HW_GROUP_LIST_OF_TWO, "none"},
    {"rule 4, array", "optional group a (LIST) { repeated group array { required binary str; } }", HW_GROUP_LIST_OF_TWO,
     "none"},
    {"rule 4, _tuple", "optional group a (LIST) { repeated group a_tuple { required binary str; } }",
     HW_GROUP_LIST_OF_TWO, "none"},
    {"_tuple of another name", "optional group a (LIST) { repeated group b_tuple { required binary str; } }",
     HW_GROUP_LIST_OF_THREE, "none"},
    {"rule 5", "optional group a (LIST) { repeated group element { required binary str; } }", HW_GROUP_LIST_OF_THREE,
     "none"},
    {"a list of old", "optional group a (old LIST) { repeated int32 element; }", HW_GROUP_LIST_OF_TWO, "none"},
    {"a list without what repeats", "optional group a (LIST) { required int32 element; }", HW_GROUP_STRUCT,
     "a LIST is a group of one repeated child"},
    {"a list of two children", "optional group a (LIST) { repeated int32 b; repeated int32 c; }", HW_GROUP_STRUCT,
     "a LIST is a group of one repeated child"},
    {"a map", "required group a (MAP) { repeated group key_value { required binary key; optional int32 value; } }",
     HW_GROUP_MAP, "none"},
    {"MAP_KEY_VALUE",
     "optional group a (old MAP_KEY_VALUE) { repeated group map { required binary key; "
     "optional int32 value; } }",
     HW_GROUP_MAP, "none"},
    {"a map of old with MAP_KEY_VALUE inside",
     "optional group a (old MAP) { repeated group map (old MAP_KEY_VALUE) { required binary str; required int32 num; } "
     "}",
     HW_GROUP_MAP, "none"},
    {"a map of optional keys, as Hive makes them",
     "optional group a (MAP) { repeated group map { optional binary key; optional int32 value; } }", HW_GROUP_MAP,
     "none"},
    {"a map without values", "optional group a (MAP) { repeated group key_value { required binary key; } }",
     HW_GROUP_KEYS, "none"},
    {"a map without what repeats", "optional group a (MAP) { required group key_value { required binary key; } }",
     HW_GROUP_STRUCT, "a MAP is a group of one repeated group of a key and a value"},
    {"a map of a leaf", "optional group a (MAP) { repeated binary key; }", HW_GROUP_STRUCT,
     "a MAP is a group of one repeated group of a key and a value"},
    {"a map of three",
     "optional group a (MAP) { repeated group key_value { required binary key; optional int32 v; "
     "optional int32 w; } }",
     HW_GROUP_STRUCT, "a MAP is a group of one repeated group of a key and a value"},
    {"a map of repeated keys", "optional group a (MAP) { repeated group key_value { repeated binary key; } }",
     HW_GROUP_STRUCT, "the key of a MAP is not repeated"},
    {"a string of a group", "optional group a (STRING) { required int32 x; }", HW_GROUP_STRUCT,
     "the logical type is not one of a group"},
};

static void groups_have_the_form_of_their_writers(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct message message;
        struct hw_arena arena = {0};
        struct hw_element_tree tree;
        struct hw_error err = HW_ERROR_INIT;
        const char *doubt = "not set";
        message_parse(&message, rows[i].schema);
        assert_ok(hw_element_tree_make(&message.meta, &arena, &tree, &err), err);
        assert_row_int(rows[i].name, hw_group_form_of(&tree, 1, &doubt), rows[i].want);
        assert_row_text(rows[i].name, doubt ? doubt : "none", rows[i].doubt);
        hw_arena_release(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_have_the_form_of_their_writers),
    };
    return cmocka_run_group_tests_name("parquet/group_form", tests, NULL, NULL);
}
