/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/same_object.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

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

/* Returns where the name begins that ends at `end`, before the '/' that may stand there. */
static size_t name_start(const char *path, size_t end) {
    while (end > 0 && path[end - 1] == '/') {
        end--;
    }
    while (end > 0 && path[end - 1] != '/') {
        end--;
    }
    return end;
}

/*
 * Writes the path of a local folder without links, as far as it is there, and ended in '/'. What is
 * not there stays as it was given. The buffer stays empty where not even the beginning is there.
 */
static enum hw_status folder_resolve(const struct hw_folder *folder, struct hw_buf *out, struct hw_error *err) {
    const char *root = folder->store->root;
    HW_AUTO(hw_buf) path = {0};
    HW_AUTO(hw_buf) start = {0};
    char real[PATH_MAX];
    HW_TRY(hw_buf_printf(&path, err, "%s%s%s", root[0] == '/' ? "" : "./", root, folder->key));
    for (size_t end = path.size; end > 0; end = name_start((const char *)path.data, end)) {
        hw_buf_clear(&start);
        HW_TRY(hw_buf_append(&start, path.data, end, err));
        HW_TRY(hw_buf_end_text(&start, err));
        if (realpath((const char *)start.data, real)) {
            const char *slash = hw_view_ends(hw_view_of(real), HW_VIEW("/")) ? "" : "/";
            return hw_buf_printf(out, err, "%s%s%s", real, slash, (const char *)path.data + end);
        }
    }
    return HW_OK;
}

enum hw_status hw_folder_below(const struct hw_folder *outer, const struct hw_folder *inner, struct hw_buf *out_name,
                               bool *out_below, struct hw_error *err) {
    HW_AUTO(hw_buf) outer_path = {0};
    HW_AUTO(hw_buf) inner_path = {0};
    hw_view above = hw_view_of(outer->key);
    hw_view below = hw_view_of(inner->key);
    bool comparable = hw_same_store(outer->store, inner->store);
    if (outer->store->files && inner->store->files) {
        HW_TRY(folder_resolve(outer, &outer_path, err));
        HW_TRY(folder_resolve(inner, &inner_path, err));
        above = hw_buf_view(&outer_path);
        below = hw_buf_view(&inner_path);
        comparable = above.size > 0;
    }
    *out_below = comparable && hw_view_starts(below, above);
    hw_buf_clear(out_name);
    if (*out_below) {
        HW_TRY(hw_buf_append(out_name, below.data + above.size, below.size - above.size, err));
    }
    return hw_buf_end_text(out_name, err);
}
