/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/match.h"

#include <stdio.h>

#include "avro/schema_read.h"
#include "support/rows.h"

static const char *const primitives[] = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"};

/* The promotions of the specification, besides each type to itself. */
static const struct {
    const char *writer;
    const char *reader;
} promotions[] = {
    {"int", "long"},    {"int", "float"},    {"int", "double"},   {"long", "float"},
    {"long", "double"}, {"float", "double"}, {"string", "bytes"}, {"bytes", "string"},
};

static bool promotes(const char *writer, const char *reader) {
    bool found = strcmp(writer, reader) == 0;
    for (size_t i = 0; i < COUNT_OF(promotions); i++) {
        found |= strcmp(promotions[i].writer, writer) == 0 && strcmp(promotions[i].reader, reader) == 0;
    }
    return found;
}

static void schema_make(struct hw_avro_schema_tree *schema, const char *json) {
    struct hw_error err = HW_ERROR_INIT;
    *schema = (struct hw_avro_schema_tree){0};
    assert_ok(hw_avro_schema_read(schema, hw_view_of(json), &err), err);
}

static void primitive_types_match_by_promotion(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(primitives) * COUNT_OF(primitives); i++) {
        const char *names[] = {primitives[i / COUNT_OF(primitives)], primitives[i % COUNT_OF(primitives)]};
        struct hw_avro_schema_tree schemas[2];
        char json[2][16];
        for (int side = 0; side < 2; side++) {
            snprintf(json[side], sizeof(json[side]), "\"%s\"", names[side]);
            schema_make(&schemas[side], json[side]);
        }
        assert_row_int(json[0], hw_avro_types_match(schemas[0].root, schemas[1].root), promotes(names[0], names[1]));
        hw_avro_schema_tree_release(&schemas[0]);
        hw_avro_schema_tree_release(&schemas[1]);
    }
}

#define NAMED(type, name, more) "{\"type\":\"" type "\",\"name\":\"" name "\"," more "}"

static const struct {
    const char *name;
    const char *writer;
    const char *reader;
    bool want;
} rows[] = {
    {"fixed of one size", NAMED("fixed", "f", "\"size\":1"), NAMED("fixed", "n.f", "\"size\":1"), true},
    {"fixed of two sizes", NAMED("fixed", "f", "\"size\":1"), NAMED("fixed", "f", "\"size\":2"), false},
    {"fixed of two names", NAMED("fixed", "f", "\"size\":1"), NAMED("fixed", "g", "\"size\":1"), false},
    {"an alias", NAMED("fixed", "f", "\"size\":1"), NAMED("fixed", "g", "\"size\":1,\"aliases\":[\"h\",\"f\"]"), true},
    {"an alias of the file's", NAMED("fixed", "f", "\"size\":1,\"aliases\":[\"g\"]"), NAMED("fixed", "g", "\"size\":1"),
     false},
    {"enums", NAMED("enum", "e", "\"symbols\":[\"A\"]"), NAMED("enum", "e", "\"symbols\":[\"B\"]"), true},
    {"an enum for a string", NAMED("enum", "e", "\"symbols\":[\"A\"]"), "\"string\"", false},
    {"arrays", "{\"type\":\"array\",\"items\":\"int\"}", "{\"type\":\"array\",\"items\":\"long\"}", true},
    {"arrays of other items", "{\"type\":\"array\",\"items\":\"long\"}", "{\"type\":\"array\",\"items\":\"int\"}",
     false},
    {"arrays of unions", "{\"type\":\"array\",\"items\":[\"long\"]}", "{\"type\":\"array\",\"items\":\"int\"}", true},
    {"maps", "{\"type\":\"map\",\"values\":\"int\"}", "{\"type\":\"map\",\"values\":\"string\"}", false},
    {"an array for a map", "{\"type\":\"map\",\"values\":\"int\"}", "{\"type\":\"array\",\"items\":\"int\"}", false},
    {"logical types", "{\"type\":\"int\",\"logicalType\":\"date\"}",
     "{\"type\":\"int\",\"logicalType\":\"time-millis\"}", false},
};

static void other_types_match_by_name_and_members(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_avro_schema_tree writer;
        struct hw_avro_schema_tree reader;
        schema_make(&writer, rows[i].writer);
        schema_make(&reader, rows[i].reader);
        assert_row_int(rows[i].name, hw_avro_types_match(writer.root, reader.root), rows[i].want);
        hw_avro_schema_tree_release(&writer);
        hw_avro_schema_tree_release(&reader);
    }
}

static const struct {
    const char *writer;
    const char *reader;
    int want;
} branches[] = {
    {"\"int\"", "[\"null\",\"int\"]", 1},     {"\"int\"", "[\"null\",\"double\",\"long\"]", 1},
    {"\"int\"", "[\"double\",\"int\"]", 1},   {"\"int\"", "[\"null\",\"string\"]", -1},
    {"\"null\"", "[\"string\",\"null\"]", 1},
};

static void branches_are_found(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(branches); i++) {
        struct hw_avro_schema_tree writer;
        struct hw_avro_schema_tree reader;
        schema_make(&writer, branches[i].writer);
        schema_make(&reader, branches[i].reader);
        assert_row_int(branches[i].reader, hw_avro_branch_match(writer.root, reader.root), branches[i].want);
        hw_avro_schema_tree_release(&writer);
        hw_avro_schema_tree_release(&reader);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(primitive_types_match_by_promotion),
        cmocka_unit_test(other_types_match_by_name_and_members),
        cmocka_unit_test(branches_are_found),
    };
    return cmocka_run_group_tests_name("avro/match", tests, NULL, NULL);
}
