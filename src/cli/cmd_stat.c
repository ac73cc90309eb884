/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/objects_args.h"

static const struct hw_option_part parts[] = {
    HW_OBJECTS_READ_PART(0, 0),
    HW_OBJECTS_PARTS(0, HW_OBJECTS_JSON | HW_OBJECTS_HUMANIZE | HW_OBJECTS_RAW | HW_OBJECTS_VERSION_ID)};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser stat s3://lake/raw/a.csv", "A line for each fact."},
    {"hawser stat s3://lake/raw/a.csv --json", "All of them as one JSON object."},
};

static const char *const operand_names[] = {"PATH"};

/* A fact that is a text: its name in JSON and in lines for people. NULL is left out. */
struct fact {
    const char *key;
    const char *text;
    bool always;
};

/* Two facts have their place in every line, as null where they are not known. */
static void json_facts(struct hw_json_writer *json, const struct fact *facts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (facts[i].text || facts[i].always) {
            hw_json_text(json, facts[i].key, facts[i].text);
        }
    }
}

static enum hw_status json_tell(struct hw_objects_call *objects, const struct hw_object_facts *facts,
                                const struct fact *more, size_t more_count, struct hw_error *err) {
    struct hw_json_writer json = hw_objects_json(objects);
    hw_json_text(&json, "path", facts->path);
    hw_json_count(&json, "size", facts->bytes);
    hw_json_text(&json, "etag", facts->etag);
    hw_objects_json_time(&json, "last_modified", facts->mtime_us);
    json_facts(&json, more, more_count);
    hw_json_object_begin(&json, "metadata");
    for (size_t i = 0; i < facts->metadata_count; i++) {
        hw_json_text(&json, facts->metadata[i].name, facts->metadata[i].value);
    }
    hw_json_object_end(&json);
    return hw_objects_json_end(objects, &json, err);
}

static enum hw_status fact_line(struct hw_objects_call *objects, const char *prefix, const struct fact *fact,
                                struct hw_error *err) {
    if (!fact->text || !fact->text[0]) {
        return HW_OK;
    }
    HW_TRY(hw_buf_append_text(&objects->lines, prefix, err));
    HW_TRY(hw_objects_name(objects, fact->key, err));
    HW_TRY(hw_buf_append_text(&objects->lines, ": ", err));
    HW_TRY(hw_objects_name(objects, fact->text, err));
    return hw_buf_append_byte(&objects->lines, '\n', err);
}

static enum hw_status lines_tell(struct hw_objects_call *objects, const struct hw_object_facts *facts,
                                 const struct fact *more, size_t more_count, struct hw_error *err) {
    char bytes[HW_OBJECTS_TEXT_BYTES];
    char time[HW_OBJECTS_TEXT_BYTES];
    const struct fact first[] = {
        {"path", facts->path},
        {"size", hw_objects_bytes(objects, facts->bytes, bytes)},
        {"etag", facts->etag},
        {"last_modified", hw_objects_time(facts->mtime_us, time)},
    };
    for (size_t i = 0; i < COUNT_OF(first); i++) {
        HW_TRY(fact_line(objects, "", &first[i], err));
    }
    for (size_t i = 0; i < more_count; i++) {
        HW_TRY(fact_line(objects, "", &more[i], err));
    }
    for (size_t i = 0; i < facts->metadata_count; i++) {
        const struct fact entry = {facts->metadata[i].name, facts->metadata[i].value};
        HW_TRY(fact_line(objects, "metadata ", &entry, err));
    }
    return hw_objects_line(objects, err);
}

static enum hw_status facts_tell(void *ctx, const struct hw_object_facts *facts, struct hw_error *err) {
    struct hw_objects_call *objects = ctx;
    static const char *const checksum_keys[] = {
        [HW_CHECKSUM_CRC64NVME] = "checksum_crc64nvme", [HW_CHECKSUM_CRC32C] = "checksum_crc32c",
        [HW_CHECKSUM_CRC32] = "checksum_crc32",         [HW_CHECKSUM_SHA1] = "checksum_sha1",
        [HW_CHECKSUM_SHA256] = "checksum_sha256",       [HW_CHECKSUM_MD5] = "checksum_md5",
    };
    const char *key = facts->checksum < COUNT_OF(checksum_keys) ? checksum_keys[facts->checksum] : NULL;
    const struct fact more[] = {
        {"content_type", facts->content_type, true},
        {"content_encoding", facts->content_encoding},
        {"cache_control", facts->cache_control},
        {"storage_class", facts->storage_class},
        {"encryption", facts->encryption},
        {"version_id", facts->version_id},
        {key ? key : checksum_keys[HW_CHECKSUM_CRC64NVME], key ? facts->checksum_text : NULL, true},
    };
    return objects->args->json ? json_tell(objects, facts, more, COUNT_OF(more), err)
                               : lines_tell(objects, facts, more, COUNT_OF(more), err);
}

static enum hw_status stat_run(const struct hw_cmd_call *call, struct hw_error *err) {
    struct hw_objects_call objects = {0};
    enum hw_status status = hw_objects_call_begin(&objects, call, call->args, err);
    status = status ? status : hw_objects_facts(call->operands[0], &objects.options, facts_tell, &objects, err);
    return hw_objects_call_end(&objects, status, err);
}

const struct hw_cmd hw_cmd_stat = {
    .name = "stat",
    .summary = "Prints what is known of an object",
    .operands = "PATH",
    .description =
        "Prints size, ETag, time of the last change, content type, metadata and checksum of an object, as far as its "
        "store has them. Where PATH is a prefix that ends in / or a wildcard in quotes, each object gets its own.",
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = 1,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_objects_args),
    .run = stat_run,
};
