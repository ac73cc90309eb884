/* SPDX-License-Identifier: Apache-2.0 */
/* The call of hawser/inspect.h: finds the files, and has each looked at by what its format is. */
#include <hawser/inspect.h>

#include "avro/inspect.h"
#include "core/count.h"
#include "core/growing.h"
#include "core/object_name.h"
#include "parquet/inspect.h"
#include "pipeline/file_magic.h"
#include "pipeline/sources.h"
#include "store/source_end.h"

/* A look at a file. Start it zeroed. */
struct look {
    struct hw_source *source;
    struct hw_inspection parquet;
    struct hw_avro_inspection avro;
};

static void look_release(struct look *look);

/* Looks at a file of a format. */
typedef enum hw_status inspect_fn(struct look *look, const struct hw_inspect_options *options, struct hw_inspected *out,
                                  struct hw_error *err);

/* A call. */
struct inspect_call {
    struct hw_inspect_options options;
    hw_inspected_fn *each;
    void *ctx;
    /* The place whose files are found, and those that are meant of a folder or glob. */
    struct hw_source_place *place;
    struct hw_source_filter *filter;
    size_t good;
    size_t failed;
    /* The status of the first file that has failed. */
    enum hw_status first;
};

static enum hw_status options_take(const struct hw_inspect_options *given, struct hw_inspect_options *out,
                                   struct hw_error *err);
static enum hw_status place_inspect(struct inspect_call *call, struct hw_error *err);
static enum hw_status call_end(const struct inspect_call *call, struct hw_error *err);

enum hw_status hw_inspect(const char *const *sources, size_t sources_count, const struct hw_inspect_options *options,
                          hw_inspected_fn *each, void *ctx, struct hw_error *err) {
    struct hw_sources found = {0};
    struct inspect_call call = {.each = each, .ctx = ctx, .filter = &found.filter};
    HW_TRY(options_take(options, &call.options, err));
    const struct hw_convert_options finding = {.source_store = call.options.store,
                                               .from = HW_FORMAT_PARQUET | HW_FORMAT_AVRO};
    enum hw_status status = hw_sources_open(&found, sources, sources_count, &finding, err);
    for (size_t i = 0; status == HW_OK && i < found.count; i++) {
        call.place = &found.places[i];
        status = place_inspect(&call, err);
    }
    hw_sources_release(&found);
    return status ? status : call_end(&call, err);
}

static enum hw_status options_take(const struct hw_inspect_options *given, struct hw_inspect_options *out,
                                   struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_inspect_options, columns);
    struct hw_inspect_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(hw_growing_reserved("hw_store_options", taken.store.reserved, sizeof(taken.store.reserved), err));
    }
    *out = taken;
    return HW_OK;
}

/* Files that could not be read were told of, so that `err` says nothing of a single one. */
static enum hw_status call_end(const struct inspect_call *call, struct hw_error *err) {
    if (call->failed == 0 || call->good == 0) {
        return call->first;
    }
    return hw_fail(err, HW_EPARTIAL, "%zu of %s could not be read", call->failed,
                   HW_COUNT(call->failed + call->good, "file"));
}

/* ------ finding files */

static enum hw_status found_inspect(struct inspect_call *call, const char *path, const char *key,
                                    const struct hw_object_info *known, struct hw_error *err);

static enum hw_status listed_inspect(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct inspect_call *call = ctx;
    HW_AUTO(hw_buf) path = {0};
    if (!hw_view_starts(hw_view_of(info->key), hw_view_of(call->place->key)) ||
        hw_source_choose(call->filter, call->place, info->key) != HW_SOURCE_TAKEN) {
        return HW_OK;
    }
    HW_TRY(hw_buf_printf(&path, err, "%s%s", call->place->store->root, info->key));
    return found_inspect(call, (const char *)path.data, info->key, info, err);
}

static enum hw_status place_inspect(struct inspect_call *call, struct hw_error *err) {
    const struct hw_source_place *place = call->place;
    const size_t before = call->good + call->failed;
    if (!place->store) {
        return hw_fail(err, HW_EUSAGE, "standard input cannot be inspected: name the file");
    }
    if (!place->several) {
        return found_inspect(call, place->text, place->key, NULL, err);
    }
    enum hw_status status = place->store->ops->list(place->store, place->key, listed_inspect, call, err);
    if (status == HW_OK && call->good + call->failed == before) {
        status = hw_fail(err, HW_ENOTFOUND, "found no file that is Parquet or Avro by its name");
    }
    if (status) {
        hw_error_object(err, place->text);
    }
    return status;
}

/* ------ looking at one */

static enum hw_status file_inspect(const struct inspect_call *call, struct look *look, const char *key,
                                   const struct hw_object_info *known, struct hw_inspected *out, struct hw_error *err);
static enum hw_status format_find(struct hw_source *source, const char *key, inspect_fn **out_inspect,
                                  struct hw_error *err);

/* Whether a failure is that of the call, and not of the file. */
static bool ends_call(enum hw_status status) {
    return status == HW_EUSAGE || status == HW_ENOMEM || status == HW_ECANCELLED;
}

static enum hw_status found_inspect(struct inspect_call *call, const char *path, const char *key,
                                    const struct hw_object_info *known, struct hw_error *err) {
    struct look look = {0};
    struct hw_inspected file = {0};
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = file_inspect(call, &look, key, known, &file, &fault);
    if (status) {
        hw_error_object(&fault, path);
        file = (struct hw_inspected){.status = status, .error = &fault};
        call->first = call->first ? call->first : status;
    }
    call->failed += status != HW_OK;
    call->good += status == HW_OK;
    file.path = path;
    status = ends_call(status) ? hw_error_pass(err, status, &fault) : call->each(call->ctx, &file, err);
    look_release(&look);
    return status;
}

static void look_release(struct look *look) {
    hw_inspection_release(&look->parquet);
    hw_avro_inspection_release(&look->avro);
    if (look->source) {
        look->source->ops->close(look->source);
    }
}

static enum hw_status file_inspect(const struct inspect_call *call, struct look *look, const char *key,
                                   const struct hw_object_info *known, struct hw_inspected *out, struct hw_error *err) {
    struct hw_store *store = call->place->store;
    inspect_fn *inspect;
    HW_TRY(hw_source_end_open(store, key, known, HW_PARQUET_TAIL_BYTES, &look->source, err));
    HW_TRY(format_find(look->source, key, &inspect, err));
    return inspect(look, &call->options, out, err);
}

/* ------ formats */

static enum hw_status parquet_inspect(struct look *look, const struct hw_inspect_options *options,
                                      struct hw_inspected *out, struct hw_error *err) {
    return hw_parquet_inspect(&look->parquet, look->source, options, out, err);
}

static enum hw_status avro_inspect(struct look *look, const struct hw_inspect_options *options,
                                   struct hw_inspected *out, struct hw_error *err) {
    return hw_avro_inspect(&look->avro, look->source, options, out, err);
}

/*
 * A file is what its first bytes say, or its last ones, whatever it is called. The last ones are at
 * hand, and across a network the others take one more request.
 */
static enum hw_status format_find(struct hw_source *source, const char *key, inspect_fn **out_inspect,
                                  struct hw_error *err) {
    char bytes[HW_FILE_MAGIC_BYTES];
    const hw_view view = {bytes, sizeof(bytes)};
    enum hw_name_format told = HW_NAME_UNKNOWN;
    if (source->size >= sizeof(bytes)) {
        HW_TRY(source->ops->read_at(source, source->size - sizeof(bytes), bytes, sizeof(bytes), err));
        told = hw_file_magic(view);
    }
    /* Only Parquet has a magic at its end. */
    if (source->size >= sizeof(bytes) && told != HW_NAME_PARQUET) {
        HW_TRY(source->ops->read_at(source, 0, bytes, sizeof(bytes), err));
        told = hw_file_magic(view);
    }
    if (told != HW_NAME_UNKNOWN) {
        *out_inspect = told == HW_NAME_PARQUET ? parquet_inspect : avro_inspect;
        return HW_OK;
    }
    const enum hw_name_format named = hw_name_look(key).format;
    if (named == HW_NAME_PARQUET || named == HW_NAME_AVRO) {
        return hw_fail_at(err, HW_EDATA, 0, "it is no %s file, whatever its name says: no %s at its start",
                          named == HW_NAME_AVRO ? "Avro" : "Parquet", named == HW_NAME_AVRO ? "Obj" : "PAR1");
    }
    return hw_fail(err, HW_EUNSUPPORTED,
                   "it is neither Parquet nor Avro: no PAR1 or Obj at its start (hawser infer looks at CSV)");
}
