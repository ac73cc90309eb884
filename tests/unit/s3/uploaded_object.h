/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An object of three parts, two of zeros and the text by which checksums are specified, and its
 * upload.
 */
#ifndef HW_TESTS_UPLOADED_OBJECT_H
#define HW_TESTS_UPLOADED_OBJECT_H

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/limits.h"
#include "s3/part_upload.h"
#include "support/s3_fixture.h"

#define PART_BYTES HW_MIB(5)
#define SIZE (2 * PART_BYTES + 9)
#define PARTS 3

static uint8_t *data;

static int data_make(void **state) {
    (void)state;
    s3_fixture_environment();
    data = hw_alloc_zero(SIZE, 1);
    memcpy(data + 2 * PART_BYTES, "123456789", 9);
    return 0;
}

static int data_free(void **state) {
    (void)state;
    hw_free(data);
    return 0;
}

static inline struct hw_sink_part part_of(uint64_t number) {
    const uint64_t offset = number * PART_BYTES;
    const size_t bytes = offset + PART_BYTES <= SIZE ? PART_BYTES : SIZE - offset;
    return (struct hw_sink_part){.number = number,
                                 .offset = offset,
                                 .data = data + offset,
                                 .bytes = bytes,
                                 .crc64nvme = hw_checksum_add(HW_CHECKSUM_CRC64NVME, 0, data + offset, bytes)};
}

/* Sends all parts, in order. NULL shares are not asked for. */
static inline enum hw_status object_send(struct hw_s3_client *client, const struct hw_s3_part_upload_params *params,
                                         struct hw_s3_part_shares *shares, struct hw_error *err) {
    struct hw_s3_part_upload *upload = NULL;
    uint64_t part_bytes = PART_BYTES;
    char etag[HW_S3_ETAG_BYTES];
    HW_TRY(hw_s3_part_upload_begin(client, params, &part_bytes, &upload, err));
    enum hw_status status = HW_OK;
    for (uint64_t i = 0; status == HW_OK && i < PARTS; i++) {
        const struct hw_sink_part part = part_of(i);
        status = hw_s3_part_upload_send(upload, &part, err);
    }
    status = status ? status : hw_s3_part_upload_finish(upload, etag, err);
    if (shares) {
        hw_s3_part_upload_shares(upload, shares);
    }
    hw_s3_part_upload_free(upload);
    return status;
}

#endif
