/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks whether what a file says of itself holds together: its magic, its footer, the schema, and
 * for each column chunk its place, type, codec, counts and bounds. No page is read.
 */
#ifndef HW_PARQUET_FILE_CHECK_H
#define HW_PARQUET_FILE_CHECK_H

#include <hawser/verify.h>

#include "parquet/check_report.h"

/*
 * Checks a file, and tells `found` of all that is wrong, in the order of the file. The codes are
 *
 *   footer.magic, footer.length, footer.thrift, schema.tree    nothing more can be checked
 *   footer.trailing, footer.rows, file.checksum, schema.logical
 *   chunk.meta, chunk.codec, chunk.range, chunk.overlap        of a column chunk
 *   stats.order, stats.nulls, index.range, bloom.range         of a column chunk too
 *   group.size, sort.column                                    of a row group
 *
 * HW_OK means that the file was looked at, whatever was found. HW_EUNSUPPORTED is an encrypted
 * footer, of which nothing can be said; other failures are those of reading, and that of `found`.
 */
HW_NODISCARD enum hw_status hw_file_check(struct hw_source *source, hw_finding_fn *found, void *ctx,
                                          struct hw_error *err);

/*
 * Does the same as a part of a longer check: the file stays open in the report, which is released
 * with hw_read_file_release. False in `*out_more` where the footer could not be read, so that
 * nothing more can be checked.
 */
HW_NODISCARD enum hw_status hw_footer_check(struct hw_check_report *report, struct hw_source *source, bool *out_more);

#endif
