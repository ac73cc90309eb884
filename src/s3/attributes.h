/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GetObjectAttributes: what a service knows of an object and of the parts that it came in. Many
 * services do not have the operation, which is no fault.
 */
#ifndef HW_S3_ATTRIBUTES_H
#define HW_S3_ATTRIBUTES_H

#include "s3/client.h"
#include "s3/facts.h"
#include "s3/request_read.h"

/* A part as the service has it. */
struct hw_s3_part_facts {
    unsigned number;
    uint64_t size;
    /* The checksum of its bytes; HW_CHECKSUM_NONE if the service tells none. */
    struct hw_checksum checksum;
};

/* Start it zeroed. */
struct hw_s3_attributes {
    /* False if the service does not have the operation; then nothing else is told. */
    bool told;
    /* The ETag as the service gave it, which S3 does without quotes; "" if it did not. */
    char etag[HW_S3_ETAG_BYTES];
    uint64_t size;
    /* The checksum, of the bytes or of the parts' checksums; HW_CHECKSUM_NONE if there is none. */
    struct hw_checksum checksum;
    /* The parts, by their numbers; none if the object came whole, or without checksums of parts. */
    struct hw_s3_part_facts *parts;
    size_t parts_count;
    /* The number of parts that the service says there are; 0 if the object came whole. */
    uint64_t parts_total;
};
void hw_s3_attributes_release(struct hw_s3_attributes *attributes);

/*
 * Asks for the attributes, with as many requests as the parts take. `version_id` NULL means the
 * newest version. HW_ENOTFOUND means that there is no such object, HW_ECHANGED that it was replaced
 * while its parts were asked for. `out_attributes` is zeroed or holds earlier ones, which are
 * released.
 */
HW_NODISCARD enum hw_status hw_s3_object_attributes(struct hw_s3_client *client, const char *key,
                                                    const char *version_id, struct hw_s3_attributes *out_attributes,
                                                    struct hw_error *err);

#endif
