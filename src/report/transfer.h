/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON of what became of one object of a transfer, and of the sums of a run. The report and the
 * lines of --json both come from here.
 */
#ifndef HW_REPORT_TRANSFER_H
#define HW_REPORT_TRANSFER_H

#include <hawser/transfer.h>

#include "core/json_write.h"

/* Returns the name of an operation: "cp". */
const char *hw_transfer_op_name(enum hw_transfer_op op);
/* Returns why an object was skipped, in words for people. */
const char *hw_transfer_reason_text(enum hw_transfer_reason reason);

/* Writes one JSON object. */
void hw_transfer_object_write(struct hw_json_writer *json, const struct hw_transfer_object *object);
/* Writes how a run has ended and its sums, as keys of the JSON object that is open. */
void hw_transfer_sums_write(struct hw_json_writer *json, enum hw_status status,
                            const struct hw_transfer_result *result);

#endif
