/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/options.h"

#include "core/growing.h"

static enum hw_status stores_check(const struct hw_transfer_options *options, struct hw_error *err) {
    const struct hw_store_options *source = &options->source_store;
    const struct hw_store_options *target = &options->target_store;
    HW_TRY(hw_growing_reserved("hw_store_options", source->reserved, sizeof(source->reserved), err));
    return hw_growing_reserved("hw_store_options", target->reserved, sizeof(target->reserved), err);
}

static enum hw_status sidecar_check(const struct hw_transfer_options *options, struct hw_error *err) {
    if (options->sidecar != HW_CHECKSUM_NONE && options->sidecar != HW_CHECKSUM_SHA256) {
        return hw_fail(err, HW_EUSAGE, "sidecars have a SHA-256 and no other checksum");
    }
    if (options->sidecar && options->mode == HW_TRANSFER_DIRECT) {
        return hw_fail(err, HW_EUSAGE, "what a service copies by itself cannot be compared with a sidecar");
    }
    return HW_OK;
}

enum hw_status hw_transfer_options_take(const struct hw_transfer_options *given, struct hw_transfer_options *out,
                                        struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_transfer_options, log);
    struct hw_transfer_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(stores_check(&taken, err));
        HW_TRY(sidecar_check(&taken, err));
    }
    *out = taken;
    return HW_OK;
}

enum hw_status hw_sync_options_take(const struct hw_sync_options *given, struct hw_sync_options *out,
                                    struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_sync_options, removals_max);
    struct hw_sync_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(stores_check(&taken.transfer, err));
        HW_TRY(sidecar_check(&taken.transfer, err));
    }
    *out = taken;
    return HW_OK;
}

struct hw_filter hw_transfer_options_filter(const struct hw_transfer_options *options) {
    return (struct hw_filter){options->include, options->include_count, options->exclude, options->exclude_count};
}
