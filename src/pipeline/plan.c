/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/plan.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/view.h"
#include "pipeline/overlap.h"
#include "pipeline/spool.h"

/* What names of CSV objects end in: one of the first, then at most one of the second. */
static const char *const text_extensions[] = {".csv", ".tsv", ".tab", ".psv", ".txt"};
static const char *const packed_extensions[] = {".gz", ".gzip", ".zst", ".zstd", ".zip"};

static bool extension_cut(hw_view *name, const char *const *extensions, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t bytes = strlen(extensions[i]);
        if (name->size > bytes && strncasecmp(name->data + name->size - bytes, extensions[i], bytes) == 0) {
            name->size -= bytes;
            return true;
        }
    }
    return false;
}

static bool named_csv(const char *key) {
    hw_view name = hw_view_of(key);
    bool zip = hw_view_ends(name, HW_VIEW(".zip")) || hw_view_ends(name, HW_VIEW(".ZIP"));
    extension_cut(&name, packed_extensions, COUNT_OF(packed_extensions));
    return zip || extension_cut(&name, text_extensions, COUNT_OF(text_extensions));
}

const char *hw_plan_base(struct hw_arena *arena, const char *name) {
    hw_view base = hw_view_of(name);
    extension_cut(&base, packed_extensions, COUNT_OF(packed_extensions));
    extension_cut(&base, text_extensions, COUNT_OF(text_extensions));
    return hw_arena_strndup(arena, base.data, base.size);
}

char *hw_plan_flat_base(struct hw_arena *arena, const char *base) {
    char *flat = hw_arena_strdup(arena, base);
    for (char *at = flat; at && *at; at++) {
        *at = *at == '/' ? '-' : *at;
    }
    return flat;
}

char *hw_plan_target_key(const struct hw_plan *plan, struct hw_arena *arena, const char *base, const char *extension) {
    return plan->target_key ? hw_arena_strdup(arena, plan->target_key)
                            : hw_arena_join(arena, plan->target_prefix, base, extension);
}

char *hw_plan_rejects_key(const struct hw_plan *plan, struct hw_arena *arena, const char *base) {
    return plan->target_key ? hw_arena_join(arena, plan->target_key, ".rejects.jsonl")
                            : hw_arena_join(arena, plan->target_prefix, base, ".rejects.jsonl");
}

const char *hw_plan_target_name(const struct hw_plan *plan, struct hw_arena *arena, const char *key) {
    return hw_arena_join(arena, plan->target->root, key);
}

void hw_plan_release(struct hw_plan *plan) {
    for (size_t i = 0; i < plan->stores_count; i++) {
        hw_store_close(plan->stores[i]);
    }
    hw_free(plan->stores);
    hw_free(plan->sources);
    hw_free(plan->objects);
    hw_free(plan->missing);
    hw_free(plan->claimed.claims);
    pthread_mutex_destroy(&plan->claimed.lock);
    hw_arena_release(&plan->arena);
    *plan = (struct hw_plan){0};
}

static enum hw_status source_add(struct hw_plan *plan, const char *source, const struct hw_convert_options *options,
                                 bool *out_several, struct hw_error *err);
static enum hw_status target_open(struct hw_plan *plan, const char *destination, bool several,
                                  const struct hw_convert_options *options, struct hw_error *err);
static enum hw_status merge_name(struct hw_plan *plan, size_t sources, struct hw_error *err);
static enum hw_status claims_make(struct hw_plan *plan, struct hw_error *err);

enum hw_status hw_plan_make(struct hw_plan *plan, const char *const *sources, size_t count, const char *destination,
                            const struct hw_convert_options *options, struct hw_error *err) {
    bool several = count > 1;
    *plan = (struct hw_plan){0};
    pthread_mutex_init(&plan->claimed.lock, NULL);
    for (size_t i = 0; i < count; i++) {
        HW_TRY(source_add(plan, sources[i], options, &several, err));
    }
    HW_TRY(target_open(plan, destination, several && !options->merge, options, err));
    HW_TRY(hw_overlap_leave_out(plan, options, err));
    for (size_t i = 0; options->partition_by_count > 0 && i < plan->count; i++) {
        plan->objects[i].base = hw_plan_flat_base(&plan->arena, plan->objects[i].base);
        if (!plan->objects[i].base) {
            return hw_fail(err, HW_ENOMEM, "out of memory for the plan");
        }
    }
    return options->merge ? merge_name(plan, count, err) : claims_make(plan, err);
}

static enum hw_status store_keep(struct hw_plan *plan, struct hw_store *store, struct hw_error *err) {
    struct hw_store **stores = hw_realloc_array(plan->stores, plan->stores_count + 1, sizeof(*stores));
    if (!stores) {
        hw_store_close(store);
        return hw_fail_nomem(err, sizeof(*stores));
    }
    plan->stores = stores;
    plan->stores[plan->stores_count++] = store;
    return HW_OK;
}

static enum hw_status object_add(struct hw_plan *plan, struct hw_store *store, const struct hw_object_info *info,
                                 size_t base_at, struct hw_error *err) {
    if (plan->count == plan->capacity) {
        size_t capacity = hw_max_size(64, plan->capacity * 2);
        struct hw_plan_object *objects = hw_realloc_array(plan->objects, capacity, sizeof(*objects));
        if (!objects) {
            return hw_fail_nomem(err, capacity * sizeof(*objects));
        }
        plan->objects = objects;
        plan->capacity = capacity;
    }
    struct hw_plan_object object = {.store = store, .bytes = info->size, .mtime_us = info->mtime_us};
    object.key = hw_arena_strdup(&plan->arena, info->key);
    object.name = store ? hw_arena_join(&plan->arena, store->root, info->key) : "-";
    object.base = hw_plan_base(&plan->arena, store ? info->key + base_at : "stdin");
    object.etag = hw_arena_strdup(&plan->arena, info->etag);
    if (!object.key || !object.name || !object.base || !object.etag) {
        return hw_fail(err, HW_ENOMEM, "out of memory for the plan");
    }
    plan->objects[plan->count++] = object;
    return HW_OK;
}

/* While a source's objects are listed. */
struct listing {
    struct hw_plan *plan;
    struct hw_store *store;
    const char *prefix; /* that keys were asked for by */
    const char *glob;   /* NULL: names that are CSV */
    size_t base_at;     /* where the part of a key begins that outputs keep */
    size_t found;
    size_t other; /* objects that are no CSV by their name */
};

static enum hw_status listing_each(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct listing *listing = ctx;
    if (!hw_view_starts(hw_view_of(info->key), hw_view_of(listing->prefix))) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EPROTOCOL, "the store lists %s, which does not begin as the keys that were asked for",
                       hw_quote(info->key, strlen(info->key), quoted, sizeof(quoted)));
    }
    bool wanted = listing->glob ? fnmatch(listing->glob, info->key, FNM_PATHNAME) == 0 : named_csv(info->key);
    if (!wanted) {
        listing->other++;
        return HW_OK;
    }
    listing->found++;
    HW_TRY(object_add(listing->plan, listing->store, info, listing->base_at, err));
    struct hw_plan_object *object = &listing->plan->objects[listing->plan->count - 1];
    object->listed = true;
    object->folder_bytes = strlen(listing->store->root) + listing->base_at;
    return HW_OK;
}

static enum hw_status missing_add(struct hw_plan *plan, const struct hw_error *error, const char *source,
                                  struct hw_error *err) {
    struct hw_error *missing = hw_realloc_array(plan->missing, plan->missing_count + 1, sizeof(*missing));
    if (!missing) {
        return hw_fail_nomem(err, sizeof(*missing));
    }
    plan->missing = missing;
    missing[plan->missing_count] = *error;
    hw_error_object(&missing[plan->missing_count++], source);
    return HW_OK;
}

static enum hw_status many_add(struct hw_plan *plan, struct hw_store *store, const char *source, const char *key,
                               bool glob, struct hw_error *err) {
    size_t fixed = strcspn(key, "*?[");
    char *prefix = hw_arena_strndup(&plan->arena, key, fixed);
    if (!prefix) {
        return hw_fail_nomem(err, fixed);
    }
    const char *folder_end = strrchr(prefix, '/');
    struct listing listing = {.plan = plan,
                              .store = store,
                              .prefix = prefix,
                              .glob = glob ? key : NULL,
                              .base_at = folder_end ? (size_t)(folder_end - prefix) + 1 : 0};
    struct hw_error none = HW_ERROR_INIT;
    enum hw_status status = store->ops->list(store, prefix, listing_each, &listing, &none);
    if (status == HW_ENOTFOUND) {
        return missing_add(plan, &none, source, err); /* no such bucket or folder */
    }
    if (status != HW_OK) {
        hw_error_object(&none, source);
        return hw_error_pass(err, status, &none);
    }
    if (listing.found > 0) {
        return HW_OK;
    }
    hw_error_set(&none, HW_ENOTFOUND,
                 listing.other > 0 && !glob ? "found %zu objects, none is CSV by its name (a glob takes any name)"
                                            : "found no objects",
                 listing.other);
    return missing_add(plan, &none, source, err);
}

static bool local_folder(const struct hw_location *location) {
    struct stat info;
    char path[4096];
    if (strcmp(location->scheme->name, "file") != 0) {
        return false;
    }
    int used = snprintf(path, sizeof(path), "%s%s", location->root, location->key);
    return used >= 0 && (size_t)used < sizeof(path) && stat(used > 0 ? path : ".", &info) == 0 && S_ISDIR(info.st_mode);
}

static enum hw_status located_add(struct hw_plan *plan, const char *source, const struct hw_location *location,
                                  const struct hw_convert_options *options, bool *out_several, struct hw_error *err) {
    struct hw_store *store;
    struct hw_object_info info;
    struct hw_error stat_err = HW_ERROR_INIT;
    char etag[128];
    HW_TRY(hw_store_open(location, &options->source_store, &store, err));
    HW_TRY(store_keep(plan, store, err));

    size_t key_bytes = strlen(location->key);
    bool glob = location->key[strcspn(location->key, "*?[")] != '\0';
    bool folder = local_folder(location);
    bool prefix = folder || key_bytes == 0 || location->key[key_bytes - 1] == '/';
    if (glob && store->ops->stat(store, location->key, &info, etag, NULL) == HW_OK) {
        glob = false; /* a name with such characters in it */
    }
    if (glob || prefix) {
        *out_several = true;
        const char *slash = folder && key_bytes > 0 && location->key[key_bytes - 1] != '/' ? "/" : "";
        const char *key = hw_arena_join(&plan->arena, location->key, slash);
        return key ? many_add(plan, store, source, key, glob, err) : hw_fail_nomem(err, key_bytes);
    }
    enum hw_status status = store->ops->stat(store, location->key, &info, etag, &stat_err);
    if (status == HW_ENOTFOUND) {
        return missing_add(plan, &stat_err, source, err);
    }
    if (status != HW_OK) {
        hw_error_object(&stat_err, source);
        return hw_error_pass(err, status, &stat_err);
    }
    const char *name = strrchr(location->key, '/');
    return object_add(plan, store, &info, name ? (size_t)(name - location->key) + 1 : 0, err);
}

static enum hw_status source_add(struct hw_plan *plan, const char *source, const struct hw_convert_options *options,
                                 bool *out_several, struct hw_error *err) {
    struct hw_location location;
    if (strcmp(source, "-") == 0) {
        return object_add(plan, NULL, &(struct hw_object_info){.key = "-", .etag = ""}, 0, err);
    }
    HW_TRY(hw_location_parse(source, &location, err));
    enum hw_status status = located_add(plan, source, &location, options, out_several, err);
    hw_location_release(&location);
    return status;
}

/* A single object is named by a path that does not end in '/' and is no folder; its folder must be there. */
static enum hw_status target_place(struct hw_plan *plan, const char *destination, const struct hw_location *location,
                                   bool several, struct hw_error *err) {
    size_t bytes = strlen(location->key);
    bool folder = bytes == 0 || location->key[bytes - 1] == '/' || local_folder(location);
    if (several && !folder) {
        return hw_fail(err, HW_EUSAGE,
                       "several sources need a folder as destination: end \"%.200s\" with '/', or --merge them",
                       destination);
    }
    const char *slash = folder && bytes > 0 && location->key[bytes - 1] != '/' ? "/" : "";
    const char *key = hw_arena_join(&plan->arena, location->key, slash);
    if (!key) {
        return hw_fail_nomem(err, bytes);
    }
    plan->target_prefix = folder ? key : NULL;
    plan->target_key = folder ? NULL : key;
    const char *name = strrchr(key, '/');
    if (folder || strcmp(location->scheme->name, "file") != 0 || !name) {
        return HW_OK;
    }
    struct hw_location parent = {.scheme = location->scheme,
                                 .root = location->root,
                                 .key = hw_arena_strndup(&plan->arena, key, (size_t)(name - key))};
    if (!parent.key) {
        return hw_fail_nomem(err, bytes);
    }
    struct stat info;
    const char *path = hw_arena_join(&plan->arena, parent.root, parent.key);
    bool here = path && (path[0] == '\0' || stat(path, &info) != 0 || S_ISDIR(info.st_mode));
    if (here && !local_folder(&parent)) {
        return hw_fail(err, HW_ENOTFOUND, "the folder of \"%.200s\" does not exist", destination);
    }
    return HW_OK; /* a parent that is no folder is the store's to refuse */
}

static enum hw_status target_open(struct hw_plan *plan, const char *destination, bool several,
                                  const struct hw_convert_options *options, struct hw_error *err) {
    struct hw_location location;
    if (strcmp(destination, "-") == 0) {
        plan->target_pipe = true;
        plan->target_key = "-";
        if (several) {
            return hw_fail(err, HW_EUSAGE, "several sources need a folder as destination, not \"-\"");
        }
        const struct hw_io_stop stop = {options->cancelled, options->ctx};
        const int fd = options->output_fd == 0 ? STDOUT_FILENO : options->output_fd;
        HW_TRY(hw_spool_store_open(fd, &stop, &plan->target, err));
        return store_keep(plan, plan->target, err);
    }
    HW_TRY(hw_location_parse(destination, &location, err));
    enum hw_status status = target_place(plan, destination, &location, several, err);
    if (status == HW_OK) {
        status = hw_store_open(&location, &options->target_store, &plan->target, err);
    }
    if (status == HW_OK) {
        status = store_keep(plan, plan->target, err);
    }
    hw_location_release(&location);
    return status;
}

/* The last name of the folder that an object was found in. Empty where there is none. */
static hw_view folder_name(const struct hw_plan_object *object) {
    const size_t root_bytes = strlen(object->store->root);
    hw_view name = {object->name + root_bytes, object->folder_bytes - root_bytes};
    name.size -= name.size > 0; /* without the '/' at its end */
    while (name.size > 0 && memrchr(name.data, '/', name.size)) {
        const char *slash = memrchr(name.data, '/', name.size);
        size_t before = (size_t)(slash - name.data) + 1;
        name = (hw_view){slash + 1, name.size - before};
    }
    bool dots = hw_view_equal(name, HW_VIEW(".")) || hw_view_equal(name, HW_VIEW(".."));
    return dots ? HW_VIEW("") : name;
}

/* A single source gives a merge its name, one that is a folder or in a folder that folder's. */
static enum hw_status merge_name(struct hw_plan *plan, size_t sources, struct hw_error *err) {
    const struct hw_plan_object *first = plan->objects;
    plan->merge_base = "merged";
    if (sources > 1 || plan->count == 0 || (first->listed && folder_name(first).size == 0)) {
        return HW_OK;
    }
    const hw_view name = first->listed ? folder_name(first) : hw_view_of(first->base);
    plan->merge_base = hw_arena_strndup(&plan->arena, name.data, name.size);
    return plan->merge_base ? HW_OK : hw_fail_nomem(err, name.size);
}

static int claim_compare(const void *a, const void *b) {
    return strcmp(((const struct hw_plan_claim *)a)->base, ((const struct hw_plan_claim *)b)->base);
}

static enum hw_status claims_collide(const struct hw_plan_claim *claim, const char *source, struct hw_error *err) {
    return hw_fail(err, HW_EUSAGE, "%.180s and %.180s would be one output", claim->source, source);
}

static enum hw_status claims_reserve(struct hw_plan *plan, size_t count, struct hw_error *err) {
    size_t capacity = hw_max_size(count, 2 * plan->claimed.capacity);
    if (count <= plan->claimed.capacity) {
        return HW_OK;
    }
    struct hw_plan_claim *claims = hw_realloc_array(plan->claimed.claims, capacity, sizeof(*claims));
    if (!claims) {
        return hw_fail_nomem(err, capacity * sizeof(*claims));
    }
    plan->claimed.claims = claims;
    plan->claimed.capacity = capacity;
    return HW_OK;
}

/* Every object of the plan claims its outputs. */
static enum hw_status claims_make(struct hw_plan *plan, struct hw_error *err) {
    HW_TRY(claims_reserve(plan, plan->count, err));
    for (size_t i = 0; i < plan->count; i++) {
        plan->claimed.claims[i] = (struct hw_plan_claim){plan->objects[i].base, plan->objects[i].name};
    }
    plan->claimed.count = plan->count;
    if (plan->count > 1) {
        qsort(plan->claimed.claims, plan->count, sizeof(*plan->claimed.claims), claim_compare);
    }
    for (size_t i = 1; i < plan->count; i++) {
        if (claim_compare(&plan->claimed.claims[i - 1], &plan->claimed.claims[i]) == 0) {
            return claims_collide(&plan->claimed.claims[i - 1], plan->claimed.claims[i].source, err);
        }
    }
    return HW_OK;
}

bool hw_plan_claimed(const struct hw_plan *plan, const char *base) {
    const struct hw_plan_claim claim = {.base = base};
    if (plan->merge_base) {
        return strcmp(plan->merge_base, base) == 0;
    }
    return plan->claimed.count > 0 &&
           bsearch(&claim, plan->claimed.claims, plan->claimed.count, sizeof(claim), claim_compare) != NULL;
}

static enum hw_status claim_locked(struct hw_plan *plan, const char *base, const char *source, struct hw_error *err) {
    struct hw_plan_claim claim = {.base = base};
    size_t low = 0;
    size_t high = plan->claimed.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = claim_compare(&plan->claimed.claims[middle], &claim);
        if (order == 0) {
            return claims_collide(&plan->claimed.claims[middle], source, err);
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    claim = (struct hw_plan_claim){hw_arena_strdup(&plan->arena, base), hw_arena_strdup(&plan->arena, source)};
    if (!claim.base || !claim.source) {
        return hw_fail(err, HW_ENOMEM, "out of memory for the plan");
    }
    HW_TRY(claims_reserve(plan, plan->claimed.count + 1, err));
    struct hw_plan_claim *at = &plan->claimed.claims[low];
    memmove(at + 1, at, (plan->claimed.count - low) * sizeof(*at));
    *at = claim;
    plan->claimed.count++;
    return HW_OK;
}

enum hw_status hw_plan_claim(struct hw_plan *plan, const char *base, const char *source, struct hw_error *err) {
    pthread_mutex_lock(&plan->claimed.lock);
    enum hw_status status = claim_locked(plan, base, source, err);
    pthread_mutex_unlock(&plan->claimed.lock);
    return status;
}

bool hw_plan_source_remote(const struct hw_plan *plan) {
    bool remote = false;
    for (size_t i = 0; !remote && i < plan->count; i++) {
        remote = plan->objects[i].store && plan->objects[i].store->remote;
    }
    return remote;
}
