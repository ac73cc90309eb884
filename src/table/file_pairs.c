/* SPDX-License-Identifier: Apache-2.0 */
#include "table/file_pairs.h"

#include "table/arrow_message.h"

/* Keys under which programs keep the schema of a file in words of their own. */
static const hw_view schema_keys[] = {
    HW_VIEW_INIT(HW_ARROW_SCHEMA_KEY), HW_VIEW_INIT("pandas"),         HW_VIEW_INIT("parquet.avro.schema"),
    HW_VIEW_INIT("avro.schema"),       HW_VIEW_INIT("iceberg.schema"),
};

static bool describes_schema(hw_view key) {
    bool describes = hw_view_starts(key, HW_VIEW("org.apache.spark."));
    for (size_t i = 0; i < COUNT_OF(schema_keys); i++) {
        describes = describes || hw_view_equal(key, schema_keys[i]);
    }
    return describes;
}

bool hw_file_pairs_hold(const struct hw_file_pairs *pairs, size_t i) {
    return pairs->same_schema || !describes_schema(pairs->items[i].key);
}
