/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/file_magic.h"

#include "avro/file_head.h"
#include "parquet/file_tail.h"

enum hw_name_format hw_file_magic(hw_view bytes) {
    static_assert((int)HW_FILE_MAGIC_BYTES >= (int)HW_PARQUET_MAGIC_BYTES,
                  "the magic of Parquet is looked at as a whole");
    if (bytes.size < HW_FILE_MAGIC_BYTES) {
        return HW_NAME_UNKNOWN;
    }
    if (hw_parquet_magic(bytes.data) != HW_PARQUET_MAGIC_NONE) {
        return HW_NAME_PARQUET;
    }
    return hw_avro_magic(bytes.data, HW_FILE_MAGIC_BYTES) ? HW_NAME_AVRO : HW_NAME_UNKNOWN;
}
