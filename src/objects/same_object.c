/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/same_object.h"

#include <sys/stat.h>

#include "core/buf.h"
#include "store/store_s3.h"

bool hw_same_store(struct hw_store *one, struct hw_store *other) {
    const struct hw_s3_client *one_client = hw_store_s3_client(one);
    const struct hw_s3_client *other_client = hw_store_s3_client(other);
    if (one->files && other->files) {
        return strcmp(one->root, other->root) == 0;
    }
    return one_client && other_client ? hw_s3_client_same_bucket(one_client, other_client) : one == other;
}

/* Asks for the file that a name means, at the end of all links. */
static bool file_look(const struct hw_store *store, const char *key, struct stat *out_info) {
    HW_AUTO(hw_buf) path = {0};
    return hw_buf_printf(&path, NULL, "%s%s", store->root, key) == HW_OK &&
           stat((const char *)path.data, out_info) == 0;
}

bool hw_same_object(struct hw_store *one_store, const char *one_key, struct hw_store *other_store,
                    const char *other_key) {
    struct stat one;
    struct stat other;
    if (one_store->files && other_store->files) {
        return file_look(one_store, one_key, &one) && file_look(other_store, other_key, &other) &&
               one.st_dev == other.st_dev && one.st_ino == other.st_ino;
    }
    return hw_same_store(one_store, other_store) && strcmp(one_key, other_key) == 0;
}
