/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gathers the rows of partitions that were put aside: a worker takes a group of partitions, reads
 * the rows of one after the other, and encodes them.
 */
#ifndef HW_PIPELINE_GATHER_H
#define HW_PIPELINE_GATHER_H

#include "pipeline/conversion.h"

/* Does a claimed group of partitions, and ends its slot. Any thread. */
void hw_gather_run(struct hw_conversion *conversion, const struct hw_queue_claim *claim);

#endif
