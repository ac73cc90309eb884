/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/overlap.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "core/alloc.h"
#include "core/view.h"

/* What makes two names one object: device and inode of a file; elsewhere the name. */
struct identity {
    dev_t device;
    ino_t inode;
    const char *name; /* "" for files */
};

struct overlap {
    const struct hw_plan *plan;
    struct identity *sources; /* in order */
    size_t count;
    bool one_service; /* of sources and target, where they are no files */
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

static bool source_identity(const struct hw_plan_object *object, struct identity *out_identity);
static int identity_compare(const void *a, const void *b);
static enum hw_status output_check(const struct overlap *overlap, const char *base, const char *extension,
                                   struct hw_error *err);

enum hw_status hw_overlap_check(const struct hw_plan *plan, unsigned formats, const struct hw_output_options *output,
                                const struct hw_convert_options *options, struct hw_error *err) {
    struct overlap overlap = {.plan = plan, .one_service = one_service(&options->source_store, &options->target_store)};
    enum hw_status status = HW_OK;

    if (plan->target_pipe || plan->count == 0) {
        return HW_OK;
    }
    overlap.sources = hw_realloc_array(NULL, plan->count, sizeof(*overlap.sources));
    if (!overlap.sources) {
        return hw_fail_nomem(err, plan->count * sizeof(*overlap.sources));
    }
    for (size_t i = 0; i < plan->count; i++) {
        overlap.count += source_identity(&plan->objects[i], &overlap.sources[overlap.count]);
    }
    qsort(overlap.sources, overlap.count, sizeof(*overlap.sources), identity_compare);
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        const char *extension = format->naming(output).extension;
        const size_t outputs = plan->merge_base ? 1 : plan->count;
        for (size_t i = 0; formats & format->flag && status == HW_OK && i < outputs; i++) {
            const char *base = plan->merge_base ? plan->merge_base : plan->objects[i].base;
            status = output_check(&overlap, base, extension, err);
        }
    }
    hw_free(overlap.sources);
    return status;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Where it is doubtful, as with two profiles, they are taken for two. */
static bool one_service(const struct hw_store_options *a, const struct hw_store_options *b) {
    return same_text(a->endpoint_url, b->endpoint_url) && same_text(a->profile, b->profile);
}

/* A source's links are followed, as they are when it is opened. */
static bool source_identity(const struct hw_plan_object *object, struct identity *out_identity) {
    struct stat info;
    if (!object->store) {
        return false;
    }
    if (object->store->remote) {
        *out_identity = (struct identity){.name = object->name};
        return true;
    }
    if (stat(object->name, &info) != 0) {
        return false; /* gone: opening it tells */
    }
    *out_identity = (struct identity){info.st_dev, info.st_ino, ""};
    return true;
}

static int identity_compare(const void *a, const void *b) {
    const struct identity *first = a;
    const struct identity *second = b;
    if (first->device != second->device) {
        return first->device < second->device ? -1 : 1;
    }
    if (first->inode != second->inode) {
        return first->inode < second->inode ? -1 : 1;
    }
    return strcmp(first->name, second->name);
}

static bool target_identity(const struct overlap *overlap, const char *name, struct identity *out_identity);

static enum hw_status output_check(const struct overlap *overlap, const char *base, const char *extension,
                                   struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct identity target;
    const char *key = hw_plan_target_key(overlap->plan, &arena, base, extension);
    const char *name = key ? hw_plan_target_name(overlap->plan, &arena, key) : NULL;

    if (!name) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    if (!target_identity(overlap, name, &target) ||
        !bsearch(&target, overlap->sources, overlap->count, sizeof(target), identity_compare)) {
        return HW_OK;
    }
    enum hw_status status = hw_fail(err, HW_EUSAGE, "source and output are the same object");
    hw_error_object(err, name);
    return status;
}

/* A link at the name of an output is itself replaced: it is no source, whatever it points to. */
static bool target_identity(const struct overlap *overlap, const char *name, struct identity *out_identity) {
    struct stat info;
    if (overlap->plan->target->remote) {
        *out_identity = (struct identity){.name = name};
        return overlap->one_service;
    }
    if (lstat(name, &info) != 0) {
        return false;
    }
    *out_identity = (struct identity){info.st_dev, info.st_ino, ""};
    return true;
}
