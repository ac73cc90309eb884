/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conversions of objects of S3: what of a service's words is believed, and that no byte is taken
 * unproved.
 */
#include "codec/checksum.h"
#include "conversions.h"
#include "support/http_server.h"
#include "support/s3_fixture.h"

enum { PART_BYTES = 64 << 10, ROWS = 30000, TEXTS = 8 };

/* What was told of the object that was told last. */
struct told {
    enum hw_convert_outcome outcome;
    struct hw_error error;
    uint64_t source_bytes;
    uint64_t rows;
    char checksum[16]; /* "-" where nothing was told */
    bool restarted;
};

static void told_keep(void *ctx, const struct hw_convert_object *object) {
    struct told *told = ctx;
    told->outcome = object->outcome;
    told->error = object->error ? *object->error : (struct hw_error)HW_ERROR_INIT;
    told->source_bytes = object->source_bytes;
    told->rows = object->rows_out;
    told->restarted = object->restarted;
    snprintf(told->checksum, sizeof(told->checksum), "%s", object->source_checksum ? object->source_checksum : "-");
}

/* Converts what lies at s3://bucket/ to a folder, as several workers do it with a large object. */
static enum hw_status remote_convert(const struct scratch *scratch, struct http_server *server, const char *source,
                                     bool merge, struct told *told) {
    char url[256];
    char target[1024];
    struct hw_convert_result result;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_options options = {
        .formats = HW_FORMAT_AVRO,
        .overwrite = HW_OVERWRITE_REPLACE,
        .merge = merge,
        .csv.bad_rows_pad = true, /* of an object that is cut at some byte */
        .threads = 3,
        .row_group_bytes = 100 << 10,
        .source_store = {.endpoint_url = http_server_url(server), .part_bytes = PART_BYTES},
        .on_object = told_keep,
        .ctx = told,
    };
    const char *const sources[] = {url};
    snprintf(url, sizeof(url), "s3://bucket/%s", source);
    snprintf(target, sizeof(target), "%s", scratch->folder);
    *told = (struct told){.error = HW_ERROR_INIT};
    enum hw_status status = hw_convert(sources, 1, target, &options, &result, &err);
    if (status != HW_OK && told->error.status == HW_OK) {
        told->error = err;
    }
    return status;
}

/* Numbers, and, where the type is to widen, one word far from the start. */
static void rows_write(struct hw_buf *text, bool widens) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(text, "id,value\n", &err), err);
    for (unsigned i = 0; i < ROWS; i++) {
        assert_ok(hw_buf_printf(text, &err, "%u,%s\n", i, widens && i == ROWS / 3 ? "word" : "12345"), err);
    }
}

/*
 * From one digit, or letter of the header, to another: what comes is as good a CSV as what was
 * sent.
 */
static void bit_flip(struct hw_buf *text, size_t at) {
    while (text->data[at] == ',' || text->data[at] == '\n') {
        at++;
    }
    text->data[at] ^= 1;
}

static const struct {
    const char *name;
    enum hw_checksum_kind kind;
    const char *header;
    const char *type;  /* of the checksum; NULL: not told */
    size_t bytes;      /* of the object; 0: all, many parts */
    size_t flipped_at; /* a bit of the bytes that are sent there; 0: none */
    bool widens;       /* read twice */
    enum hw_status want;
    const char *checksum; /* that is told */
} proofs[] = {
    {"CRC64NVME", HW_CHECKSUM_CRC64NVME, "crc64nvme", NULL, 0, 0, false, HW_OK, "crc64nvme"},
    {"CRC-32C", HW_CHECKSUM_CRC32C, "crc32c", "FULL_OBJECT", 0, 0, false, HW_OK, "crc32c"},
    {"CRC-32", HW_CHECKSUM_CRC32, "crc32", "FULL_OBJECT", 0, 0, false, HW_OK, "crc32"},
    {"of parts, which proves nothing", HW_CHECKSUM_CRC32, "crc32", "COMPOSITE", 0, 5000, false, HW_OK, "none"},
    {"none", HW_CHECKSUM_NONE, "none", NULL, 0, 5000, false, HW_OK, "none"},
    {"read twice", HW_CHECKSUM_CRC64NVME, "crc64nvme", NULL, 0, 0, true, HW_OK, "crc64nvme"},
    {"a small object", HW_CHECKSUM_CRC64NVME, "crc64nvme", NULL, 5000, 0, false, HW_OK, "crc64nvme"},
    {"a part exactly", HW_CHECKSUM_CRC32, "crc32", NULL, PART_BYTES, 0, false, HW_OK, "crc32"},
    {"a byte more than a part", HW_CHECKSUM_CRC32C, "crc32c", NULL, PART_BYTES + 1, 0, false, HW_OK, "crc32c"},
    {"a small object without one", HW_CHECKSUM_NONE, "none", NULL, 5000, 0, false, HW_OK, "none"},
    {"a bit in the header", HW_CHECKSUM_CRC64NVME, "crc64nvme", NULL, 0, 3, false, HW_ECHECKSUM, "-"},
    {"a bit in the first part", HW_CHECKSUM_CRC64NVME, "crc64nvme", NULL, 0, 5001, false, HW_ECHECKSUM, "-"},
    {"a bit in the middle", HW_CHECKSUM_CRC64NVME, "crc64nvme", NULL, 0, 200000, false, HW_ECHECKSUM, "-"},
    {"a bit in the middle, CRC-32C", HW_CHECKSUM_CRC32C, "crc32c", NULL, 0, 200000, false, HW_ECHECKSUM, "-"},
    {"a bit in the middle, read twice", HW_CHECKSUM_CRC64NVME, "crc64nvme", NULL, 0, 200000, true, HW_ECHECKSUM, "-"},
    {"the last digit", HW_CHECKSUM_CRC32, "crc32", NULL, 0, SIZE_MAX, false, HW_ECHECKSUM, "-"},
    {"SHA-256 of a small object", HW_CHECKSUM_SHA256, "sha256", NULL, 5000, 0, false, HW_OK, "sha256"},
    {"SHA-256 that parts do not make", HW_CHECKSUM_SHA256, "sha256", NULL, 0, 5000, false, HW_OK, "none"},
    {"a small object's bit, SHA-1", HW_CHECKSUM_SHA1, "sha1", NULL, 5000, 2000, false, HW_ECHECKSUM, "-"},
    {"a small object's bit", HW_CHECKSUM_CRC32, "crc32", NULL, 5000, 2000, false, HW_ECHECKSUM, "-"},
};

static void every_byte_is_compared_with_the_store(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(proofs); i++) {
        struct scratch scratch = scratch_make();
        HW_AUTO(hw_buf) text = {0};
        char headers[256];
        char head[512];
        char sum[HW_CHECKSUM_TEXT_BYTES];
        struct told told;
        rows_write(&text, proofs[i].widens);
        text.size = proofs[i].bytes > 0 ? proofs[i].bytes : text.size;
        const struct hw_checksum checksum = hw_checksum_of(proofs[i].kind, text.data, text.size);
        if (proofs[i].flipped_at > 0) {
            bit_flip(&text, hw_min_size(proofs[i].flipped_at, text.size - 2));
        }
        snprintf(headers, sizeof(headers), "ETag: \"e\"\r\nx-amz-checksum-%s: %s\r\n%s%s%s", proofs[i].header,
                 hw_checksum_text(&checksum, sum), proofs[i].type ? "x-amz-checksum-type: " : "",
                 proofs[i].type ? proofs[i].type : "", proofs[i].type ? "\r\n" : "");
        snprintf(head, sizeof(head), "%sContent-Length: %zu\r\n", headers, text.size);
        /* Ranges that are not the whole object are sent without its checksum, as services do it. */
        const bool whole = text.size <= PART_BYTES;
        const struct http_reply script[] = {
            {.match = "HEAD ", .times = -1, .status = 200, .headers = head},
            {.times = -1,
             .status = 200,
             .headers = whole ? headers : "ETag: \"e\"\r\n",
             .body = (const char *)text.data,
             .body_bytes = text.size,
             .ranged = true},
        };
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        enum hw_status status = remote_convert(&scratch, server, "in.csv", false, &told);
        assert_row_int(proofs[i].name, told.error.status, proofs[i].want);
        assert_row_int(proofs[i].name, status == HW_OK, proofs[i].want == HW_OK);
        assert_row_text(proofs[i].name, told.checksum, proofs[i].checksum);
        assert_row_int(proofs[i].name, strstr(scratch_names(&scratch), "in.avro") != NULL, proofs[i].want == HW_OK);
        assert_row_int(proofs[i].name, told.restarted, proofs[i].widens);
        /* One to plan, one for the checksum of what did not come whole, or came without one. */
        const bool told_with_bytes = whole && proofs[i].kind != HW_CHECKSUM_NONE;
        assert_row_int(proofs[i].name, http_server_count(server, "HEAD "), told_with_bytes ? 1 : 2);
        scratch_remove(&scratch);
        http_server_stop(server);
    }
}

/* The bytes that all ranges asked for have together. */
static uint64_t ranges_bytes(struct http_server *server) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < http_server_count(server, "GET "); i++) {
        const char *range = strstr(http_server_head(server, "GET ", i), "Range: bytes=");
        char *end;
        assert_non_null(range);
        uint64_t first = strtoull(range + strlen("Range: bytes="), &end, 10);
        bytes += strtoull(end + 1, NULL, 10) - first + 1;
    }
    return bytes;
}

/*
 * Each worker reads its span, and little of the next one; samples take three pieces and the
 * beginning.
 */
static void no_part_is_read_by_two_workers(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    struct told told;
    for (size_t i = 0; i < TEXTS; i++) {
        rows_write(&text, false); /* a header among the rows makes text of all */
    }
    const struct http_reply script[] = {
        {.times = -1,
         .status = 200,
         .headers = "ETag: \"e\"\r\n",
         .body = (const char *)text.data,
         .body_bytes = text.size,
         .ranged = true},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    assert_int_equal(remote_convert(&scratch, server, "in.csv", false, &told), HW_OK);
    assert_int_equal(told.rows, (ROWS + 1) * TEXTS - 1);
    const uint64_t spans = text.size / (100 << 10) + 3;
    const uint64_t samples = 3 * PART_BYTES + 3 * (64 << 10);
    const uint64_t passes = told.restarted ? 2 : 1;
    assert_in_range(ranges_bytes(server), passes * text.size, samples + passes * (text.size + spans * (9 << 10)));
    scratch_remove(&scratch);
    http_server_stop(server);
}

#define SMALL "id\n1\n2\n"
#define PAGE_OF(keys) "<ListBucketResult><IsTruncated>false</IsTruncated>" keys "</ListBucketResult>"
#define LISTED(key, size, etag)                                                                    \
    "<Contents><Key>" key "</Key><LastModified>2026-11-21T13:20:45.123Z</LastModified><ETag>" etag \
    "</ETag><Size>" size "</Size></Contents>"

static const struct {
    const char *name;
    const char *source;
    bool merge;
    const char *listing; /* NULL: none is asked for */
    /* headers of the first HEAD, by which a single object is planned; NULL: as the others */
    const char *head_first;
    const char *head;         /* and of all others */
    struct http_reply object; /* GET */
    enum hw_status want;
    const char *says;
    uint64_t bytes; /* that the source is said to have */
} replies[] = {
    {"as planned",
     "in.csv",
     false,
     NULL,
     NULL,
     "ETag: \"e\"\r\nContent-Length: 7\r\n",
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = SMALL},
     HW_OK,
     "",
     7},
    {"as listed",
     "dir/",
     false,
     PAGE_OF(LISTED("dir/in.csv", "7", "&quot;e&quot;")),
     NULL,
     NULL,
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = SMALL},
     HW_OK,
     "",
     7},
    {"listed without an ETag",
     "dir/",
     false,
     PAGE_OF(LISTED("dir/in.csv", "7", "")),
     NULL,
     NULL,
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = SMALL},
     HW_OK,
     "",
     7},
    {"merged, listed to the millisecond without an ETag",
     "dir/",
     true,
     PAGE_OF(LISTED("dir/in.csv", "7", "")),
     NULL,
     NULL,
     {.status = 200, .headers = "ETag: \"e\"\r\nLast-Modified: Sat, 21 Nov 2026 13:20:45 GMT\r\n", .body = SMALL},
     HW_OK,
     "",
     7},
    {"replaced since it was planned",
     "in.csv",
     false,
     NULL,
     "ETag: \"d\"\r\nContent-Length: 9000\r\n",
     "ETag: \"e\"\r\nContent-Length: 7\r\n",
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = SMALL},
     HW_OK,
     "",
     7},
    {"replaced since it was listed",
     "dir/",
     false,
     PAGE_OF(LISTED("dir/in.csv", "9000", "d")),
     NULL,
     "ETag: \"e\"\r\nContent-Length: 7\r\n",
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = SMALL},
     HW_OK,
     "",
     7},
    {"merged, replaced since it was listed",
     "dir/",
     true,
     PAGE_OF(LISTED("dir/in.csv", "9000", "d")),
     NULL,
     "ETag: \"e\"\r\nContent-Length: 7\r\n",
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = SMALL},
     HW_ECHANGED,
     "changed while it was read",
     0},
    {"a page for the object",
     "in.csv",
     false,
     NULL,
     NULL,
     "ETag: \"d\"\r\nContent-Length: 9000\r\n",
     {.status = 200, .headers = "ETag: \"p\"\r\n", .body = "<html>\nPlease log in\n</html>\n"},
     HW_EPROTOCOL,
     "it is not this object",
     0},
    {"a page without an ETag",
     "in.csv",
     false,
     NULL,
     NULL,
     "ETag: \"d\"\r\nContent-Length: 9000\r\n",
     {.status = 200, .body = "<html>\nPlease log in\n</html>\n"},
     HW_EPROTOCOL,
     "begins with \"<html>\\x0aPlease",
     0},
    {"an error for the object",
     "dir/",
     false,
     PAGE_OF(LISTED("dir/in.csv", "9000", "d")),
     NULL,
     "ETag: \"d\"\r\nContent-Length: 9000\r\n",
     {.status = 200, .headers = "ETag: \"d\"\r\n", .body = "<Error><Code>AccessDenied</Code></Error>"},
     HW_EPROTOCOL,
     "it is not this object",
     0},
    {"a key that is shorter than its prefix",
     "raw/",
     false,
     PAGE_OF(LISTED("a.csv", "7", "e")),
     NULL,
     NULL,
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = SMALL},
     HW_EPROTOCOL,
     "does not begin with the prefix",
     0},
    {"a key of another folder",
     "raw/",
     false,
     PAGE_OF(LISTED("secret/other.csv", "7", "e")),
     NULL,
     NULL,
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = SMALL},
     HW_EPROTOCOL,
     "does not begin with the prefix",
     0},
    {"a page for the listing",
     "raw/",
     false,
     "<html/>",
     NULL,
     NULL,
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = SMALL},
     HW_EPROTOCOL,
     "ListObjectsV2: unexpected reply",
     0},
};

static void what_differs_from_the_plan_is_asked_about(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(replies); i++) {
        /* An object that came without a checksum is asked for one. */
        const bool listed_alone = !replies[i].head && replies[i].want == HW_OK;
        const char *heads = listed_alone ? "ETag: \"e\"\r\nContent-Length: 7\r\n" : replies[i].head;
        struct http_reply script[] = {
            {.match = "list-type=2", .times = -1, .status = 200, .body = replies[i].listing},
            {.match = replies[i].head_first ? "HEAD " : "none", .status = 200, .headers = replies[i].head_first},
            {.match = "HEAD ", .times = -1, .status = heads ? 200 : 404, .headers = heads},
            replies[i].object,
        };
        struct scratch scratch = scratch_make();
        struct told told;
        script[3].times = -1;
        script[3].ranged = strcmp(replies[i].object.body, SMALL) == 0;
        script[3].body_bytes = strlen(replies[i].object.body);
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        scratch_write(&scratch, "in.avro", "old", 3);
        enum hw_status status = remote_convert(&scratch, server, replies[i].source, replies[i].merge, &told);
        assert_row_int(replies[i].name, told.error.status, replies[i].want);
        assert_row_int(replies[i].name, status == HW_OK, replies[i].want == HW_OK);
        assert_row_says(replies[i].name, told.error.message, replies[i].says);
        if (status == HW_OK) {
            assert_row_int(replies[i].name, told.source_bytes, replies[i].bytes);
            assert_row_int(replies[i].name, told.rows, 2);
        } else {
            assert_row_int(replies[i].name, scratch_holds(&scratch, "in.avro", "old", 3), true);
        }
        scratch_remove(&scratch);
        http_server_stop(server);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    quick_io();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_is_compared_with_the_store),
        cmocka_unit_test(no_part_is_read_by_two_workers),
        cmocka_unit_test(what_differs_from_the_plan_is_asked_about),
    };
    return cmocka_run_group_tests_name("pipeline/convert_s3", tests, environment_set, NULL);
}
