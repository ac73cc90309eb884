/* SPDX-License-Identifier: Apache-2.0 */
/* What a conversion did, as lines of JSON for machines and as one line for people. */
#ifndef HW_CLI_OUTCOME_H
#define HW_CLI_OUTCOME_H

#include <hawser/convert.h>
#include <hawser/io.h>

#include "core/buf.h"

/*
 * Append one JSON object and a newline. Bytes of names that are not UTF-8, which JSON cannot hold, become U+FFFD.
 * `status` is how the whole run ended. An object's line may be very long: where there is a `sink`, it gets
 * the line instead of `out`, which is then only room to write in.
 */
HW_NODISCARD enum hw_status hw_outcome_json(struct hw_buf *out, struct hw_sink *sink,
                                            const struct hw_convert_object *object, struct hw_error *err);
HW_NODISCARD enum hw_status hw_outcome_summary_json(struct hw_buf *out, const struct hw_convert_result *result,
                                                    enum hw_status status, struct hw_error *err);

/*
 * Writes "2 objects, 30 rows, 1.2 MB -> 345 kB, 4.1 MB/s, 0.3 s (skipped: 1)", or of a dry run "2 objects would be
 * converted (skipped: 1)". Returns `out`.
 */
enum { HW_OUTCOME_TEXT_BYTES = 256 };
char *hw_outcome_summary_text(const struct hw_convert_result *result, bool dry_run, char *out);

#endif
