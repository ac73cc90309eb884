/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_kept.h"

#include <errno.h>
#include <fcntl.h>

#include "core/buf.h"
#include "core/io.h"
#include "store/store_s3.h"

enum { PERMISSIONS = 0777 };

static enum hw_status object_load(struct hw_optimize_kept *kept, struct hw_s3_client *client, const char *key,
                                  struct hw_sink_options *sink, struct hw_error *err);
static enum hw_status file_load(struct hw_optimize_kept *kept, const struct hw_store *store, const char *key,
                                struct hw_sink_options *sink, struct hw_error *err);

enum hw_status hw_optimize_kept_load(struct hw_optimize_kept *kept, struct hw_store *store, const char *key,
                                     struct hw_sink_options *sink, struct hw_error *err) {
    struct hw_s3_client *client = hw_store_s3_client(store);
    if (client) {
        return object_load(kept, client, key, sink, err);
    }
    return store->files ? file_load(kept, store, key, sink, err) : HW_OK;
}

void hw_optimize_kept_release(struct hw_optimize_kept *kept) {
    hw_described_release(&kept->described);
}

static enum hw_encryption encryption_of(const char *name) {
    static const char *const names[HW_ENCRYPTIONS] = {
        [HW_ENCRYPTION_AES256] = "AES256",
        [HW_ENCRYPTION_KMS] = "aws:kms",
        [HW_ENCRYPTION_KMS_DSSE] = "aws:kms:dsse",
    };
    for (size_t i = 0; name && i < COUNT_OF(names); i++) {
        if (names[i] && strcmp(names[i], name) == 0) {
            return (enum hw_encryption)i;
        }
    }
    return HW_ENCRYPTION_DEFAULT;
}

static enum hw_status object_load(struct hw_optimize_kept *kept, struct hw_s3_client *client, const char *key,
                                  struct hw_sink_options *sink, struct hw_error *err) {
    const struct hw_s3_description *source = &kept->described.source;
    struct hw_write_options *write = &kept->described.options;
    HW_TRY(hw_described_load(&kept->described, client, key, NULL, sink->write, err));
    if (!write->storage_class) {
        write->storage_class = source->storage_class;
    }
    if (write->encryption == HW_ENCRYPTION_DEFAULT && !write->kms_key_id) {
        write->encryption = encryption_of(source->encryption);
        write->kms_key_id = source->kms_key_id;
    }
    sink->write = write;
    return HW_OK;
}

static enum hw_status file_load(struct hw_optimize_kept *kept, const struct hw_store *store, const char *key,
                                struct hw_sink_options *sink, struct hw_error *err) {
    HW_AUTO(hw_buf) path = {0};
    struct stat found;
    HW_TRY(hw_buf_printf(&path, err, "%s%s", store->root, key));
    HW_TRY(hw_buf_end_text(&path, err));
    const int fd = hw_io()->openat(AT_FDCWD, (const char *)path.data, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        return hw_fail_errno(err, errno, "cannot open it");
    }
    const int failed = hw_io()->fstat(fd, &found);
    const int fault = errno;
    hw_io()->close(fd);
    if (failed) {
        return hw_fail_errno(err, fault, "cannot look at it");
    }
    kept->facts = (struct hw_file_facts){.has_mode = true, .mode = (uint32_t)found.st_mode & PERMISSIONS};
    sink->file_facts = &kept->facts;
    return HW_OK;
}
