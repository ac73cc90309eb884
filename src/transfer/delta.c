/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/delta.h"

#include "core/buf.h"
#include "s3/object.h"
#include "store/store_s3.h"

void hw_delta_release(struct hw_delta *delta) {
    hw_s3_description_release(&delta->there);
    *delta = (struct hw_delta){0};
}

static void warn(const struct hw_delta_place *place, const struct hw_error *why, const char *what) {
    HW_AUTO(hw_buf) path = {0};
    struct hw_error warning = *why;
    hw_error_prefix(&warning, "%s", what);
    if (hw_buf_printf(&path, NULL, "%s%s", place->store->root, place->key) == HW_OK) {
        hw_error_object(&warning, (const char *)path.data);
    }
    hw_transfer_run_warn(place->run, &warning);
}

/* Warns of what is so for all objects, once a run. */
static void warn_once(const struct hw_delta_place *place, atomic_bool *told, const struct hw_error *why,
                      const char *what) {
    if (!atomic_exchange(told, true)) {
        warn(place, why, what);
    }
}

/* A kind of checksum that the caller has named is not given up for copies. */
static bool needs_sums(const struct hw_write_options *write) {
    return write && write->checksum != HW_CHECKSUM_NONE && write->checksum != HW_CHECKSUM_MD5;
}

enum hw_status hw_delta_offer(struct hw_delta *delta, const struct hw_delta_place *place, struct hw_sink *sink,
                              struct hw_error *err) {
    struct hw_transfer_run *run = place->run;
    struct hw_s3_client *client = hw_store_s3_client(place->store);
    struct hw_error fault = HW_ERROR_INIT;
    if (atomic_load(&run->delta_refused)) {
        return HW_OK;
    }
    const enum hw_status status = hw_s3_object_describe(client, place->key, NULL, &delta->there, &fault);
    if (status == HW_ENOTFOUND) {
        return HW_OK;
    }
    if (status == HW_ECANCELLED || status == HW_ENOMEM) {
        return hw_error_pass(err, status, &fault);
    }
    if (status) {
        warn(place, &fault, "the version that is there cannot be looked at, so all is sent");
        return HW_OK;
    }
    delta->older = (struct hw_s3_older){
        .object = delta->there.object,
        .version_id = delta->there.version_id,
        .by_etag = atomic_load(&run->delta_by_etag),
        .needs_sums = needs_sums(run->options->write),
    };
    hw_store_s3_sink_older(sink, &delta->older);
    delta->offered = true;
    return HW_OK;
}

void hw_delta_settle(const struct hw_delta_place *place, const struct hw_sink *sink, uint64_t *out_sent,
                     uint64_t *out_copied) {
    struct hw_s3_part_shares shares;
    struct hw_error by_etag = HW_ERROR_INIT;
    hw_store_s3_sink_shares(sink, &shares);
    *out_sent = shares.bytes_sent;
    *out_copied = shares.bytes_copied;
    if (shares.unsummed) {
        hw_error_set(&by_etag, HW_EUNSUPPORTED, "they are compared by their MD5, and no other checksum is sent");
        warn_once(place, &place->run->delta_by_etag, &by_etag,
                  "the service does not tell the checksums of parts that it copies");
    }
    if (shares.why.status == HW_ECHANGED || shares.why.status == HW_ENOTFOUND) {
        warn(place, &shares.why, "the version that was there is gone, so the other parts were sent");
    } else if (shares.why.status != HW_OK && shares.way == HW_S3_OLDER_NONE) {
        warn_once(place, &place->run->delta_refused, &shares.why,
                  "the service does not copy parts of the version that is there, so all is sent");
    } else if (shares.why.status != HW_OK) {
        warn(place, &shares.why, "the service has not copied further parts, so they were sent");
    }
}

void hw_delta_again(const struct hw_delta_place *place, const struct hw_error *why) {
    warn(place, why, "with parts that the service has copied the object could not be made, so all is sent");
}
