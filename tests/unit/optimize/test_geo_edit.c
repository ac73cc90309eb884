/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/geo_edit.h"

#include "unit/optimize/edit_rows.h"

/* As the examples of the GeoParquet specification 1.1.0 have it. */
#define GEO(primary, columns) "{\"version\":\"1.1.0\",\"primary_column\":\"" primary "\",\"columns\":{" columns "}}"
#define WKB(name) "\"" name "\":{\"encoding\":\"WKB\",\"geometry_types\":[],\"bbox\":[-180.0,-90.0,180.0,83.6451]}"
#define COVERED(name, box) "\"" name "\":{\"encoding\":\"WKB\"," COVERING(box) ",\"geometry_types\":[\"Point\"]}"
#define COVERING(box)                                                                                          \
    "\"covering\":{\"bbox\":{\"xmin\":[\"" box "\",\"xmin\"],\"ymin\":[\"" box "\",\"ymin\"],\"xmax\":[\"" box \
    "\",\"xmax\"],\"ymax\":[\"" box "\",\"ymax\"]}}"

static const struct edit_row rows[] = {
    {"primary renamed", GEO("g", WKB("g") "," WKB("h")), GEO("x", WKB("x") "," WKB("h")),
     CHANGES({PATH(FIELD("g")), .new_name = "x"})},
    {"another renamed", GEO("g", WKB("g") "," WKB("h")), GEO("g", WKB("g") "," WKB("x")),
     CHANGES({PATH(FIELD("h")), .new_name = "x"})},
    {"another dropped", GEO("g", WKB("h") "," WKB("g")), GEO("g", WKB("g")),
     CHANGES({PATH(FIELD("h")), .dropped = true})},
    {"primary dropped", GEO("g", WKB("g") "," WKB("h")), NULL, CHANGES({PATH(FIELD("g")), .dropped = true}), HW_EDATA,
     "the primary column is dropped"},
    {"covering renamed", GEO("g", COVERED("g", "b")), GEO("g", COVERED("g", "c")),
     CHANGES({PATH(FIELD("b")), .new_name = "c"})},
    {"a part of the covering renamed", GEO("g", "\"g\":{\"covering\":{\"bbox\":{\"xmin\":[\"b\", \"xmin\"]}}}"),
     GEO("g", "\"g\":{\"covering\":{\"bbox\":{\"xmin\":[\"c\", \"west\"]}}}"),
     CHANGES({PATH(FIELD("b")), .new_name = "c"}, {PATH(FIELD("b"), FIELD("xmin")), .new_name = "west"})},
    {"covering dropped", GEO("g", COVERED("g", "b")),
     GEO("g", "\"g\":{\"encoding\":\"WKB\",\"geometry_types\":[\"Point\"]}"),
     CHANGES({PATH(FIELD("b")), .dropped = true})},
    {"a part of the covering dropped", GEO("g", COVERED("g", "b")),
     GEO("g", "\"g\":{\"encoding\":\"WKB\",\"geometry_types\":[\"Point\"]}"),
     CHANGES({PATH(FIELD("b"), FIELD("ymax")), .dropped = true})},
    {"covering of floats", GEO("g", COVERED("g", "b")), NULL,
     CHANGES({PATH(FIELD("b"), FIELD("ymax")), RETYPED(FLOAT_TYPE)})},
    {"covering of decimals", GEO("g", COVERED("g", "b")),
     GEO("g", "\"g\":{\"encoding\":\"WKB\",\"geometry_types\":[\"Point\"]}"),
     CHANGES({PATH(FIELD("b"), FIELD("ymax")), RETYPED(DECIMAL_TYPE(9, 2))})},
    {"coordinates retyped", GEO("g", "\"g\":{\"encoding\":\"point\",\"geometry_types\":[]}"), NULL,
     CHANGES({PATH(FIELD("g"), FIELD("x")), RETYPED(FLOAT_TYPE)}), HW_EDATA, "the values of the geometry \"g\" change"},
    {"geometry retyped", GEO("h", WKB("g")), NULL, CHANGES({PATH(FIELD("g")), RETYPED(FLOAT_TYPE)}), HW_EDATA,
     "the values of the geometry \"g\" change"},
    {"other columns", GEO("g", WKB("g")), NULL,
     CHANGES({PATH(FIELD("a")), .dropped = true}, {PATH(FIELD("")), .dropped = true})},
    {"other shapes", "{\"primary_column\":1,\"columns\":[{\"covering\":{\"bbox\":{\"xmin\":[1,\"a\"]}}}]}", NULL,
     CHANGES({PATH(FIELD("a")), .dropped = true}, {PATH(FIELD("")), .new_name = "b"})},
    {"no JSON", "geo", NULL, CHANGES({PATH(FIELD("g")), .dropped = true}), HW_EDATA, "\"g\" in JSON"},
};

static void names_are_edited(void **state) {
    (void)state;
    edit_rows_run(hw_geo_edit, rows, COUNT_OF(rows));
}

static void no_memory_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].want) {
            edit_row_sweep(hw_geo_edit, &rows[i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_edited),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/geo_edit", tests, NULL, NULL);
}
