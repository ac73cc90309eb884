/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of an upload that the service copies from an older version of the object, because that
 * has the same bytes at the same place, so that they need not be sent. No service keeps what tells
 * which parts these are: checksums of single parts are gone once an upload with a checksum of the
 * whole is complete. So each part is copied, and the reply tells the checksum of the bytes that
 * were copied. A part whose checksum is ours stays; in the place of any other one ours is sent.
 */
#ifndef HW_S3_OLDER_PARTS_H
#define HW_S3_OLDER_PARTS_H

#include <stdatomic.h>

#include "s3/multipart.h"

/* An older version. All is borrowed for as long as its parts are copied. */
struct hw_s3_older {
    /* Its size, ETag and checksum, as HEAD tells them. */
    struct hw_s3_object object;
    /* NULL: the service names no versions. */
    const char *version_id;
    /* True if the service is known to tell no right checksums of parts that it copies. */
    bool by_etag;
    /* True if the object has to get checksums of its kind, so that ETags cannot replace them. */
    bool needs_sums;
};

/* The ways to compare copied parts with ours. */
enum hw_s3_older_way {
    HW_S3_OLDER_NONE,    /* They cannot be, so all parts are sent. */
    HW_S3_OLDER_BY_SUM,  /* By checksums of the kind that the upload was created with. */
    HW_S3_OLDER_BY_ETAG, /* By the MD5s that ETags are, in an upload without other checksums. */
};

/* A part of an object, by its place. */
struct hw_s3_part_place {
    uint64_t number; /* From 0. */
    uint64_t offset;
    uint64_t bytes;
};

/* Returns whether a part lies in the older version, and S3 would copy it from there. */
bool hw_s3_older_has(const struct hw_s3_older *older, const struct hw_s3_part_place *range);
/*
 * Returns how parts may be compared, by what the service has told of one that it has copied.
 * `kind` is that of the upload; HW_CHECKSUM_MD5 means one without checksums.
 */
enum hw_s3_older_way hw_s3_older_way(const struct hw_s3_older *older, enum hw_checksum_kind kind,
                                     const struct hw_s3_part_place *range, const struct hw_s3_part *made);
/* Returns whether a part that was copied has our bytes, as far as the kind of `ours` can tell. */
bool hw_s3_older_same(const struct hw_s3_part *made, const struct hw_checksum *ours);

/* The copying for one upload. Start it zeroed: then no part is copied. */
struct hw_s3_older_parts {
    const struct hw_s3_older *older;
    const struct hw_s3_upload *upload;
    enum hw_s3_older_way way;
    /* The part that was copied first, to find out the way, and what was told of it. */
    struct hw_s3_part_place first;
    struct hw_s3_part first_made;
    /* True once no further part is copied, as `why` says. */
    atomic_bool ended;
    struct hw_error why;
    atomic_uint_fast64_t bytes_copied;
};

/*
 * Has the service copy the first part, to find out how parts can be compared. `kind` is as in
 * hw_s3_older_way. HW_S3_OLDER_BY_ETAG for an upload that has checksums means that it has to be
 * created anew without, and its first part copied again. What the service refuses is no failure:
 * then no part is copied, and `why` says what was refused. HW_ECANCELLED and HW_ENOMEM are.
 */
HW_NODISCARD enum hw_status hw_s3_older_parts_begin(struct hw_s3_older_parts *parts, enum hw_checksum_kind kind,
                                                    const struct hw_s3_part_place *first, struct hw_error *err);
/*
 * Has the service copy one part. `*out_same` says whether it is there and has our bytes, whose
 * checksum `ours` is of the upload's kind; then `out_part` has its ETag. Once the service has
 * refused a part, as it does when the older version was replaced, no other one is copied. Any
 * thread; HW_ECANCELLED and HW_ENOMEM are the only failures.
 */
HW_NODISCARD enum hw_status hw_s3_older_parts_copy(struct hw_s3_older_parts *parts,
                                                   const struct hw_s3_part_place *range, const struct hw_checksum *ours,
                                                   struct hw_s3_part *out_part, bool *out_same, struct hw_error *err);
/* Says why no further part is copied; the first one that says so counts. Any thread. */
void hw_s3_older_parts_end(struct hw_s3_older_parts *parts, const struct hw_error *why);

#endif
