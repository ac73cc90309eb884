/* SPDX-License-Identifier: Apache-2.0 */
/* A schema file that is taken is written and read again as the same. */
#include "csv/schema_file.h"

#include "fuzz/fuzz.h"
#include "table/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) json = {0};
    struct hw_schema schema;
    struct hw_schema again;
    enum hw_status status = hw_schema_file_read((hw_view){(const char *)data, size}, &arena, &schema, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_ECONFIG);
    if (status != HW_OK) {
        return 0;
    }
    FUZZ_CHECK(hw_schema_file_write(&schema, &json, NULL) == HW_OK);
    FUZZ_CHECK(hw_schema_file_read(hw_buf_view(&json), &arena, &again, NULL) == HW_OK);
    FUZZ_CHECK(again.count == schema.count);
    for (size_t i = 0; i < schema.count; i++) {
        struct hw_type type = schema.fields[i].type;
        type.kind = type.kind == HW_KIND_NULL ? HW_KIND_TEXT : type.kind; /* as it is written */
        FUZZ_CHECK(strcmp(again.fields[i].name, schema.fields[i].name) == 0);
        FUZZ_CHECK(hw_type_equal(again.fields[i].type, type));
        FUZZ_CHECK(again.fields[i].required == schema.fields[i].required);
    }
    return 0;
}
