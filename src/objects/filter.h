/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of the objects below a folder or a prefix are meant, by the wildcards of --include and
 * --exclude (objects/wildcard.h). They are compared with the name below the folder. A wildcard that
 * ends in '/' means all that lies below it. Pure functions.
 */
#ifndef HW_OBJECTS_FILTER_H
#define HW_OBJECTS_FILTER_H

#include "core/view.h"

/* {0} takes everything. The texts are borrowed. */
struct hw_filter {
    /* A name must match one of these, if there is any. */
    const char *const *include;
    size_t include_count;
    /* A name that matches one of these is left out, whatever else it matches. */
    const char *const *exclude;
    size_t exclude_count;
};

/* Returns whether the filter takes a name. A NULL filter takes all. */
bool hw_filter_takes(const struct hw_filter *filter, const char *name);

#endif
