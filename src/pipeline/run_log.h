/* SPDX-License-Identifier: Apache-2.0 */
/* The lines that a run leaves in the log: its beginning, its objects, its end. */
#ifndef HW_PIPELINE_RUN_LOG_H
#define HW_PIPELINE_RUN_LOG_H

#include <hawser/convert.h>

#include "core/log.h"

void hw_run_log_start(const struct hw_log *log, uint32_t threads, uint64_t memory_bytes);
void hw_run_log_object(const struct hw_log *log, const struct hw_convert_object *object);
/* `error` is that of the run, where it failed. */
void hw_run_log_end(const struct hw_log *log, const struct hw_convert_result *result, enum hw_status status,
                    const struct hw_error *error);

#endif
