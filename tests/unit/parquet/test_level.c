/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/level.h"

#include <stdio.h>

#include "unit/parquet/decode.h"

#define TYPE(which) \
    { .kind = HW_KIND_##which }
#define ONE_CHILD(field) .children = &(field), .children_count = 1
#define CHILDREN(array) .children = (array), .children_count = COUNT_OF(array)

/*
 * The document of the Dremel paper (Melnik et al. 2010, figure 2); required groups add no level to
 * its own.
 */
static const struct hw_field element_long = {.name = "element", .type = TYPE(INT64), .required = true};
static const struct hw_field links_fields[] = {
    {.name = "Backward", .type = TYPE(LIST), .required = true, ONE_CHILD(element_long)},
    {.name = "Forward", .type = TYPE(LIST), .required = true, ONE_CHILD(element_long)},
};
static const struct hw_field language_fields[] = {
    {.name = "Code", .type = TYPE(TEXT), .required = true},
    {.name = "Country", .type = TYPE(TEXT)},
};
static const struct hw_field language = {
    .name = "element", .type = TYPE(STRUCT), .required = true, CHILDREN(language_fields)};
static const struct hw_field name_fields[] = {
    {.name = "Language", .type = TYPE(LIST), .required = true, ONE_CHILD(language)},
    {.name = "Url", .type = TYPE(TEXT)},
};
static const struct hw_field name = {.name = "element", .type = TYPE(STRUCT), .required = true, CHILDREN(name_fields)};
static struct hw_field document_fields[] = {
    {.name = "DocId", .type = TYPE(INT64), .required = true},
    {.name = "Links", .type = TYPE(STRUCT), CHILDREN(links_fields)},
    {.name = "Name", .type = TYPE(LIST), .required = true, ONE_CHILD(name)},
};
static const struct hw_schema document = {document_fields, COUNT_OF(document_fields)};

/* Its two records, with a slot before the first where an offset can be tried. */
static const int64_t doc_ids[] = {10, 20}, backward[] = {10, 30}, forward[] = {20, 40, 60, 80};
static const int32_t backward_offsets[] = {0, 0, 2}, forward_offsets[] = {0, 3, 4}, name_offsets[] = {0, 3, 4};
static const int32_t language_offsets[] = {0, 2, 2, 3, 3}, code_offsets[] = {0, 5, 7, 12},
                     country_offsets[] = {0, 2, 2, 4};
static const int32_t url_offsets[] = {0, 8, 16, 16, 24};
static const uint8_t country_valid = 0x5, url_valid = 0xb;
static const struct hw_column backward_values = {.values = backward, .length = 2};
static const struct hw_column forward_values = {.values = forward, .length = 4};
static const struct hw_column links_columns[] = {
    {.offsets = backward_offsets, .length = 2, .children = &backward_values},
    {.offsets = forward_offsets, .length = 2, .children = &forward_values},
};
static const struct hw_column language_columns[] = {
    {.offsets = code_offsets, .data = "en-usenen-gb", .length = 3},
    {.null_count = 1, .validity = &country_valid, .offsets = country_offsets, .data = "usgb", .length = 3},
};
static const struct hw_column language_column = {.length = 3, .children = language_columns};
static const struct hw_column name_columns[] = {
    {.offsets = language_offsets, .length = 4, .children = &language_column},
    {.null_count = 1, .validity = &url_valid, .offsets = url_offsets, .data = "http://Ahttp://Bhttp://C", .length = 4},
};
static const struct hw_column name_column = {.length = 4, .children = name_columns};
static const struct hw_column document_columns[] = {
    {.values = doc_ids},
    {.length = 2, .children = links_columns},
    {.offsets = name_offsets, .length = 2, .children = &name_column},
};

/* What the paper's figure 3 says: for each entry r, d, and the value's number or a dash. */
static const struct {
    const char *path;
    uint8_t def_max, rep_max;
    const char *want;
} columns[] = {
    {"DocId", 0, 0, NULL}, /* flat: it has no levels */
    {"Links.Backward.list.element", 2, 1, "01- 020 121 "},
    {"Links.Forward.list.element", 2, 1, "020 121 122 023 "},
    {"Name.list.element.Language.list.element.Code", 2, 2, "020 221 11- 122 01- "},
    {"Name.list.element.Language.list.element.Country", 3, 2, "030 22- 11- 132 01- "},
    {"Name.list.element.Url", 2, 1, "020 121 11- 023 "},
};

static const char *shred_text(const struct hw_leaf *leaf, const struct hw_column *column, size_t from, size_t rows) {
    static char text[512];
    struct hw_shredder shredder = {0};
    struct hw_shred shred;
    struct hw_error err = HW_ERROR_INIT;
    size_t used = 0;
    text[0] = '\0';
    assert_ok(hw_level_shred(&shredder, leaf, column, from, rows, &shred, &err), err);
    for (size_t i = 0; i < shred.count; i++) {
        const struct hw_entry *entry = &shred.entries[i];
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%u%u", entry->rep, entry->def);
        used += entry->slot == HW_SLOT_NONE ? (size_t)snprintf(text + used, sizeof(text) - used, "- ")
                                            : (size_t)snprintf(text + used, sizeof(text) - used, "%zu ", entry->slot);
        assert_true((entry->slot != HW_SLOT_NONE) == (entry->def == leaf->def_max));
    }
    hw_shredder_release(&shredder);
    return text;
}

static void levels_are_those_of_the_paper(void **state) {
    (void)state;
    struct hw_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_tree_init(&tree, &document, &err), err);
    assert_int_equal(tree.count, COUNT_OF(columns));
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        char path[96];
        const struct hw_leaf *leaf = &tree.leaves[i];
        assert_string_equal(hw_leaf_path(leaf, path, sizeof(path)), columns[i].path);
        assert_row_int(path, leaf->def_max, columns[i].def_max);
        assert_row_int(path, leaf->rep_max, columns[i].rep_max);
        assert_row_int(path, leaf->nested, columns[i].want != NULL);
        if (leaf->nested) {
            assert_row_text(path, shred_text(leaf, &document_columns[leaf->column], 0, 2), columns[i].want);
        }
    }
    /* The second record alone. */
    assert_string_equal(shred_text(&tree.leaves[1], &document_columns[1], 1, 1), "020 121 ");
    assert_string_equal(shred_text(&tree.leaves[5], &document_columns[2], 1, 1), "023 ");
    hw_tree_release(&tree);
}

/* One column, of which all is null, empty or there. Rows are the slots of `offset` and after. */
static const uint8_t valid_of_6 = 0x3d; /* the second is null */
/* a null list that has an element, an empty one */
static const int32_t short_offsets[] = {0, 0, 1, 1, 2, 4};
static const int64_t large_offsets[] = {0, 0, 1, 1, 2, 4};
static const uint8_t element_valid = 0x2b; /* 0, 1, 3, 5 are there */
static const int64_t numbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const struct hw_column elements = {.null_count = 2, .validity = &element_valid, .values = numbers, .length = 6};
static const struct hw_column shifted = {
    .null_count = 1, .validity = &element_valid, .values = numbers, .length = 5, .offset = 1};
static const struct hw_column pair_columns[] = {{.values = numbers, .length = 5}, {.values = numbers, .length = 5}};
static const struct hw_column pairs = {.length = 5, .children = pair_columns};
static const struct hw_column words = {
    .null_count = 1, .validity = (const uint8_t *)"\x05", .values = numbers, .length = 3};
static const int8_t indices[] = {2, -1, 1, 0};
static const uint8_t indices_valid = 0x0d;

static const struct hw_field element_field = {.name = "item", .type = TYPE(INT64)};
static const struct hw_field dictionary_field = {.name = "", .type = TYPE(INT64)};
static const struct hw_field shifted_fields[] = {{.name = "n", .type = TYPE(INT64)}};
static const struct hw_field null_element = {.name = "item", .type = TYPE(NULL)};
static const struct hw_field pair_fields[] = {{.name = "k", .type = TYPE(INT64), .required = true},
                                              {.name = "v", .type = TYPE(INT64), .required = true}};
static const struct hw_field entries = {
    .name = "entries", .type = TYPE(STRUCT), .required = true, CHILDREN(pair_fields)};

static const struct {
    const char *name;
    struct hw_field field;
    struct hw_column column;
    size_t from, rows;
    const char *want;
} shapes[] = {
    {"lists",
     {.name = "x", .type = TYPE(LIST), ONE_CHILD(element_field)},
     {.null_count = 1, .validity = &valid_of_6, .offsets = short_offsets, .length = 5, .children = &elements},
     0,
     5,
     "01- 00- 01- 031 02- 133 "},
    {"large lists",
     {.name = "x", .type = TYPE(LARGE_LIST), ONE_CHILD(element_field)},
     {.null_count = 1, .validity = &valid_of_6, .large_offsets = large_offsets, .length = 5, .children = &elements},
     0,
     5,
     "01- 00- 01- 031 02- 133 "},
    {"lists at an offset",
     {.name = "x", .type = TYPE(LIST), ONE_CHILD(element_field)},
     {.null_count = 0, .offsets = short_offsets, .length = 3, .offset = 2, .children = &elements},
     1,
     2,
     "031 02- 133 "},
    {"elements at an offset",
     {.name = "x", .type = TYPE(LIST), ONE_CHILD(element_field)},
     {.offsets = short_offsets, .length = 5, .children = &shifted},
     3,
     2,
     "02- 033 12- "},
    {"fixed lists",
     {.name = "x", .type = {.kind = HW_KIND_FIXED_LIST, .width = 2}, ONE_CHILD(element_field)},
     {.null_count = 1, .validity = &valid_of_6, .length = 3, .children = &elements},
     0,
     3,
     "030 131 00- 02- 135 "},
    {"fixed lists of nothing",
     {.name = "x", .type = TYPE(FIXED_LIST), ONE_CHILD(element_field)},
     {.null_count = 1, .validity = &valid_of_6, .length = 3, .children = &elements},
     0,
     3,
     "01- 00- 01- "},
    {"a map's keys",
     {.name = "x", .type = TYPE(MAP), ONE_CHILD(entries)},
     {.offsets = short_offsets, .length = 5, .children = &pairs},
     1,
     4,
     "020 01- 021 022 123 "},
    {"a dictionary: null indices and null values are one level",
     {.name = "x", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8}, .dictionary = &dictionary_field},
     {.null_count = 1, .validity = &indices_valid, .values = indices, .length = 4, .dictionary = &words},
     0,
     4,
     "012 00- 00- 010 "},
    {"a struct's child at an offset",
     {.name = "x", .type = TYPE(STRUCT), CHILDREN(shifted_fields)},
     {.length = 3, .offset = 1, .children = &shifted},
     0,
     3,
     "01- 023 01- "},
    {"nothing but nulls",
     {.name = "x", .type = TYPE(LIST), ONE_CHILD(null_element)},
     {.offsets = short_offsets, .length = 5, .children = &elements},
     0,
     4,
     "01- 02- 01- 02- "},
};

static void every_shape_has_its_levels(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        struct hw_field field = shapes[i].field;
        struct hw_tree tree;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_tree_init(&tree, &(struct hw_schema){&field, 1}, &err), err);
        assert_row_text(shapes[i].name, shred_text(&tree.leaves[0], &shapes[i].column, shapes[i].from, shapes[i].rows),
                        shapes[i].want);
        hw_tree_release(&tree);
    }
}

static void nulls_where_none_may_be_are_refused(void **state) {
    (void)state;
    struct hw_field required[] = {
        {.name = "list", .type = TYPE(LIST), .required = true, ONE_CHILD(element_long)},
        {.name = "elements", .type = TYPE(LIST), ONE_CHILD(element_long)},
        {.name = "word",
         .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8},
         .required = true,
         .dictionary = &dictionary_field},
    };
    static const int8_t null_word[] = {1};
    const struct hw_column bad[] = {
        {.null_count = 1, .validity = &valid_of_6, .offsets = short_offsets, .length = 5, .children = &elements},
        {.offsets = short_offsets, .length = 5, .children = &elements},
        {.values = null_word, .length = 1, .dictionary = &words},
    };
    const size_t rows[] = {2, 5, 1};
    for (size_t i = 0; i < COUNT_OF(required); i++) {
        struct hw_tree tree;
        struct hw_shredder shredder = {0};
        struct hw_shred shred;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_tree_init(&tree, &(struct hw_schema){&required[i], 1}, &err), err);
        assert_row_int(required[i].name, hw_level_shred(&shredder, &tree.leaves[0], &bad[i], 0, rows[i], &shred, &err),
                       HW_EDATA);
        assert_row_says(required[i].name, err.message, "a null in a column that is required");
        hw_shredder_release(&shredder);
        hw_tree_release(&tree);
    }
}

/*
 * Two bytes an entry for levels, and the values: numbers have 8, texts their bytes and a length of
 * 4.
 */
static void reach_is_found_by_the_ends(void **state) {
    (void)state;
    struct hw_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_tree_init(&tree, &document, &err), err);
    assert_int_equal(hw_level_reach(&tree.leaves[2], &document_columns[1], 0, 1), 3 * (8 + 2));
    assert_int_equal(hw_level_reach(&tree.leaves[2], &document_columns[1], 1, 1), 1 * (8 + 2));
    assert_int_equal(hw_level_reach(&tree.leaves[3], &document_columns[2], 0, 2), 3 * (2 + 4) + 12);
    assert_int_equal(hw_level_reach(&tree.leaves[3], &document_columns[2], 1, 1), 2);
    hw_tree_release(&tree);
    struct hw_field word = shapes[7].field;
    assert_ok(hw_tree_init(&tree, &(struct hw_schema){&word, 1}, &err), err);
    assert_int_equal(hw_level_reach(&tree.leaves[0], &shapes[7].column, 0, 4), 4 * (8 + 2));
    hw_tree_release(&tree);
}

static void levels_have_their_length_before_them(void **state) {
    (void)state;
    HW_AUTO(hw_buf) scratch = {0};
    HW_AUTO(hw_buf) out = {0};
    uint8_t levels[20];
    struct hw_error err = HW_ERROR_INIT;
    memset(levels, 3, sizeof(levels));
    assert_ok(hw_buf_append(&out, "x", 1, &err), err);
    assert_ok(hw_levels_put(levels, 20, 3, &scratch, &out, &err), err);
    /* A run of 20 (40 as varint) of the value 3 in one byte. */
    assert_row_bytes("levels", out.data, out.size, "x\x02\0\0\0\x28\x03", 7);
    out.size = 0;
    static const uint8_t mixed[] = {0, 1, 2, 0, 1};
    uint32_t got[5];
    assert_ok(hw_levels_put(mixed, 5, 2, &scratch, &out, &err), err);
    assert_int_equal(hw_load_le32(out.data), out.size - 4);
    decode_rle(&(struct decoder){out.data + 4, out.data + out.size}, 2, 5, got);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(got[i], mixed[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_those_of_the_paper),        cmocka_unit_test(every_shape_has_its_levels),
        cmocka_unit_test(nulls_where_none_may_be_are_refused),  cmocka_unit_test(reach_is_found_by_the_ends),
        cmocka_unit_test(levels_have_their_length_before_them),
    };
    return cmocka_run_group_tests_name("parquet/level", tests, NULL, NULL);
}
