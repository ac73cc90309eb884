/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/kept.h"

#include <strings.h>

#include "core/alloc.h"
#include "s3/object.h"
#include "store/store_file.h"
#include "store/store_s3.h"

enum { NS_A_MICROSECOND = 1000, FACTS = 2 };

static bool entry_there(const struct hw_write_options *write, const char *name) {
    for (size_t i = 0; i < write->metadata_count; i++) {
        if (strcasecmp(write->metadata[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

enum hw_status hw_kept_facts_add(struct hw_kept *kept, const struct hw_file_facts *facts,
                                 struct hw_write_options *write, struct hw_error *err) {
    size_t count = write->metadata_count;
    struct hw_metadata *all = hw_alloc_zero(count + FACTS, sizeof(*all));
    if (!all) {
        return hw_fail_nomem(err, (count + FACTS) * sizeof(*all));
    }
    for (size_t i = 0; i < count; i++) {
        all[i] = write->metadata[i];
    }
    if (facts->has_mtime && !entry_there(write, HW_MTIME_NAME)) {
        all[count++] = (struct hw_metadata){HW_MTIME_NAME, hw_file_mtime_text(facts->mtime_ns, kept->mtime)};
    }
    if (facts->has_mode && !entry_there(write, HW_MODE_NAME)) {
        all[count++] = (struct hw_metadata){HW_MODE_NAME, hw_file_mode_text(facts->mode, kept->mode)};
    }
    hw_free(kept->metadata);
    kept->metadata = all;
    write->metadata = all;
    write->metadata_count = count;
    return HW_OK;
}

/* The description has to be that of the version that is read. */
static enum hw_status version_compare(const struct hw_transfer_source *source, const struct hw_s3_object *now,
                                      struct hw_error *err) {
    if (now->size != source->size || strcmp(now->etag, source->object.etag) != 0) {
        return hw_fail(err, HW_ECHANGED, "HeadObject: the object was replaced while it was read");
    }
    return HW_OK;
}

static enum hw_status facts_load(struct hw_kept *kept, const struct hw_transfer_source *source, struct hw_error *err) {
    struct hw_s3_description *description = &kept->description;
    if (!source->client) {
        (void)hw_store_file_facts(source->source, &kept->facts);
        return HW_OK;
    }
    HW_TRY(hw_s3_object_describe(source->client, source->key, source->version_id, description, err));
    HW_TRY(version_compare(source, &description->object, err));
    kept->facts = hw_file_facts_of(description->metadata, description->metadata_count);
    return HW_OK;
}

enum hw_status hw_kept_load(struct hw_kept *kept, const struct hw_transfer_source *source, struct hw_store *target,
                            bool preserve, struct hw_sink_options *sink, struct hw_error *err) {
    const bool to_bucket = hw_store_s3_client(target) != NULL;
    sink->file_facts = NULL;
    if (!preserve || (!to_bucket && !target->files)) {
        return HW_OK;
    }
    HW_TRY(facts_load(kept, source, err));
    if (to_bucket) {
        kept->write = sink->write ? *sink->write : (struct hw_write_options){0};
        HW_TRY(hw_kept_facts_add(kept, &kept->facts, &kept->write, err));
        sink->write = &kept->write;
    } else {
        sink->file_facts = &kept->facts;
    }
    return HW_OK;
}

void hw_kept_release(struct hw_kept *kept) {
    hw_s3_description_release(&kept->description);
    hw_free(kept->metadata);
    *kept = (struct hw_kept){0};
}

enum hw_status hw_kept_mtime_us(struct hw_store *store, const char *key, int64_t known_us, int64_t *out_us,
                                struct hw_error *err) {
    HW_AUTO(hw_s3_description) description = {0};
    struct hw_s3_client *client = hw_store_s3_client(store);
    if (!client) {
        *out_us = known_us;
        return HW_OK;
    }
    HW_TRY(hw_s3_object_describe(client, key, NULL, &description, err));
    const struct hw_file_facts facts = hw_file_facts_of(description.metadata, description.metadata_count);
    /* As that of a file is made of its seconds and nanoseconds. */
    const int64_t below = facts.mtime_ns % NS_A_MICROSECOND < 0 ? 1 : 0;
    *out_us = facts.has_mtime ? facts.mtime_ns / NS_A_MICROSECOND - below : known_us;
    return HW_OK;
}
