/* SPDX-License-Identifier: Apache-2.0 */
#include "store/write_check.h"

#include "core/base.h"

enum hw_status hw_write_check_local(const struct hw_write_options *options, const char *what, struct hw_error *err) {
    static const struct hw_write_options none = {0};
    const struct hw_write_options *asked = options ? options : &none;
    const struct {
        bool given;
        const char *name;
    } rows[] = {
        {asked->content_encoding != NULL, "content encoding"},
        {asked->content_language != NULL, "content language"},
        {asked->content_disposition != NULL, "content disposition"},
        {asked->cache_control != NULL, "cache control"},
        {asked->expires != NULL, "expiry"},
        {asked->metadata_count > 0, "metadata"},
        {asked->tagging != NULL, "tags"},
        {asked->storage_class != NULL, "storage class"},
        {asked->acl != NULL, "ACL"},
        {asked->encryption != HW_ENCRYPTION_DEFAULT, "encryption by a service"},
        {asked->kms_key_id != NULL || asked->bucket_key, "key of KMS"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].given) {
            return hw_fail(err, HW_EUSAGE, "%s has no %s: that is for objects on S3", what, rows[i].name);
        }
    }
    return HW_OK;
}
