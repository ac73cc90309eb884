/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/source.h"

#include <stdio.h>

#include "store/store_s3.h"
#include "support/rows.h"
#include "support/s3_fixture.h"
#include "unit/transfer/fake_store.h"

/* CRC-64/NVME, CRC-32C, CRC-32 and SHA-256 of "123456789", by their specifications. */
#define CRC64NVME UINT64_C(0xae8b14860a799888)
#define CRC32C UINT64_C(0xe3069283)
static const struct hw_checksum sha256 = {.kind = HW_CHECKSUM_SHA256,
                                          .digest = {0x15, 0xe2, 0xb0, 0xd3, 0xc3, 0x38, 0x91, 0xeb, 0xb0, 0xf1, 0xef,
                                                     0x60, 0x9e, 0xc4, 0x19, 0x42, 0x0c, 0x20, 0xe3, 0x20, 0xce, 0x94,
                                                     0xc6, 0x5f, 0xbc, 0x8c, 0x33, 0x12, 0x44, 0x8e, 0xb2, 0x25}};

static uint8_t memory[64];

static enum hw_status part_read(struct hw_transfer_source *source, uint64_t offset, uint8_t *data, size_t bytes,
                                struct hw_error *err) {
    struct hw_buffers buffers;
    struct hw_hedge hedge;
    struct hw_buffer buffer = {data, bytes};
    const struct hw_transfer_reads reads = {&buffers, &hedge};
    hw_buffers_init(&buffers, 8, 8);
    hw_hedge_init(&hedge);
    enum hw_status status = hw_transfer_source_read(source, &reads, offset, &buffer, err);
    assert_ptr_equal(buffer.data, data);
    hw_hedge_release(&hedge);
    hw_buffers_release(&buffers);
    return status;
}

static struct hw_buffer room(size_t bytes) {
    memset(memory, 0, sizeof(memory));
    return (struct hw_buffer){memory, bytes};
}

/* ------ stores of programs */

static void the_first_part_comes_with_the_facts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view object;
        size_t room, want;
    } rows[] = {
        {"more than there is room for", {"123456789", 9}, 4, 4},
        {"as much as there is room for", {"123456789", 9}, 9, 9},
        {"less", {"123456789", 9}, 64, 9},
        {"nothing", {"", 0}, 4, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_store store;
        struct hw_transfer_source source = {0};
        size_t bytes = 99;
        const struct hw_buffer first = room(rows[i].room);
        fake_store_init(&store, "fake://");
        store.version = (struct fake_version){.bytes = rows[i].object, .etag = "e", .mtime_us = 7};
        assert_ok(hw_transfer_source_open(&source, &store.base, "k", NULL, &first, &bytes, &err), err);
        assert_row_bytes(rows[i].name, memory, bytes, rows[i].object.data, rows[i].want);
        assert_row_int(rows[i].name, source.size, rows[i].object.size);
        assert_row_text(rows[i].name, source.etag, "e");
        assert_row_int(rows[i].name, source.mtime_us, 7);
        assert_row_int(rows[i].name, source.in_order, false);
        assert_row_int(rows[i].name, source.proved.kind, HW_CHECKSUM_NONE);
        hw_transfer_source_release(&source);
        assert_row_int(rows[i].name, store.calls[FAKE_CLOSE], 1);
        hw_transfer_source_release(&source);
        fake_store_release(&store);
    }
}

static void an_object_that_came_whole_is_compared(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_checksum kept;
        size_t room;
        enum hw_status want;
        enum hw_checksum_kind proved_by;
    } rows[] = {
        {"CRC64NVME", {HW_CHECKSUM_CRC64NVME, .value = CRC64NVME}, 9, HW_OK, HW_CHECKSUM_CRC64NVME},
        {"CRC32C", {HW_CHECKSUM_CRC32C, .value = CRC32C}, 20, HW_OK, HW_CHECKSUM_CRC32C},
        {"another", {HW_CHECKSUM_CRC64NVME, .value = CRC64NVME + 1}, 9, HW_ECHECKSUM, HW_CHECKSUM_NONE},
        {"another digest", {HW_CHECKSUM_SHA256, .digest = {1}}, 9, HW_ECHECKSUM, HW_CHECKSUM_NONE},
        {"a part alone is not", {HW_CHECKSUM_CRC64NVME, .value = 1}, 8, HW_OK, HW_CHECKSUM_NONE},
        {"of parts", {HW_CHECKSUM_CRC32C, .value = 1, .parts = 2}, 9, HW_OK, HW_CHECKSUM_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_store store;
        struct hw_transfer_source source = {0};
        size_t bytes = 0;
        const struct hw_buffer first = room(rows[i].room);
        fake_store_init(&store, "fake://");
        store.version = (struct fake_version){.bytes = {"123456789", 9}, .checksum = rows[i].kept};
        assert_ok(hw_transfer_source_open(&source, &store.base, "k", NULL, &first, &bytes, &err), err);
        enum hw_status status = bytes == source.size ? hw_transfer_source_prove(&source, memory, bytes, &err) : HW_OK;
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_int(rows[i].name, source.proved.kind, rows[i].proved_by);
        assert_row_says(rows[i].name, err.message, rows[i].want ? "the store has" : "");
        hw_transfer_source_release(&source);
        fake_store_check(rows[i].name, &store, &store);
        fake_store_release(&store);
    }
}

static void the_checksum_of_the_bytes_is_told(void **state) {
    (void)state;
    const struct {
        const char *name;
        struct hw_checksum kept;
        enum hw_checksum_kind want;
    } rows[] = {
        {"none", {0}, HW_CHECKSUM_NONE},
        {"a CRC", {HW_CHECKSUM_CRC32C, .value = CRC32C}, HW_CHECKSUM_CRC32C},
        {"a digest", sha256, HW_CHECKSUM_SHA256},
        {"of parts", {HW_CHECKSUM_CRC32C, .value = 1, .parts = 2}, HW_CHECKSUM_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_store store;
        struct hw_transfer_source source = {0};
        struct hw_checksum got = {.value = 77};
        size_t bytes = 0;
        const struct hw_buffer first = room(4);
        fake_store_init(&store, "fake://");
        store.version = (struct fake_version){.bytes = {"123456789", 9}, .checksum = rows[i].kept};
        assert_ok(hw_transfer_source_open(&source, &store.base, "k", NULL, &first, &bytes, &err), err);
        assert_ok(hw_transfer_source_checksum(&source, &got, &err), err);
        assert_row_int(rows[i].name, got.kind, rows[i].want);
        assert_row_int(rows[i].name, got.value, rows[i].want == HW_CHECKSUM_CRC32C ? CRC32C : 0);
        hw_transfer_source_release(&source);
        fake_store_release(&store);
    }
}

static void remote_stores_are_read_in_order(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct fake_store store;
    struct hw_transfer_source source = {0};
    size_t bytes = 0;
    const struct hw_buffer first = room(4);
    fake_store_init(&store, "fake://");
    store.version.bytes = (hw_view){"123456789", 9};
    store.remote = true;
    assert_ok(hw_transfer_source_open(&source, &store.base, "k", NULL, &first, &bytes, &err), err);
    assert_true(source.in_order);
    assert_int_equal(store.in_order_calls, 1);
    assert_ok(part_read(&source, 4, memory, 5, &err), err);
    assert_memory_equal(memory, "56789", 5);
    hw_transfer_source_release(&source);
    fake_store_release(&store);
}

static void faults_leave_nothing_open(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct fake_fault fault;
    } rows[] = {
        {"not there", {FAKE_OPEN, 1, 1, HW_ENOTFOUND}},
        {"the first read", {FAKE_READ, 1, 1, HW_EIO}},
        {"the checksum of a whole", {FAKE_CHECKSUM, 1, 1, HW_ENETWORK}},
        {"the checksum once more", {FAKE_CHECKSUM, 2, 1, HW_ESERVER}},
        {"a later read", {FAKE_READ, 2, 1, HW_ECHANGED}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_store store;
        struct hw_transfer_source source = {0};
        struct hw_checksum checksum;
        size_t bytes = 99;
        const struct hw_buffer first = room(9);
        fake_store_init(&store, "fake://");
        store.version.bytes = (hw_view){"123456789", 9};
        store.fault = rows[i].fault;
        enum hw_status status = hw_transfer_source_open(&source, &store.base, "k", NULL, &first, &bytes, &err);
        assert_row_int(rows[i].name, status == HW_OK, rows[i].fault.at == 2 || rows[i].fault.call == FAKE_CHECKSUM);
        assert_row_int(rows[i].name, bytes, status ? 99 : 9);
        status = status ? status : hw_transfer_source_prove(&source, memory, bytes, &err);
        status = status ? status : hw_transfer_source_checksum(&source, &checksum, &err);
        status = status ? status : part_read(&source, 3, memory, 2, &err);
        assert_row_int(rows[i].name, status, rows[i].fault.status);
        hw_transfer_source_release(&source);
        fake_store_check(rows[i].name, &store, &store);
        fake_store_release(&store);
    }
}

/* ------ S3 */

#define HEADERS "ETag: \"e\"\r\nLast-Modified: Sat, 21 Nov 2026 13:20:45 GMT\r\n"
#define CRC "x-amz-checksum-crc64nvme: rosUhgp5mIg=\r\nx-amz-checksum-type: FULL_OBJECT\r\n"
#define HEAD "HEAD /bucket/k "
#define GET "GET /bucket/k "

static const struct http_reply get = {
    .match = GET, .status = 200, .headers = HEADERS, .body = "123456789", .body_bytes = 9, .ranged = true, .times = -1};
static const struct http_reply other = {.match = GET,
                                        .status = 200,
                                        .headers = "ETag: \"f\"\r\n",
                                        .body = "ABCDEFGHI",
                                        .body_bytes = 9,
                                        .ranged = true,
                                        .times = -1};
static const struct http_reply head = {
    .match = HEAD, .status = 200, .headers = HEADERS CRC "Content-Length: 9\r\n", .times = -1};

struct s3_row {
    const char *name;
    struct http_reply replies[4];
    const struct hw_object_info *known;
    size_t room;
    enum hw_status want; /* of opening, then of the checksum, then of the rest of the bytes */
    const char *says;
    size_t requests;            /* 0: as many as have time */
    enum hw_checksum_kind kind; /* that the store tells of the bytes */
};

/* Opens, asks for the checksum, and reads what is left. */
static enum hw_status s3_read(const struct s3_row *row, struct hw_store *store, struct hw_error *err) {
    struct hw_transfer_source source = {0};
    struct hw_checksum checksum = {0};
    size_t bytes = 0;
    const struct hw_buffer first = room(row->room);
    HW_TRY(hw_transfer_source_open(&source, store, "k", row->known, &first, &bytes, err));
    enum hw_status status = HW_OK;
    assert_row_text(row->name, source.etag, "\"e\"");
    assert_row_int(row->name, source.in_order, false);
    if (bytes < source.size) {
        status = hw_transfer_source_checksum(&source, &checksum, err);
        status = status ? status : part_read(&source, bytes, memory + bytes, source.size - bytes, err);
    }
    if (status == HW_OK) {
        assert_row_bytes(row->name, memory, source.size, "123456789", 9);
        assert_row_int(row->name, bytes < source.size ? checksum.kind : source.proved.kind, row->kind);
    }
    hw_transfer_source_release(&source);
    return status;
}

static const struct hw_object_info right = {"k", 9, 0, "e"};
static const struct hw_object_info smaller = {"k", 4, 0, "e"};
static const struct hw_object_info larger = {"k", 100, 0, "e"};
static const struct s3_row s3_rows[] = {
    {"a small one", {get}, NULL, 20, HW_OK, "", 1, HW_CHECKSUM_NONE},
    {"a small one that is known", {get}, &right, 9, HW_OK, "", 1, HW_CHECKSUM_NONE},
    {"a small one with a checksum",
     {{.match = GET, .status = 200, .headers = HEADERS CRC, .body = "123456789"}},
     NULL,
     20,
     HW_OK,
     "",
     1,
     HW_CHECKSUM_CRC64NVME},
    {"a large one", {get, head}, NULL, 4, HW_OK, "", 3, HW_CHECKSUM_CRC64NVME},
    {"the listing knew a smaller one of this version", {get}, &smaller, 4, HW_EPROTOCOL, "", 0, 0},
    {"the listing knew a larger one", {get, head}, &larger, 20, HW_OK, "", 2, HW_CHECKSUM_NONE},
    {"not there", {{.match = GET, .status = 404, .times = -1}}, NULL, 4, HW_ENOTFOUND, "", 1, 0},
    {"replaced before HEAD",
     {get, {.match = HEAD, .status = 200, .headers = "ETag: \"f\"\r\nContent-Length: 9\r\n", .times = -1}},
     NULL,
     4,
     HW_ECHANGED,
     "was replaced while it was read",
     2,
     0},
    {"longer at HEAD",
     {get, {.match = HEAD, .status = 200, .headers = "ETag: \"e\"\r\nContent-Length: 10\r\n", .times = -1}},
     NULL,
     4,
     HW_ECHANGED,
     "was replaced",
     2,
     0},
    {"removed before HEAD", {get, {.match = HEAD, .status = 404, .times = -1}}, NULL, 4, HW_ENOTFOUND, "", 2, 0},
    {"replaced after HEAD",
     {{.match = GET, .status = 200, .headers = HEADERS, .body = "123456789", .body_bytes = 9, .ranged = true},
      head,
      other},
     NULL,
     4,
     HW_ECHANGED,
     "was replaced while it was read",
     3,
     0},
    {"refused by If-Match",
     {{.match = GET, .status = 200, .headers = HEADERS, .body = "123456789", .body_bytes = 9, .ranged = true},
      head,
      {.match = GET, .status = 412, .times = -1}},
     NULL,
     4,
     HW_ECHANGED,
     "",
     3,
     0},
    {"damaged to the end",
     {{.match = GET, .status = 200, .headers = HEADERS CRC, .body = "123456780", .times = -1}},
     NULL,
     20,
     HW_ECHECKSUM,
     "the service says",
     3,
     0},
};

static void every_request_names_the_version(void **state) {
    (void)state;
    static const struct http_reply replies[] = {
        {.match = "GET /bucket/k?versionId=v%2F1 ",
         .times = -1,
         .status = 200,
         .headers = HEADERS,
         .body = "123456789",
         .body_bytes = 9,
         .ranged = true},
        {.match = "HEAD /bucket/k?versionId=v%2F1 ",
         .times = -1,
         .status = 200,
         .headers = "ETag: \"e\"\r\nContent-Length: 9\r\n" CRC},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct http_server *server = http_server_start(replies, COUNT_OF(replies));
    const struct hw_store_options options = {.endpoint_url = http_server_url(server), .retry_for_ms = 300};
    struct hw_transfer_source source = {.version_id = "v/1"};
    struct hw_checksum checksum = {0};
    struct hw_store *store = NULL;
    size_t bytes = 0;
    const struct hw_buffer first = room(4);
    assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
    assert_ok(hw_transfer_source_open(&source, store, "k", NULL, &first, &bytes, &err), err);
    assert_ok(hw_transfer_source_checksum(&source, &checksum, &err), err);
    struct hw_hedge hedge;
    struct hw_buffers buffers;
    hw_hedge_init(&hedge);
    hw_buffers_init(&buffers, HW_MIB(1), HW_MIB(1));
    const struct hw_transfer_reads reads = {.hedge = &hedge, .buffers = &buffers};
    struct hw_buffer rest = {memory + bytes, source.size - bytes};
    assert_ok(hw_transfer_source_read(&source, &reads, bytes, &rest, &err), err);
    hw_buffers_release(&buffers);
    hw_hedge_release(&hedge);
    assert_memory_equal(memory, "123456789", 9);
    assert_int_equal(checksum.kind, HW_CHECKSUM_CRC64NVME);
    hw_transfer_source_release(&source);
    hw_store_close(store);
    http_server_stop(server);
}

static void objects_of_s3_take_few_requests(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(s3_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct http_server *server = http_server_start(s3_rows[i].replies, COUNT_OF(s3_rows[i].replies));
        struct hw_store *store = NULL;
        const struct hw_store_options options = {.endpoint_url = http_server_url(server), .retry_for_ms = 300};
        assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
        assert_row_int(s3_rows[i].name, s3_read(&s3_rows[i], store, &err), s3_rows[i].want);
        assert_row_says(s3_rows[i].name, err.message, s3_rows[i].says);
        if (s3_rows[i].requests > 0) {
            assert_row_int(s3_rows[i].name, http_server_count(server, ""), s3_rows[i].requests);
        }
        const char *later = http_server_head(server, GET, 1);
        if (later && s3_rows[i].want != HW_ECHECKSUM) {
            assert_row_says(s3_rows[i].name, later, "If-Match: \"e\"\r\n");
        }
        hw_store_close(store);
        http_server_stop(server);
    }
}

/* HEAD is asked where it may tell more than came with the object. */
static void the_checksum_is_asked_for_unless_it_came(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *headers; /* of GET */
        const char *head;    /* of HEAD, behind them */
        const struct hw_object_info known;
        enum hw_status want;
        enum hw_checksum_kind proved_by;
        size_t heads;
    } rows[] = {
        {"none", "ETag: \"e-2\"\r\n", "", {"k", 9, 0, "e-2"}, HW_OK, HW_CHECKSUM_NONE, 1},
        {"it came", "ETag: \"e-2\"\r\n" CRC, "", {"k", 9, 0, "e-2"}, HW_OK, HW_CHECKSUM_CRC64NVME, 0},
        {"none came with a range", "ETag: \"e-2\"\r\n", CRC, {"k", 9, 0, ""}, HW_OK, HW_CHECKSUM_CRC64NVME, 1},
        {"an ETag that is the MD5",
         "ETag: \"25f9e794323b453885f5181f1b624d0b\"\r\n",
         "",
         {"k", 9, 0, "25f9e794323b453885f5181f1b624d0b"},
         HW_OK,
         HW_CHECKSUM_MD5,
         0},
        {"an ETag that is another MD5",
         "ETag: \"35f9e794323b453885f5181f1b624d0b\"\r\n",
         "",
         {"k", 9, 0, "35f9e794323b453885f5181f1b624d0b"},
         HW_ECHECKSUM,
         HW_CHECKSUM_NONE,
         1},
        {"an ETag of what is encrypted",
         "ETag: \"35f9e794323b453885f5181f1b624d0b\"\r\n",
         "x-amz-server-side-encryption: aws:kms\r\n",
         {"k", 9, 0, "35f9e794323b453885f5181f1b624d0b"},
         HW_OK,
         HW_CHECKSUM_NONE,
         1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char facts[256];
        snprintf(facts, sizeof(facts), "%s%sContent-Length: 9\r\n", rows[i].headers, rows[i].head);
        const struct http_reply replies[] = {
            {.match = GET,
             .status = 200,
             .headers = rows[i].headers,
             .body = "123456789",
             .body_bytes = 9,
             .ranged = true},
            {.match = HEAD, .status = 200, .headers = facts, .times = -1},
        };
        struct hw_error err = HW_ERROR_INIT;
        struct http_server *server = http_server_start(replies, COUNT_OF(replies));
        const struct hw_store_options options = {.endpoint_url = http_server_url(server), .retry_for_ms = 300};
        struct hw_transfer_source source = {0};
        struct hw_store *store = NULL;
        size_t bytes = 0;
        const struct hw_buffer first = room(9);
        assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
        assert_ok(hw_transfer_source_open(&source, store, "k", &rows[i].known, &first, &bytes, &err), err);
        assert_row_int(rows[i].name, hw_transfer_source_prove(&source, memory, bytes, &err), rows[i].want);
        assert_row_int(rows[i].name, source.proved.kind, rows[i].proved_by);
        assert_row_int(rows[i].name, http_server_count(server, "HEAD "), rows[i].heads);
        hw_transfer_source_release(&source);
        hw_store_close(store);
        http_server_stop(server);
    }
}

/* Once a service has told nothing of several objects, it is not asked of the others. */
static void a_service_without_checksums_is_asked_a_few_times(void **state) {
    (void)state;
    static const struct hw_object_info known = {"k", 9, 0, "e-2"};
    const struct http_reply replies[] = {
        {.match = GET, .status = 200, .times = -1, .headers = "ETag: \"e-2\"\r\n", .body = "123456789"},
        {.match = HEAD, .status = 200, .times = -1, .headers = "ETag: \"e-2\"\r\nContent-Length: 9\r\n"},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct http_server *server = http_server_start(replies, COUNT_OF(replies));
    const struct hw_store_options options = {.endpoint_url = http_server_url(server), .retry_for_ms = 300};
    struct hw_store *store = NULL;
    assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
    for (unsigned i = 0; i < 20; i++) {
        struct hw_transfer_source source = {0};
        size_t bytes = 0;
        const struct hw_buffer first = room(9);
        assert_ok(hw_transfer_source_open(&source, store, "k", &known, &first, &bytes, &err), err);
        assert_ok(hw_transfer_source_prove(&source, memory, bytes, &err), err);
        assert_int_equal(source.proved.kind, HW_CHECKSUM_NONE);
        hw_transfer_source_release(&source);
    }
    assert_int_equal(http_server_count(server, "HEAD "), 8);
    hw_store_close(store);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_part_comes_with_the_facts),
        cmocka_unit_test(an_object_that_came_whole_is_compared),
        cmocka_unit_test(the_checksum_of_the_bytes_is_told),
        cmocka_unit_test(remote_stores_are_read_in_order),
        cmocka_unit_test(faults_leave_nothing_open),
        cmocka_unit_test(objects_of_s3_take_few_requests),
        cmocka_unit_test(every_request_names_the_version),
        cmocka_unit_test(the_checksum_is_asked_for_unless_it_came),
        cmocka_unit_test(a_service_without_checksums_is_asked_a_few_times),
    };
    return cmocka_run_group_tests_name("transfer/source", tests, environment_set, NULL);
}
