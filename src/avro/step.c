/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/step.h"

#include <stdarg.h>
#include <stdio.h>

const uint8_t *hw_avro_fault(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                             const char *format, ...) {
    char text[256];
    va_list args;
    if (run->fault.status == HW_OK) {
        va_start(args, format);
        vsnprintf(text, sizeof(text), format, args);
        va_end(args);
        hw_error_set(&run->fault, HW_EDATA, "%s", text);
    }
    if (!run->fault_step) {
        run->fault_step = step;
        run->fault_at = at;
    }
    return NULL;
}

const uint8_t *hw_avro_fault_cut(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    return hw_avro_fault(run, step, at, "the block ends within a value");
}
