/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Store paths as people, logs and reports may see them. The address of an object on the web may
 * hold secrets: a query may be a signature or a token, and a user may stand before the host. What
 * stands there is left out: a query is shown as "?...", a user and a password as "***".
 */
#ifndef HW_CORE_SHOWN_NAME_H
#define HW_CORE_SHOWN_NAME_H

#include "core/view.h"

/* The parts of a path that may be seen, borrowed from it. */
struct hw_shown_name {
    hw_view scheme; /* "https://"; empty for paths that are no addresses on the web */
    bool user;      /* True if a user stood before `rest`. */
    hw_view rest;
    bool query; /* True if a query stood behind it. */
};

struct hw_shown_name hw_shown_name(const char *path);

/* For printf: the parts, one after the other. */
#define HW_SHOWN_FORMAT "%.*s%s%.*s%s"
#define HW_SHOWN_ARGS(shown)                                                                           \
    (int)(shown).scheme.size, (shown).scheme.data, (shown).user ? "***@" : "", (int)(shown).rest.size, \
        (shown).rest.data, (shown).query ? "?..." : ""

#endif
