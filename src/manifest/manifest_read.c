/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a manifest object by object: only one of them, and a block of the text, is in memory at a
 * time. What stands around the objects is read by the rules of RFC 8259 here, each value by
 * jansson.
 */
#include "manifest/manifest_read.h"

#include <jansson.h>
#include <stdio.h>

#include "core/alloc.h"
#include "core/json_read.h"
#include "core/limits.h"

enum { BLOCK_BYTES = 256 << 10, END = -1 };

struct input {
    struct hw_source *source; /* NULL: all of the text is in the block, or comes from the stream */
    struct hw_stream *stream;
    uint64_t read_bytes; /* of the source so far */
    uint8_t *block;      /* owned; NULL without a source */
    const uint8_t *at;
    const uint8_t *end;
    int line;            /* from 1 */
    struct hw_buf value; /* text of the one being read */
    enum hw_status status;
    struct hw_error *err;
};

static enum hw_status manifest_read(struct input *in, struct hw_manifest *manifest);

enum hw_status hw_manifest_parse(hw_view json, struct hw_manifest *manifest, struct hw_error *err) {
    struct input in = {.at = (const uint8_t *)json.data, .line = 1, .err = err};
    in.value.limit = HW_MANIFEST_ENTRY_BYTES_MAX;
    in.end = json.size > 0 ? in.at + json.size : in.at;
    enum hw_status status = manifest_read(&in, manifest);
    hw_buf_release(&in.value);
    return status;
}

enum hw_status hw_manifest_load(struct hw_source *source, struct hw_manifest *manifest, struct hw_error *err) {
    struct input in = {.source = source, .line = 1, .err = err};
    in.value.limit = HW_MANIFEST_ENTRY_BYTES_MAX;
    if (source->size > HW_MANIFEST_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "a manifest of %" PRIu64 " bytes is more than the %" PRIu64 " that are read",
                       source->size, (uint64_t)HW_MANIFEST_BYTES_MAX);
    }
    in.block = hw_alloc(BLOCK_BYTES);
    if (!in.block) {
        return hw_fail_nomem(err, BLOCK_BYTES);
    }
    enum hw_status status = manifest_read(&in, manifest);
    hw_buf_release(&in.value);
    hw_free(in.block);
    return status;
}

static int stream_look(struct input *in) {
    size_t bytes = 0;
    in->status = in->stream->ops->read(in->stream, in->block, BLOCK_BYTES, &bytes, in->err);
    if (in->status != HW_OK || bytes == 0) {
        return END;
    }
    in->at = in->block;
    in->end = in->block + bytes;
    return *in->at;
}

/* The next byte, which stays; END at the end of the text or after a failure. */
static int byte_look(struct input *in) {
    if (in->at < in->end) {
        return *in->at;
    }
    if (in->stream && in->status == HW_OK) {
        return stream_look(in);
    }
    if (!in->source || in->status != HW_OK || in->read_bytes == in->source->size) {
        return END;
    }
    const size_t bytes = hw_min_size((size_t)(in->source->size - in->read_bytes), BLOCK_BYTES);
    in->status = in->source->ops->read_at(in->source, in->read_bytes, in->block, bytes, in->err);
    if (in->status != HW_OK) {
        return END;
    }
    in->read_bytes += bytes;
    in->at = in->block;
    in->end = in->block + bytes;
    return *in->at;
}

static int byte_take(struct input *in) {
    const int byte = byte_look(in);
    in->at += byte != END;
    in->line += byte == '\n';
    return byte;
}

/* The first byte that is no white space; it stays. */
static int mark_look(struct input *in) {
    int byte = byte_look(in);
    while (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
        byte_take(in);
        byte = byte_look(in);
    }
    return byte;
}

static enum hw_status mark_expect(struct input *in, int mark) {
    if (mark_look(in) == mark) {
        byte_take(in);
        return HW_OK;
    }
    return in->status != HW_OK
               ? in->status
               : hw_fail(in->err, HW_EDATA, "it is not a manifest: line %d: expected '%c'", in->line, mark);
}

static enum hw_status byte_keep(struct input *in, int byte) {
    const uint8_t kept = (uint8_t)byte;
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = hw_buf_append_byte(&in->value, kept, &fault);
    if (status == HW_ELIMIT) {
        return hw_fail(in->err, HW_EDATA, "it is not a manifest: line %d: a value of more than %zu bytes", in->line,
                       in->value.limit);
    }
    return status == HW_OK ? HW_OK : hw_fail_nomem(in->err, in->value.size);
}

static bool scalar_ends(int byte) {
    return byte == END || byte == ',' || byte == ']' || byte == '}' || byte == ' ' || byte == '\t' || byte == '\n' ||
           byte == '\r';
}

/* How far the text of one value goes. */
struct extent {
    size_t depth;
    bool text;    /* between quotes */
    bool escaped; /* behind a backslash */
};

/* True where `byte` ends the value. */
static bool extent_ends(struct extent *extent, int byte) {
    if (extent->text) {
        const bool quote = byte == '"' && !extent->escaped;
        extent->escaped = byte == '\\' && !extent->escaped;
        extent->text = !quote;
        return quote && extent->depth == 0;
    }
    extent->text = byte == '"';
    extent->depth += byte == '{' || byte == '[';
    if (byte == '}' || byte == ']') {
        extent->depth--;
        return extent->depth == 0;
    }
    return false;
}

/* Takes the text of one value, whatever it is; jansson finds what is wrong with it. */
static enum hw_status value_take(struct input *in) {
    struct extent extent = {0};
    hw_buf_clear(&in->value);
    int byte = mark_look(in);
    const bool scalar = byte != '"' && byte != '{' && byte != '[';
    for (bool ended = scalar && scalar_ends(byte); !ended;) {
        HW_TRY(byte_keep(in, byte_take(in)));
        ended = !scalar && extent_ends(&extent, byte);
        byte = byte_look(in);
        ended |= byte == END || (scalar && scalar_ends(byte));
    }
    return in->status;
}

static enum hw_status value_load(struct input *in, json_t **out_json) {
    const int line = in->line;
    json_error_t fault = {.line = 0};
    HW_TRY(value_take(in));
    if (in->value.size == 0) {
        return hw_fail(in->err, HW_EDATA, "it is not a manifest: line %d: expected a value", in->line);
    }
    json_t *json = hw_json_load(hw_buf_view(&in->value), JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
    if (!json && json_error_code(&fault) == json_error_out_of_memory) {
        return hw_fail_nomem(in->err, in->value.size);
    }
    if (!json) {
        return hw_fail(in->err, HW_EDATA, "it is not a manifest: line %d: %s",
                       line + (fault.line > 0 ? fault.line - 1 : 0), fault.text);
    }
    *out_json = json;
    return HW_OK;
}

static bool hex_read(const char *text, uint8_t *out, size_t bytes) {
    static const char digits[] = "0123456789abcdef";
    if (!text || strlen(text) != 2 * bytes) {
        return false;
    }
    for (size_t i = 0; i < 2 * bytes; i++) {
        const char *digit = strchr(digits, text[i]);
        if (!digit) {
            return false;
        }
        out[i / 2] = (uint8_t)(i % 2 == 0 ? (digit - digits) << 4 : out[i / 2] | (digit - digits));
    }
    return true;
}

static_assert(sizeof(uint64_t) == sizeof(json_int_t), "numbers are moved as they are");

/* False where the value is not what the field has. */
static bool field_read(json_t *value, struct hw_manifest_entry *entry, size_t i) {
    const enum hw_manifest_kind kind = hw_manifest_fields[i].kind;
    void *at = hw_manifest_field_of(entry, i);
    uint8_t crc64nvme[sizeof(uint64_t)];
    const json_int_t number = json_integer_value(value);
    switch (kind) {
    case HW_MANIFEST_TEXT:
        *(const char **)at = json_string_value(value);
        return json_is_string(value);
    case HW_MANIFEST_NUMBER:
    case HW_MANIFEST_NUMBER_OPTIONAL:
        memcpy(at, &number, sizeof(number));
        return json_is_integer(value) || (!value && kind == HW_MANIFEST_NUMBER_OPTIONAL);
    case HW_MANIFEST_FILE_NUMBER:
        *(uint32_t *)at = (uint32_t)number;
        return !value || (json_is_integer(value) && number >= 0 && number <= UINT32_MAX);
    case HW_MANIFEST_SHA256:
        return hex_read(json_string_value(value), at, HW_SHA256_BYTES);
    case HW_MANIFEST_CRC64:
        if (!hex_read(json_string_value(value), crc64nvme, sizeof(crc64nvme))) {
            return false;
        }
        *(uint64_t *)at = __builtin_bswap64(hw_load_le64(crc64nvme));
        return true;
    }
    return false;
}

static const char *kind_name(enum hw_manifest_kind kind) {
    switch (kind) {
    case HW_MANIFEST_TEXT:
        return "text";
    case HW_MANIFEST_SHA256:
    case HW_MANIFEST_CRC64:
        return "sum in hex";
    default:
        return "number";
    }
}

static enum hw_status entry_read(struct input *in, struct hw_manifest *manifest) {
    struct hw_manifest_entry entry = {0};
    const int line = in->line;
    json_t *json = NULL;
    HW_TRY(value_load(in, &json));
    enum hw_status status = HW_OK;
    for (size_t i = 0; status == HW_OK && i < HW_MANIFEST_FIELDS; i++) {
        if (!field_read(json_object_get(json, hw_manifest_fields[i].key), &entry, i)) {
            status = hw_fail(in->err, HW_EDATA, "it is not a manifest: line %d: an object without a %s \"%s\"", line,
                             kind_name(hw_manifest_fields[i].kind), hw_manifest_fields[i].key);
        }
    }
    if (status == HW_OK) {
        status = hw_manifest_put(manifest, &entry, in->err);
    }
    json_decref(json);
    return status;
}

enum hw_status hw_manifest_load_lines(struct hw_stream *stream, struct hw_manifest *manifest, struct hw_error *err) {
    struct input in = {.stream = stream, .line = 1, .err = err};
    enum hw_status status = HW_OK;
    in.value.limit = HW_MANIFEST_ENTRY_BYTES_MAX;
    in.block = hw_alloc(BLOCK_BYTES);
    if (!in.block) {
        return hw_fail_nomem(err, BLOCK_BYTES);
    }
    while (status == HW_OK && mark_look(&in) != END) {
        status = entry_read(&in, manifest);
    }
    hw_buf_release(&in.value);
    hw_free(in.block);
    return status == HW_OK ? in.status : status;
}

static enum hw_status entries_read(struct input *in, struct hw_manifest *manifest) {
    HW_TRY(mark_expect(in, '['));
    if (mark_look(in) == ']') {
        return mark_expect(in, ']');
    }
    for (;;) {
        mark_look(in);
        HW_TRY(entry_read(in, manifest));
        if (mark_look(in) != ',') {
            return mark_expect(in, ']');
        }
        byte_take(in);
    }
}

static enum hw_status shape_fail(const struct input *in) {
    return hw_fail(in->err, HW_EDATA, "it is not a manifest: expected {\"hawser_manifest\": %d, \"objects\": [...]}",
                   HW_MANIFEST_VERSION);
}

/* What has been found at the top of the text. */
struct top {
    bool objects;
    bool referred; /* to a file with the objects */
    bool versioned;
    json_int_t version;
};

/* The file is one beside the manifest: its name follows from its sum. */
static bool ref_read(const json_t *json, struct hw_manifest_ref *ref) {
    const char *path = json_string_value(json_object_get(json, "path"));
    const char *sum = json_string_value(json_object_get(json, "sha256"));
    const json_t *bytes = json_object_get(json, "size");
    const json_t *count = json_object_get(json, "objects");
    char name[HW_MANIFEST_REF_BYTES];
    if (!path || !hex_read(sum, ref->sha256, sizeof(ref->sha256)) || !json_is_integer(bytes) ||
        !json_is_integer(count)) {
        return false;
    }
    ref->bytes = (uint64_t)json_integer_value(bytes);
    ref->count = (uint64_t)json_integer_value(count);
    snprintf(name, sizeof(name), HW_MANIFEST_REF_FORMAT, sum);
    snprintf(ref->name, sizeof(ref->name), "%s", name);
    return strcmp(path, name) == 0;
}

/* One key of the top and its value; what is not known is left out. */
static enum hw_status member_read(struct input *in, struct hw_manifest *manifest, struct top *top) {
    json_t *json = NULL;
    mark_look(in);
    HW_TRY(value_load(in, &json));
    const char *key = json_string_value(json);
    const bool objects = key && strcmp(key, "objects") == 0;
    const bool version = key && strcmp(key, "hawser_manifest") == 0;
    const bool refers = key && strcmp(key, "files_ref") == 0;
    json_decref(json);
    if (!key || (objects && top->objects) || (version && top->versioned)) {
        return shape_fail(in);
    }
    HW_TRY(mark_expect(in, ':'));
    if (objects && mark_look(in) == '[') {
        top->objects = true;
        return entries_read(in, manifest);
    }
    mark_look(in);
    HW_TRY(value_load(in, &json));
    if (refers) {
        top->referred = ref_read(json, &manifest->ref);
    }
    if (version) {
        top->versioned = json_is_integer(json);
        top->version = json_integer_value(json);
    }
    json_decref(json);
    return HW_OK;
}

static enum hw_status top_read(struct input *in, struct hw_manifest *manifest, struct top *top) {
    if (mark_look(in) != '{') {
        return in->status != HW_OK ? in->status : shape_fail(in);
    }
    byte_take(in);
    for (bool more = mark_look(in) != '}'; more;) {
        HW_TRY(member_read(in, manifest, top));
        more = mark_look(in) == ',';
        if (more) {
            byte_take(in);
        }
    }
    HW_TRY(mark_expect(in, '}'));
    if (mark_look(in) != END) {
        return hw_fail(in->err, HW_EDATA, "it is not a manifest: line %d: expected its end", in->line);
    }
    return in->status;
}

static enum hw_status manifest_read(struct input *in, struct hw_manifest *manifest) {
    struct top top = {0};
    HW_TRY(top_read(in, manifest, &top));
    const bool packed = top.version == HW_MANIFEST_VERSION_PACKED;
    if (!top.versioned || (packed && (!top.referred || top.objects))) {
        return shape_fail(in);
    }
    if (!packed && top.version != HW_MANIFEST_VERSION) {
        return hw_fail(in->err, HW_EDATA,
                       "a manifest of version %lld, where this Hawser knows %d: a newer one wrote it",
                       (long long)top.version, HW_MANIFEST_VERSION_PACKED);
    }
    if (!packed && !top.objects) {
        return shape_fail(in);
    }
    if (packed) {
        return HW_OK;
    }
    manifest->ref = (struct hw_manifest_ref){0};
    return hw_manifest_seal(manifest, in->err);
}
