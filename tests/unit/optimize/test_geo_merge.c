/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/geo_merge.h"

#include <stdio.h>

#include "core/limits.h"
#include "unit/optimize/merge_rows.h"

/* A column of GeoParquet 1.1, and a second one behind it. */
#define GEO(types, bbox) GEO_OF("\"version\": \"1.1.0\"", "\"g\": " COLUMN(types, bbox))
#define GEO_OF(head, columns) "{" head ", \"primary_column\": \"g\", \"columns\": {" columns "}}"
#define COLUMN(types, bbox) "{\"encoding\": \"WKB\", \"geometry_types\": " types bbox ", \"edges\": \"planar\"}"
#define BBOX(numbers) ", \"bbox\": [" numbers "]"
#define POINT "[\"Point\"]"
#define BOX(numbers) GEO(POINT, BBOX(numbers))
#define NO_BOX GEO(POINT, "")
#define TYPES(types) GEO(types, BBOX("1, 2, 3, 4"))

/* Boxes and types are joined by hand. */
static const struct merge_row rows[] = {
    {"one", MERGE_SOURCES({BOX("1, 2, 3, 4")}), NULL},
    {"the same", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {BOX("1, 2, 3, 4")}), NULL},
    {"a box within", MERGE_SOURCES({BOX("1.00, 2, 3, 4e0")}, {BOX("1.5, 2.5, 2.5, 3.5")}), NULL},
    {"a box around", MERGE_SOURCES({BOX("1.5, 2.5, 2.5, 3.5")}, {BOX("1, 2, 3, 4.25")}), BOX("1.0, 2.0, 3.0, 4.25")},
    {"a box beside", MERGE_SOURCES({BOX("1, 2.0, 3, 4")}, {BOX("-5, 3, -4.5, 9")}), BOX("-5.0, 2.0, 3, 9.0")},
    {"three boxes", MERGE_SOURCES({BOX("0, 0, 1, 1")}, {BOX("0, -1, 1, 1")}, {BOX("0, 0, 1, 0.1")}),
     BOX("0, -1.0, 1, 1")},
    {"numbers of 17 digits",
     MERGE_SOURCES({BOX("0, 0, 0, 0")},
                   {BOX("-0.30000000000000004, -1e-7, 1234567.1234567891, 1.7976931348623157e308")}),
     BOX("-0.30000000000000004, -1e-7, 1234567.1234567892, 1.7976931348623157e+308")},
    {"numbers that are the same double", MERGE_SOURCES({BOX("0.1, 0, 1, 1")}, {BOX("0.10000000000000000001, 0, 1, 1")}),
     NULL},
    {"three dimensions", MERGE_SOURCES({BOX("1, 2, 3, 4, 5, 6")}, {BOX("0, 3, 2, 5, 4, 7")}),
     BOX("0.0, 2, 2.0, 5.0, 5, 7.0")},
    {"a point", MERGE_SOURCES({BOX("1, 2, 1, 2")}, {BOX("1, 2, 1, 3")}), BOX("1, 2, 1, 3.0")},
    {"two and three dimensions", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {BOX("1, 2, 3, 4, 5, 6")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"a box and none", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {NO_BOX}), NO_BOX, .left_out = {"before: geo: bbox of g"}},
    {"no box, and one", MERGE_SOURCES({NO_BOX}, {BOX("1, 2, 3, 4")}), NULL, .left_out = {"before: geo: bbox of g"}},
    {"no box, then the same", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {NO_BOX}, {BOX("1, 2, 3, 4")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"the antimeridian", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {BOX("170, 2, -170, 4")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"the antimeridian in the first", MERGE_SOURCES({BOX("170, 2, -170, 4")}, {BOX("1, 2, 3, 4")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"the antimeridian in three dimensions", MERGE_SOURCES({BOX("1, 2, 3, 4, 5, 6")}, {BOX("7, 2, 3, 4, 5, 6")}),
     NO_BOX, .left_out = {"before: geo: bbox of g"}},
    {"the antimeridian in all", MERGE_SOURCES({BOX("170, 2, -170, 4")}, {BOX("170, 2, -170, 4")}), NULL},
    {"the same box, which nobody understands", MERGE_SOURCES({GEO(POINT, BBOX("7"))}, {GEO("[]", BBOX("7"))}),
     GEO("[]", BBOX("7"))},
    {"south above north", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {BOX("1, 9, 3, 4")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"infinite", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {BOX("1, 2, 3, 1e309")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"a word", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {BOX("1, 2, 3, Infinity")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"no numbers", MERGE_SOURCES({BOX("NaN, NaN, NaN, NaN")}, {BOX("1, 2, 3, 4")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"too few numbers", MERGE_SOURCES({BOX("1, 2, 3")}, {BOX("1, 2, 4")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"too many numbers", MERGE_SOURCES({BOX("1, 2, 3, 4, 5, 6, 7")}, {BOX("1, 2, 3, 4, 5, 6, 8")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"no list",
     MERGE_SOURCES({BOX("1, 2, 3, 4")}, {GEO(POINT, ", \"bbox\": {\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4}")}), NO_BOX,
     .left_out = {"before: geo: bbox of g"}},
    {"a box that cannot be joined fails", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {NO_BOX}), NULL, .differ = true,
     .rule = HW_OPTIMIZE_METADATA_FAIL},
    {"a box that can be joined does not", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {BOX("0, 2, 3, 4")}), BOX("0.0, 2, 3, 4"),
     .rule = HW_OPTIMIZE_METADATA_FAIL},
    {"other types",
     MERGE_SOURCES({TYPES("[\"Polygon\", \"Point Z\"]")}, {TYPES("[\"Point\", \"Polygon\"]")}, {TYPES(POINT)}),
     TYPES("[\"Polygon\", \"Point Z\", \"Point\"]")},
    {"fewer types", MERGE_SOURCES({TYPES("[\"Polygon\",\"Point\"]")}, {TYPES(POINT)}), NULL},
    {"types in another order", MERGE_SOURCES({TYPES("[\"Polygon\",\"Point\"]")}, {TYPES("[\"Point\",\"Polygon\"]")}),
     NULL},
    {"any type", MERGE_SOURCES({TYPES(POINT)}, {TYPES("[]")}, {TYPES(POINT)}), TYPES("[]")},
    {"any type first", MERGE_SOURCES({TYPES("[ ]")}, {TYPES(POINT)}), NULL},
    {"types with escapes", MERGE_SOURCES({TYPES("[\"\\u0050oint\"]")}, {TYPES(POINT)}), NULL},
    {"types that are none", MERGE_SOURCES({TYPES("\"Point\"")}, {TYPES(POINT)}), NULL, .differ = true},
    {"types of which one is none", MERGE_SOURCES({TYPES("[\"Point\", 1]")}, {TYPES(POINT)}), NULL, .differ = true},
    {"two columns",
     MERGE_SOURCES({GEO_OF("\"v\": 1",
                           "\"a\": " COLUMN(POINT, BBOX("1, 2, 3, 4")) ", \"b\": " COLUMN(POINT, BBOX("5, 6, 7, 8")))},
                   {GEO_OF("\"v\": 1", "\"a\": " COLUMN("[]", BBOX("0, 2, 3, 4")) ", \"b\": " COLUMN(POINT, ""))}),
     GEO_OF("\"v\": 1", "\"a\": " COLUMN("[]", BBOX("0.0, 2, 3, 4")) ", \"b\": " COLUMN(POINT, "")),
     .left_out = {"before: geo: bbox of b"}},
    {"another head", MERGE_SOURCES({GEO_OF("\"v\": 1", "")}, {GEO_OF("\"v\": 2", "")}), NULL, .differ = true},
    {"another column", MERGE_SOURCES({GEO_OF("\"v\": 1", "\"a\": {}")}, {GEO_OF("\"v\": 1", "\"b\": {}")}), NULL,
     .differ = true},
    {"more columns", MERGE_SOURCES({GEO_OF("\"v\": 1", "\"a\": {}")}, {GEO_OF("\"v\": 1", "\"a\": {},\"b\": {}")}),
     NULL, .differ = true},
    {"no columns", MERGE_SOURCES({"[1]"}, {"[2]"}), NULL, .differ = true},
    {"no JSON", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {"{"}), NULL, .differ = true},
    {"a first that is no JSON", MERGE_SOURCES({"{"}, {BOX("1, 2, 3, 4")}), NULL, .differ = true},
    {"no JSON in all", MERGE_SOURCES({"{"}, {"{"}), NULL},
    {"the first, and another head", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {GEO_OF("\"v\": 2", "")}), GEO("[]", ""),
     .differ = true, .rule = HW_OPTIMIZE_METADATA_FIRST,
     .left_out = {"before: geo: bbox of g", "before: geo: geometry_types of g"}},
    {"the first, and none", MERGE_SOURCES({BOX("1, 2, 3, 4")}, {NULL}), GEO("[]", ""), .differ = true,
     .rule = HW_OPTIMIZE_METADATA_FIRST, .left_out = {"before: geo: bbox of g", "before: geo: geometry_types of g"}},
    {"the first, which says nothing", MERGE_SOURCES({GEO("[]", "")}, {NULL}), NULL, .differ = true,
     .rule = HW_OPTIMIZE_METADATA_FIRST},
    {"the first, which is no JSON", MERGE_SOURCES({"{"}, {NULL}), NULL, .differ = true,
     .rule = HW_OPTIMIZE_METADATA_FIRST},
};

static void boxes_and_types_are_joined(void **state) {
    (void)state;
    merge_texts_run(hw_geo_merger_make, rows, COUNT_OF(rows));
}

/* Sources of one new type each: as many as are joined, and one more. */
static void types_are_limited(void **state) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_pairs_merging merging = {.arena = &arena, .left_out = {.arena = &arena}};
    struct hw_pair_merger *merger;
    hw_view value;
    bool agrees;
    (void)state;
    assert_int_equal(hw_geo_merger_make(&merging, "", HW_VIEW(TYPES("[\"0\"]")), &merger, NULL), HW_OK);
    for (unsigned i = 1; i <= HW_PAIR_GEOMETRY_TYPES_MAX; i++) {
        char text[256];
        snprintf(text, sizeof(text), TYPES("[\"%u\"]"), i);
        if (i == HW_PAIR_GEOMETRY_TYPES_MAX) {
            assert_int_equal(merger->finish(merger, true, &value, NULL), HW_OK);
            assert_non_null(memmem(value.data, value.size, "\"30\", \"31\"]", 11));
        }
        assert_int_equal(merger->add(merger, i, hw_view_of(text), &agrees, NULL), HW_OK);
        assert_true(agrees);
    }
    assert_int_equal(merger->finish(merger, true, &value, NULL), HW_OK);
    assert_true(hw_view_equal(value, HW_VIEW(TYPES("[]"))));
}

/* A number of more digits than are read makes no box. */
static void digits_are_limited(void **state) {
    static char text[2000];
    HW_AUTO(hw_arena) arena = {0};
    struct hw_pairs_merging merging = {.arena = &arena, .left_out = {.arena = &arena}};
    struct hw_pair_merger *merger;
    hw_view value;
    bool agrees;
    (void)state;
    snprintf(text, sizeof(text), BOX("1, 2, 3.%01000d7, 4"), 0);
    assert_int_equal(hw_geo_merger_make(&merging, "", HW_VIEW(BOX("1, 2, 3, 4")), &merger, NULL), HW_OK);
    assert_int_equal(merger->add(merger, 1, hw_view_of(text), &agrees, NULL), HW_OK);
    assert_true(agrees);
    assert_int_equal(merger->finish(merger, true, &value, NULL), HW_OK);
    assert_true(hw_view_equal(value, HW_VIEW(NO_BOX)));
}

static void no_memory_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].want) {
            merge_row_sweep(hw_geo_merger_make, &rows[i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_and_types_are_joined),
        cmocka_unit_test(types_are_limited),
        cmocka_unit_test(digits_are_limited),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/geo_merge", tests, NULL, NULL);
}
