/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/source_guard.h"

#include <limits.h>
#include <sys/stat.h>

#include "core/view.h"
#include "manifest/manifest.h"
#include "store/location.h"

/*
 * What makes two names one object: device and inode of a file, or of the folder above what is not
 * there yet; elsewhere the name.
 */
struct hw_identity {
    dev_t device;
    ino_t inode;
    const char *name; /* "" for files that are there; else what stands below the folder */
    const char *role; /* "source", for messages, as the next one */
    const char *path;
};

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Where it is doubtful, as with two profiles, they are taken for two. */
static bool one_service(const struct hw_store_options *a, const struct hw_store_options *b) {
    return same_text(a->endpoint_url, b->endpoint_url) && same_text(a->profile, b->profile);
}

/* Of what is there; a link at the end of the path is followed only where `follow`. */
static bool there_identity(const char *path, bool follow, struct hw_identity *out_identity) {
    struct stat info;
    if ((follow ? stat(path, &info) : lstat(path, &info)) != 0) {
        return false;
    }
    *out_identity = (struct hw_identity){.device = info.st_dev, .inode = info.st_ino, .name = ""};
    return true;
}

/* Of a path that need not be there. */
static bool file_identity(const char *path, bool follow, struct hw_identity *out_identity) {
    struct stat info;
    char above[PATH_MAX];
    size_t bytes = strlen(path);
    if (there_identity(path, follow, out_identity)) {
        return true;
    }
    while (bytes > 0 && bytes < sizeof(above)) {
        while (bytes > 0 && path[bytes - 1] != '/') {
            bytes--;
        }
        memcpy(above, path, bytes);
        above[bytes] = '\0';
        if (stat(bytes > 0 ? above : ".", &info) == 0) {
            *out_identity = (struct hw_identity){.device = info.st_dev, .inode = info.st_ino, .name = path + bytes};
            return true;
        }
        bytes -= bytes > 0;
    }
    return false; /* no such place: opening it tells */
}

static bool path_identity(const char *path, bool file, bool follow, struct hw_identity *out_identity) {
    if (file) {
        return file_identity(path, follow, out_identity);
    }
    *out_identity = (struct hw_identity){.name = path};
    return true;
}

static int identity_compare(const void *a, const void *b) {
    const struct hw_identity *first = a;
    const struct hw_identity *second = b;
    if (first->device != second->device) {
        return first->device < second->device ? -1 : 1;
    }
    if (first->inode != second->inode) {
        return first->inode < second->inode ? -1 : 1;
    }
    return strcmp(first->name, second->name);
}

/* True where one path may mean two objects, as both sides need not ask the same service. */
static bool other_service(const struct hw_plan *plan, const char *path) {
    return !plan->one_service && strncmp(path, "s3://", strlen("s3://")) == 0;
}

/* What `options->report_path` is, for messages: the report of a run, unless the plan says more. */
static const char *report_role(const struct hw_plan *plan) {
    return plan->report_role ? plan->report_role : "report";
}

static const char *path_plain(const char *path) {
    return strncmp(path, "file://", strlen("file://")) == 0 ? path + strlen("file://") : path;
}

/* ------ what is known */

static enum hw_status path_check(struct hw_plan *plan, const char *role, const char *path, bool file,
                                 struct hw_error *err);

/* Identifies a file of the run's own. A link at the place of what is written is itself replaced. */
static enum hw_status own_keep(struct hw_plan *plan, const char *role, const char *text, struct hw_identity **out_own,
                               struct hw_error *err) {
    const char *path = path_plain(text);
    const bool reads = out_own != &plan->report;
    struct hw_identity *identity = hw_arena_alloc(&plan->arena, sizeof(*identity));
    if (!identity) {
        return hw_fail_nomem(err, sizeof(*identity));
    }
    const bool file = hw_path_is_file(text);
    if (path_identity(path, file, reads, identity) && (!reads || !file || identity->name[0] == '\0')) {
        identity->role = role;
        identity->path = path;
        *out_own = identity;
    }
    return HW_OK;
}

/* Returns the path of the report; NULL: there is none, or it goes to standard output. */
static const char *report_of(const struct hw_plan *plan) {
    const char *path = plan->options->report_path;
    return path && strcmp(path, "-") != 0 ? path : NULL;
}

enum hw_status hw_source_guard_open(struct hw_plan *plan, struct hw_error *err) {
    const struct hw_convert_options *options = plan->options;
    const char *report = report_of(plan);
    plan->one_service = one_service(&options->source_store, &options->target_store);
    if (options->csv.schema_path) {
        HW_TRY(own_keep(plan, "schema file", options->csv.schema_path, &plan->schema, err));
    }
    if (!report) {
        return HW_OK;
    }
    HW_TRY(path_check(plan, report_role(plan), path_plain(report), hw_path_is_file(report), err));
    return own_keep(plan, report_role(plan), report, &plan->report, err);
}

bool hw_source_guard_possible(const struct hw_plan *plan) {
    const char *report = report_of(plan);
    const struct hw_store *target = plan->target_pipe ? NULL : plan->target;
    bool possible = false;
    for (size_t i = 0; i < plan->sources.count; i++) {
        const struct hw_store *store = plan->sources.places[i].store;
        if (store && !store->files && !other_service(plan, store->root)) {
            possible |= target && strcmp(store->root, target->root) == 0;
            possible |= report && hw_view_starts(hw_view_of(report), hw_view_of(store->root));
        } else if (store && store->files) {
            possible |= (target && target->files) || (report && hw_path_is_file(report));
        }
    }
    return possible;
}

/*
 * Whether an earlier run like this one has made the object, of sources in the folder that it was
 * found in, and it still is what the manifest tells of `path`. A merge is known by its own name.
 */
static enum hw_status made_before(const struct hw_plan *plan, const struct hw_manifest *before,
                                  const struct hw_plan_object *object, const char *path, bool *out_made,
                                  struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry = NULL;
    HW_TRY(hw_manifest_find(before, path, &cursor, &entry, err));
    if (!entry) {
        return HW_OK;
    }
    const hw_view folder = {object->name, object->folder_bytes};
    const bool ours =
        hw_view_starts(hw_view_of(entry->source), plan->options->merge ? HW_VIEW("merged into ") : folder);
    const bool tagged = entry->etag[0] != '\0' && object->etag[0] != '\0';
    *out_made = ours && entry->bytes == object->bytes &&
                (tagged ? strcmp(entry->etag, object->etag) == 0 : entry->mtime_us == object->mtime_us);
    return HW_OK;
}

enum hw_status hw_source_guard_left_out(const struct hw_plan *plan, const struct hw_plan_object *object,
                                        const struct hw_manifest *before, bool *out_left, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    *out_left = false;
    if (!(plan->options->formats & HW_FORMAT_CSV) || !plan->target_prefix || !object->listed ||
        other_service(plan, plan->target->root)) {
        return HW_OK;
    }
    const char *name = hw_plan_target_name(plan, &arena, plan->target_prefix);
    if (!name) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    const hw_view target = hw_view_of(name);
    const hw_view folder = {object->name, object->folder_bytes};
    if (!hw_view_starts(hw_view_of(object->name), target)) {
        return HW_OK;
    }
    *out_left = target.size > folder.size && hw_view_starts(target, folder);
    return *out_left || !before ? HW_OK : made_before(plan, before, object, object->name + target.size, out_left, err);
}

/* Writes what makes the object one, so that equal objects have equal bytes. */
static enum hw_status identity_key(const struct hw_identity *identity, struct hw_buf *key, struct hw_error *err) {
    HW_TRY(hw_buf_append(key, &identity->device, sizeof(identity->device), err));
    HW_TRY(hw_buf_append(key, &identity->inode, sizeof(identity->inode), err));
    return hw_buf_append_text(key, identity->name, err);
}

enum hw_status hw_source_guard_keep(struct hw_plan *plan, const struct hw_plan_object *object, struct hw_error *err) {
    HW_AUTO(hw_buf) key = {0};
    struct hw_identity identity;
    bool new;
    /*
     * Links are followed, as they are when a source is opened. One that is gone is told when it is
     * opened.
     */
    const bool known = object->store && path_identity(object->name, object->store->files, true, &identity);
    if (!known || (object->store->files && identity.name[0] != '\0')) {
        return HW_OK;
    }
    HW_TRY(identity_key(&identity, &key, err));
    pthread_mutex_lock(&plan->synced.lock);
    enum hw_status status = hw_name_set_add(&plan->synced.objects, hw_buf_view(&key), object->name, &new, err);
    pthread_mutex_unlock(&plan->synced.lock);
    return status;
}

/* ------ checks */

static enum hw_status same_fail(const char *role, const char *path, const struct hw_identity *other,
                                struct hw_error *err) {
    const bool one_name = !other->path || strcmp(path, other->path) == 0;
    enum hw_status status = hw_fail(err, HW_EUSAGE, "%s and %s are the same object%s%.200s", other->role, role,
                                    one_name ? "" : ": ", one_name ? "" : other->path);
    hw_error_object(err, path);
    return status;
}

/* Whether that is one of the sources; its path, where that is known. */
static enum hw_status source_find(struct hw_plan *plan, const struct hw_identity *identity, bool *out_found,
                                  const char **out_path, struct hw_error *err) {
    HW_AUTO(hw_buf) key = {0};
    HW_TRY(identity_key(identity, &key, err));
    pthread_mutex_lock(&plan->synced.lock);
    *out_found = hw_name_set_has(&plan->synced.objects, hw_buf_view(&key));
    *out_path = *out_found ? hw_name_set_label(&plan->synced.objects, hw_buf_view(&key)) : NULL;
    pthread_mutex_unlock(&plan->synced.lock);
    return HW_OK;
}

/* Refuses to write `role` at `path` where that is a source, the schema file or the report. */
static enum hw_status path_check(struct hw_plan *plan, const char *role, const char *path, bool file,
                                 struct hw_error *err) {
    struct hw_identity target;
    struct hw_identity source = {.role = "source"};
    bool found = false;
    /*
     * A link at the name of an output is itself replaced: it is no source, whatever it points to.
     * Sources and the schema file are there, so a name that is free can only be that of the report.
     */
    const bool known =
        file && !plan->report ? there_identity(path, false, &target) : path_identity(path, file, false, &target);
    if (!known) {
        return HW_OK;
    }
    const bool sources = !other_service(plan, path);
    if (sources) {
        HW_TRY(source_find(plan, &target, &found, &source.path, err));
    }
    if (found) {
        return same_fail(role, path, &source, err);
    }
    if (sources && plan->schema && identity_compare(&target, plan->schema) == 0) {
        return same_fail(role, path, plan->schema, err);
    }
    if (plan->report && strcmp(role, report_role(plan)) != 0 && identity_compare(&target, plan->report) == 0) {
        return same_fail(role, path, plan->report, err);
    }
    return HW_OK;
}

static enum hw_status key_check(struct hw_plan *plan, const char *role, const char *key, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *name = key ? hw_plan_target_name(plan, &arena, key) : NULL;
    return name ? path_check(plan, role, name, plan->target->files, err)
                : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

enum hw_status hw_source_guard_check_own(struct hw_plan *plan, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *report = report_of(plan);
    if (report) {
        HW_TRY(path_check(plan, report_role(plan), path_plain(report), hw_path_is_file(report), err));
    }
    if (!plan->target_prefix) {
        return HW_OK;
    }
    return key_check(plan, "manifest", hw_arena_join(&arena, plan->target_prefix, HW_MANIFEST_NAME), err);
}

/* Numbered CSV files in the folder that was listed would be sources of the next run. */
static enum hw_status folder_check(const struct hw_plan *plan, const struct hw_plan_object *object,
                                   struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *prefix = plan->target_prefix;
    if (!prefix || !object->listed || other_service(plan, plan->target->root)) {
        return HW_OK;
    }
    const char *target = hw_plan_target_name(plan, &arena, prefix);
    if (!target) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    if (hw_view_equal((hw_view){object->name, object->folder_bytes}, hw_view_of(target))) {
        return hw_fail(
            err, HW_EUSAGE,
            "the outputs would lie among the sources, and be sources themselves the next time: choose another folder");
    }
    return HW_OK;
}

enum hw_status hw_source_guard_check(struct hw_plan *plan, const struct hw_plan_object *object,
                                     const struct hw_source_guard_outputs *outputs, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_convert_options *options = plan->options;
    const bool many = options->max_file_bytes > 0 || options->partition_by_count > 0;
    const char *base = plan->merge_base ? plan->merge_base : object->base;
    if (plan->target_pipe) {
        return HW_OK;
    }
    if (many && (outputs->formats & HW_FORMAT_CSV)) {
        HW_TRY(folder_check(plan, object, err));
    }
    for (const struct hw_output_format *format = hw_output_formats; !many && format->name; format++) {
        if (outputs->formats & format->flag) {
            const char *extension = format->naming(outputs->output).extension;
            HW_TRY(key_check(plan, "output", hw_plan_target_key(plan, &arena, base, extension), err));
        }
    }
    if (!options->csv.bad_rows_reject) {
        return HW_OK;
    }
    return key_check(plan, "rejects file", hw_plan_rejects_key(plan, &arena, base), err);
}

enum hw_status hw_source_guard_refuse(struct hw_plan *plan, const char *role, const char *key, struct hw_error *err) {
    return key_check(plan, role, key, err);
}

/* Sources are reached through links, an output takes the place of a link itself. */
static enum hw_status place_identity(const struct hw_source_guard_place *place, bool follow, struct hw_arena *arena,
                                     struct hw_identity *out_identity, bool *out_known, struct hw_error *err) {
    struct hw_location location;
    HW_TRY(hw_location_parse(place->path, place->options, &location, err));
    const bool file = hw_location_is_file(&location);
    const char *root = location.own ? location.own->root : location.root;
    const char *path = hw_arena_join(arena, root, file || location.own ? "" : "/", location.key);
    hw_location_release(&location);
    if (!path) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    *out_known = path_identity(path, file, follow, out_identity);
    return HW_OK;
}

enum hw_status hw_source_guard_two(const struct hw_source_guard_place *output,
                                   const struct hw_source_guard_place *source, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_identity first = {0};
    struct hw_identity second = {0};
    bool known[2];
    HW_TRY(place_identity(output, false, &arena, &first, &known[0], err));
    HW_TRY(place_identity(source, true, &arena, &second, &known[1], err));
    const bool s3 = strncmp(output->path, "s3://", strlen("s3://")) == 0;
    const bool other = s3 && !one_service(output->options, source->options);
    if (!known[0] || !known[1] || other || identity_compare(&first, &second) != 0) {
        return HW_OK;
    }
    second.role = source->role;
    second.path = source->path;
    return same_fail(output->role, output->path, &second, err);
}
