/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker at a part: its rows are read, encoded for every output, and offered to the
 * queue in pieces.
 */
#ifndef HW_PIPELINE_WORKER_H
#define HW_PIPELINE_WORKER_H

#include "pipeline/conversion.h"

/*
 * Works on a part that was claimed, and ends it whatever happens: errors are the conversion's.
 * Blocks while the queue has no room. Any thread.
 */
void hw_worker_run(struct hw_conversion *conversion, const struct hw_queue_claim *claim);

#endif
