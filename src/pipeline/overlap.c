/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/overlap.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/alloc.h"
#include "core/view.h"
#include "manifest/manifest.h"

/*
 * What makes two names one object: device and inode of a file, or of the folder above what is not there yet; elsewhere
 * the name.
 */
struct hw_identity {
    dev_t device;
    ino_t inode;
    const char *name; /* "" for files that are there; else what stands below the folder */
    const char *role; /* "source", for messages, as the next one */
    const char *path;
};

static bool below_target(const struct hw_plan_object *object, hw_view target);
static bool one_service(const struct hw_store_options *a, const struct hw_store_options *b);

enum hw_status hw_overlap_leave_out(struct hw_plan *plan, const struct hw_convert_options *options,
                                    struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    size_t kept = 0;

    bool other_service = plan->target->remote && !one_service(&options->source_store, &options->target_store);
    if (!(options->formats & HW_FORMAT_CSV) || !plan->target_prefix || plan->count == 0 || other_service) {
        return HW_OK;
    }
    const char *target = hw_plan_target_name(plan, &arena, plan->target_prefix);
    if (!target) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    for (size_t i = 0; i < plan->count; i++) {
        if (!below_target(&plan->objects[i], hw_view_of(target))) {
            plan->objects[kept++] = plan->objects[i];
        }
    }
    plan->count = kept;
    return kept > 0 ? HW_OK : hw_fail(err, HW_ENOTFOUND, "found no objects but those in \"%.200s\"", target);
}

/* The target being the very folder that was listed is another case: hw_overlap_check refuses what would be lost. */
static bool below_target(const struct hw_plan_object *object, hw_view target) {
    hw_view folder = {object->name, object->folder_bytes};
    return object->listed && target.size > folder.size && hw_view_starts(target, folder) &&
           hw_view_starts(hw_view_of(object->name), target);
}

static enum hw_status sources_keep(struct hw_plan *plan, const struct hw_convert_options *options,
                                   struct hw_error *err);
static enum hw_status own_files_check(struct hw_plan *plan, const struct hw_convert_options *options,
                                      struct hw_error *err);
static enum hw_status outputs_check(const struct hw_plan *plan, unsigned formats,
                                    const struct hw_output_options *output, const struct hw_convert_options *options,
                                    struct hw_error *err);
static enum hw_status folder_check(const struct hw_plan *plan, unsigned formats, struct hw_error *err);

enum hw_status hw_overlap_check(struct hw_plan *plan, unsigned formats, const struct hw_output_options *output,
                                const struct hw_convert_options *options, struct hw_error *err) {
    plan->one_service = one_service(&options->source_store, &options->target_store);
    HW_TRY(sources_keep(plan, options, err));
    HW_TRY(own_files_check(plan, options, err));
    if (plan->target_pipe || plan->count == 0) {
        return HW_OK;
    }
    if (options->max_file_bytes > 0 || options->partition_by_count > 0) {
        HW_TRY(folder_check(plan, formats, err)); /* each name is looked at when it is known */
    }
    return outputs_check(plan, formats, output, options, err);
}

/* Numbered CSV files in the folder that was listed would be sources of the next run. */
static enum hw_status folder_check(const struct hw_plan *plan, unsigned formats, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *prefix = plan->target_prefix;
    if (!(formats & HW_FORMAT_CSV) || !prefix || (plan->target->remote && !plan->one_service)) {
        return HW_OK;
    }
    const char *target = hw_plan_target_name(plan, &arena, prefix);
    if (!target) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    for (size_t i = 0; i < plan->count; i++) {
        const struct hw_plan_object *object = &plan->objects[i];
        if (object->listed && hw_view_equal((hw_view){object->name, object->folder_bytes}, hw_view_of(target))) {
            return hw_fail(
                err, HW_EUSAGE,
                "the outputs would lie among the sources, and be sources themselves the next time: choose another folder");
        }
    }
    return HW_OK;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Where it is doubtful, as with two profiles, they are taken for two. */
static bool one_service(const struct hw_store_options *a, const struct hw_store_options *b) {
    return same_text(a->endpoint_url, b->endpoint_url) && same_text(a->profile, b->profile);
}

/* Of a path that need not be there; a link at its end is followed only where `follow`. */
static bool file_identity(const char *path, bool follow, struct hw_identity *out_identity) {
    struct stat info;
    char above[PATH_MAX];
    size_t bytes = strlen(path);
    if ((follow ? stat(path, &info) : lstat(path, &info)) == 0) {
        *out_identity = (struct hw_identity){.device = info.st_dev, .inode = info.st_ino, .name = ""};
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

static bool path_identity(const char *path, bool remote, bool follow, struct hw_identity *out_identity) {
    if (!remote) {
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

static void source_keep(struct hw_plan *plan, const char *role, const char *path, bool remote) {
    struct hw_identity *identity = &plan->sources[plan->sources_count];
    /* Links are followed, as they are when a source is opened. One that is gone is told when it is opened. */
    if (path_identity(path, remote, true, identity) && (remote || identity->name[0] == '\0')) {
        identity->role = role;
        identity->path = path;
        plan->sources_count++;
    }
}

static bool path_remote(const char *path) {
    return strncmp(path, "s3://", strlen("s3://")) == 0;
}

static const char *path_plain(const char *path) {
    return strncmp(path, "file://", strlen("file://")) == 0 ? path + strlen("file://") : path;
}

/* What a run reads and must not write. */
static enum hw_status sources_keep(struct hw_plan *plan, const struct hw_convert_options *options,
                                   struct hw_error *err) {
    const char *schema = options->csv.schema_path;
    plan->sources = hw_realloc_array(NULL, plan->count + 1, sizeof(*plan->sources));
    if (!plan->sources) {
        return hw_fail_nomem(err, (plan->count + 1) * sizeof(*plan->sources));
    }
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->objects[i].store) {
            source_keep(plan, "source", plan->objects[i].name, plan->objects[i].store->remote);
        }
    }
    if (schema) {
        source_keep(plan, "schema file", path_plain(schema), path_remote(schema));
    }
    qsort(plan->sources, plan->sources_count, sizeof(*plan->sources), identity_compare);
    return HW_OK;
}

static enum hw_status same_fail(const char *role, const char *path, const struct hw_identity *other,
                                struct hw_error *err) {
    const bool one_name = strcmp(path, other->path) == 0;
    enum hw_status status = hw_fail(err, HW_EUSAGE, "%s and %s are the same object%s%.200s", other->role, role,
                                    one_name ? "" : ": ", one_name ? "" : other->path);
    hw_error_object(err, path);
    return status;
}

/* Refuses to write `role` at `path` where that is a source, or the report. */
static enum hw_status path_check(const struct hw_plan *plan, const char *role, const char *path, bool remote,
                                 struct hw_error *err) {
    struct hw_identity target;
    if ((plan->sources_count == 0 && !plan->report) || !path_identity(path, remote, false, &target)) {
        return HW_OK;
    }
    /* A link at the name of an output is itself replaced: it is no source, whatever it points to. */
    const bool sources = plan->sources_count > 0 && (!remote || plan->one_service);
    const struct hw_identity *same =
        sources ? bsearch(&target, plan->sources, plan->sources_count, sizeof(target), identity_compare) : NULL;
    if (!same && plan->report && identity_compare(&target, plan->report) == 0) {
        same = plan->report;
    }
    return same ? same_fail(role, path, same, err) : HW_OK;
}

static enum hw_status key_check(const struct hw_plan *plan, const char *role, const char *key, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *name = key ? hw_plan_target_name(plan, &arena, key) : NULL;
    return name ? path_check(plan, role, name, plan->target->remote, err)
                : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

/* What a run writes besides its outputs: the report, and the manifest of a folder. */
static enum hw_status own_files_check(struct hw_plan *plan, const struct hw_convert_options *options,
                                      struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *report = options->report_path ? path_plain(options->report_path) : NULL;
    if (report) {
        HW_TRY(path_check(plan, "report", report, path_remote(report), err));
        struct hw_identity *identity = hw_arena_alloc(&plan->arena, sizeof(*identity));
        if (!identity) {
            return hw_fail_nomem(err, sizeof(*identity));
        }
        if (path_identity(report, path_remote(report), false, identity)) {
            identity->role = "report";
            identity->path = report;
            plan->report = identity;
        }
    }
    if (!plan->target_prefix) {
        return HW_OK;
    }
    return key_check(plan, "manifest", hw_arena_join(&arena, plan->target_prefix, HW_MANIFEST_NAME), err);
}

/* The outputs of one source, or of a merge, and its rejects file. */
static enum hw_status base_check(const struct hw_plan *plan, const char *base, unsigned formats,
                                 const struct hw_output_options *output, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        if (formats & format->flag) {
            const char *extension = format->naming(output).extension;
            HW_TRY(key_check(plan, "output", hw_plan_target_key(plan, &arena, base, extension), err));
        }
    }
    return HW_OK;
}

static enum hw_status outputs_check(const struct hw_plan *plan, unsigned formats,
                                    const struct hw_output_options *output, const struct hw_convert_options *options,
                                    struct hw_error *err) {
    const bool many = options->max_file_bytes > 0 || options->partition_by_count > 0;
    const size_t outputs = plan->merge_base ? 1 : plan->count;
    for (size_t i = 0; i < outputs; i++) {
        HW_AUTO(hw_arena) arena = {0};
        const char *base = plan->merge_base ? plan->merge_base : plan->objects[i].base;
        HW_TRY(base_check(plan, base, many ? 0 : formats, output, err));
        if (options->csv.bad_rows_reject) {
            HW_TRY(key_check(plan, "rejects file", hw_plan_rejects_key(plan, &arena, base), err));
        }
    }
    return HW_OK;
}

enum hw_status hw_overlap_refuse(const struct hw_plan *plan, const char *role, const char *key, struct hw_error *err) {
    return key_check(plan, role, key, err);
}

/* Sources are reached through links, an output takes the place of a link itself. */
static enum hw_status place_identity(const struct hw_overlap_place *place, bool follow, struct hw_arena *arena,
                                     struct hw_identity *out_identity, bool *out_known, struct hw_error *err) {
    struct hw_location location;
    HW_TRY(hw_location_parse(place->path, &location, err));
    const bool remote = strcmp(location.scheme->name, "file") != 0;
    const char *path = hw_arena_join(arena, location.root, remote ? "/" : "", location.key);
    hw_location_release(&location);
    if (!path) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    *out_known = path_identity(path, remote, follow, out_identity);
    return HW_OK;
}

enum hw_status hw_overlap_two(const struct hw_overlap_place *output, const struct hw_overlap_place *source,
                              struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_identity first = {0};
    struct hw_identity second = {0};
    bool known[2];
    HW_TRY(place_identity(output, false, &arena, &first, &known[0], err));
    HW_TRY(place_identity(source, true, &arena, &second, &known[1], err));
    const bool remote = first.device == 0 && first.inode == 0; /* files have both */
    const bool other_service = remote && !one_service(output->options, source->options);
    if (!known[0] || !known[1] || other_service || identity_compare(&first, &second) != 0) {
        return HW_OK;
    }
    second.role = source->role;
    second.path = source->path;
    return same_fail(output->role, output->path, &second, err);
}
