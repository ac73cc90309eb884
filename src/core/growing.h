/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs of options that grow. Each begins with `size_t size`, its size as the program that fills
 * it in was compiled; new members are only added behind the others. So the library understands
 * programs that are older than itself, and newer ones as long as they ask for nothing that it does
 * not know.
 */
#ifndef HW_CORE_GROWING_H
#define HW_CORE_GROWING_H

#include "core/error.h"

/* A struct that grows. */
struct hw_growing {
    const char *name;   /* "hw_convert_options" */
    size_t bytes;       /* as this library knows it */
    size_t bytes_first; /* in the first version: what a size of 0 stands for */
};
/* `last` was the last member in the first version. */
#define HW_GROWING(type, last) \
    { #type, sizeof(struct type), offsetof(struct type, last) + sizeof(((struct type *)0)->last) }

/*
 * Copies the struct `given` to `out`; members that are unknown to the program become zero.
 * HW_EUSAGE where its size cannot be, or where it has set a member that is unknown here; `out` is
 * untouched then.
 */
HW_NODISCARD enum hw_status hw_growing_take(void *out, const void *given, const struct hw_growing *growing,
                                            struct hw_error *err);

/*
 * Checks that the reserved part of a struct within another one, which cannot grow, is not set.
 * HW_EUSAGE where it is.
 */
HW_NODISCARD enum hw_status hw_growing_reserved(const char *name, const void *reserved, size_t bytes,
                                                struct hw_error *err);

#endif
