/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The footer of a file (FileMetaData of parquet.thrift) as structs. It is parsed as a whole, and
 * only what Thrift itself asks for is checked here: parquet/file_check.h looks at what it says.
 */
#ifndef HW_PARQUET_FILE_META_H
#define HW_PARQUET_FILE_META_H

#include "core/error.h"
#include "parquet/meta_facts.h"

/*
 * Parses the Thrift bytes of a footer, which lie at byte `at` of the file and must outlive `meta`.
 * HW_EDATA tells the place and what was found. After a failure `meta` is released.
 */
HW_NODISCARD enum hw_status hw_parquet_meta_parse(struct hw_parquet_meta *meta, hw_view footer, uint64_t at,
                                                  struct hw_error *err);
void hw_parquet_meta_release(struct hw_parquet_meta *meta);

/*
 * Returns the name of the algorithm that an encrypted footer (FileCryptoMetaData, at the beginning
 * of `footer`) tells, or words for one that is not known.
 */
const char *hw_parquet_footer_encryption(hw_view footer);

/*
 * Returns the offset of the chunk's first page: the least that the footer tells of its dictionary
 * page and of its data pages, as some writers tell 0 for a dictionary that is there, and others
 * tell none. HW_META_ABSENT where all of them are out of any file.
 */
int64_t hw_parquet_chunk_start(const struct hw_parquet_chunk *chunk);

#endif
