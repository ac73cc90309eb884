/* SPDX-License-Identifier: Apache-2.0 */
/* Spans of a text that cannot be cut: one worker at a time fills one with complete records, then parses it like any other. */
#ifndef HW_PIPELINE_STREAM_H
#define HW_PIPELINE_STREAM_H

#include "pipeline/conversion.h"

/* Fills and runs span `number`, claimed as `claimed`; ends it in any case. */
void hw_stream_run(struct hw_conversion *conversion, size_t number, const struct hw_span *claimed);

#endif
