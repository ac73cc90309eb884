/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/nested.h"

#include <stdlib.h>

#include "avro/block.h"
#include "avro/schema.h"
#include "support/rows.h"

#define TYPE(which) \
    { .kind = HW_KIND_##which }
#define ONE_CHILD(field) .children = &(field), .children_count = 1
#define CHILDREN(array) .children = (array), .children_count = COUNT_OF(array)

static const struct hw_field number = {.name = "item", .type = TYPE(INT32)};
static const struct hw_field needed = {.name = "item", .type = TYPE(INT32), .required = true};
static const struct hw_field words = {.name = "", .type = TYPE(TEXT)};
static const struct hw_field parts[] = {{.name = "n", .type = TYPE(INT32), .required = true},
                                        {.name = "none", .type = TYPE(NULL)},
                                        {.name = "l", .type = TYPE(LIST), ONE_CHILD(number)}};
static const struct hw_field text_pair[] = {{.name = "k", .type = TYPE(TEXT), .required = true},
                                            {.name = "v", .type = TYPE(INT32)}};
static const struct hw_field number_pair[] = {{.name = "k", .type = TYPE(INT32), .required = true},
                                              {.name = "v", .type = TYPE(FIXED), .required = true}};
static const struct hw_field text_entries = {.name = "e", .type = TYPE(STRUCT), .required = true, CHILDREN(text_pair)};
static const struct hw_field number_entries = {
    .name = "e", .type = TYPE(STRUCT), .required = true, CHILDREN(number_pair)};

/* Numbers 1 to 4, the second null; lists [1, null], null, []; [4]. */
static const int32_t numbers[] = {1, 2, 3, 4}, list_offsets[] = {0, 2, 3, 3, 4};
static const uint8_t second_null = 0x0d;
static const int32_t key_offsets[] = {0, 1, 2, 3, 4};
/* Macros, because a constant is none where another begins with it. */
#define SOME \
    { .null_count = 1, .validity = &second_null, .values = numbers, .length = 4 }
#define ALL \
    { .values = numbers, .length = 4 }
#define KEYS \
    { .offsets = key_offsets, .data = "abcd", .length = 4, .exact = true }
#define LISTS \
    { .null_count = 1, .validity = &second_null, .offsets = list_offsets, .length = 4, .children = &some }
static const struct hw_column some = SOME, all = ALL, keys = KEYS;
static const struct hw_column part_columns[] = {ALL, {.null_count = 4, .length = 4}, LISTS};
static const struct hw_column text_columns[] = {KEYS, SOME};
static const struct hw_column number_columns[] = {ALL, {.values = "abcd", .length = 4}};
static const struct hw_column text_structs = {.length = 4, .children = text_columns};
static const struct hw_column number_structs = {.length = 4, .children = number_columns};

/* A number from the second on, and lists of one each from the third on. */
static const int32_t ones[] = {0, 1, 2};
static const struct hw_column third_on = {.values = numbers, .length = 2, .offset = 2};
static const struct hw_field shifted_fields[] = {
    {.name = "n", .type = TYPE(INT32), .required = true},
    {.name = "l", .type = TYPE(LIST), ONE_CHILD(needed)},
};
static const struct hw_column shifted_columns[] = {
    {.values = numbers, .length = 2, .offset = 1},
    {.offsets = ones, .length = 2, .children = &third_on},
};
static const struct hw_column null_entry = {
    .null_count = 1, .validity = &second_null, .length = 4, .children = number_columns};
static const int16_t indices[] = {3, -1, 1, 0};

/* Four rows of one column each: as the specification's "Complex Types" has them, by hand. */
static const struct {
    const char *name;
    struct hw_field field;
    struct hw_column column;
    size_t offset;
    hw_view want[4];
} shapes[] = {
    {"lists",
     {.name = "x", .type = TYPE(LIST), ONE_CHILD(number)},
     LISTS,
     0,
     {HW_VIEW_INIT("\2\4\2\2\0\0"), HW_VIEW_INIT("\0"), HW_VIEW_INIT("\2\0"), HW_VIEW_INIT("\2\2\2\x8\0")}},
    {"required lists of required elements",
     {.name = "x", .type = TYPE(LIST), .required = true, ONE_CHILD(needed)},
     {.offsets = list_offsets, .length = 4, .children = &all},
     0,
     {HW_VIEW_INIT("\4\2\4\0"), HW_VIEW_INIT("\2\6\0"), HW_VIEW_INIT("\0"), HW_VIEW_INIT("\2\x8\0")}},
    {"fixed lists",
     {.name = "x", .type = {.kind = HW_KIND_FIXED_LIST, .width = 2}, .required = true, ONE_CHILD(number)},
     {.length = 2, .children = &some},
     0,
     {HW_VIEW_INIT("\4\2\2\0\0"), HW_VIEW_INIT("\4\2\6\2\x8\0")}},
    {"structs",
     {.name = "x", .type = TYPE(STRUCT), CHILDREN(parts)},
     {.null_count = 1, .validity = &second_null, .length = 4, .children = part_columns},
     0,
     {HW_VIEW_INIT("\2\2\0\2\4\2\2\0\0"), HW_VIEW_INIT("\0"), HW_VIEW_INIT("\2\6\0\2\0"),
      HW_VIEW_INIT("\2\x8\0\2\2\2\x8\0")}},
    {"structs at an offset",
     {.name = "x", .type = TYPE(STRUCT), CHILDREN(parts)},
     {.null_count = 1, .validity = &second_null, .length = 3, .offset = 1, .children = part_columns},
     1,
     {HW_VIEW_INIT("\0"), HW_VIEW_INIT("\2\6\0\2\0"), HW_VIEW_INIT("\2\x8\0\2\2\2\x8\0")}},
    {"children at an offset",
     {.name = "x", .type = TYPE(STRUCT), .required = true, CHILDREN(shifted_fields)},
     {.length = 2, .children = shifted_columns},
     0,
     {HW_VIEW_INIT("\4\2\2\6\0"), HW_VIEW_INIT("\6\2\2\x8\0")}},
    {"maps of text",
     {.name = "x", .type = TYPE(MAP), .required = true, ONE_CHILD(text_entries)},
     {.offsets = list_offsets, .length = 4, .children = &text_structs},
     0,
     {HW_VIEW_INIT("\4\2a\2\2\2b\0\0"), HW_VIEW_INIT("\2\2c\2\6\0"), HW_VIEW_INIT("\0"), HW_VIEW_INIT("\2\2d\2\x8\0")}},
    {"maps of numbers are arrays of records",
     {.name = "x", .type = TYPE(MAP), .required = true, ONE_CHILD(number_entries)},
     {.offsets = list_offsets, .length = 4, .children = &number_structs},
     0,
     {HW_VIEW_INIT("\4\2\4\0"), HW_VIEW_INIT("\2\6\0"), HW_VIEW_INIT("\0"), HW_VIEW_INIT("\2\x8\0")}},
    {"dictionaries are their values",
     {.name = "x", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT16}, .dictionary = &words},
     {.null_count = 1, .validity = &second_null, .values = indices, .length = 4, .dictionary = &keys},
     0,
     {HW_VIEW_INIT("\2\2d"), HW_VIEW_INIT("\0"), HW_VIEW_INIT("\2\2b"), HW_VIEW_INIT("\2\2a")}},
};

static void shapes_are_the_specifications_bytes(void **state) {
    (void)state;
    struct hw_avro_tile *tile = calloc(1, sizeof(*tile));
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        struct hw_field field = shapes[i].field;
        const struct hw_schema schema = {&field, 1};
        const struct hw_batch batch = {&schema, shapes[i].column.length, &shapes[i].column, NULL};
        struct hw_avro_layout layout;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_avro_layout_init(&layout, &schema, &err), err);
        assert_true(layout.nested);
        assert_ok(hw_avro_batch_check(&layout, &batch, &err), err);
        assert_ok(hw_avro_tile_fill(tile, &layout, &batch, 0, &err), err);
        assert_row_int(shapes[i].name, tile->rows, batch.rows);
        for (size_t row = 0; row < tile->rows; row++) {
            assert_row_bytes(shapes[i].name, tile->starts[row], (size_t)(tile->ends[row] - tile->starts[row]),
                             shapes[i].want[row].data, shapes[i].want[row].size);
        }
        assert_ok(hw_avro_tile_fill(tile, &layout, &batch, 1, &err), err);
        assert_row_bytes(shapes[i].name, tile->starts[0], (size_t)(tile->ends[0] - tile->starts[0]),
                         shapes[i].want[1].data, shapes[i].want[1].size);
    }
    hw_avro_tile_release(tile);
    free(tile);
}

static void nulls_where_none_may_be_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_field field;
        struct hw_column column;
        const char *says, *in;
    } rows[] = {
        {"an element",
         {.name = "x", .type = TYPE(LIST), ONE_CHILD(needed)},
         {.offsets = list_offsets, .length = 4, .children = &some},
         "a null in a column that is never null",
         "item"},
        {"a dictionary's value",
         {.name = "x",
          .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT16},
          .required = true,
          .dictionary = &number},
         {.values = indices + 2, .length = 1, .dictionary = &some},
         "a null in a column that is never null",
         "x"},
        {"an entry of a map",
         {.name = "x", .type = TYPE(MAP), ONE_CHILD(number_entries)},
         {.offsets = list_offsets, .length = 1, .children = &null_entry},
         "an entry of a map is null",
         "x"},
    };
    struct hw_avro_tile *tile = calloc(1, sizeof(*tile));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_field field = rows[i].field;
        const struct hw_schema schema = {&field, 1};
        const struct hw_batch batch = {&schema, rows[i].column.length, &rows[i].column, NULL};
        struct hw_avro_layout layout;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_avro_layout_init(&layout, &schema, &err), err);
        assert_row_int(rows[i].name, hw_avro_tile_fill(tile, &layout, &batch, 0, &err), HW_EDATA);
        assert_row_text(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.column, rows[i].in);
    }
    hw_avro_tile_release(tile);
    free(tile);
}

/* The text, as "Complex Types", "Names" and "Logical Types" of the specification spell it. */
static void schemas_are_named_by_their_path(void **state) {
    (void)state;
    static const struct hw_key_value id = {HW_META_FIELD_ID, "9", 1}, doc = {HW_META_DOC, "says", 4};
    static const struct hw_field interval = {
        .name = "item", .type = TYPE(INTERVAL), .required = true, .metadata = &id, .metadata_count = 1};
    static const struct hw_field inner[] = {
        {.name = "l i", .type = TYPE(LIST), .required = true, ONE_CHILD(interval)},
        {.name = "f", .type = {.kind = HW_KIND_FIXED, .width = 3}, .metadata = &doc, .metadata_count = 1}};
    static struct hw_field fields[] = {
        {.name = "s", .type = TYPE(STRUCT), CHILDREN(inner)},
        {.name = "m", .type = TYPE(MAP), .required = true, ONE_CHILD(text_entries)},
        {.name = "a", .type = TYPE(MAP), .required = true, ONE_CHILD(number_entries)},
    };
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_avro_schema_write(&(struct hw_schema){fields, COUNT_OF(fields)}, "top", &out, &err), err);
    assert_ok(hw_buf_end_text(&out, &err), err);
    assert_string_equal(
        (const char *)out.data,
        "{\"type\":\"record\",\"name\":\"top\",\"fields\":["
        "{\"name\":\"s\",\"type\":[\"null\",{\"type\":\"record\",\"name\":\"top.s\",\"fields\":["
        "{\"name\":\"l_i\",\"type\":{\"type\":\"array\",\"items\":"
        "{\"type\":\"fixed\",\"name\":\"top.s.l_i.element\",\"size\":12,\"logicalType\":\"duration\"},"
        "\"element-id\":9},"
        "\"doc\":\"l i\"},"
        "{\"name\":\"f\",\"type\":[\"null\",{\"type\":\"fixed\",\"name\":\"top.s.f\",\"size\":3}],\"default\":null,"
        "\"doc\":\"says\"}]}],\"default\":null},"
        "{\"name\":\"m\",\"type\":{\"type\":\"map\",\"values\":[\"null\",\"int\"]}},"
        "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"top.a.key_value\","
        "\"fields\":[{\"name\":\"key\",\"type\":\"int\"},"
        "{\"name\":\"value\",\"type\":{\"type\":\"fixed\",\"name\":\"top.a.key_value.value\",\"size\":0}}]},"
        "\"logicalType\":\"map\"}}]}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_the_specifications_bytes),
        cmocka_unit_test(nulls_where_none_may_be_are_refused),
        cmocka_unit_test(schemas_are_named_by_their_path),
    };
    return cmocka_run_group_tests_name("avro/nested", tests, NULL, NULL);
}
