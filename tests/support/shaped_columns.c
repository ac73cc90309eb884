/* SPDX-License-Identifier: Apache-2.0 */
#include "support/shaped_columns.h"

static const int32_t numbers[] = {1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t bits[] = {0x35};
static const uint8_t second_null[] = {0x0d}; /* of four */
static const uint8_t third_null[] = {0x1b};  /* of five, the first of which is before an offset of 1 */
static const int32_t offsets[] = {0, 2, 5, 5, 8};
static const int64_t large_offsets[] = {0, 2, 5, 5, 8};
static const int16_t indices[] = {1, 9, 0, 1};

static const struct hw_field int32_field = {.name = "e", .type = {.kind = HW_KIND_INT32}};
static const struct hw_field list_field = {
    .name = "l", .type = {.kind = HW_KIND_LIST}, .children = &int32_field, .children_count = 1};
static const struct hw_field struct_fields[] = {
    {.name = "x", .type = {.kind = HW_KIND_INT32}, .required = true},
    {.name = "y", .type = {.kind = HW_KIND_TEXT}},
};
static const struct hw_field pair_fields[] = {
    {.name = "key", .type = {.kind = HW_KIND_TEXT}, .required = true},
    {.name = "value", .type = {.kind = HW_KIND_INT32}},
};
static const struct hw_field entries_field = {.name = "entries",
                                              .type = {.kind = HW_KIND_STRUCT},
                                              .required = true,
                                              .children = pair_fields,
                                              .children_count = 2};

static const struct hw_column int32s = {.values = numbers, .length = 8};
static const struct hw_column struct_columns[] = {
    {.values = numbers, .length = 4},
    {.offsets = offsets, .data = "aabbbccc", .validity = second_null, .null_count = 1, .length = 4},
};
static const int32_t eight_offsets[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
static const struct hw_column pair_columns[] = {
    {.offsets = eight_offsets, .data = "abcdefgh", .length = 8},
    {.values = numbers, .length = 8},
};
static const struct hw_column entries = {.children = pair_columns, .length = 8};
static const struct hw_column two_lists = {.offsets = offsets, .children = &int32s, .length = 2};

#define CHILD(field) .children = (field), .children_count = 1

const struct shaped_column shaped_columns[SHAPED_COLUMNS] = {
    {"nothing", {.type = {.kind = HW_KIND_NULL}}, {.length = 3, .null_count = 3}, "null null null ", 3},
    {"bits", {.type = {.kind = HW_KIND_BOOL}}, {.values = bits, .length = 6}, "true false true false true true ", 6},
    {"bits at an offset, with a null",
     {.type = {.kind = HW_KIND_BOOL}},
     {.values = bits, .validity = third_null, .null_count = 1, .offset = 1, .length = 4},
     "false null false true ",
     4},
    {"numbers", {.type = {.kind = HW_KIND_INT32}}, {.values = numbers, .length = 8}, "1 2 3 4 5 6 7 8 ", 32},
    {"numbers with a null",
     {.type = {.kind = HW_KIND_INT32}},
     {.values = numbers, .validity = second_null, .null_count = 1, .length = 4},
     "1 null 3 4 ",
     16},
    {"bytes of a width",
     {.type = {.kind = HW_KIND_FIXED, .width = 3}},
     {.values = "abcdefghi", .offset = 1, .length = 2},
     "x646566 x676869 ",
     6},
    {"texts",
     {.type = {.kind = HW_KIND_TEXT}},
     {.offsets = offsets, .data = "aabbbccc", .length = 4},
     "'aa' 'bbb' '' 'ccc' ",
     4 * 4 + 8},
    {"large texts, one null",
     {.type = {.kind = HW_KIND_LARGE_TEXT}},
     {.large_offsets = large_offsets, .data = "aabbbccc", .validity = second_null, .null_count = 1, .length = 4},
     "'aa' null '' 'ccc' ",
     4 * 4 + 5},
    {"lists, one null",
     {.type = {.kind = HW_KIND_LIST}, CHILD(&int32_field)},
     {.offsets = offsets, .validity = second_null, .null_count = 1, .children = &int32s, .length = 4},
     "[1 2] null [] [6 7 8] ",
     4 * 4 + 5 * 4},
    {"large lists at an offset",
     {.type = {.kind = HW_KIND_LARGE_LIST}, CHILD(&int32_field)},
     {.large_offsets = large_offsets, .offset = 1, .children = &int32s, .length = 3},
     "[3 4 5] [] [6 7 8] ",
     3 * 4 + 6 * 4},
    {"lists of a length, one null",
     {.type = {.kind = HW_KIND_FIXED_LIST, .width = 2}, CHILD(&int32_field)},
     {.validity = second_null, .null_count = 1, .children = &int32s, .length = 4},
     "[1 2] null [5 6] [7 8] ",
     4 + 8 * 4},
    {"structs, one null",
     {.type = {.kind = HW_KIND_STRUCT}, .children = struct_fields, .children_count = 2},
     {.validity = third_null, .null_count = 1, .children = struct_columns, .length = 4},
     "{1 'aa'} {2 null} null {4 'ccc'} ",
     4 + 4 * 4 + 4 * 4 + 5},
    {"maps",
     {.type = {.kind = HW_KIND_MAP}, CHILD(&entries_field)},
     {.offsets = offsets, .children = &entries, .offset = 2, .length = 2},
     "[] [{'f' 6} {'g' 7} {'h' 8}] ",
     2 * 4 + 3 * (1 + 4 + 1 + 4)},
    {"a dictionary of lists",
     {.type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT16}, .dictionary = &list_field},
     {.values = indices, .validity = second_null, .null_count = 1, .dictionary = &two_lists, .length = 4},
     "[3 4 5] null [1 2] [3 4 5] ",
     4 * 4 + 8 * 4},
};
