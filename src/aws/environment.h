/* SPDX-License-Identifier: Apache-2.0 */
/* The variables of the environment, of which an empty one is none. */
#ifndef HW_AWS_ENVIRONMENT_H
#define HW_AWS_ENVIRONMENT_H

#include <stddef.h>
#include <stdlib.h>

/* Returns the value of a variable; NULL where it is not set or empty. */
static inline const char *hw_env(const char *name) {
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

#endif
