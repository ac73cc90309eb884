/* SPDX-License-Identifier: Apache-2.0 */
/* A schema file that is taken is written and read again as the same. */
#include "csv/schema_file.h"

#include "fuzz/fuzz.h"
#include "table/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) json = {0};
    struct hw_schema_file file;
    struct hw_schema_file again;
    enum hw_status status = hw_schema_file_read((hw_view){(const char *)data, size}, NULL, &arena, &file, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_ECONFIG);
    if (status != HW_OK) {
        return 0;
    }
    FUZZ_CHECK(hw_schema_file_write(&file.schema, &json, NULL) == HW_OK);
    FUZZ_CHECK(hw_schema_file_read(hw_buf_view(&json), NULL, &arena, &again, NULL) == HW_OK);
    FUZZ_CHECK(again.schema.count == file.schema.count);
    for (size_t i = 0; i < file.schema.count; i++) {
        struct hw_type type = file.schema.fields[i].type;
        type.kind = type.kind == HW_KIND_NULL ? HW_KIND_TEXT : type.kind; /* as it is written */
        FUZZ_CHECK(strcmp(again.schema.fields[i].name, file.schema.fields[i].name) == 0);
        FUZZ_CHECK(hw_type_equal(again.schema.fields[i].type, type));
        FUZZ_CHECK(again.schema.fields[i].required == file.schema.fields[i].required);
    }
    return 0;
}
