/* SPDX-License-Identifier: Apache-2.0 */
/* Takes over the options of a call, whichever version of the headers its program was made with. */
#ifndef HW_PIPELINE_CALL_OPTIONS_H
#define HW_PIPELINE_CALL_OPTIONS_H

#include <hawser/convert.h>
#include <hawser/csv.h>
#include <hawser/head.h>

#include "core/error.h"

/*
 * Copies what a program has given; NULL stands for {0}. HW_EUSAGE where something is set that this
 * version does not know; `out` is untouched then.
 */
HW_NODISCARD enum hw_status hw_call_convert_options(const struct hw_convert_options *given,
                                                    struct hw_convert_options *out, struct hw_error *err);
HW_NODISCARD enum hw_status hw_call_infer_options(const struct hw_infer_options *given, struct hw_infer_options *out,
                                                  struct hw_error *err);
HW_NODISCARD enum hw_status hw_call_csv_read_options(const struct hw_csv_read_options *given,
                                                     struct hw_csv_read_options *out, struct hw_error *err);
HW_NODISCARD enum hw_status hw_call_head_options(const struct hw_head_options *given, struct hw_head_options *out,
                                                 struct hw_error *err);

#endif
