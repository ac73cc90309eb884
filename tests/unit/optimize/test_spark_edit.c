/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/spark_edit.h"

#include "unit/optimize/edit_rows.h"

#define STRUCT(fields) "{\"type\":\"struct\",\"fields\":[" fields "]}"
#define NAMED(name, type) "{\"name\":\"" name "\",\"type\":" type ",\"nullable\":true,\"metadata\":{}}"
#define UDT                                                                             \
    "{\"type\":\"udt\",\"class\":\"org.apache.spark.ml.linalg.VectorUDT\",\"pyClass\":" \
    "\"pyspark.ml.linalg.VectorUDT\",\"sqlType\":" STRUCT(NAMED("values", "{\"type\":\"array\"}")) "}"

/* The words for types are those of Spark's DataType.json. */
static const struct edit_row rows[] = {
    {"float", STRUCT(NAMED("a", "\"double\"") "," NAMED("b", "\"double\"")),
     STRUCT(NAMED("a", "\"double\"") "," NAMED("b", "\"float\"")), CHANGES({PATH(FIELD("b")), RETYPED(FLOAT_TYPE)})},
    {"integer", STRUCT(NAMED("a", "\"long\"")), STRUCT(NAMED("a", "\"integer\"")),
     CHANGES({PATH(FIELD("a")), RETYPED(INT32_TYPE)})},
    {"unsigned", STRUCT(NAMED("a", "\"decimal(20,0)\"")), STRUCT(NAMED("a", "\"long\"")),
     CHANGES({PATH(FIELD("a")), RETYPED(UINT32_TYPE)})},
    {"decimal", STRUCT(NAMED("a", "\"double\"")), STRUCT(NAMED("a", "\"decimal(15,2)\"")),
     CHANGES({PATH(FIELD("a")), RETYPED(DECIMAL_TYPE(15, 2))})},
    {"timestamp", STRUCT(NAMED("a", "\"timestamp\"")), NULL,
     CHANGES({PATH(FIELD("a")), RETYPED(TIMESTAMP_TYPE(HW_UNIT_MICROS))})},
    {"renamed", STRUCT(NAMED("a", "\"double\"")), STRUCT(NAMED("b\\\"", "\"double\"")),
     CHANGES({PATH(FIELD("a")), .new_name = "b\""})},
    {"renamed and retyped", STRUCT(NAMED("\\u00e4", "\"long\"")), STRUCT(NAMED("b", "\"integer\"")),
     CHANGES({PATH(FIELD("\xc3\xa4")), .new_name = "b", RETYPED(INT32_TYPE)})},
    {"dropped", STRUCT(NAMED("a", "\"double\"") "," NAMED("b", "\"long\"") "," NAMED("c", "\"date\"")),
     STRUCT(NAMED("c", "\"date\"")), CHANGES({PATH(FIELD("b")), .dropped = true}, {PATH(FIELD("a")), .dropped = true})},
    {"in an array", STRUCT(NAMED("a", "{\"type\":\"array\",\"elementType\":\"double\",\"containsNull\":true}")),
     STRUCT(NAMED("a", "{\"type\":\"array\",\"elementType\":\"float\",\"containsNull\":true}")),
     CHANGES({PATH(FIELD("a"), ELEMENT), RETYPED(FLOAT_TYPE)})},
    {"in a map",
     STRUCT(NAMED("m", "{\"type\":\"map\",\"keyType\":\"long\",\"valueType\":\"long\",\"valueContainsNull\":false}")),
     STRUCT(NAMED("m", "{\"type\":\"map\",\"keyType\":\"integer\",\"valueType\":\"long\",\"valueContainsNull\":"
                       "false}")),
     CHANGES({PATH(FIELD("m"), MAP_KEY), RETYPED(INT32_TYPE)})},
    {"in the values of a map", STRUCT(NAMED("m", "{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"long\"}")),
     STRUCT(NAMED("m", "{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"integer\"}")),
     CHANGES({PATH(FIELD("m"), MAP_VALUE), RETYPED(INT32_TYPE)})},
    {"deep",
     STRUCT(NAMED("s", STRUCT(NAMED("l", "{\"type\":\"array\",\"elementType\":" STRUCT(
                                             NAMED("x", "\"double\"") "," NAMED("y", "\"long\"")) "}")))),
     STRUCT(NAMED("t", STRUCT(NAMED("l", "{\"type\":\"array\",\"elementType\":" STRUCT(NAMED("z", "\"float\"")) "}")))),
     CHANGES({PATH(FIELD("s")), .new_name = "t"},
             {PATH(FIELD("s"), FIELD("l"), ELEMENT, FIELD("x")), .new_name = "z", RETYPED(FLOAT_TYPE)},
             {PATH(FIELD("s"), FIELD("l"), ELEMENT, FIELD("y")), .dropped = true})},
    {"other members stay",
     "{ \"type\": \"struct\", \"x\": 1e400, \"fields\": [ {\"metadata\":{\"n\":"
     "12345678901234567890}, \"type\": \"double\" , \"name\": \"a\"} ] }\n",
     "{ \"type\": \"struct\", \"x\": 1e400, \"fields\": [ {\"metadata\":{\"n\":"
     "12345678901234567890}, \"type\": \"float\" , \"name\": \"a\"} ] }\n",
     CHANGES({PATH(FIELD("a")), RETYPED(FLOAT_TYPE)})},
    {"a user-defined type renamed", STRUCT(NAMED("v", UDT)), STRUCT(NAMED("w", UDT)),
     CHANGES({PATH(FIELD("v")), .new_name = "w"})},
    {"a user-defined type changed", STRUCT(NAMED("v", UDT)), NULL,
     CHANGES({PATH(FIELD("v"), FIELD("values"), ELEMENT), RETYPED(FLOAT_TYPE)}), HW_EDATA, "user-defined type"},
    {"no such field", STRUCT(NAMED("a", "\"double\"")), NULL, CHANGES({PATH(FIELD("A")), .dropped = true})},
    {"no such nesting", STRUCT(NAMED("a", "{\"type\":\"array\",\"elementType\":\"double\"}")), NULL,
     CHANGES({PATH(FIELD("a"), MAP_VALUE), RETYPED(FLOAT_TYPE)})},
    {"no nesting at all", STRUCT(NAMED("a", "\"double\"")), NULL,
     CHANGES({PATH(FIELD("a"), FIELD("b")), RETYPED(FLOAT_TYPE)})},
    {"no type", STRUCT("{\"name\":\"a\"},{\"type\":\"double\"},7,{\"name\":8}"), NULL,
     CHANGES({PATH(FIELD("a")), RETYPED(FLOAT_TYPE)}, {PATH(FIELD("")), .dropped = true})},
    {"another shape", "[\"a\"]", NULL, CHANGES({PATH(FIELD("a")), .dropped = true})},
    {"fields that are none", "{\"type\":\"struct\",\"fields\":\"a\"}", NULL,
     CHANGES({PATH(FIELD("a")), .dropped = true})},
    {"two of one name", STRUCT(NAMED("a", "\"double\"") "," NAMED("a", "\"long\"")), NULL,
     CHANGES({PATH(FIELD("a")), .dropped = true}), HW_EDATA, "two fields are called \"a\""},
    {"no JSON", "{\"type\":", NULL, CHANGES({PATH(FIELD("a")), .dropped = true}), HW_EDATA, "ends too early"},
    {"no changes", STRUCT(NAMED("a", "\"double\"")), NULL, .changes = NULL},
};

static void fields_are_edited(void **state) {
    (void)state;
    edit_rows_run(hw_spark_edit, rows, COUNT_OF(rows));
}

static void no_memory_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].want) {
            edit_row_sweep(hw_spark_edit, &rows[i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_edited),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/spark_edit", tests, NULL, NULL);
}
