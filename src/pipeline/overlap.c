/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/overlap.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "core/alloc.h"
#include "core/view.h"

/* What makes two names one object: device and inode of a file; elsewhere the name. */
struct hw_identity {
    dev_t device;
    ino_t inode;
    const char *name; /* "" for files */
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

static bool source_identity(const struct hw_plan_object *object, struct hw_identity *out_identity);
static int identity_compare(const void *a, const void *b);
static enum hw_status output_check(const struct hw_plan *plan, const char *base, const char *extension,
                                   struct hw_error *err);
static enum hw_status folder_check(const struct hw_plan *plan, unsigned formats, struct hw_error *err);

enum hw_status hw_overlap_check(struct hw_plan *plan, unsigned formats, const struct hw_output_options *output,
                                const struct hw_convert_options *options, struct hw_error *err) {
    if (plan->target_pipe || plan->count == 0) {
        return HW_OK;
    }
    plan->one_service = one_service(&options->source_store, &options->target_store);
    plan->sources = hw_realloc_array(NULL, plan->count, sizeof(*plan->sources));
    if (!plan->sources) {
        return hw_fail_nomem(err, plan->count * sizeof(*plan->sources));
    }
    for (size_t i = 0; i < plan->count; i++) {
        plan->sources_count += source_identity(&plan->objects[i], &plan->sources[plan->sources_count]);
    }
    qsort(plan->sources, plan->sources_count, sizeof(*plan->sources), identity_compare);
    if (options->max_file_bytes > 0 || options->partition_by_count > 0) {
        return folder_check(plan, formats, err); /* each name is looked at when it is known */
    }
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        const char *extension = format->naming(output).extension;
        const size_t outputs = plan->merge_base ? 1 : plan->count;
        for (size_t i = 0; formats & format->flag && i < outputs; i++) {
            const char *base = plan->merge_base ? plan->merge_base : plan->objects[i].base;
            HW_TRY(output_check(plan, base, extension, err));
        }
    }
    return HW_OK;
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

/* A source's links are followed, as they are when it is opened. */
static bool source_identity(const struct hw_plan_object *object, struct hw_identity *out_identity) {
    struct stat info;
    if (!object->store) {
        return false;
    }
    if (object->store->remote) {
        *out_identity = (struct hw_identity){.name = object->name};
        return true;
    }
    if (stat(object->name, &info) != 0) {
        return false; /* gone: opening it tells */
    }
    *out_identity = (struct hw_identity){info.st_dev, info.st_ino, ""};
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

static bool target_identity(const struct hw_plan *plan, const char *name, struct hw_identity *out_identity);
static enum hw_status name_check(const struct hw_plan *plan, const char *name, struct hw_error *err);

static enum hw_status output_check(const struct hw_plan *plan, const char *base, const char *extension,
                                   struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *key = hw_plan_target_key(plan, &arena, base, extension);
    const char *name = key ? hw_plan_target_name(plan, &arena, key) : NULL;
    return name ? name_check(plan, name, err) : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

enum hw_status hw_overlap_refuse(const struct hw_plan *plan, const char *key, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *name = hw_plan_target_name(plan, &arena, key);
    return name ? name_check(plan, name, err) : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

static enum hw_status name_check(const struct hw_plan *plan, const char *name, struct hw_error *err) {
    struct hw_identity target;
    if (plan->sources_count == 0 || !target_identity(plan, name, &target) ||
        !bsearch(&target, plan->sources, plan->sources_count, sizeof(target), identity_compare)) {
        return HW_OK;
    }
    enum hw_status status = hw_fail(err, HW_EUSAGE, "source and output are the same object");
    hw_error_object(err, name);
    return status;
}

/* A link at the name of an output is itself replaced: it is no source, whatever it points to. */
static bool target_identity(const struct hw_plan *plan, const char *name, struct hw_identity *out_identity) {
    struct stat info;
    if (plan->target->remote) {
        *out_identity = (struct hw_identity){.name = name};
        return plan->one_service;
    }
    if (lstat(name, &info) != 0) {
        return false;
    }
    *out_identity = (struct hw_identity){info.st_dev, info.st_ino, ""};
    return true;
}
