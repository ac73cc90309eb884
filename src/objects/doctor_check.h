/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of hawser/doctor.h share one struct, and tell what they have found in one way. */
#ifndef HW_OBJECTS_DOCTOR_CHECK_H
#define HW_OBJECTS_DOCTOR_CHECK_H

#include <hawser/doctor.h>

#include "core/error.h"

/* One call. */
struct hw_doctor_call {
    const struct hw_doctor_options *options;
    hw_doctor_fn *each;
    void *ctx;
    /* The status of the first check that has failed. */
    enum hw_status status;
};

/* Tells of a check that has not failed. `remedy` is "" where there is nothing to do. */
void hw_doctor_say(struct hw_doctor_call *call, const char *name, enum hw_doctor_outcome outcome, const char *remedy,
                   const char *format, ...) HW_PRINTF(5, 6);
/* Tells of a check that has failed, and keeps the status of the first one. */
void hw_doctor_fail(struct hw_doctor_call *call, const char *name, const char *remedy, const struct hw_error *error);

#endif
