/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/reader.h"

#include <pthread.h>
#include <stdio.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

enum { PART_BYTES = 10000 };

static const struct hw_s3_reader_options options = {.key = "k", .part_bytes = PART_BYTES};

static uint8_t *pattern(size_t bytes) {
    uint8_t *data = hw_alloc(bytes);
    assert_non_null(data);
    for (size_t i = 0; i < bytes; i++) {
        data[i] = (uint8_t)((i * UINT64_C(0x9e3779b97f4a7c15)) >> 56);
    }
    return data;
}

static struct http_reply object_reply(const uint8_t *data, size_t bytes) {
    return (struct http_reply){.match = "GET ",
                               .times = -1,
                               .status = 200,
                               .headers = "ETag: \"e\"\r\n",
                               .body = (const char *)data,
                               .body_bytes = bytes,
                               .ranged = true};
}

static struct hw_s3_reader *reader_open(struct s3_fixture *fixture) {
    struct hw_s3_reader *reader = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_reader_open(fixture->client, &options, &reader, &err), err);
    hw_s3_reader_in_order(reader);
    return reader;
}

static void reads_in_no_order_ask_for_what_they_want(void **state) {
    (void)state;
    uint8_t *data = pattern(5 * PART_BYTES);
    uint8_t back[PART_BYTES];
    const struct http_reply reply = object_reply(data, 5 * PART_BYTES);
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
    struct hw_s3_reader *reader = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_reader_open(fixture.client, &options, &reader, &err), err);
    /* the first range tells all facts */
    assert_ok(hw_s3_reader_read_at(reader, 0, back, PART_BYTES, &err), err);
    assert_ok(hw_s3_reader_read_at(reader, 3 * PART_BYTES + 5, back, 7, &err), err);
    assert_row_bytes("somewhere", back, 7, data + 3 * PART_BYTES + 5, 7);
    hw_s3_reader_close(reader);
    assert_int_equal(http_server_count(fixture.server, "GET"), 2);
    assert_row_says("the second", http_server_head(fixture.server, "GET", 1), "Range: bytes=30005-30011\r\n");
    s3_fixture_close(&fixture);
    hw_free(data);
}

/* The end comes with the request that opens the object, and what lies before it by its own. */
static void an_object_may_be_opened_by_its_end(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t size;
        bool known;
        const char *range;
        size_t whole_requests;
    } rows[] = {
        {"a large one", 5 * PART_BYTES, false, "Range: bytes=-600\r\n", 2},
        {"a large one that is known", 5 * PART_BYTES, true, "Range: bytes=-600\r\n", 2},
        {"as long as the end", 600, false, "Range: bytes=-600\r\n", 1},
        {"a byte longer", 601, false, "Range: bytes=-600\r\n", 2},
        {"shorter", 100, false, "Range: bytes=-600\r\n", 1},
        {"shorter, and known", 100, true, "If-Match: \"e\"\r\n", 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t *data = pattern(rows[i].size);
        uint8_t back[5 * PART_BYTES];
        const size_t end = rows[i].size < 600 ? rows[i].size : 600;
        const struct hw_s3_object known = {.size = rows[i].size, .etag = "e"};
        const struct hw_s3_reader_options by_end = {
            .key = "k", .part_bytes = PART_BYTES, .end_bytes = 600, .known = rows[i].known ? &known : NULL};
        const struct http_reply reply = object_reply(data, rows[i].size);
        struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
        struct hw_s3_reader *reader = NULL;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_s3_reader_open(fixture.client, &by_end, &reader, &err), err);
        assert_row_int(rows[i].name, hw_s3_reader_object(reader)->size, rows[i].size);
        assert_ok(hw_s3_reader_read_at(reader, rows[i].size - end, back, end, &err), err);
        assert_row_bytes(rows[i].name, back, end, data + rows[i].size - end, end);
        assert_row_int(rows[i].name, http_server_count(fixture.server, ""), 1);
        assert_row_says(rows[i].name, http_server_head(fixture.server, "GET", 0), rows[i].range);
        /* What lies before the end needs requests of its own, and lies where it should. */
        assert_ok(hw_s3_reader_read_at(reader, 0, back, rows[i].size - end, &err), err);
        assert_row_bytes(rows[i].name, back, rows[i].size - end, data, rows[i].size - end);
        hw_s3_reader_in_order(reader);
        assert_ok(hw_s3_reader_read_at(reader, 0, back, rows[i].size, &err), err);
        assert_row_bytes(rows[i].name, back, rows[i].size, data, rows[i].size);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "GET") >= rows[i].whole_requests, true);
        hw_s3_reader_close(reader);
        s3_fixture_close(&fixture);
        hw_free(data);
    }
}

static void a_small_object_is_one_request(void **state) {
    (void)state;
    uint8_t *data = pattern(PART_BYTES);
    uint8_t back[PART_BYTES];
    const struct http_reply reply = object_reply(data, PART_BYTES);
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
    struct hw_s3_reader *reader = reader_open(&fixture);
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_s3_reader_object(reader)->size, PART_BYTES);
    assert_string_equal(hw_s3_reader_object(reader)->etag, "\"e\"");
    for (size_t turn = 0; turn < 2; turn++) {
        for (size_t at = 0; at < PART_BYTES; at += 500) {
            assert_ok(hw_s3_reader_read_at(reader, at, back + at, 500, &err), err);
        }
        assert_row_bytes("back", back, PART_BYTES, data, PART_BYTES);
    }
    assert_int_equal(http_server_count(fixture.server, ""), 1);
    hw_s3_reader_close(reader);
    s3_fixture_close(&fixture);
    hw_free(data);
}

/*
 * A range brings no checksum, even if it is the whole object: HEAD tells it, once it is asked for.
 * An object that is known comes whole without a range, and its checksum with it.
 * The CRC-32C of "123456789" is in the catalogue of CRCs, its MD5 is that of md5sum.
 */
static void the_checksum_is_asked_for_unless_it_came(void **state) {
    (void)state;
    static const struct hw_s3_object known = {.size = 9, .etag = "e"};
    static const struct hw_s3_object without_etag = {.size = 9, .etag = ""};
    static const struct {
        const char *name;
        const char *get;
        const char *head;
        enum hw_status want;
        enum hw_checksum_kind kind;
        size_t heads;
        const struct hw_s3_object *known;
    } rows[] = {
        {"it came", "ETag: \"e\"\r\nx-amz-checksum-crc32c: 4waSgw==\r\n", "", HW_OK, HW_CHECKSUM_CRC32C, 0},
        {"the ETag is the MD5", "ETag: \"25f9e794323b453885f5181f1b624d0b\"\r\n", "", HW_OK, HW_CHECKSUM_MD5, 0},
        {"the ETag is another MD5", "ETag: \"35f9e794323b453885f5181f1b624d0b\"\r\n",
         "ETag: \"35f9e794323b453885f5181f1b624d0b\"\r\nx-amz-checksum-crc32c: 4waSgw==\r\n", HW_OK, HW_CHECKSUM_CRC32C,
         1},
        {"HEAD has it", "ETag: \"e\"\r\n", "ETag: \"e\"\r\nx-amz-checksum-crc32c: 4waSgw==\r\n", HW_OK,
         HW_CHECKSUM_CRC32C, 1},
        {"nobody has it", "ETag: \"e\"\r\n", "ETag: \"e\"\r\n", HW_OK, HW_CHECKSUM_NONE, 1},
        {"of another version", "ETag: \"e\"\r\n", "ETag: \"f\"\r\n", HW_ECHANGED, HW_CHECKSUM_NONE, 1},
        {"known, and it came", "ETag: \"e\"\r\nx-amz-checksum-crc32c: 4waSgw==\r\n", "", HW_OK, HW_CHECKSUM_CRC32C, 0,
         &known},
        {"known, and HEAD alone has it", "ETag: \"e\"\r\n", "ETag: \"e\"\r\nx-amz-checksum-crc32c: 4waSgw==\r\n", HW_OK,
         HW_CHECKSUM_CRC32C, 1, &known},
        {"known without its version", "ETag: \"e\"\r\n", "ETag: \"e\"\r\nx-amz-checksum-crc32c: 4waSgw==\r\n", HW_OK,
         HW_CHECKSUM_CRC32C, 1, &without_etag},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char head[256];
        snprintf(head, sizeof(head), "%sContent-Length: 9\r\n", rows[i].head);
        struct http_reply script[] = {object_reply((const uint8_t *)"123456789", 9),
                                      {.match = "HEAD ", .times = -1, .status = 200, .headers = head}};
        script[0].headers = rows[i].get;
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_reader_options row_options = options;
        struct hw_s3_reader *reader = NULL;
        struct hw_checksum checksum = {0};
        struct hw_error err = HW_ERROR_INIT;
        row_options.known = rows[i].known;
        assert_ok(hw_s3_reader_open(fixture.client, &row_options, &reader, &err), err);
        assert_row_int(rows[i].name, hw_s3_reader_checksum(reader, &checksum, &err), rows[i].want);
        assert_row_int(rows[i].name, checksum.kind, rows[i].kind);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "HEAD"), rows[i].heads);
        hw_s3_reader_close(reader);
        s3_fixture_close(&fixture);
    }
}

/*
 * Objects that are known, one after the other: "w" with a checksum, "h" with one that HEAD alone
 * tells, "n" with none.
 */
static void services_without_checksums_are_asked_a_few_times(void **state) {
    (void)state;
    static const struct {
        const char *objects;
        size_t heads;
    } rows[] = {{"n", 1}, {"nnnnnnnnnnnn", 8}, {"w", 0}, {"wnn", 0}, {"nnwnn", 2}, {"hwn", 2}, {"hnnnnnnnnnnn", 12}};
    static const struct hw_s3_object known = {.size = 9, .etag = "e"};
    const struct http_reply script[] = {
        {.match = "GET /bucket/w ",
         .status = 200,
         .times = -1,
         .headers = "ETag: \"e\"\r\nx-amz-checksum-crc32c: 4waSgw==\r\n",
         .body = "123456789"},
        {.match = "GET /bucket/", .status = 200, .times = -1, .headers = "ETag: \"e\"\r\n", .body = "123456789"},
        {.match = "HEAD /bucket/h ",
         .status = 200,
         .times = -1,
         .headers = "ETag: \"e\"\r\nContent-Length: 9\r\nx-amz-checksum-crc32c: 4waSgw==\r\n"},
        {.match = "HEAD /bucket/", .status = 200, .times = -1, .headers = "ETag: \"e\"\r\nContent-Length: 9\r\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        for (const char *at = rows[i].objects; *at; at++) {
            const char key[] = {*at, '\0'};
            const struct hw_s3_reader_options of = {.key = key, .part_bytes = PART_BYTES, .known = &known};
            struct hw_s3_reader *reader = NULL;
            struct hw_checksum checksum = {0};
            struct hw_error err = HW_ERROR_INIT;
            assert_ok(hw_s3_reader_open(fixture.client, &of, &reader, &err), err);
            assert_ok(hw_s3_reader_checksum(reader, &checksum, &err), err);
            assert_row_int(rows[i].objects, checksum.kind, *at == 'n' ? HW_CHECKSUM_NONE : HW_CHECKSUM_CRC32C);
            hw_s3_reader_close(reader);
        }
        assert_row_int(rows[i].objects, http_server_count(fixture.server, "HEAD "), rows[i].heads);
        s3_fixture_close(&fixture);
    }
}

static void reads_come_back_as_they_are_stored(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t size;
        size_t step;
        size_t requests_max;
    } rows[] = {
        {"small steps, each window once", 20 * PART_BYTES + 7, 999, 21},
        {"steps that straddle windows", 20 * PART_BYTES + 7, 9999, 21},
        {"steps of a part", 20 * PART_BYTES, PART_BYTES, 40},
        {"at one go", 20 * PART_BYTES + 7, SIZE_MAX, 21},
        {"large steps", 20 * PART_BYTES + 7, 3 * PART_BYTES + 1, 40},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t *data = pattern(rows[i].size);
        uint8_t *back = hw_alloc_zero(1, rows[i].size);
        const struct http_reply reply = object_reply(data, rows[i].size);
        struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
        struct hw_s3_reader *reader = reader_open(&fixture);
        struct hw_error err = HW_ERROR_INIT;
        for (size_t at = 0, step; at < rows[i].size; at += step) {
            step = hw_min_size(rows[i].step, rows[i].size - at);
            assert_ok(hw_s3_reader_read_at(reader, at, back + at, step, &err), err);
        }
        assert_row_bytes(rows[i].name, back, rows[i].size, data, rows[i].size);
        size_t requests = http_server_count(fixture.server, "GET /bucket/k HTTP");
        if (requests > rows[i].requests_max) {
            fail_msg("%s: %zu requests, %zu are enough", rows[i].name, requests, rows[i].requests_max);
        }
        assert_row_says(rows[i].name, http_server_head(fixture.server, "GET ", 1), "If-Match: \"e\"\r\n");
        hw_s3_reader_close(reader); /* windows ahead may be on their way */
        s3_fixture_close(&fixture);
        hw_free(data);
        hw_free(back);
    }
}

/* Waits for a request with this line in its head. */
static bool asked_for(struct http_server *server, const char *line) {
    for (size_t turn = 0; turn < 500; turn++) {
        const char *head;
        for (size_t n = 0; (head = http_server_head(server, "GET", n)) != NULL; n++) {
            if (strstr(head, line)) {
                return true;
            }
        }
        hw_clock_sleep_ms(10);
    }
    return false;
}

static void whoever_reads_on_finds_the_next_window_asked_for(void **state) {
    (void)state;
    uint8_t *data = pattern(5 * PART_BYTES);
    uint8_t back[PART_BYTES];
    const struct http_reply reply = object_reply(data, 5 * PART_BYTES);
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
    struct hw_s3_reader *reader = reader_open(&fixture);
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_reader_read_at(reader, 0, back, PART_BYTES / 4 - 1, &err), err);
    hw_s3_reader_close(reader);
    assert_int_equal(http_server_count(fixture.server, "GET"), 1);
    reader = reader_open(&fixture);
    assert_ok(hw_s3_reader_read_at(reader, 0, back, PART_BYTES / 4, &err), err);
    assert_true(asked_for(fixture.server, "Range: bytes=10000-19999\r\n"));
    assert_true(asked_for(fixture.server, "Range: bytes=20000-29999\r\n"));
    hw_s3_reader_close(reader);
    s3_fixture_close(&fixture);
    hw_free(data);
}

static void random_reads_keep_to_the_windows(void **state) {
    (void)state;
    size_t size = 40 * PART_BYTES;
    uint8_t *data = pattern(size);
    uint8_t back[PART_BYTES];
    const struct http_reply reply = object_reply(data, size);
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
    struct hw_s3_reader *reader = reader_open(&fixture);
    struct hw_error err = HW_ERROR_INIT;
    uint64_t x = 1;
    for (size_t i = 0; i < 500; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        size_t at = (size_t)((x >> 33) % (size - 300));
        assert_ok(hw_s3_reader_read_at(reader, at, back, 300, &err), err);
        assert_row_bytes("somewhere", back, 300, data + at, 300);
    }
    assert_int_equal(hw_s3_reader_read_at(reader, size - 1, back, 2, &err), HW_EIO);
    assert_row_says("beyond", err.message, "a read of 2 bytes reaches beyond the object's 400000");
    assert_int_equal(hw_s3_reader_read_at(reader, UINT64_MAX, back, 2, &err), HW_EIO);
    assert_ok(hw_s3_reader_read_at(reader, size, back, 0, &err), err);
    hw_s3_reader_close(reader);
    s3_fixture_close(&fixture);
    hw_free(data);
}

struct worker {
    struct hw_s3_reader *reader;
    const uint8_t *data;
    size_t begin;
    size_t end;
    bool good;
};

static void *worker_run(void *arg) {
    struct worker *worker = arg;
    uint8_t back[700];
    worker->good = true;
    for (size_t at = worker->begin; at < worker->end && worker->good; at += sizeof(back)) {
        size_t step = hw_min_size(sizeof(back), worker->end - at);
        worker->good = hw_s3_reader_read_at(worker->reader, at, back, step, NULL) == HW_OK &&
                       memcmp(back, worker->data + at, step) == 0;
    }
    return NULL;
}

static void threads_share_a_reader(void **state) {
    (void)state;
    enum { WORKERS = 6 };
    size_t size = 30 * PART_BYTES;
    uint8_t *data = pattern(size);
    const struct http_reply script[] = {{.match = "GET ", .status = 503, .times = 2}, object_reply(data, size)};
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_s3_reader *reader = reader_open(&fixture);
    struct worker workers[WORKERS];
    pthread_t threads[WORKERS];
    for (size_t i = 0; i < WORKERS; i++) {
        workers[i] = (struct worker){.reader = reader,
                                     .data = data,
                                     .begin = i / 2 * 10 * PART_BYTES,
                                     .end = i / 2 * 10 * PART_BYTES + 10 * PART_BYTES};
        assert_int_equal(pthread_create(&threads[i], NULL, worker_run, &workers[i]), 0);
    }
    for (size_t i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(workers[i].good);
    }
    hw_s3_reader_close(reader);
    s3_fixture_close(&fixture);
    hw_free(data);
}

static void a_replaced_object_fails_every_read(void **state) {
    (void)state;
    uint8_t *data = pattern(5 * PART_BYTES);
    uint8_t back[3 * PART_BYTES];
    struct http_reply script[] = {object_reply(data, 5 * PART_BYTES), {.status = 412, .times = -1}};
    script[0].times = 1;
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_s3_reader *reader = reader_open(&fixture);
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_reader_read_at(reader, 0, back, PART_BYTES, &err),
              err); /* asks for what is ahead, which fails unseen */
    assert_int_equal(hw_s3_reader_read_at(reader, PART_BYTES, back, 100, &err), HW_ECHANGED);
    assert_int_equal(hw_s3_reader_read_at(reader, PART_BYTES, back, sizeof(back), &err), HW_ECHANGED);
    assert_string_equal(err.object, "s3://bucket/k");
    assert_ok(hw_s3_reader_read_at(reader, 100, back, 100, &err), err);
    hw_s3_reader_close(reader);
    s3_fixture_close(&fixture);
    hw_free(data);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_may_be_opened_by_its_end),
        cmocka_unit_test(a_small_object_is_one_request),
        cmocka_unit_test(the_checksum_is_asked_for_unless_it_came),
        cmocka_unit_test(services_without_checksums_are_asked_a_few_times),
        cmocka_unit_test(reads_come_back_as_they_are_stored),
        cmocka_unit_test(whoever_reads_on_finds_the_next_window_asked_for),
        cmocka_unit_test(random_reads_keep_to_the_windows),
        cmocka_unit_test(reads_in_no_order_ask_for_what_they_want),
        cmocka_unit_test(threads_share_a_reader),
        cmocka_unit_test(a_replaced_object_fails_every_read),
    };
    return cmocka_run_group_tests_name("s3/reader", tests, environment_set, NULL);
}
