/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies a CSV text, packed or not: that it can be unpacked, and its records. */
#ifndef HW_PIPELINE_VERIFY_CSV_H
#define HW_PIPELINE_VERIFY_CSV_H

#include "pipeline/verify_file.h"

/*
 * Reads the text to its end, by its path. Tells pack.checksum and pack.truncated of packed bytes,
 * csv.text of a text that cannot be read, and at level values csv.<reason> of each bad record. The
 * failures are those of reading, and HW_EUNSUPPORTED for a ZIP with several texts of one name, or
 * with more than about 1,000. Of a
 * ZIP all texts are read that a conversion takes, and rows are those of all of them.
 */
HW_NODISCARD enum hw_status hw_verify_csv(struct hw_verify_file *file, struct hw_source *source,
                                          const struct hw_verify_file_options *options, struct hw_error *err);

#endif
