/* SPDX-License-Identifier: Apache-2.0 */
/* The error of the tool for a word that is not known. */
#ifndef HW_CLI_UNKNOWN_H
#define HW_CLI_UNKNOWN_H

#include "core/error.h"
#include "core/view.h"

/*
 * Fails with HW_EUSAGE: `unknown <what> "word"; did you mean <nearest>?`, or where no known word is
 * near, the known ones if they are few. A word of other tools is told what takes its place.
 */
HW_NODISCARD enum hw_status hw_fail_unknown(struct hw_error *err, const char *what, hw_view word,
                                            const char *const *known, size_t count);

#endif
