/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrow_schema.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/limits.h"
#include "support/alloc_fault.h"
#include "table/schema.h"
#include "unit/table/arrow_make.h"

static const struct hw_key_value pairs[] = {{HW_META_FIELD_ID, "7", 1}, {"bytes", "a\0b", 3}};
static const struct hw_field values_field = {.name = "", .type = {.kind = HW_KIND_TEXT}};
static const struct hw_field pair_fields[] = {
    {.name = "key", .type = {.kind = HW_KIND_UUID}, .required = true},
    {.name = "value",
     .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8, .ordered = true},
     .dictionary = &values_field,
     .metadata = pairs,
     .metadata_count = 2}};
static const struct hw_field entries_field = {.name = "entries",
                                              .type = {.kind = HW_KIND_STRUCT},
                                              .required = true,
                                              .children = pair_fields,
                                              .children_count = 2};
static struct hw_field table_fields[] = {
    {.name = "m", .type = {.kind = HW_KIND_MAP, .ordered = true}, .children = &entries_field, .children_count = 1},
    {.name = "j",
     .type = {.kind = HW_KIND_TEXT, .label = HW_LABEL_JSON},
     .required = true,
     .metadata = pairs,
     .metadata_count = 1},
};
static const struct hw_schema table = {table_fields, 2};

static void a_schema_comes_back_as_it_went(void **state) {
    (void)state;
    struct ArrowSchema exported;
    struct hw_shared_schema *read;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_arrow_schema_export(&table, &exported, &err), err);
    assert_string_equal(exported.format, "+s");
    assert_int_equal(exported.flags, 0);
    const struct ArrowSchema *map = exported.children[0];
    assert_string_equal(map->format, "+m");
    assert_int_equal(map->flags, ARROW_FLAG_NULLABLE | ARROW_FLAG_MAP_KEYS_SORTED);
    const struct ArrowSchema *key = map->children[0]->children[0];
    assert_string_equal(key->format, "w:16");
    /* Two pairs, the extension's name and what it has to say. */
    static const char extension[] = "\x02\0\0\0\x14\0\0\0ARROW:extension:name\x0a\0\0\0"
                                    "arrow.uuid\x18\0\0\0ARROW:extension:metadata\0\0\0";
    assert_memory_equal(key->metadata, extension, sizeof(extension));
    const struct ArrowSchema *value = map->children[0]->children[1];
    assert_string_equal(value->format, "c");
    assert_int_equal(value->flags, ARROW_FLAG_NULLABLE | ARROW_FLAG_DICTIONARY_ORDERED);
    assert_string_equal(value->dictionary->format, "u");

    assert_ok(hw_arrow_schema_read(&exported, &read, &err), err);
    exported.release(&exported);
    assert_null(exported.release);
    assert_int_equal(read->schema.count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct hw_field *field = &read->schema.fields[i];
        assert_true(hw_field_types_equal(field, &table_fields[i]));
        assert_string_equal(field->name, table_fields[i].name);
        assert_int_equal(field->required, table_fields[i].required);
        assert_int_equal(field->metadata_count, table_fields[i].metadata_count);
    }
    const struct hw_key_value *bytes = hw_field_metadata(&read->schema.fields[0].children->children[1], "bytes");
    assert_row_bytes("metadata", bytes->value, bytes->value_bytes, "a\0b", 3);
    hw_owner_drop(&read->owner);
}

/* "The consumer can move child arrays out of a parent": what was moved lives on alone. */
static void children_can_be_moved(void **state) {
    (void)state;
    struct ArrowSchema exported;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_arrow_schema_export(&table, &exported, &err), err);
    struct ArrowSchema moved = *exported.children[1];
    exported.children[1]->release = NULL;
    exported.release(&exported);
    assert_string_equal(moved.name, "j");
    assert_string_equal(moved.format, "u");
    moved.release(&moved);
    assert_null(moved.release);
}

/* What is done to a good schema of a struct with a list child, and what is said of it then. */
static struct made_schema root, list, element, extra;
static char long_name[HW_TABLE_NAME_BYTES_MAX + 2];

static void metadata_spoil(int how) {
    static const char negative_pairs[] = "\xff\xff\xff\xff";
    static const char many_pairs[] = "\x11\x27\0\0";
    static const char negative_key[] = "\x01\0\0\0\xff\xff\xff\xff";
    static const char long_value[] = "\x01\0\0\0\0\0\0\0\x01\0\0\x01";
    static const char nul_key[] = "\x01\0\0\0\x02\0\0\0a\0\0\0\0";
    const char *const metadata[] = {negative_pairs, many_pairs, negative_key, long_value, nul_key};
    element.node.metadata = metadata[how];
}

static void spoil(int how) {
    switch (how) {
    case 0:
        list.node.release = NULL;
        break;
    case 1:
        list.node.format = NULL;
        break;
    case 2:
        root.children[0] = NULL;
        break;
    case 3:
        list.node.format = "?";
        break;
    case 4:
        list.node.n_children = 0;
        break;
    case 5:
        list.node.n_children = -1;
        break;
    case 6:
        list.node.children = NULL;
        break;
    case 7:
        made_schema_add(&list, &extra.node);
        break;
    case 8:
        element.node.n_children = 1;
        break;
    case 9:
        list.node.format = "+m";
        break;
    case 10:
        list.node.name = "\xff";
        break;
    case 11:
        list.node.name = long_name;
        break;
    case 12:
        list.node.dictionary = &extra.node;
        break;
    case 13:
        element.node.format = "i";
        element.node.dictionary = &extra.node;
        extra.node.release = NULL;
        break;
    case 14:
        root.node.format = "i";
        root.node.n_children = 0;
        break;
    case 15:
        root.node.n_children = HW_TABLE_FIELDS_MAX + 1;
        break;
    case 16:
        list.children[0] = &list.node;
        break; /* no end */
    default:
        metadata_spoil(how - 17);
        break;
    }
}

static void what_is_wrong_is_refused(void **state) {
    (void)state;
    static const struct {
        enum hw_status status;
        const char *says;
    } rows[] = {
        {HW_EDATA, "an Arrow schema has been released, or has no format"},
        {HW_EDATA, "an Arrow schema has been released, or has no format"},
        {HW_EDATA, "an Arrow schema has been released, or has no format"},
        {HW_EDATA, "Arrow format \"?\" is not known"},
        {HW_EDATA, "an Arrow schema of format \"+l\" has 0 children"},
        {HW_EDATA, "an Arrow schema of format \"+l\" has -1 children"},
        {HW_EDATA, "an Arrow schema of format \"+l\" has 1 children"},
        {HW_EDATA, "an Arrow schema of format \"+l\" has 2 children"},
        {HW_EDATA, "an Arrow schema of format \"l\" has 1 children"},
        {HW_EDATA, "an Arrow map's child is no struct of a key and a value"},
        {HW_EDATA, "name \"\xff\" is not UTF-8"},
        {HW_ELIMIT, "a name has more than 65536 bytes"},
        {HW_EDATA, "an Arrow dictionary's indices have format \"+l\""},
        {HW_EDATA, "an Arrow schema has been released, or has no format"},
        {HW_EDATA, "an Arrow table is a struct of its columns, but this is another type"},
        {HW_ELIMIT, "an Arrow schema has more than 100000 columns"},
        {HW_ELIMIT, "an Arrow schema is nested more than 100 deep"},
        {HW_EDATA, "Arrow metadata has -1 pairs"},
        {HW_ELIMIT, "Arrow metadata has 10001 pairs"},
        {HW_EDATA, "Arrow metadata has a length of -1 bytes"},
        {HW_ELIMIT, "Arrow metadata has a length of 16777217 bytes"},
        {HW_EDATA, "a key of Arrow metadata has a NUL in it"},
    };
    memset(long_name, 'x', sizeof(long_name) - 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char name[16];
        struct hw_error err = HW_ERROR_INIT;
        struct hw_shared_schema *read = NULL;
        snprintf(name, sizeof(name), "row %zu", i);
        made_schema_init(&root, "+s", "");
        made_schema_init(&list, "+l", "list");
        made_schema_init(&element, "l", "item");
        made_schema_init(&extra, "u", "");
        made_schema_add(&root, &list.node);
        made_schema_add(&list, &element.node);
        spoil((int)i);
        assert_row_int(name, hw_arrow_schema_read(&root.node, &read, &err), rows[i].status);
        assert_row_says(name, err.message, rows[i].says);
        assert_null(read);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct ArrowSchema exported = {0};
        struct hw_shared_schema *read = NULL;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_arrow_schema_export(&table, &exported, &err);
        if (status == HW_OK) {
            status = hw_arrow_schema_read(&exported, &read, &err);
            exported.release(&exported);
        }
        if (read) {
            hw_owner_drop(&read->owner);
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schema_comes_back_as_it_went),
        cmocka_unit_test(children_can_be_moved),
        cmocka_unit_test(what_is_wrong_is_refused),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("table/arrow_schema", tests, NULL, NULL);
}
