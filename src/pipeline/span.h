/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker does with a span. */
#ifndef HW_PIPELINE_SPAN_H
#define HW_PIPELINE_SPAN_H

#include "pipeline/bench.h"

/* Runs span `number`, claimed as `claimed`, of texts that it opens itself; ends it in any case. */
void hw_span_run(struct hw_conversion *conversion, size_t number, const struct hw_span *claimed);

/* Runs a span of a stream whose complete records, `bytes` bytes, lie in the bench's text after its margin. Takes the bench. */
void hw_span_run_memory(struct hw_conversion *conversion, size_t number, const struct hw_span *claimed,
                        struct hw_bench *bench, size_t bytes);

/* Ends a span with what it came to, and gives its bench (NULL allowed) back. */
void hw_span_end(struct hw_span *result, struct hw_conversion *conversion, size_t number, struct hw_bench *bench,
                 enum hw_status status, const struct hw_error *err);

#endif
