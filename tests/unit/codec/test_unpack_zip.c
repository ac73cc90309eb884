/* SPDX-License-Identifier: Apache-2.0 */
/* Archives are written by hand from APPNOTE 6.3.9, so that each field can lie. */
#include "codec/unpack_zip.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/limits.h"
#include "faulty_alloc.h"
#include "support/rows.h"
#include "unpack_read.h"

enum { STORED = 0, DEFLATED = 8 };
enum { FLAG_ENCRYPTED = 1, FLAG_DESCRIPTOR = 8, FLAG_UTF8 = 0x800 };

struct zip_spec { /* one member; the lies are added to what is true */
    const char *name;
    hw_view data;
    uint16_t method;
    uint16_t flags;
    uint32_t crc_lie;
    uint32_t size_lie;
    uint32_t packed_size_lie;
    bool same_bytes; /* no local header of its own: the one of the member before */
    const char *comment;
};

struct zip_file {
    struct hw_buf bytes;
    struct hw_buf directory;
    uint32_t local_at;
    uint32_t count;
};

static void put(struct hw_buf *out, const void *data, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append(out, data, bytes, &err), err);
}

static void put_le(struct hw_buf *out, uint64_t value, size_t bytes) {
    put(out, &value, bytes);
}

/* What the local header and the directory have in common (4.3.7, 4.3.12). */
static void put_common(struct hw_buf *out, const struct zip_spec *spec, uint32_t crc, uint32_t packed, uint32_t size) {
    put_le(out, 20, 2);
    put_le(out, spec->flags, 2);
    put_le(out, spec->method, 2);
    put_le(out, 0x5a21a000, 4);
    put_le(out, crc, 4);
    put_le(out, packed, 4);
    put_le(out, size, 4);
    put_le(out, strlen(spec->name), 2);
    put_le(out, 0, 2);
}

static void zip_add(struct zip_file *zip, struct zip_spec spec) {
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    size_t bound = libdeflate_deflate_compress_bound(compressor, spec.data.size) + spec.data.size;
    uint8_t *packed = malloc(bound);
    size_t packed_bytes = spec.data.size;
    const char *comment = spec.comment ? spec.comment : "";

    if (spec.method == DEFLATED) {
        packed_bytes = libdeflate_deflate_compress(compressor, spec.data.data, spec.data.size, packed, bound);
    } else if (packed_bytes > 0) {
        memcpy(packed, spec.data.data, packed_bytes);
    }
    libdeflate_free_compressor(compressor);
    uint32_t crc = libdeflate_crc32(0, spec.data.data, spec.data.size) + spec.crc_lie;
    uint32_t packed_size = (uint32_t)packed_bytes + spec.packed_size_lie;
    uint32_t size = (uint32_t)spec.data.size + spec.size_lie;
    bool later = spec.flags & FLAG_DESCRIPTOR;
    if (!spec.same_bytes) {
        zip->local_at = (uint32_t)zip->bytes.size;
        put(&zip->bytes, "PK\3\4", 4);
        put_common(&zip->bytes, &spec, later ? 0 : crc, later ? 0 : packed_size, later ? 0 : size);
        put(&zip->bytes, spec.name, strlen(spec.name));
        put(&zip->bytes, packed, packed_bytes);
    }
    if (later) {
        put(&zip->bytes, "PK\7\x08", 4);
        put_le(&zip->bytes, crc, 4);
        put_le(&zip->bytes, packed_size, 4);
        put_le(&zip->bytes, size, 4);
    }
    put(&zip->directory, "PK\1\2", 4);
    put_le(&zip->directory, 20, 2);
    put_common(&zip->directory, &spec, crc, packed_size, size);
    put_le(&zip->directory, strlen(comment), 2);
    put_le(&zip->directory, 0, 2 + 2 + 4);
    put_le(&zip->directory, zip->local_at, 4);
    put(&zip->directory, spec.name, strlen(spec.name));
    put(&zip->directory, comment, strlen(comment));
    zip->count++;
    free(packed);
}

/* Zip64 records (4.3.14, 4.3.15) where `count64` is not 0, then the end (4.3.16). */
static hw_view zip_end(struct zip_file *zip, uint64_t count64) {
    uint64_t at = zip->bytes.size;
    put(&zip->bytes, zip->directory.data, zip->directory.size);
    if (count64 > 0) {
        uint64_t end64_at = zip->bytes.size;
        put(&zip->bytes, "PK\6\6", 4);
        put_le(&zip->bytes, 44, 8);
        put_le(&zip->bytes, 0x002d002d, 4);
        put_le(&zip->bytes, 0, 8);
        put_le(&zip->bytes, count64, 8);
        put_le(&zip->bytes, count64, 8);
        put_le(&zip->bytes, zip->directory.size, 8);
        put_le(&zip->bytes, at, 8);
        put(&zip->bytes, "PK\6\7", 4);
        put_le(&zip->bytes, 0, 4);
        put_le(&zip->bytes, end64_at, 8);
        put_le(&zip->bytes, 1, 4);
    }
    put(&zip->bytes, "PK\5\6", 4);
    put_le(&zip->bytes, 0, 4);
    put_le(&zip->bytes, count64 > 0 ? 0xffff : zip->count, 2);
    put_le(&zip->bytes, count64 > 0 ? 0xffff : zip->count, 2);
    put_le(&zip->bytes, count64 > 0 ? 0xffffffff : zip->directory.size, 4);
    put_le(&zip->bytes, count64 > 0 ? 0xffffffff : at, 4);
    put_le(&zip->bytes, 0, 2);
    return hw_buf_view(&zip->bytes);
}

static void zip_file_release(struct zip_file *zip) {
    hw_buf_release(&zip->bytes);
    hw_buf_release(&zip->directory);
}

#define ORDERS HW_VIEW_INIT("id,name\n1,one\n2,two\n3,one two one two one two one two\n")
#define RETURNS HW_VIEW_INIT("id\n1\n")

static const struct zip_spec good_specs[] = {
    {.name = "orders.csv", .data = ORDERS, .method = DEFLATED},
    {.name = "data/", .data = HW_VIEW_INIT("")},
    {.name = "data/returns.csv", .data = RETURNS, .method = STORED},
    {.name = "streamed.csv", .data = ORDERS, .method = DEFLATED, .flags = FLAG_DESCRIPTOR},
    {.name = "empty.csv", .data = HW_VIEW_INIT("")},
    {.name = "orders.csv", .data = RETURNS, .method = DEFLATED},
    {.name = "caf\x82.csv", .data = RETURNS},
    {.name = "caf\xc3\xa9.csv", .data = RETURNS, .flags = FLAG_UTF8},
};
/* The members of these that are files, as hw_zip has them. */
static const struct {
    const char *name;
    hw_view data;
} good_members[] = {
    {"orders.csv", ORDERS},          {"data/returns.csv", RETURNS}, {"streamed.csv", ORDERS},
    {"empty.csv", HW_VIEW_INIT("")}, {"orders.csv", RETURNS},       {"caf\xc3\xa9.csv", RETURNS},
    {"caf\xc3\xa9.csv", RETURNS},
};

static hw_view good_zip(struct zip_file *zip) {
    *zip = (struct zip_file){0};
    for (size_t i = 0; i < COUNT_OF(good_specs); i++) {
        zip_add(zip, good_specs[i]);
    }
    return zip_end(zip, 0);
}

static enum hw_status member_read_all(struct hw_zip *zip, size_t index, size_t read_bytes, struct hw_buf *out,
                                      struct hw_error *err) {
    struct hw_stream *stream = NULL;
    HW_TRY(hw_zip_member_open(zip, index, &stream, err));
    enum hw_status status = stream_read_all(stream, read_bytes, out, err);
    stream->ops->close(stream);
    return status;
}

static void members_are_the_files_in_their_order(void **state) {
    (void)state;
    static const size_t blocks[] = {0, 1, 2, 3, 7, 30, 46, 100, 1000};
    static const size_t reads[] = {1, 5, 4096};
    struct zip_file file;
    hw_view bytes = good_zip(&file);
    for (size_t way = 0; way < COUNT_OF(blocks) * COUNT_OF(reads); way++) {
        struct memory_source source = memory_source(bytes, 0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_zip *zip = NULL;
        assert_ok(hw_zip_open_blocks(&source.base, blocks[way / COUNT_OF(reads)], &zip, &err), err);
        assert_int_equal(hw_zip_count(zip), COUNT_OF(good_members));
        for (size_t i = 0; i < COUNT_OF(good_members); i++) {
            HW_AUTO(hw_buf) got = {0};
            const struct hw_zip_member *member = hw_zip_member(zip, i);
            hw_view want = good_members[i].data;
            assert_row_text("name", member->name, good_members[i].name);
            assert_row_int(member->name, member->size, want.size);
            assert_row_int(member->name, member->crc32, libdeflate_crc32(0, want.data, want.size));
            assert_ok(member_read_all(zip, i, reads[way % COUNT_OF(reads)], &got, &err), err);
            assert_row_bytes(member->name, got.data, got.size, want.data, want.size);
        }
        hw_zip_close(zip);
    }
    zip_file_release(&file);
}

/*
 * Opens and reads all; the count of members that came whole. Their bytes must be ones that were put
 * in.
 */
static size_t members_intact(const char *name, hw_view bytes) {
    struct memory_source source = memory_source(bytes, 0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_zip *zip = NULL;
    size_t intact = 0;
    enum hw_status status = hw_zip_open(&source.base, &zip, &err);
    if (status != HW_OK) {
        assert_row_int(name, status == HW_EDATA || status == HW_ELIMIT, true);
        assert_row_says(name, err.message, "zip: ");
        assert_row_text(name, err.object, "memory");
        return 0;
    }
    /* none lost in silence */
    assert_row_int(name, hw_zip_count(zip) >= COUNT_OF(good_members), true);
    for (size_t i = 0; i < hw_zip_count(zip); i++) {
        HW_AUTO(hw_buf) got = {0};
        status = member_read_all(zip, i, 4096, &got, &err);
        if (status != HW_OK) {
            assert_row_int(name, status, HW_EDATA);
            assert_row_says(name, err.message, "zip: ");
            continue;
        }
        bool known = false;
        for (size_t m = 0; m < COUNT_OF(good_members); m++) {
            known = known || hw_view_equal(hw_buf_view(&got), good_members[m].data);
        }
        assert_row_int(name, known, true);
        intact++;
    }
    hw_zip_close(zip);
    return intact;
}

static void a_cut_archive_does_not_open(void **state) {
    (void)state;
    struct zip_file file;
    hw_view bytes = good_zip(&file);
    for (size_t size = 0; size < bytes.size; size++) {
        struct memory_source source = memory_source((hw_view){bytes.data, size}, 0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_zip *zip = NULL;
        char name[32];
        snprintf(name, sizeof(name), "%zu bytes", size);
        assert_row_int(name, hw_zip_open(&source.base, &zip, &err), HW_EDATA);
        assert_row_says(name, err.message, "zip: ");
        assert_null(zip);
    }
    assert_int_equal(members_intact("whole", bytes), COUNT_OF(good_members));
    zip_file_release(&file);
}

static void a_wrong_bit_never_changes_the_bytes(void **state) {
    (void)state;
    struct zip_file file;
    hw_view bytes = good_zip(&file);
    size_t fewer = 0;
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        char name[32];
        snprintf(name, sizeof(name), "byte %zu bit %zu", bit / 8, bit % 8);
        file.bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        fewer += members_intact(name, bytes) < COUNT_OF(good_members);
        file.bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(fewer > 8 * bytes.size / 8);
    zip_file_release(&file);
}

static const char good_long[1000];

/* One or two members, one lie. */
static const struct {
    const char *name;
    struct zip_spec specs[2];
    uint64_t count64;
    enum hw_status want_open;
    enum hw_status want_member; /* the last one */
    const char *says;
} rows[] = {
    {"whole", {{.name = "a.csv", .data = RETURNS, .method = DEFLATED}}, 0, HW_OK, HW_OK, ""},
    {"Zip64", {{.name = "a.csv", .data = RETURNS}}, 1, HW_OK, HW_OK, ""},
    {"encrypted",
     {{.name = "a.csv", .data = RETURNS, .flags = FLAG_ENCRYPTED}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: encrypted"},
    {"bzip2",
     {{.name = "a.csv", .data = RETURNS, .method = 12}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: packed by method 12, known are 0 (stored) and 8 (deflate)"},
    {"a method that nobody has",
     {{.name = "a\n.csv", .data = RETURNS, .method = 77}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a\\x0a.csv\": zip: packed by method 77"},
    {"CRC, deflated",
     {{.name = "a.csv", .data = RETURNS, .method = DEFLATED, .crc_lie = 1}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: CRC error"},
    {"CRC, stored",
     {{.name = "a.csv", .data = RETURNS, .crc_lie = 1}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: CRC error"},
    {"more bytes than stated",
     {{.name = "a.csv", .data = ORDERS, .method = DEFLATED, .size_lie = (uint32_t)-1}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: more bytes than the 53 that the directory states"},
    {"fewer bytes than stated",
     {{.name = "a.csv", .data = ORDERS, .method = DEFLATED, .size_lie = 1}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: fewer bytes than the 55 that the directory states"},
    {"more bytes than stated, stored",
     {{.name = "a.csv", .data = RETURNS, .size_lie = (uint32_t)-1}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: more bytes than the 4 that the directory states"},
    {"fewer bytes than stated, stored",
     {{.name = "a.csv", .data = RETURNS, .size_lie = 1}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: fewer bytes than the 6 that the directory states"},
    {"bytes beyond the archive",
     {{.name = "a.csv", .data = RETURNS, .packed_size_lie = 80, .size_lie = 80}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: a member of 85 bytes reaches beyond the archive's end"},
    {"no packed bytes",
     {{.name = "a.csv", .data = RETURNS, .method = DEFLATED, .packed_size_lie = (uint32_t)-7}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: cut inside a member's data"},
    {"packed bytes cut",
     {{.name = "a.csv", .data = ORDERS, .method = DEFLATED, .packed_size_lie = (uint32_t)-3}},
     0,
     HW_OK,
     HW_EDATA,
     "member \"a.csv\": zip: cut inside a member's data"},
    {"members that share bytes",
     {{.name = "a.csv", .data = {good_long, 1000}}, {.name = "b.csv", .data = {good_long, 1000}, .same_bytes = true}},
     0,
     HW_EDATA,
     HW_OK,
     "zip: the members share bytes: they have 2000, the archive "},
    {"more members than there may be",
     {{.name = "a.csv", .data = RETURNS}},
     HW_ZIP_MEMBERS_MAX + 1ull,
     HW_ELIMIT,
     HW_OK,
     "zip: 65537 members are more than 65536"},
    {"2^63 members", {{.name = "a.csv", .data = RETURNS}}, 1ull << 63, HW_ELIMIT, HW_OK, "members are more than 65536"},
    {"a member more than the directory has", {{.name = "a.csv", .data = RETURNS}}, 2, HW_EDATA, HW_OK, "zip: "},
};

static void each_fault_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct zip_file file = {0};
        HW_AUTO(hw_buf) got = {0};
        for (size_t m = 0; m < 2 && rows[i].specs[m].name; m++) {
            zip_add(&file, rows[i].specs[m]);
        }
        struct memory_source source = memory_source(zip_end(&file, rows[i].count64), 0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_zip *zip = NULL;
        enum hw_status status = hw_zip_open(&source.base, &zip, &err);
        assert_row_int(rows[i].name, status, rows[i].want_open);
        if (status == HW_OK) {
            status = member_read_all(zip, hw_zip_count(zip) - 1, 4096, &got, &err);
            assert_row_int(rows[i].name, status, rows[i].want_member);
            hw_zip_close(zip);
        }
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, status == HW_OK ? "" : "memory");
        zip_file_release(&file);
    }
}

static const struct {
    const char *name;
    hw_view bytes;
    enum hw_status want;
    const char *says;
} raw_rows[] = {
    {"no bytes", HW_VIEW_INIT(""), HW_EDATA, "zip: a ZIP is longer than 0 bytes"},
    {"only a head", HW_VIEW_INIT("PK\3\4"), HW_EDATA, "zip: a ZIP is longer than 4 bytes"},
    {"text", HW_VIEW_INIT("id,name\n1,one\n2,two\n3,three\n"), HW_EDATA, "zip: Not a zip archive"},
    {"no members", HW_VIEW_INIT("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), HW_OK, ""},
    {"a Zip64 locator that leads nowhere",
     HW_VIEW_INIT("PK\6\7\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\x7f\1\0\0\0PK\5\6\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"
                  "\xff\xff\xff\xff\0\0"),
     HW_EDATA, "zip: "},
};

static void what_is_no_archive_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(raw_rows); i++) {
        struct memory_source source = memory_source(raw_rows[i].bytes, 0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_zip *zip = NULL;
        assert_row_int(raw_rows[i].name, hw_zip_open(&source.base, &zip, &err), raw_rows[i].want);
        assert_row_says(raw_rows[i].name, err.message, raw_rows[i].says);
        assert_row_int(raw_rows[i].name, zip ? hw_zip_count(zip) : 0, 0);
        hw_zip_close(zip);
    }
}

/* A count that wrapped at 65,536, as Info-ZIP writes it instead of Zip64. */
static void too_many_members_without_zip64_are_refused(void **state) {
    (void)state;
    struct zip_file file = {0};
    zip_add(&file, (struct zip_spec){.name = "a", .data = HW_VIEW_INIT("")});
    size_t entry_bytes = file.directory.size;
    for (uint32_t i = 0; i < HW_ZIP_MEMBERS_MAX; i++) {
        uint8_t entry[64];
        memcpy(entry, file.directory.data, entry_bytes);
        put(&file.directory, entry, entry_bytes);
    }
    struct memory_source source = memory_source(zip_end(&file, 0), 0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_zip *zip = NULL;
    assert_int_equal(hw_zip_open(&source.base, &zip, &err), HW_ELIMIT);
    assert_row_says("message", err.message, "zip: 65537 members are more than 65536");
    zip_file_release(&file);
}

static void a_directory_beyond_the_limit_is_refused(void **state) {
    (void)state;
    enum { COMMENT = 65000 };
    struct zip_file file = {0};
    char *comment = malloc(COMMENT + 1);
    memset(comment, 'x', COMMENT);
    comment[COMMENT] = '\0';
    while (file.directory.size <= HW_ZIP_DIRECTORY_BYTES_MAX + HW_MIB(1)) {
        zip_add(&file, (struct zip_spec){.name = "a.csv", .data = RETURNS, .comment = comment});
    }
    free(comment);
    struct memory_source source = memory_source(zip_end(&file, 0), 0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_zip *zip = NULL;
    assert_int_equal(hw_zip_open(&source.base, &zip, &err), HW_ELIMIT);
    assert_string_equal(err.message, "zip: the directory has more than 32 MiB");
    zip_file_release(&file);
}

/* Whichever read fails, its error comes through libzip, and never fewer bytes without one. */
static void a_fault_of_the_source_is_passed_on(void **state) {
    (void)state;
    struct zip_file file;
    hw_view bytes = good_zip(&file);
    size_t failed = 0;
    enum hw_status status = HW_EIO;
    for (int read = 1; status != HW_OK; read++) {
        struct memory_source source = memory_source(bytes, read);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_zip *zip = NULL;
        HW_AUTO(hw_buf) got = {0};
        status = hw_zip_open_blocks(&source.base, 64, &zip, &err);
        if (status == HW_OK) {
            status = member_read_all(zip, 0, 4096, &got, &err);
        }
        hw_zip_close(zip);
        if (status != HW_OK) {
            assert_int_equal(status, HW_EIO);
            assert_row_says("message", err.message, "injected");
            assert_string_equal(err.object, "memory");
            failed++;
            continue;
        }
        assert_row_bytes("member", got.data, got.size, good_members[0].data.data, good_members[0].data.size);
    }
    assert_true(failed > 10);
    zip_file_release(&file);
}

static void out_of_memory_is_told_and_leaks_nothing(void **state) {
    (void)state;
    struct zip_file file;
    hw_view bytes = good_zip(&file);
    enum hw_status status = HW_ENOMEM;
    size_t fail_at;
    for (fail_at = 1; status != HW_OK; fail_at++) {
        struct faulty_alloc faulty = {.fail_at = fail_at};
        const struct hw_allocator allocator = {faulty_resize, &faulty};
        struct memory_source source = memory_source(bytes, 0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_zip *zip = NULL;
        struct hw_stream *stream = NULL;

        hw_allocator_set(&allocator);
        status = hw_zip_open(&source.base, &zip, &err);
        if (status == HW_OK) {
            status = hw_zip_member_open(zip, 0, &stream, &err);
        }
        if (status == HW_OK) {
            stream->ops->close(stream);
        }
        hw_zip_close(zip);
        hw_allocator_set(NULL);
        assert_int_equal(faulty.held, 0);
        assert_true(status == HW_OK || (status == HW_ENOMEM && strstr(err.message, "out of memory")));
    }
    assert_true(fail_at > 5);
    zip_file_release(&file);
}

static void a_large_member_comes_whole(void **state) {
    (void)state;
    enum { BYTES = 5000000 };
    uint8_t *plain = malloc(BYTES);
    struct zip_file file = {0};
    HW_AUTO(hw_buf) got = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_zip *zip = NULL;
    text_fill(plain, BYTES, 3);
    zip_add(&file, (struct zip_spec){.name = "a.csv", .data = {(const char *)plain, BYTES}, .method = DEFLATED});
    struct memory_source source = memory_source(zip_end(&file, 0), 0);
    assert_ok(hw_zip_open(&source.base, &zip, &err), err);
    assert_ok(member_read_all(zip, 0, 65536, &got, &err), err);
    assert_row_bytes("a.csv", got.data, got.size, plain, BYTES);
    assert_true(source.reads < 20); /* blocks, not libzip's small reads */
    hw_zip_close(zip);
    zip_file_release(&file);
    free(plain);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_the_files_in_their_order),
        cmocka_unit_test(a_cut_archive_does_not_open),
        cmocka_unit_test(a_wrong_bit_never_changes_the_bytes),
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(what_is_no_archive_is_refused),
        cmocka_unit_test(too_many_members_without_zip64_are_refused),
        cmocka_unit_test(a_directory_beyond_the_limit_is_refused),
        cmocka_unit_test(a_fault_of_the_source_is_passed_on),
        cmocka_unit_test(out_of_memory_is_told_and_leaks_nothing),
        cmocka_unit_test(a_large_member_comes_whole),
    };
    return cmocka_run_group_tests_name("codec/unpack_zip", tests, NULL, NULL);
}
