/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whoever has something for the log asks first whether it is wanted, as records take time to make.
 */
#ifndef HW_CORE_LOG_H
#define HW_CORE_LOG_H

#include <hawser/log.h>

#include "core/base.h"

/* Returns true where `log` (NULL: there is none) wants lines of this level. */
static inline bool hw_log_wants(const struct hw_log *log, enum hw_log_level level) {
    return log && log->write && level <= log->level;
}

/* Tells a line that is wanted. Texts that the record leaves NULL are "". */
static inline void hw_log_tell(const struct hw_log *log, struct hw_log_record record) {
    const char **texts[] = {&record.event, &record.object, &record.message, &record.operation, &record.request_id};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        *texts[i] = *texts[i] ? *texts[i] : "";
    }
    log->write(log->ctx, &record);
}

#endif
