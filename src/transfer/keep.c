/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps what calls share (net/http_share.h, aws/credentials_share.h): a client of each side has its
 * part in it, with the options that the stores of a call would have.
 */
#include "core/alloc.h"
#include "s3/client.h"
#include "transfer/options.h"
#include "transfer/run.h"

struct hw_transfer_kept {
    struct hw_s3_client *source;
    struct hw_s3_client *target;
};

enum hw_status hw_transfer_keep(const struct hw_transfer_options *options, struct hw_transfer_kept **out_kept,
                                struct hw_error *err) {
    struct hw_transfer_options taken;
    struct hw_transfer_run run;
    HW_TRY(hw_transfer_options_take(options, &taken, err));
    taken.report_path = NULL;
    taken.prices_path = NULL;
    struct hw_transfer_kept *kept = hw_alloc_zero(1, sizeof(*kept));
    if (!kept) {
        return hw_fail_nomem(err, sizeof(*kept));
    }
    enum hw_status status = hw_transfer_run_start(&run, &taken, err);
    status = status ? status : hw_s3_client_new(&run.source_options, "", &kept->source, err);
    status = status ? status : hw_s3_client_new(&run.target_options, "", &kept->target, err);
    hw_transfer_run_release(&run);
    if (status) {
        hw_transfer_kept_free(kept);
        return status;
    }
    *out_kept = kept;
    return HW_OK;
}

void hw_transfer_kept_free(struct hw_transfer_kept *kept) {
    if (kept) {
        hw_s3_client_free(kept->source);
        hw_s3_client_free(kept->target);
        hw_free(kept);
    }
}
