/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_guard.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "store/store.h"
#include "store/store_file.h"

/* What stands in the folder of a table, and what kind of table that is. */
static const struct {
    const char *prefix;
    /* What the name must end in; "": anything. */
    const char *ending;
    /* The prefix is the whole name. */
    bool whole;
    const char *kind;
} signs[] = {
    {"_delta_log/", "", false, "a Delta table (_delta_log/)"},
    {"metadata/", ".metadata.json", false, "an Iceberg table (metadata/*.metadata.json)"},
    {".hoodie/", "", false, "a Hudi table (.hoodie/)"},
    {"_metadata", "", true, "a folder with a summary of its files (_metadata)"},
};

void hw_optimize_guard_release(struct hw_optimize_guard *guard) {
    hw_buf_release(&guard->folder);
    hw_store_close(guard->local);
}

static enum hw_status folder_check(struct hw_store *store, hw_view folder, struct hw_error *err);

/* Returns how many bytes of a key are its folder, '/' included; 0 where it is in none. */
static size_t folder_bytes(hw_view key) {
    const char *slash = key.size > 0 ? memrchr(key.data, '/', key.size) : NULL;
    return slash ? (size_t)(slash - key.data) + 1 : 0;
}

static enum hw_status key_check(struct hw_optimize_guard *guard, struct hw_store *store, const char *key,
                                struct hw_error *err);

/* A local file is looked for where it really lies, as its path may begin in any folder. */
static enum hw_status file_check(struct hw_optimize_guard *guard, const struct hw_store *store, const char *key,
                                 struct hw_error *err) {
    HW_AUTO(hw_buf) path = {0};
    HW_TRY(hw_buf_printf(&path, err, "%s%s", store->root, key));
    HW_TRY(hw_buf_end_text(&path, err));
    HW_TRY(guard->local ? HW_OK : hw_store_file_open("/", NULL, &guard->local, err));
    char real[PATH_MAX];
    if (!realpath((const char *)path.data, real)) {
        return hw_fail_errno(err, errno, "cannot find out where the file lies");
    }
    return key_check(guard, guard->local, real + 1, err);
}

enum hw_status hw_optimize_guard_check(struct hw_optimize_guard *guard, struct hw_store *store, const char *key,
                                       struct hw_error *err) {
    return store->files ? file_check(guard, store, key, err) : key_check(guard, store, key, err);
}

static enum hw_status key_check(struct hw_optimize_guard *guard, struct hw_store *store, const char *key,
                                struct hw_error *err) {
    hw_view folder = {key, folder_bytes(hw_view_of(key))};
    const hw_view own = folder;
    const bool known = guard->folder.data && hw_view_equal(hw_buf_view(&guard->folder), folder);
    if (known) {
        return HW_OK;
    }
    for (;;) {
        HW_TRY(folder_check(store, folder, err));
        if (folder.size == 0) {
            break;
        }
        /* Without the '/' at its end the folder is a name in the one above. */
        folder.size = folder_bytes((hw_view){folder.data, folder.size - 1});
    }
    hw_buf_clear(&guard->folder);
    HW_TRY(hw_buf_append(&guard->folder, own.data, own.size, err));
    return hw_buf_end_text(&guard->folder, err);
}

/* A listing that ends at the first object that is a sign. */
struct looking {
    const char *ending;
    const char *whole;
    bool found;
};

static enum hw_status sign_found(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct looking *looking = ctx;
    const hw_view key = hw_view_of(info->key);
    const bool right =
        looking->whole ? strcmp(info->key, looking->whole) == 0 : hw_view_ends(key, hw_view_of(looking->ending));
    looking->found = looking->found || right;
    /* Keys come in order: behind the name itself there are only longer ones. */
    return looking->found || looking->whole ? hw_fail(err, HW_ECANCELLED, "enough was seen") : HW_OK;
}

static enum hw_status folder_check(struct hw_store *store, hw_view folder, struct hw_error *err) {
    HW_AUTO(hw_buf) prefix = {0};
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        struct hw_error ended = HW_ERROR_INIT;
        hw_buf_clear(&prefix);
        HW_TRY(hw_buf_printf(&prefix, err, "%.*s%s", (int)folder.size, folder.data, signs[i].prefix));
        HW_TRY(hw_buf_end_text(&prefix, err));
        const char *text = (const char *)prefix.data;
        struct looking looking = {.ending = signs[i].ending, .whole = signs[i].whole ? text : NULL};
        const enum hw_status status = store->ops->list(store, text, sign_found, &looking, &ended);
        if (looking.found) {
            return hw_fail(err, HW_EUSAGE,
                           "it belongs to %s in \"%s%.*s\": its log would be false once the file is another; name a "
                           "destination elsewhere",
                           signs[i].kind, store->root, (int)folder.size, folder.data);
        }
        if (status && status != HW_ENOTFOUND && status != HW_ECANCELLED) {
            return hw_error_pass(err, status, &ended);
        }
    }
    return HW_OK;
}
