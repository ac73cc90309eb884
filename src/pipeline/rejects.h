/* SPDX-License-Identifier: Apache-2.0 */
/* The rejects file: one JSON object a line and rejected record, made when the first one comes. */
#ifndef HW_PIPELINE_REJECTS_H
#define HW_PIPELINE_REJECTS_H

#include "pipeline/conversion.h"

/* Writes a piece's rejects. Called in order of the spans, by the head's worker. */
HW_NODISCARD enum hw_status hw_rejects_write(struct hw_conversion *conversion, const struct hw_piece *piece,
                                             struct hw_error *err);

#endif
