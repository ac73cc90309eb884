/* SPDX-License-Identifier: Apache-2.0 */
/* The receiver of what a run has to say that stops nothing but should be known. */
#ifndef HW_PIPELINE_WARN_H
#define HW_PIPELINE_WARN_H

#include "core/error.h"

struct hw_warn {
    void (*tell)(void *ctx, const struct hw_error *warning); /* any thread; NULL: nobody listens */
    void *ctx;
};

static inline void hw_warn_tell(const struct hw_warn *warn, const struct hw_error *warning) {
    if (warn && warn->tell) {
        warn->tell(warn->ctx, warning);
    }
}

#endif
