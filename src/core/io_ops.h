/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations of sources and sinks that not all of them have: those of an older program end before
 * what was added later.
 */
#ifndef HW_CORE_IO_OPS_H
#define HW_CORE_IO_OPS_H

#include <stdbool.h>

#include <hawser/io.h>

#define HW_OPS_HAVE(object, type, op) \
    ((object)->ops->size >= offsetof(struct type, op) + sizeof((object)->ops->op) && (object)->ops->op)
/* Whether a source, or a sink, has an operation. */
#define HW_SOURCE_HAS(source, op) HW_OPS_HAVE(source, hw_source_ops, op)
#define HW_SINK_HAS(sink, op) HW_OPS_HAVE(sink, hw_sink_ops, op)

/*
 * Call the operations of the same names, of sources that have them. The first of them was there
 * from the beginning.
 */
static inline void hw_source_in_order(struct hw_source *source) {
    if (source->ops->in_order) {
        source->ops->in_order(source);
    }
}

static inline void hw_source_expect(struct hw_source *source, uint64_t offset, size_t bytes) {
    if (HW_SOURCE_HAS(source, expect)) {
        source->ops->expect(source, offset, bytes);
    }
}

static inline void hw_source_forget(struct hw_source *source, uint64_t offset, size_t bytes) {
    if (HW_SOURCE_HAS(source, forget)) {
        source->ops->forget(source, offset, bytes);
    }
}

#endif
