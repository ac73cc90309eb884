/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk_locate.h"

#include "support/rows.h"

/* The footer begins at this byte. */
enum { DATA_BYTES = 1000 };

static const hw_view path_sn[] = {HW_VIEW_INIT("s"), HW_VIEW_INIT("n")};
static const hw_view path_s[] = {HW_VIEW_INIT("s")};
static const hw_view path_so[] = {HW_VIEW_INIT("s"), HW_VIEW_INIT("o")};
static const hw_view path_un[] = {HW_VIEW_INIT("u"), HW_VIEW_INIT("n")};
static const hw_view path_asn[] = {HW_VIEW_INIT("a"), HW_VIEW_INIT("s"), HW_VIEW_INIT("n")};
static const struct hw_path_name name_s = {HW_VIEW_INIT("s"), NULL};
static const struct hw_path_name name_n = {HW_VIEW_INIT("n"), &name_s};

/* Stands for 0 among facts of which 0 stands for those of a good chunk. */
#define ZERO INT64_C(-77)

/* Facts of the chunk that are not those of ten values of s.n at the bytes 100 to 149. */
struct facts {
    int64_t values, compressed, data, dictionary;
    int32_t physical, codec;
    const hw_view *path;
    size_t path_count;
    const char *file_path;
    bool no_meta, encrypted;
};

static int64_t fact_or(int64_t fact, int64_t good) {
    return fact == ZERO ? 0 : fact ? fact : good;
}

static struct hw_parquet_chunk chunk_make(const struct facts *facts) {
    return (struct hw_parquet_chunk){
        .file_path = facts->file_path ? hw_view_of(facts->file_path) : (hw_view){NULL, 0},
        .has_meta = !facts->no_meta,
        .encrypted = facts->encrypted,
        .physical = (int32_t)fact_or(facts->physical, HW_PHYSICAL_INT32),
        .codec = facts->codec,
        .path = facts->path ? facts->path : path_sn,
        .path_count = facts->path ? facts->path_count : COUNT_OF(path_sn),
        .values = fact_or(facts->values, 10),
        .compressed = fact_or(facts->compressed, 50),
        .data_offset = fact_or(facts->data, 100),
        .dictionary_offset = fact_or(facts->dictionary, HW_META_ABSENT),
        .index_page_offset = HW_META_ABSENT,
    };
}

struct row {
    const char *name;
    struct facts facts;
    /* The range; of a failure, what the message says. */
    uint64_t start, end;
    enum hw_status status;
    const char *says;
    /* 0: 10 rows, no repetition, no writer. */
    int64_t rows;
    uint64_t rep_max;
    const char *created_by;
    const char *encryption;
};

static void row_run(const struct row *row) {
    /* The chunk is the second one of its group. */
    const struct hw_parquet_chunk chunks[] = {chunk_make(&(struct facts){.values = 99}), chunk_make(&row->facts)};
    const struct hw_parquet_group group = {.chunks = chunks, .chunks_count = 2, .rows = row->rows ? row->rows : 10};
    const struct hw_parquet_meta meta = {.created_by = hw_view_of(row->created_by ? row->created_by : "by hand"),
                                         .encryption = row->encryption ? row->encryption : ""};
    const struct hw_read_leaf leaf = {
        .physical = HW_PHYSICAL_INT32, .column = 1, .rep_max = (uint8_t)row->rep_max, .path = &name_n, .path_count = 2};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_located_chunk facts = {.codec = 77};
    assert_row_int(row->name, hw_chunk_locate(&meta, &group, &leaf, DATA_BYTES, &facts, &err), row->status);
    if (row->status) {
        assert_row_says(row->name, err.message, row->says);
        assert_row_int(row->name, facts.codec, 77);
        return;
    }
    assert_row_int(row->name, facts.range.start, row->start);
    assert_row_int(row->name, facts.range.end, row->end);
    assert_row_int(row->name, facts.codec, chunks[1].codec);
    assert_row_int(row->name, facts.entries, chunks[1].values);
}

static void rows_run(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        row_run(&rows[i]);
    }
}

#define RUN(rows) rows_run(rows, COUNT_OF(rows))

static void chunks_are_where_the_footer_says(void **state) {
    (void)state;
    const struct row rows[] = {
        {"data pages alone", {0}, 100, 150},
        {"a dictionary before them", {.dictionary = 80}, 80, 130},
        {"a dictionary that is told at 0", {.dictionary = ZERO}, 100, 150},
        {"a dictionary that is told in the magic", {.dictionary = 3}, 100, 150},
        {"a dictionary alone", {.data = HW_META_ABSENT, .dictionary = 90}, 90, 140},
        {"a dictionary behind the data pages", {.dictionary = 120}, 100, 150},
        {"behind the magic", {.data = 4}, 4, 54},
        {"up to the footer", {.data = 950}, 950, 1000},
        {"no bytes at the footer", {.data = 1000, .compressed = ZERO}, 1000, 1000},
        {"all bytes", {.data = 4, .compressed = 996}, 4, 1000},
        {"the codec snappy", {.codec = HW_PAGE_CODEC_SNAPPY}, 100, 150},
        {"the codec zstd", {.codec = HW_PAGE_CODEC_ZSTD}, 100, 150},
        {"more values than rows, where it repeats", {.values = 11}, 100, 150, .rep_max = 1},
        {"as many values as rows, where it repeats", {0}, 100, 150, .rep_max = 1},
    };
    RUN(rows);
}

static void what_cannot_be_read_is_named(void **state) {
    (void)state;
    const struct row rows[] = {
        {"encrypted, by the footer's algorithm",
         {.encrypted = true},
         0,
         0,
         HW_EUNSUPPORTED,
         "encrypted with AES_GCM_V1, and there are no keys",
         .encryption = "AES_GCM_V1"},
        {"encrypted, without an algorithm",
         {.encrypted = true, .no_meta = true},
         0,
         0,
         HW_EUNSUPPORTED,
         "encrypted with an algorithm that is not named"},
        {"in another file",
         {.file_path = "b.parquet"},
         0,
         0,
         HW_EUNSUPPORTED,
         "its column chunk is in another file, \"b.parquet\""},
        {"the codec LZO", {.codec = HW_PAGE_CODEC_LZO}, 0, 0, HW_EUNSUPPORTED, "LZO, which cannot be read"},
        {"the codec 8", {.codec = 8}, 0, 0, HW_EUNSUPPORTED, "codec 8, which is not known"},
        {"the codec -1", {.codec = -1}, 0, 0, HW_EUNSUPPORTED, "codec -1, which is not known"},
    };
    RUN(rows);
}

static void footers_do_not_contradict_themselves(void **state) {
    (void)state;
    const struct row rows[] = {
        {"no description", {.no_meta = true}, 0, 0, HW_EDATA, "the footer does not describe its column chunk"},
        {"another type", {.physical = HW_PHYSICAL_INT64}, 0, 0, HW_EDATA, "has type 2, the schema says 1"},
        {"a type that is none", {.physical = -1}, 0, 0, HW_EDATA, "has type -1, the schema says 1"},
        {"another field", {.path = path_so}, 0, 0, HW_EDATA, "the column chunk of another column"},
        {"another struct", {.path = path_un}, 0, 0, HW_EDATA, "the column chunk of another column"},
        {"a path that ends early", {.path = path_s, .path_count = 1}, 0, 0, HW_EDATA, "of another column"},
        {"a path with more above", {.path = path_asn, .path_count = 3}, 0, 0, HW_EDATA, "of another column"},
        {"no path", {.path = path_s}, 0, 0, HW_EDATA, "of another column"},
        {"a value less than rows", {.values = 9}, 0, 0, HW_EDATA, "has 9 values, the row group 10 rows"},
        {"a value more than rows", {.values = 11}, 0, 0, HW_EDATA, "has 11 values, the row group 10 rows"},
        {"less, where it repeats", {.values = 9}, 0, 0, HW_EDATA, "has 9 values", .rep_max = 1},
        {"less than no values", {.values = -1}, 0, 0, HW_EDATA, "has -1 values", .rep_max = 1},
        {"less than no rows", {.values = -2}, 0, 0, HW_EDATA, "the row group -2 rows", .rows = -2},
        {"in the magic",
         {.data = 3},
         0,
         0,
         HW_EDATA,
         "its column chunk has 50 bytes from byte -1 on, the file 1000 in front of the footer"},
        {"nowhere", {.data = HW_META_ABSENT}, 0, 0, HW_EDATA, "50 bytes from byte -1 on"},
        {"in front of the file", {.data = INT64_MIN}, 0, 0, HW_EDATA, "50 bytes from byte"},
        {"less than no bytes", {.compressed = -1}, 0, 0, HW_EDATA, "has -1 bytes from byte 100 on"},
        {"a byte of the footer", {.compressed = 901}, 0, 0, HW_EDATA, "has 901 bytes from byte 100 on"},
        {"behind the footer's begin", {.data = 1001, .compressed = ZERO}, 0, 0, HW_EDATA, "byte 1001 on"},
        {"as many bytes as can be told", {.compressed = INT64_MAX}, 0, 0, HW_EDATA, "9223372036854775807 bytes"},
        {"as far as can be told", {.data = INT64_MAX}, 0, 0, HW_EDATA, "byte 9223372036854775807 on"},
    };
    RUN(rows);
}

/* PARQUET-816: their sums leave out the header of the dictionary page. */
static void old_writers_get_bytes_for_a_header_more(void **state) {
    (void)state;
    const struct row rows[] = {
        {"1.2.8", {0}, 100, 250, .created_by = "parquet-mr version 1.2.8 (build 1234)"},
        {"1.0.0", {0}, 100, 250, .created_by = "parquet-mr version 1.0.0"},
        {"1.2.9", {0}, 100, 150, .created_by = "parquet-mr version 1.2.9 (build 1234)"},
        {"1.13.1", {0}, 100, 150, .created_by = "parquet-mr version 1.13.1 (build 1234)"},
        {"another program", {0}, 100, 150, .created_by = "parquet-cpp version 1.2.8"},
        {"no more than there are", {.data = 900}, 900, 1000, .created_by = "parquet-mr version 1.2.8"},
        {"none are left", {.data = 950}, 950, 1000, .created_by = "parquet-mr version 1.2.8"},
    };
    RUN(rows);
}

static void the_group_has_the_chunk(void **state) {
    (void)state;
    const struct hw_parquet_chunk chunk = chunk_make(&(struct facts){0});
    const struct hw_parquet_group group = {.chunks = &chunk, .chunks_count = 1, .rows = 10};
    const struct hw_parquet_meta meta = {.encryption = ""};
    struct hw_read_leaf leaf = {.physical = HW_PHYSICAL_INT32, .path = &name_n, .path_count = 2};
    struct hw_located_chunk facts;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_chunk_locate(&meta, &group, &leaf, DATA_BYTES, &facts, &err), err);
    assert_int_equal(facts.entries, 10);
    leaf.column = 1;
    assert_int_equal(hw_chunk_locate(&meta, &group, &leaf, DATA_BYTES, &facts, &err), HW_EDATA);
    assert_string_equal(err.message, "the row group has 1 column chunks, and this is column 1 of the schema");
    assert_int_equal(hw_chunk_locate(&meta, &group, &leaf, DATA_BYTES, &facts, NULL), HW_EDATA);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_are_where_the_footer_says),
        cmocka_unit_test(what_cannot_be_read_is_named),
        cmocka_unit_test(footers_do_not_contradict_themselves),
        cmocka_unit_test(old_writers_get_bytes_for_a_header_more),
        cmocka_unit_test(the_group_has_the_chunk),
    };
    return cmocka_run_group_tests_name("parquet/chunk_locate", tests, NULL, NULL);
}
