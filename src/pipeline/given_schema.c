/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/given_schema.h"

#include "core/limits.h"
#include "store/location.h"
#include "store/store.h"

enum hw_status hw_given_schema_load(const char *path, const struct hw_columns_options *columns,
                                    const struct hw_store_options *store, struct hw_arena *arena,
                                    struct hw_schema_file *out_file, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    if (!path) {
        struct hw_schema_file file = {0};
        HW_TRY(hw_schema_file_add_types(&file, columns, arena, err));
        *out_file = file;
        return HW_OK;
    }
    enum hw_status status = hw_store_read_at(path, store, HW_SCHEMA_FILE_BYTES_MAX, &text, err);
    if (status == HW_OK) {
        status = hw_schema_file_read(hw_buf_view(&text), columns, arena, out_file, err);
    }
    hw_error_object(status != HW_OK ? err : NULL, path);
    return status;
}
