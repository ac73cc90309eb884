/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/footer.h"

#include <stdio.h>

#include "unit/codec/faulty_alloc.h"
#include "unit/parquet/group_make.h"
#include "unit/parquet/thrift_read.h"

enum { COLUMNS = 2, SORTINGS_MAX = 2, INT_MAX_GROUPS = INT16_MAX + 2, FILE_AT = 5000, MIB = 1 << 20 };

static struct hw_field fields[COLUMNS] = {
    {"i", {.kind = HW_KIND_INT32}, true},
    {"t", {.kind = HW_KIND_TEXT}, false},
};
static const struct hw_schema schema = {fields, COLUMNS};
static const struct hw_parquet_options options = {.codec = HW_CODEC_NONE};

/* What the writer says of the bytes before the footer. */
static const uint64_t file_sum = UINT64_C(0x0123456789abcdef);

/* Takes the bytes of a file; fails at one write. */
struct capture {
    struct hw_buf bytes;
    size_t writes;
    size_t fail_at; /* 1: the first write; 0: none */
    size_t largest_after_indexes;
};

static enum hw_status capture_write(void *ctx, const void *data, size_t bytes, struct hw_error *err) {
    struct capture *capture = ctx;
    capture->writes++;
    if (capture->writes == capture->fail_at) {
        return hw_fail(err, HW_EIO, "injected");
    }
    if (capture->writes > 2) {
        capture->largest_after_indexes = hw_max_size(capture->largest_after_indexes, bytes);
    }
    return hw_buf_append(&capture->bytes, data, bytes, err);
}

/* A row group of one page a column, and where it lies in the file. */
static const struct group {
    uint64_t at;
    size_t rows;
    uint64_t raw_bytes[COLUMNS], stored_bytes[COLUMNS];
    struct group_page pages[COLUMNS];
    struct hw_parquet_sorting sortings[SORTINGS_MAX];
    size_t sortings_count;
} groups[] = {
    {4,
     100,
     {500, 900},
     {400, 300},
     {{.column = 0, .rows = 100, .size = 400, .min = HW_VIEW_INIT("\1\0\0\0"), .max = HW_VIEW_INIT("\5\0\0\0")},
      {.column = 1, .rows = 100, .size = 300, .min = HW_VIEW_INIT("a"), .max = HW_VIEW_INIT("b")}},
     {{1, true, false}, {0, false, true}},
     2},
    /* the texts have no bounds, so their chunk has no column index */
    {704,
     20,
     {80, 60},
     {70, 60},
     {{.column = 0, .rows = 20, .size = 70, .min = HW_VIEW_INIT("\2\0\0\0"), .max = HW_VIEW_INIT("\3\0\0\0")},
      {.column = 1, .rows = 20, .size = 60}}},
    {834,
     1,
     {10, 11},
     {10, 11},
     {{.column = 0, .rows = 1, .size = 10, .min = HW_VIEW_INIT("\7\0\0\0"), .max = HW_VIEW_INIT("\7\0\0\0")},
      {.column = 1, .rows = 1, .size = 11, .min = HW_VIEW_INIT("c"), .max = HW_VIEW_INIT("c")}},
     {{1, false, true}},
     1},
};

static uint64_t page_at(const struct group *from, size_t column) {
    return from->at + (column == 0 ? 0 : from->pages[0].size);
}

static enum hw_status footer_fill(struct hw_footer *footer, const struct hw_tree *tree, struct hw_row_group *group,
                                  const struct group *from, struct hw_error *err) {
    hw_row_group_clear(group);
    group_add(group, from->pages, COLUMNS);
    for (size_t column = 0; column < COLUMNS; column++) {
        const struct hw_chunk_place place = {.first_data_page = page_at(from, column), .codec = HW_CODEC_NONE};
        group->chunks[column].values = from->rows;
        group->chunks[column].raw_bytes = from->raw_bytes[column];
        group->chunks[column].stored_bytes = from->stored_bytes[column];
        HW_TRY(hw_footer_add_chunk(footer, &tree->leaves[column], group, column, &place, err));
    }
    HW_TRY(hw_footer_add_sorting(footer, from->sortings, from->sortings_count, err));
    return hw_footer_add_row_group(footer, from->rows, from->at, err);
}

/* Writes a file's end with `count` row groups, which are those above again and again. */
static enum hw_status footer_make(struct hw_footer *footer, size_t count, struct capture *capture,
                                  struct hw_error *err) {
    const struct hw_footer_out out = {capture_write, capture, &file_sum};
    struct hw_row_group_pool pool;
    struct hw_row_group *group;
    struct hw_tree tree;
    assert_int_equal(hw_tree_init(&tree, &schema, NULL), HW_OK);
    hw_row_group_pool_init(&pool, tree.count, tree.counts);
    assert_int_equal(hw_row_group_new(&pool, &group, NULL), HW_OK);
    enum hw_status status = HW_OK;
    for (size_t i = 0; i < count && status == HW_OK; i++) {
        status = footer_fill(footer, &tree, group, &groups[i % COUNT_OF(groups)], err);
    }
    status = status ? status : hw_footer_write(footer, &tree, &options, FILE_AT, &out, err);
    group->base.ops->free(&group->base);
    hw_row_group_pool_release(&pool);
    hw_tree_release(&tree);
    return status;
}

/* FileMetaData, by the length before the magic at the end. */
static hw_view metadata_of(const struct hw_buf *bytes) {
    assert_true(bytes->size >= 8);
    assert_memory_equal(bytes->data + bytes->size - 4, "PAR1", 4);
    size_t size = hw_load_le32(bytes->data + bytes->size - 8);
    assert_true(size <= bytes->size - 8);
    return (hw_view){(const char *)bytes->data + bytes->size - 8 - size, size};
}

/* A field of a row group, or of a column chunk in it. */
static struct thrift_value group_field(hw_view metadata, size_t group, const char *rest) {
    char path[96];
    snprintf(path, sizeof(path), "4.%zu.%s", group, rest);
    return thrift_find(metadata, path);
}

static struct thrift_value chunk_field(hw_view metadata, size_t group, size_t column, const char *rest) {
    char path[48];
    snprintf(path, sizeof(path), "1.%zu.%s", column, rest);
    return group_field(metadata, group, path);
}

static void row_groups_have_their_sums(void **state) {
    (void)state;
    struct hw_footer footer = {0};
    struct capture capture = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(footer_make(&footer, COUNT_OF(groups), &capture, &err), err);
    hw_view metadata = metadata_of(&capture.bytes);
    assert_int_equal(thrift_find(metadata, "3").number, 121);
    assert_int_equal(thrift_find(metadata, "4").number, COUNT_OF(groups));
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        assert_int_equal(group_field(metadata, i, "1").number, COLUMNS);
        assert_int_equal(group_field(metadata, i, "2").number, groups[i].raw_bytes[0] + groups[i].raw_bytes[1]);
        assert_int_equal(group_field(metadata, i, "3").number, groups[i].rows);
        assert_int_equal(group_field(metadata, i, "5").number, groups[i].at);
        assert_int_equal(group_field(metadata, i, "6").number, groups[i].stored_bytes[0] + groups[i].stored_bytes[1]);
        assert_int_equal(group_field(metadata, i, "7").type, 4); /* i16 */
        assert_int_equal(group_field(metadata, i, "7").number, i);
        for (size_t column = 0; column < COLUMNS; column++) {
            assert_int_equal(chunk_field(metadata, i, column, "2").type, HW_THRIFT_I64);
            assert_int_equal(chunk_field(metadata, i, column, "2").number, 0);
            assert_int_equal(chunk_field(metadata, i, column, "3.9").number, page_at(&groups[i], column));
            assert_int_equal(chunk_field(metadata, i, column, "3.6").number, groups[i].raw_bytes[column]);
        }
    }
    /* created_by, which follows the row groups */
    assert_int_equal(thrift_find(metadata, "6").type, HW_THRIFT_BINARY);
    hw_footer_release(&footer);
    hw_buf_release(&capture.bytes);
}

/* Reads the index of a chunk, which must lie at `*at`, and moves `*at` to its end. */
static hw_view index_take(const struct capture *capture, hw_view metadata, const size_t chunk[2], const char *at_field,
                          const char *size_field, uint64_t *at) {
    size_t size = (size_t)chunk_field(metadata, chunk[0], chunk[1], size_field).number;
    assert_int_equal(chunk_field(metadata, chunk[0], chunk[1], at_field).number, *at);
    assert_in_range(size, 1, capture->bytes.size);
    hw_view index = {(const char *)capture->bytes.data + (*at - FILE_AT), size};
    *at += size;
    return index;
}

/* Sorting columns are those of the row group that comes next; one without any says nothing. */
static void row_groups_tell_their_order(void **state) {
    (void)state;
    struct hw_footer footer = {0};
    struct capture capture = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(footer_make(&footer, COUNT_OF(groups), &capture, &err), err);
    const hw_view metadata = metadata_of(&capture.bytes);
    for (size_t i = 0; i < COUNT_OF(groups) * SORTINGS_MAX; i++) {
        const size_t group = i / SORTINGS_MAX, at = i % SORTINGS_MAX;
        const struct hw_parquet_sorting *want = &groups[group].sortings[at];
        const bool there = at < groups[group].sortings_count;
        char path[3][16];
        for (int field = 0; field < 3; field++) {
            snprintf(path[field], sizeof(path[field]), "4.%zu.%d", at, field + 1);
        }
        assert_int_equal(group_field(metadata, group, path[0]).type != 0, there);
        assert_int_equal(group_field(metadata, group, path[0]).number, there ? want->column : 0);
        assert_int_equal(group_field(metadata, group, path[1]).number, there && want->descending);
        assert_int_equal(group_field(metadata, group, path[2]).number, there && want->nulls_first);
    }
    assert_int_equal(group_field(metadata, 1, "4").type, 0);
    hw_footer_release(&footer);
    hw_buf_release(&capture.bytes);
}

/* PageIndex.md: all column indexes, then all offset indexes, then the footer. */
static void indexes_lie_before_the_footer(void **state) {
    (void)state;
    struct hw_footer footer = {0};
    struct capture capture = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint64_t at = FILE_AT;
    assert_ok(footer_make(&footer, COUNT_OF(groups), &capture, &err), err);
    hw_view metadata = metadata_of(&capture.bytes);
    for (size_t i = 0; i < COUNT_OF(groups) * COLUMNS; i++) {
        const size_t chunk[2] = {i / COLUMNS, i % COLUMNS};
        const struct group_page *page = &groups[chunk[0]].pages[chunk[1]];
        assert_int_equal(chunk_field(metadata, chunk[0], chunk[1], "6").type != 0, page->min.data != NULL);
        assert_int_equal(chunk_field(metadata, chunk[0], chunk[1], "7").type != 0, page->min.data != NULL);
        if (page->min.data) {
            hw_view index = index_take(&capture, metadata, chunk, "6", "7", &at);
            assert_true(hw_view_equal(thrift_find(index, "2.0").bytes, page->min));
            assert_true(hw_view_equal(thrift_find(index, "3.0").bytes, page->max));
        }
    }
    for (size_t i = 0; i < COUNT_OF(groups) * COLUMNS; i++) {
        const size_t chunk[2] = {i / COLUMNS, i % COLUMNS};
        hw_view index = index_take(&capture, metadata, chunk, "4", "5", &at);
        assert_int_equal(thrift_find(index, "1.0.1").number, page_at(&groups[chunk[0]], chunk[1]));
        assert_int_equal(thrift_find(index, "1.0.2").number, groups[chunk[0]].pages[chunk[1]].size);
    }
    assert_ptr_equal(capture.bytes.data + (at - FILE_AT), metadata.data);
    hw_footer_release(&footer);
    hw_buf_release(&capture.bytes);
}

static void no_row_groups_make_an_end_too(void **state) {
    (void)state;
    struct hw_footer footer = {0};
    struct capture capture = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(footer_make(&footer, 0, &capture, &err), err);
    hw_view metadata = metadata_of(&capture.bytes);
    assert_int_equal(metadata.size, capture.bytes.size - 8);
    assert_int_equal(thrift_find(metadata, "3").number, 0);
    assert_int_equal(thrift_find(metadata, "4").type, 9);
    assert_int_equal(thrift_find(metadata, "4").number, 0);
    hw_buf_release(&capture.bytes);
    hw_footer_release(&footer);
}

/* An ordinal is an i16. A long footer leaves in parts, each little more than a MiB. */
static void many_row_groups_leave_in_parts(void **state) {
    (void)state;
    struct hw_footer footer = {0};
    struct capture capture = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(footer_make(&footer, INT_MAX_GROUPS, &capture, &err), err);
    hw_view metadata = metadata_of(&capture.bytes);
    assert_int_equal(thrift_find(metadata, "4").number, INT_MAX_GROUPS);
    assert_int_equal(group_field(metadata, INT16_MAX, "7").number, INT16_MAX);
    assert_int_equal(group_field(metadata, INT16_MAX + 1, "7").type, 0);
    assert_int_equal(group_field(metadata, INT16_MAX + 1, "3").number, groups[(INT16_MAX + 1) % 3].rows);
    assert_in_range(capture.largest_after_indexes, MIB, MIB + 1000);
    assert_int_equal(capture.writes, 2 + metadata.size / MIB + 1 + 1);
    hw_footer_release(&footer);
    hw_buf_release(&capture.bytes);
}

static void a_write_that_fails_is_the_last(void **state) {
    (void)state;
    enum { WRITES = 4 }; /* column indexes, offset indexes, metadata, length and magic */
    for (size_t n = 1; n <= WRITES + 1; n++) {
        struct hw_footer footer = {0};
        struct capture capture = {.fail_at = n};
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(footer_make(&footer, COUNT_OF(groups), &capture, &err), n <= WRITES ? HW_EIO : HW_OK);
        assert_int_equal(capture.writes, n <= WRITES ? n : WRITES);
        assert_row_says("write", err.message, n <= WRITES ? "injected" : "");
        hw_footer_release(&footer);
        hw_buf_release(&capture.bytes);
    }
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    struct hw_row_group_pool pool;
    struct hw_row_group *group;
    struct hw_tree tree;
    enum hw_status status = HW_ENOMEM;
    struct hw_error err = HW_ERROR_INIT;
    size_t n;
    assert_ok(hw_tree_init(&tree, &schema, &err), err);
    hw_row_group_pool_init(&pool, tree.count, tree.counts);
    assert_ok(hw_row_group_new(&pool, &group, &err), err);
    struct hw_footer warm = {0}; /* so that the row group itself needs no more memory */
    assert_ok(footer_fill(&warm, &tree, group, &groups[0], &err), err);
    hw_footer_release(&warm);
    for (n = 1; status != HW_OK; n++) {
        struct faulty_alloc faulty = {.fail_at = n};
        struct hw_allocator allocator = {faulty_resize, &faulty};
        struct hw_footer footer = {0};
        hw_allocator_set(&allocator);
        status = footer_fill(&footer, &tree, group, &groups[0], &err);
        assert_int_equal(status, n <= faulty.requests ? HW_ENOMEM : HW_OK);
        /* all but what the allocator gives more than it is asked for, for each of five buffers */
        assert_in_range(faulty.held, hw_footer_held(&footer), hw_footer_held(&footer) + 5 * 24);
        hw_footer_release(&footer);
        hw_allocator_set(NULL);
        assert_int_equal(faulty.held, 0);
        assert_int_equal(hw_footer_held(&footer), 0);
    }
    assert_in_range(n, 5, 100);
    group->base.ops->free(&group->base);
    hw_row_group_pool_release(&pool);
    hw_tree_release(&tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_groups_have_their_sums),     cmocka_unit_test(row_groups_tell_their_order),
        cmocka_unit_test(indexes_lie_before_the_footer),  cmocka_unit_test(no_row_groups_make_an_end_too),
        cmocka_unit_test(many_row_groups_leave_in_parts), cmocka_unit_test(a_write_that_fails_is_the_last),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("parquet/footer", tests, NULL, NULL);
}
