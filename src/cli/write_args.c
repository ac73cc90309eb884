/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/write_args.h"

#include <errno.h>
#include <fcntl.h>

#include "core/io.h"

static_assert(sizeof(enum hw_encryption) == sizeof(unsigned), "choices are written as unsigned");
static_assert(sizeof(enum hw_checksum_kind) == sizeof(unsigned), "choices are written as unsigned");

static const struct hw_choice encryption_choices[] = {
    {"AES256", HW_ENCRYPTION_AES256},
    {"aws:kms", HW_ENCRYPTION_KMS},
    {"aws:kms:dsse", HW_ENCRYPTION_KMS_DSSE},
    {NULL, 0},
};

static const struct hw_choice checksum_choices[] = {
    {"CRC64NVME", HW_CHECKSUM_CRC64NVME},
    {"CRC32C", HW_CHECKSUM_CRC32C},
    {"CRC32", HW_CHECKSUM_CRC32},
    {"SHA1", HW_CHECKSUM_SHA1},
    {"SHA256", HW_CHECKSUM_SHA256},
    {"MD5", HW_CHECKSUM_MD5},
    {NULL, 0},
};

static const struct hw_choice payer_choices[] = {{"requester", true}, {NULL, 0}};

#define WRITE_FIELD(field) HW_OPTION_FIELD(struct hw_write_args, field)

static const struct hw_option write_rows[] = {
    {.name = "metadata",
     .type = HW_OPTION_LIST,
     WRITE_FIELD(metadata),
     .arg = "NAME=VALUE",
     .whole = true,
     .help = "Keeps this entry of user metadata with each object that is written; may be given several times."},
    {.name = "content-type",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(write.content_type),
     .arg = "TYPE",
     .fallback = "that of the format, or of the file's name",
     .help = "Keeps this content type with each object."},
    {.name = "content-encoding",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(write.content_encoding),
     .arg = "CODING",
     .help = "Keeps this content encoding with each object. The bytes are left as they are."},
    {.name = "content-language",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(write.content_language),
     .arg = "TAG",
     .help = "Keeps this content language with each object."},
    {.name = "content-disposition",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(write.content_disposition),
     .arg = "TEXT",
     .help = "Keeps this content disposition with each object."},
    {.name = "cache-control",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(write.cache_control),
     .arg = "TEXT",
     .help = "Keeps these rules for caches with each object."},
    {.name = "expires",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(write.expires),
     .arg = "TIME",
     .help =
         "Keeps with each object the time until which caches may hold it: 2050-11-06T08:49:37Z, or as HTTP has it."},
    {.name = "storage-class",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(write.storage_class),
     .arg = "CLASS",
     .fallback = "STANDARD",
     .help = "Keeps objects in this storage class, as STANDARD_IA or GLACIER_IR."},
    {.name = "acl",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(write.acl),
     .arg = "ACL",
     .fallback = "private",
     .help = "Gives objects this canned ACL, as public-read or bucket-owner-full-control."},
    {.name = "tagging",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(write.tagging),
     .arg = "NAME=VALUE&...",
     .help = "Gives objects these tags, ten at most."},
    {.name = "sse",
     .type = HW_OPTION_CHOICE,
     WRITE_FIELD(write.encryption),
     .choices = encryption_choices,
     .fallback = "as the bucket is set up",
     .help = "Has the service encrypt objects with keys that it keeps."},
    {.name = "sse-kms-key-id",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(write.kms_key_id),
     .arg = "ID",
     .fallback = "the service's own",
     .help = "Names the key of KMS. Needs --sse aws:kms or aws:kms:dsse."},
    {.name = "sse-bucket-key",
     .type = HW_OPTION_FLAG,
     WRITE_FIELD(write.bucket_key),
     .help = "Has a key of the bucket stand between KMS and the objects, so that KMS is asked less often."},
    {.name = "sse-c",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(sse_c_path),
     .arg = "FILE",
     .help = "Has the service encrypt objects with the key of 256 bits in this file, which holds its 32 bytes or their "
             "base64. The service forgets the key. Goes over https only."},
    {.name = "checksum-algorithm",
     .type = HW_OPTION_CHOICE,
     WRITE_FIELD(write.checksum),
     .choices = checksum_choices,
     .fallback = "CRC64NVME",
     .help = "Sends this kind of checksum with all that is written, which the service compares and keeps. MD5 is "
             "compared, but not kept, for services that know no other."},
};

static const struct hw_option read_rows[] = {
    {.name = "sse-c-copy-source",
     .type = HW_OPTION_TEXT,
     WRITE_FIELD(sse_c_source_path),
     .arg = "FILE",
     .help = "Reads sources that are encrypted with the key in this file, which is as that of --sse-c."},
    {.name = "request-payer",
     .type = HW_OPTION_CHOICE,
     WRITE_FIELD(request_payer),
     .choices = payer_choices,
     .help = "Agrees to pay for requests to buckets whose owners do not, on both sides."},
};

const struct hw_option_group hw_write_option_group = {"Objects on S3", write_rows, COUNT_OF(write_rows)};
const struct hw_option_group hw_read_option_group = {"Sources on S3", read_rows, COUNT_OF(read_rows)};

static enum hw_status entry_make(const char *text, struct hw_arena *arena, struct hw_metadata *out_entry,
                                 struct hw_error *err) {
    const char *equals = strchr(text, '=');
    if (!equals) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUSAGE, "--metadata %s has no '=': name an entry as NAME=VALUE",
                       hw_quote(text, strlen(text), quoted, sizeof(quoted)));
    }
    out_entry->name = hw_arena_strndup(arena, text, (size_t)(equals - text));
    out_entry->value = equals + 1;
    return out_entry->name ? HW_OK : hw_fail_nomem(err, strlen(text));
}

enum hw_status hw_write_args_options(const struct hw_write_args *args, struct hw_arena *arena,
                                     struct hw_write_options *out_options, struct hw_error *err) {
    struct hw_write_options options = args->write;
    if (options.encryption != HW_ENCRYPTION_DEFAULT && args->sse_c_path) {
        return hw_fail(err, HW_EUSAGE, "--sse and --sse-c name two keys for one object");
    }
    const size_t bytes = args->metadata.count * sizeof(*options.metadata);
    struct hw_metadata *entries = hw_arena_alloc(arena, bytes);
    if (!entries) {
        return hw_fail_nomem(err, bytes);
    }
    for (size_t i = 0; i < args->metadata.count; i++) {
        HW_TRY(entry_make(args->metadata.items[i], arena, &entries[i], err));
    }
    options.size = sizeof(options);
    options.metadata = entries;
    options.metadata_count = args->metadata.count;
    *out_options = options;
    return HW_OK;
}

/* ------ keys of SSE-C */

static enum hw_status key_read(const char *option, const char *path, char out[HW_WRITE_KEY_BYTES], size_t *out_bytes,
                               struct hw_error *err) {
    const int fd = hw_io()->openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        return hw_fail_errno(err, errno, "%s %.300s", option, path);
    }
    enum hw_status status = hw_io_read_some(fd, out, HW_WRITE_KEY_BYTES, out_bytes, err);
    hw_io()->close(fd);
    if (status) {
        hw_error_prefix(err, "%s %.300s", option, path);
    } else if (*out_bytes == HW_WRITE_KEY_BYTES) {
        status =
            hw_fail(err, HW_EUSAGE, "%s %.300s: the file is longer than a key of 256 bits in base64", option, path);
    }
    return status;
}

enum hw_status hw_write_args_access(const struct hw_write_args *args, struct hw_write_access *out_access,
                                    struct hw_error *err) {
    *out_access = (struct hw_write_access){
        .source = {.request_payer = args->request_payer != 0},
        .target = {.request_payer = args->request_payer != 0},
    };
    if (args->sse_c_path) {
        out_access->target.sse_c_key = out_access->target_key;
        HW_TRY(key_read("--sse-c", args->sse_c_path, out_access->target_key, &out_access->target.sse_c_key_bytes, err));
    }
    if (args->sse_c_source_path) {
        out_access->source.sse_c_key = out_access->source_key;
        HW_TRY(key_read("--sse-c-copy-source", args->sse_c_source_path, out_access->source_key,
                        &out_access->source.sse_c_key_bytes, err));
    }
    return HW_OK;
}

void hw_write_access_release(struct hw_write_access *access) {
    explicit_bzero(access, sizeof(*access));
}
