/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/doctor_check.h"

#include <stdarg.h>
#include <stdio.h>

/* A line that is longer is cut off. */
enum { FOUND_BYTES = 2048 };

void hw_doctor_say(struct hw_doctor_call *call, const char *name, enum hw_doctor_outcome outcome, const char *remedy,
                   const char *format, ...) {
    char found[FOUND_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(found, sizeof(found), format, args);
    va_end(args);
    const struct hw_doctor_check check = {.name = name, .outcome = outcome, .found = found, .remedy = remedy};
    call->each(call->ctx, &check);
}

void hw_doctor_fail(struct hw_doctor_call *call, const char *name, const char *remedy, const struct hw_error *error) {
    char found[FOUND_BYTES];
    hw_error_format(error, found, sizeof(found));
    const struct hw_doctor_check check = {.name = name,
                                          .outcome = HW_DOCTOR_FAILED,
                                          .found = found,
                                          .remedy = remedy[0] || !error->hint ? remedy : error->hint,
                                          .error = error};
    call->each(call->ctx, &check);
    call->status = call->status ? call->status : error->status;
}
