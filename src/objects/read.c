/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of objects, in order and proved, of hawser/objects.h. */
#include <hawser/objects.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/count.h"
#include "core/io_ops.h"
#include "objects/place.h"
#include "store/store_s3.h"

#define STEP_BYTES HW_MIB(1)

struct reading {
    const struct hw_objects_place *place;
    hw_bytes_fn *take;
    void *ctx;
    /* STEP_BYTES of memory. */
    uint8_t *step;
};

/*
 * Asks for the checksum that the bytes must have, unless the store has compared them already. One
 * of the checksums of parts says nothing of the bytes.
 */
static enum hw_status checksum_ask(struct hw_source *source, struct hw_checksum *out_checksum, struct hw_error *err) {
    struct hw_checksum checksum = {0};
    const bool proved = source->proved_by != HW_CHECKSUM_NONE || source->size == 0;
    if (!proved && source->ops->checksum) {
        HW_TRY(source->ops->checksum(source, &checksum, err));
    }
    *out_checksum = checksum.parts > 0 ? (struct hw_checksum){0} : checksum;
    return HW_OK;
}

static enum hw_status checksum_compare(const struct hw_checksum *got, const struct hw_checksum *want,
                                       struct hw_error *err) {
    char texts[2][HW_CHECKSUM_TEXT_BYTES];
    if (hw_checksum_equal(got, want)) {
        return HW_OK;
    }
    return hw_fail(err, HW_ECHECKSUM, "what was read has the %s %s, the store has %s: it is not the object",
                   hw_checksum_name(got->kind), hw_checksum_text(got, texts[0]), hw_checksum_text(want, texts[1]));
}

static enum hw_status source_read(const struct reading *reading, struct hw_source *source, struct hw_error *err) {
    struct hw_checksum want;
    struct hw_checksum got;
    struct hw_checksum_run run;
    HW_TRY(checksum_ask(source, &want, err));
    hw_checksum_run_init(&run, want.kind);
    hw_source_in_order(source);
    for (uint64_t at = 0; at < source->size;) {
        const size_t bytes = source->size - at < STEP_BYTES ? (size_t)(source->size - at) : STEP_BYTES;
        HW_TRY(source->ops->read_at(source, at, reading->step, bytes, err));
        hw_checksum_run_add(&run, reading->step, bytes);
        HW_TRY(reading->take(reading->ctx, reading->step, bytes, err));
        at += bytes;
    }
    hw_checksum_run_final(&run, &got);
    return checksum_compare(&got, &want, err);
}

static enum hw_status object_read(const struct reading *reading, const char *key, const struct hw_object_info *known,
                                  struct hw_error *err) {
    struct hw_store *store = reading->place->expand.store;
    HW_AUTO(hw_buf) path = {0};
    struct hw_source *source;
    const char *version_id = reading->place->options.version_id;
    enum hw_status status;
    if (version_id) {
        status = hw_store_s3_source_open(store, key, version_id, &source, err);
    } else {
        status = known ? store->ops->source_open(store, key, known, &source, err)
                       : hw_store_source_needed(store, key, &source, err);
    }
    if (status == HW_OK) {
        status = source_read(reading, source, err);
        source->ops->close(source);
    }
    if (status && hw_objects_place_path(reading->place, key, &path, NULL) == HW_OK) {
        hw_error_object(err, (const char *)path.data);
    }
    return status;
}

static enum hw_status listed_read(void *ctx, const struct hw_expanded *object, struct hw_error *err) {
    return object_read(ctx, object->info->key, object->info, err);
}

enum hw_status hw_objects_read(const char *path, const struct hw_objects_options *options, hw_bytes_fn *take, void *ctx,
                               struct hw_error *err) {
    HW_AUTO(hw_objects_place) place = {0};
    HW_TRY(hw_objects_place_open(&place, path, options, err));
    HW_TRY(hw_objects_place_version(&place, err));
    struct reading reading = {.place = &place, .take = take, .ctx = ctx, .step = hw_alloc(STEP_BYTES)};
    if (!reading.step) {
        return hw_fail_nomem(err, STEP_BYTES);
    }
    enum hw_status status = place.expand.several ? hw_expand_list(&place.expand, NULL, listed_read, &reading, err)
                                                 : object_read(&reading, place.expand.key, NULL, err);
    hw_free(reading.step);
    return status;
}
