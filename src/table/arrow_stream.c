/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exports streams of batches by the Arrow C Stream Interface, and imports them; declared in
 * hawser/arrow.h.
 */
#include <errno.h>
#include <stdio.h>

#include "core/alloc.h"
#include "core/error.h"
#include "table/arrow_import.h"

/* A stream of another library. */
struct imported_stream {
    struct hw_batch_stream base;
    struct ArrowArrayStream from;
    struct hw_shared_schema *schema;
};

static enum hw_status imported_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                    struct hw_error *err);
static void imported_free(struct hw_batch_stream *base);

/* Makes an error of the words of the other side. */
static enum hw_status stream_fail(struct ArrowArrayStream *stream, int errnum, struct hw_error *err) {
    const char *why = stream->get_last_error(stream);
    char quoted[HW_QUOTE_BYTES];
    if (errnum == ENOMEM) {
        return hw_fail(err, HW_ENOMEM, "an Arrow stream is out of memory");
    }
    return hw_fail(err, HW_EFAILED, "an Arrow stream failed (%d)%s%s", errnum, why ? ": " : "",
                   why ? hw_quote(why, strnlen(why, sizeof(quoted)), quoted, sizeof(quoted)) : "");
}

static enum hw_status stream_schema(struct ArrowArrayStream *stream, struct hw_shared_schema **out_schema,
                                    struct hw_error *err) {
    struct ArrowSchema schema = {0};
    int errnum = stream->get_schema(stream, &schema);
    if (errnum != 0) {
        return stream_fail(stream, errnum, err);
    }
    enum hw_status status = hw_arrow_schema_read(&schema, out_schema, err);
    if (schema.release) {
        schema.release(&schema);
    }
    return status;
}

enum hw_status hw_arrow_stream_import(struct ArrowArrayStream *stream, struct hw_batch_stream **out_stream,
                                      struct hw_error *err) {
    if (!stream->release) {
        return hw_fail(err, HW_EUSAGE, "an Arrow stream has been released already");
    }
    struct imported_stream *imported = hw_alloc_zero(1, sizeof(*imported));
    if (!imported) {
        return hw_fail_nomem(err, sizeof(*imported));
    }
    enum hw_status status = stream_schema(stream, &imported->schema, err);
    if (status != HW_OK) {
        hw_free(imported);
        return status;
    }
    imported->base = (struct hw_batch_stream){&imported->schema->schema, imported_next, imported_free};
    imported->from = *stream;
    stream->release = NULL;
    *out_stream = &imported->base;
    return HW_OK;
}

static enum hw_status imported_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                    struct hw_error *err) {
    struct imported_stream *imported = (struct imported_stream *)base;
    struct ArrowArray array = {0};
    int errnum = imported->from.get_next(&imported->from, &array);
    if (errnum != 0) {
        return stream_fail(&imported->from, errnum, err);
    }
    if (!array.release) {
        *out_more = false;
        return HW_OK;
    }
    enum hw_status status = hw_arrow_array_import(imported->schema, &array, out_batch, err);
    if (status != HW_OK) {
        array.release(&array);
        return status;
    }
    *out_more = true;
    return HW_OK;
}

static void imported_free(struct hw_batch_stream *base) {
    struct imported_stream *imported = (struct imported_stream *)base;
    if (!imported) {
        return;
    }
    imported->from.release(&imported->from);
    hw_owner_drop(&imported->schema->owner);
    hw_free(imported);
}

/* A stream of ours in the hands of another library. The first failure sticks. */
struct exported_stream {
    struct hw_batch_stream *stream;
    enum hw_status status;
    char message[1024];
};

static int exported_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out);
static int exported_next(struct ArrowArrayStream *stream, struct ArrowArray *out);
static const char *exported_error(struct ArrowArrayStream *stream);
static void exported_release(struct ArrowArrayStream *stream);

enum hw_status hw_arrow_stream_export(struct hw_batch_stream *stream, struct ArrowArrayStream *out_stream,
                                      struct hw_error *err) {
    struct exported_stream *exported = hw_alloc_zero(1, sizeof(*exported));
    if (!exported) {
        stream->free(stream);
        return hw_fail_nomem(err, sizeof(*exported));
    }
    exported->stream = stream;
    *out_stream = (struct ArrowArrayStream){exported_schema, exported_next, exported_error, exported_release, exported};
    return HW_OK;
}

static int exported_errno(enum hw_status status) {
    return status == HW_OK ? 0 : status == HW_ENOMEM ? ENOMEM : status == HW_EIO ? EIO : EINVAL;
}

static int exported_fail(struct exported_stream *exported, enum hw_status status, const struct hw_error *err) {
    exported->status = status;
    hw_error_format(err, exported->message, sizeof(exported->message));
    return exported_errno(status);
}

static int exported_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    struct exported_stream *exported = stream->private_data;
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = hw_arrow_schema_export(exported->stream->schema, out, &err);
    return status == HW_OK ? 0 : exported_fail(exported, status, &err);
}

static int exported_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct exported_stream *exported = stream->private_data;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch batch = {0};
    bool more = false;
    if (exported->status != HW_OK) {
        return exported_errno(exported->status);
    }
    enum hw_status status = exported->stream->next(exported->stream, &batch, &more, &err);
    if (status == HW_OK && !more) {
        *out = (struct ArrowArray){0};
        return 0;
    }
    if (status == HW_OK) {
        status = hw_arrow_batch_export(&batch, out, &err);
        hw_batch_release(&batch);
    }
    return status == HW_OK ? 0 : exported_fail(exported, status, &err);
}

static const char *exported_error(struct ArrowArrayStream *stream) {
    const struct exported_stream *exported = stream->private_data;
    return exported->status != HW_OK ? exported->message : NULL;
}

static void exported_release(struct ArrowArrayStream *stream) {
    struct exported_stream *exported = stream->private_data;
    exported->stream->free(exported->stream);
    hw_free(exported);
    stream->release = NULL;
}
