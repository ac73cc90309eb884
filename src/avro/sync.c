/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/sync.h"

#include "codec/checksum_sha256.h"

static void field_add(struct hw_sha256 *sha, hw_view field);

enum hw_status hw_avro_sync_derive(hw_view schema, hw_view identity, uint8_t out[HW_AVRO_SYNC_BYTES],
                                   struct hw_error *err) {
    uint8_t sum[HW_SHA256_BYTES];
    struct hw_sha256 sha;

    if (!hw_sha256_init(&sha)) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a SHA-256");
    }
    field_add(&sha, HW_VIEW("hawser avro sync 1"));
    field_add(&sha, schema);
    field_add(&sha, identity);
    hw_sha256_finish(&sha, sum);
    hw_sha256_release(&sha);
    memcpy(out, sum, HW_AVRO_SYNC_BYTES);
    return HW_OK;
}

/* With its length before it, no field can pass for a part of the next. */
static void field_add(struct hw_sha256 *sha, hw_view field) {
    uint8_t length[8];
    hw_store_le64(length, field.size);
    hw_sha256_update(sha, length, sizeof(length));
    if (field.size > 0) {
        hw_sha256_update(sha, field.data, field.size);
    }
}
