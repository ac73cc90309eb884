/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/target.h"

#include "core/alloc.h"
#include "core/buf.h"
#include "core/limits.h"
#include "store/file_temp.h"
#include "store/store_s3.h"

enum hw_status hw_target_open(struct hw_target *target, const char *text, bool several, struct hw_store_set *set,
                              struct hw_error *err) {
    HW_AUTO(hw_location) location = {0};
    HW_AUTO(hw_buf) key = {0};
    struct hw_target found = {.text = text};
    enum hw_status status = hw_location_parse(text, set->options, &location, err);
    status = status ? status : hw_location_check_writable(&location, err);
    status = status ? status : hw_store_set_get(set, &location, &found.store, err);
    if (status) {
        hw_error_object(err, text);
        return status;
    }
    const bool slash = location.key[0] == '\0' || hw_view_ends(hw_view_of(location.key), HW_VIEW("/"));
    found.folder = several || slash || hw_location_folder_there(&location);
    HW_TRY(hw_buf_printf(&key, err, "%s%s", location.key, found.folder && !slash ? "/" : ""));
    found.key = hw_strdup((const char *)key.data);
    if (!found.key) {
        return hw_fail_nomem(err, key.size + 1);
    }
    const char *last = strrchr(found.key, '/');
    found.kept_bytes = last ? (size_t)(last + 1 - found.key) : 0;
    *target = found;
    return HW_OK;
}

enum hw_status hw_target_delta_check(const struct hw_target *target, bool delta, struct hw_error *err) {
    if (!delta || hw_store_s3_client(target->store)) {
        return HW_OK;
    }
    enum hw_status status = hw_fail(err, HW_EUSAGE, "delta is for destinations on S3, whose service copies parts");
    hw_error_object(err, target->text);
    return status;
}

void hw_target_release(struct hw_target *target) {
    hw_free(target->key);
    *target = (struct hw_target){0};
}

/* Returns why no file may have this name; NULL if one may. */
static const char *component_fault(hw_view name) {
    if (name.size == 0) {
        return "has an empty name between two '/', or at its beginning or end";
    }
    if (hw_view_equal(name, HW_VIEW(".")) || hw_view_equal(name, HW_VIEW(".."))) {
        return "has the name \".\" or \"..\" in it";
    }
    if (name.size > HW_PATH_NAME_BYTES_MAX) {
        return "has a name of more than 255 bytes in it";
    }
    return hw_view_starts(name, HW_VIEW(HW_FILE_TEMP_PREFIX)) ? "has the name of a temporary file in it" : NULL;
}

static enum hw_status file_name_check(const char *name, struct hw_error *err) {
    const char *fault = NULL;
    char quoted[HW_QUOTE_BYTES];
    for (const char *at = name; !fault; at++) {
        const size_t bytes = strcspn(at, "/");
        fault = component_fault((hw_view){at, bytes});
        at += bytes;
        if (*at == '\0') {
            break;
        }
    }
    return fault ? hw_fail(err, HW_EUNSUPPORTED, "no file can be called %s: the key %s",
                           hw_quote(name, strlen(name), quoted, sizeof(quoted)), fault)
                 : HW_OK;
}

enum hw_status hw_target_key(const struct hw_target *target, const char *name, char **out_key, struct hw_error *err) {
    HW_AUTO(hw_buf) key = {0};
    if (target->folder && target->store->files) {
        HW_TRY(file_name_check(name, err));
    }
    HW_TRY(hw_buf_printf(&key, err, "%s%s", target->key, target->folder ? name : ""));
    char *made = hw_strdup((const char *)key.data);
    if (!made) {
        return hw_fail_nomem(err, key.size + 1);
    }
    *out_key = made;
    return HW_OK;
}
