/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipes as sources and sinks, by way of a file without a name in TMPDIR (else /var/tmp): standard input can then be read twice where a type widens, and
 * standard output gets either the whole file or nothing.
 */
#ifndef HW_PIPELINE_SPOOL_H
#define HW_PIPELINE_SPOOL_H

#include "store/store.h"

/* Reads `fd` to its end into a spool and opens that. `cancelled` (NULL: never) is asked while it waits; true ends it with HW_ECANCELLED. */
HW_NODISCARD enum hw_status hw_spool_source_open(int fd, bool (*cancelled)(void *ctx), void *ctx,
                                                 struct hw_source **out_source, struct hw_error *err);

/* A store whose only object, whatever its key, is `fd`: a sink's bytes are written there when it is finished. */
HW_NODISCARD enum hw_status hw_spool_store_open(int fd, struct hw_store **out_store, struct hw_error *err);

#endif
