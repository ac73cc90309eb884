/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of the column chunks of one row group, as far as they are wanted. Chunks are read
 * through windows. Small ones that lie close together share a span, which is read at once: what
 * stands between them costs less than another request.
 */
#ifndef HW_PARQUET_GROUP_BYTES_H
#define HW_PARQUET_GROUP_BYTES_H

#include <hawser/io.h>

#include "core/error.h"
#include "core/view.h"

/* The bytes between two chunks that are read over. */
#define HW_GROUP_GAP_BYTES HW_KIB(64)
/*
 * The most bytes of one span, and of one window unless a page is larger. Where all of the group is
 * wanted across a network they have more, which the source fetches by several requests at once.
 */
#define HW_GROUP_READ_BYTES_MAX HW_MIB(8)
#define HW_GROUP_READ_BYTES_REMOTE_MAX HW_MIB(64)

/* The place of a chunk in the file. */
struct hw_chunk_range {
    uint64_t start;
    uint64_t end;
};

struct hw_group_bytes;

struct hw_group_bytes_options {
    struct hw_source *source;
    /* The chunks, which lie within the source; borrowed for the call. */
    const struct hw_chunk_range *ranges;
    size_t count;
    /* The bytes that all windows hold, about; more only where pages are larger than that allows. */
    size_t bytes_max;
    /* Every byte of the chunks will be read. */
    bool whole;
};

/* Makes windows for chunks. The source is borrowed until they are freed. */
HW_NODISCARD enum hw_status hw_group_bytes_new(const struct hw_group_bytes_options *options,
                                               struct hw_group_bytes **out_bytes, struct hw_error *err);
/* Accepts NULL. */
void hw_group_bytes_free(struct hw_group_bytes *bytes);
/*
 * Makes bytes of a chunk readable: from byte `at` of the file on, `want` of them, or as many as the
 * chunk has behind it. `*out_view` has all that are at hand, which may be more; it stays until the
 * next call for the same chunk. 64 bytes behind the view may be read too. One thread at a time for
 * each chunk; several may read different chunks at once.
 */
HW_NODISCARD enum hw_status hw_group_bytes_at(struct hw_group_bytes *bytes, size_t chunk, uint64_t at, size_t want,
                                              hw_view *out_view, struct hw_error *err);
/* Says that a chunk will not be read any more: its window is given back. */
void hw_group_bytes_drop(struct hw_group_bytes *bytes, size_t chunk);
/*
 * Says that a chunk will not be read soon. Its window is given back too, unless it would have to
 * come across a network again.
 */
void hw_group_bytes_park(struct hw_group_bytes *bytes, size_t chunk);
/* Returns the bytes that were read from the source so far. */
uint64_t hw_group_bytes_read(const struct hw_group_bytes *bytes);

#endif
