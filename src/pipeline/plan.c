/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/plan.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/object_name.h"
#include "core/shown_name.h"
#include "core/view.h"
#include "pipeline/pipe.h"

/* Returns the part of a source's name that its outputs keep. */
static hw_view name_base(const struct hw_plan *plan, const char *name) {
    return plan->options->keep_extension ? hw_view_of(name) : hw_name_look(name).base;
}

const char *hw_plan_base(const struct hw_plan *plan, struct hw_arena *arena, const char *name) {
    const hw_view base = name_base(plan, name);
    return hw_arena_strndup(arena, base.data, base.size);
}

static void base_flatten(char *base) {
    for (char *at = base; *at; at++) {
        *at = *at == '/' ? '-' : *at;
    }
}

char *hw_plan_flat_base(struct hw_arena *arena, const char *base) {
    char *flat = hw_arena_strdup(arena, base);
    if (flat) {
        base_flatten(flat);
    }
    return flat;
}

char *hw_plan_target_key(const struct hw_plan *plan, struct hw_arena *arena, const char *base, const char *extension) {
    return plan->target_key ? hw_arena_strdup(arena, plan->target_key)
                            : hw_arena_join(arena, plan->target_prefix, base, extension);
}

/* Returns how much of a key remains without the ending of a format that is known. */
static size_t key_bare_bytes(const char *key) {
    const struct hw_name_facts facts = hw_name_look(key);
    const size_t bytes = strlen(key);
    return facts.format == HW_NAME_UNKNOWN ? bytes : bytes - facts.ending.size;
}

char *hw_plan_rejects_key(const struct hw_plan *plan, struct hw_arena *arena, const char *base) {
    static const char ending[] = ".rejects.jsonl";
    if (!plan->target_key) {
        return hw_arena_join(arena, plan->target_prefix, base, ending);
    }
    const char *bare = hw_arena_strndup(arena, plan->target_key, key_bare_bytes(plan->target_key));
    return bare ? hw_arena_join(arena, bare, ending) : NULL;
}

const char *hw_plan_target_name(const struct hw_plan *plan, struct hw_arena *arena, const char *key) {
    return hw_arena_join(arena, plan->target->root, key);
}

void hw_plan_release(struct hw_plan *plan) {
    if (!plan->options) {
        return;
    }
    hw_store_close(plan->target);
    hw_sources_release(&plan->sources);
    hw_name_set_release(&plan->synced.claimed);
    hw_name_set_release(&plan->synced.disputed);
    hw_name_set_release(&plan->synced.objects);
    pthread_mutex_destroy(&plan->synced.lock);
    hw_arena_release(&plan->arena);
    *plan = (struct hw_plan){0};
}

static enum hw_status target_open(struct hw_plan *plan, const char *destination, bool several,
                                  const struct hw_convert_options *options, struct hw_error *err);

enum hw_status hw_plan_open(struct hw_plan *plan, const char *const *sources, size_t count, const char *destination,
                            const struct hw_convert_options *options, struct hw_error *err) {
    *plan = (struct hw_plan){.options = options};
    pthread_mutex_init(&plan->synced.lock, NULL);
    HW_TRY(hw_sources_open(&plan->sources, sources, count, options, err));
    return target_open(plan, destination, plan->sources.several && !options->merge, options, err);
}

enum hw_status hw_plan_open_batches(struct hw_plan *plan, struct hw_batch_stream *batches, const char *name,
                                    const char *destination, const struct hw_convert_options *options,
                                    struct hw_error *err) {
    *plan = (struct hw_plan){.options = options};
    pthread_mutex_init(&plan->synced.lock, NULL);
    HW_TRY(hw_sources_open_batches(&plan->sources, batches, name, err));
    return target_open(plan, destination, false, options, err);
}

/* ------ objects */

/*
 * Points the texts of an object at what stands behind it: name, base, ETag, and where the name does
 * not tell the key's query, the key; each ended with NUL.
 */
static void object_link(struct hw_plan_object *object) {
    const char *texts = (const char *)(object + 1);
    object->name = texts;
    object->base = object->name + strlen(object->name) + 1;
    object->etag = object->base + strlen(object->base) + 1;
    object->key = hw_shown_name(texts).query ? object->etag + strlen(object->etag) + 1
                                             : texts + (object->store ? strlen(object->store->root) : 0);
}

enum hw_status hw_plan_object_new(const struct hw_plan *plan, const struct hw_source_place *place,
                                  const struct hw_object_info *info, struct hw_plan_object **out_object,
                                  struct hw_error *err) {
    const char *root = place->store ? place->store->root : "";
    HW_AUTO(hw_buf) path = {0};
    HW_AUTO(hw_buf) shown = {0};
    HW_TRY(hw_buf_printf(&path, err, "%s%s", root, info->key));
    HW_TRY(hw_buf_printf(&shown, err, HW_SHOWN_FORMAT, HW_SHOWN_ARGS(hw_shown_name((const char *)path.data))));
    const hw_view name = hw_buf_view(&shown);
    const hw_view key = hw_shown_name((const char *)path.data).query ? hw_view_of(info->key) : HW_VIEW("");
    const hw_view etag = hw_view_of(info->etag);
    const hw_view base = place->base ? hw_view_of(place->base) : name_base(plan, info->key + place->base_at);
    const size_t bytes = name.size + base.size + etag.size + key.size + 4;
    struct hw_plan_object *object = bytes <= UINT32_MAX ? hw_alloc(sizeof(*object) + bytes) : NULL;
    if (!object) {
        return hw_fail_nomem(err, sizeof(*object) + bytes);
    }
    *object = (struct hw_plan_object){
        .store = place->store,
        .batches = place->batches,
        .bytes = info->size,
        .mtime_us = info->mtime_us,
        .listed = place->several,
        .folder_bytes = place->several ? strlen(root) + place->base_at : 0,
        .texts_bytes = (uint32_t)bytes,
    };
    char *at = (char *)(object + 1);
    const hw_view texts[] = {name, {"", 1}, base, {"", 1}, etag, {"", 1}, key, {"", 1}};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        memcpy(at, texts[i].data, texts[i].size);
        at += texts[i].size;
    }
    object_link(object);
    if (plan->options->partition_by_count > 0) {
        base_flatten((char *)(object + 1) + (object->base - object->name));
    }
    *out_object = object;
    return HW_OK;
}

size_t hw_plan_object_bytes(const struct hw_plan_object *object) {
    return sizeof(*object) + object->texts_bytes;
}

enum hw_status hw_plan_object_copy(hw_view block, struct hw_plan_object **out_object, struct hw_error *err) {
    struct hw_plan_object *object = hw_alloc(block.size);
    if (!object) {
        return hw_fail_nomem(err, block.size);
    }
    memcpy(object, block.data, block.size);
    object->next = NULL;
    object_link(object);
    *out_object = object;
    return HW_OK;
}

/* ------ the destination */

/*
 * A single object is named by a path that does not end in '/' and is no folder; its folder must be
 * there.
 */
static enum hw_status target_place(struct hw_plan *plan, const char *destination, const struct hw_location *location,
                                   struct hw_error *err) {
    size_t bytes = strlen(location->key);
    bool folder = bytes == 0 || location->key[bytes - 1] == '/' || hw_location_folder_there(location);
    const char *slash = folder && bytes > 0 && location->key[bytes - 1] != '/' ? "/" : "";
    const char *key = hw_arena_join(&plan->arena, location->key, slash);
    if (!key) {
        return hw_fail_nomem(err, bytes);
    }
    plan->target_prefix = folder ? key : NULL;
    plan->target_key = folder ? NULL : key;
    const char *name = strrchr(key, '/');
    if (folder || !hw_location_is_file(location) || !name) {
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
    if (here && !hw_location_folder_there(&parent)) {
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
        return hw_pipe_store_open(hw_pipe_output_fd(options->output_fd), &stop, &plan->target, err);
    }
    HW_TRY(hw_location_parse(destination, &options->target_store, &location, err));
    enum hw_status status = hw_location_check_writable(&location, err);
    status = status ? status : target_place(plan, destination, &location, err);
    if (status == HW_OK) {
        status = hw_store_open(&location, &options->target_store, &plan->target, err);
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

enum hw_status hw_plan_merge_name(struct hw_plan *plan, const struct hw_plan_object *first, struct hw_error *err) {
    plan->merge_base = "merged";
    if (plan->sources.count > 1 || !first || (first->listed && folder_name(first).size == 0)) {
        return HW_OK;
    }
    const hw_view name = first->listed ? folder_name(first) : hw_view_of(first->base);
    plan->merge_base = hw_arena_strndup(&plan->arena, name.data, name.size);
    return plan->merge_base ? HW_OK : hw_fail_nomem(err, name.size);
}

/* ------ claims */

/* Whether two sources would have different outputs if these kept the extensions. */
static bool extensions_differ(const char *one, const char *other) {
    const hw_view a = hw_view_of(one);
    const hw_view b = hw_view_of(other);
    const char *a_name = memrchr(a.data, '/', a.size);
    const char *b_name = memrchr(b.data, '/', b.size);
    return strcmp(a_name ? a_name : one, b_name ? b_name : other) != 0;
}

/* Fails: two sources have one output. `other` is NULL where its name is not known. */
static enum hw_status claims_collide(const struct hw_plan *plan, const char *other, const char *source,
                                     struct hw_error *err) {
    const bool helps = !plan->options->keep_extension && (!other || extensions_differ(other, source));
    const char *hint = helps ? "--keep-extension gives each its own" : "convert them to different folders";
    if (other && strcmp(other, source) == 0) {
        return hw_fail(err, HW_EUSAGE, "it is named twice, and both would be one output");
    }
    return other ? hw_fail(err, HW_EUSAGE, "it and %.300s would be one output: %s", other, hint)
                 : hw_fail(err, HW_EUSAGE, "it and a source that came before it would be one output: %s", hint);
}

bool hw_plan_claimed(struct hw_plan *plan, const char *base) {
    if (plan->merge_base) {
        return strcmp(plan->merge_base, base) == 0;
    }
    pthread_mutex_lock(&plan->synced.lock);
    const bool claimed = hw_name_set_has(&plan->synced.claimed, hw_view_of(base));
    pthread_mutex_unlock(&plan->synced.lock);
    return claimed;
}

enum hw_status hw_plan_claim(struct hw_plan *plan, const char *base, const char *source, struct hw_error *err) {
    bool new = true;
    pthread_mutex_lock(&plan->synced.lock);
    enum hw_status status = hw_name_set_add(&plan->synced.claimed, hw_view_of(base), source, &new, err);
    const char *other = new ? NULL : hw_name_set_label(&plan->synced.claimed, hw_view_of(base));
    pthread_mutex_unlock(&plan->synced.lock);
    return status != HW_OK || new ? status : claims_collide(plan, other, source, err);
}

enum hw_status hw_plan_claim_or_dispute(struct hw_plan *plan, const struct hw_plan_object *object,
                                        struct hw_error *err) {
    const hw_view base = hw_view_of(object->base);
    bool new = true;
    bool first;
    pthread_mutex_lock(&plan->synced.lock);
    enum hw_status status = hw_name_set_add(&plan->synced.claimed, base, object->name, &new, err);
    if (status == HW_OK && !new) {
        status = hw_name_set_add(&plan->synced.disputed, base, object->name, &first, err);
    }
    pthread_mutex_unlock(&plan->synced.lock);
    return status;
}

enum hw_status hw_plan_check_dispute(struct hw_plan *plan, const struct hw_plan_object *object, struct hw_error *err) {
    const hw_view base = hw_view_of(object->base);
    pthread_mutex_lock(&plan->synced.lock);
    const bool disputed = hw_name_set_has(&plan->synced.disputed, base);
    const char *first = hw_name_set_label(&plan->synced.claimed, base);
    const char *second = disputed ? hw_name_set_label(&plan->synced.disputed, base) : NULL;
    pthread_mutex_unlock(&plan->synced.lock);
    const bool own = first && strcmp(first, object->name) == 0;
    return disputed ? claims_collide(plan, own ? second : first, object->name, err) : HW_OK;
}
