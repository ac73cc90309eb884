/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies one file by what its format is; a format is a row of a table. */
#ifndef HW_PIPELINE_VERIFY_FORMAT_H
#define HW_PIPELINE_VERIFY_FORMAT_H

#include "pipeline/verify_file.h"

/*
 * Looks at the file. Different files may be looked at by several threads at once. HW_OK, whatever
 * was found; a failure says why the file, or a part of it, could not be looked at.
 */
HW_NODISCARD enum hw_status hw_verify_file_run(struct hw_verify_file *file,
                                               const struct hw_verify_file_options *options, struct hw_error *err);

#endif
