/* SPDX-License-Identifier: Apache-2.0 */
/* The formats that bytes at the start or the end of a file tell, for all who open files. */
#ifndef HW_PIPELINE_FILE_MAGIC_H
#define HW_PIPELINE_FILE_MAGIC_H

#include "core/object_name.h"

/* The bytes that are looked at. */
enum { HW_FILE_MAGIC_BYTES = 4 };

/*
 * Returns HW_NAME_PARQUET or HW_NAME_AVRO where the first HW_FILE_MAGIC_BYTES of `bytes` are those
 * that files of the format begin with, and HW_NAME_UNKNOWN where they are not, or are fewer.
 * Encrypted Parquet counts as Parquet.
 */
enum hw_name_format hw_file_magic(hw_view bytes);

#endif
