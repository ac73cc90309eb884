/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/kept_options.h"

#include "core/growing.h"
#include "s3/write_headers.h"
#include "store/write_check.h"

enum hw_status hw_kept_options_take(const struct hw_write_options *given, struct hw_store *target,
                                    struct hw_kept_options *out_kept, struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_write_options, checksum);
    HW_AUTO(hw_s3_headers) headers = {0};
    struct hw_write_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
    }
    if (target->files) {
        HW_TRY(hw_write_check_local(&taken, "a local file", err));
    }
    HW_TRY(hw_s3_write_headers_make(&taken, &headers, err));
    *out_kept = (struct hw_kept_options){
        .outputs = taken,
        .beside =
            {
                .storage_class = taken.storage_class,
                .acl = taken.acl,
                .encryption = taken.encryption,
                .kms_key_id = taken.kms_key_id,
                .bucket_key = taken.bucket_key,
                .checksum = taken.checksum,
            },
    };
    return HW_OK;
}
