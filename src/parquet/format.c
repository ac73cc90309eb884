/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/format.h"

#include <stddef.h>

const char *hw_physical_name(enum hw_physical physical) {
    static const char *const names[HW_PHYSICAL_COUNT] = {
        [HW_PHYSICAL_BOOLEAN] = "BOOLEAN",       [HW_PHYSICAL_INT32] = "INT32",
        [HW_PHYSICAL_INT64] = "INT64",           [HW_PHYSICAL_INT96] = "INT96",
        [HW_PHYSICAL_FLOAT] = "FLOAT",           [HW_PHYSICAL_DOUBLE] = "DOUBLE",
        [HW_PHYSICAL_BYTE_ARRAY] = "BYTE_ARRAY", [HW_PHYSICAL_FIXED] = "FIXED_LEN_BYTE_ARRAY",
    };
    return names[physical];
}

const char *hw_encoding_name(int32_t encoding) {
    static const char *const names[HW_ENCODING_COUNT] = {
        [HW_ENCODING_PLAIN] = "PLAIN",
        [HW_ENCODING_PLAIN_DICTIONARY] = "PLAIN_DICTIONARY",
        [HW_ENCODING_RLE] = "RLE",
        [HW_ENCODING_BIT_PACKED] = "BIT_PACKED",
        [HW_ENCODING_DELTA_BINARY_PACKED] = "DELTA_BINARY_PACKED",
        [HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY] = "DELTA_LENGTH_BYTE_ARRAY",
        [HW_ENCODING_DELTA_BYTE_ARRAY] = "DELTA_BYTE_ARRAY",
        [HW_ENCODING_RLE_DICTIONARY] = "RLE_DICTIONARY",
        [HW_ENCODING_BYTE_STREAM_SPLIT] = "BYTE_STREAM_SPLIT",
    };
    return encoding >= 0 && encoding < HW_ENCODING_COUNT ? names[encoding] : NULL;
}
