/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_out.h"

#include <stdlib.h>

#include "codec/checksum.h"
#include "parquet/tree.h"
#include "parquet/writer.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "unit/parquet/thrift_read.h"

enum { PAGE_BYTES = 700000, DICTIONARY_BYTES = 50000, PAGES = 3 };

/* A column chunk of pages whose bytes tell which of them they are, then its dictionary. */
struct made {
    struct hw_field field;
    struct hw_schema schema;
    struct hw_tree tree;
    struct hw_row_group_pool pool;
    struct hw_row_group *group;
    struct hw_footer footer;
    struct memory_sink sink;
    struct hw_file_out out;
    struct hw_parquet_options options;
};

static void log_put(struct made *made, int byte, size_t bytes) {
    char *data = malloc(bytes);
    assert_non_null(data);
    memset(data, byte, bytes);
    assert_int_equal(hw_page_log_append(&made->group->log, data, bytes, NULL), HW_OK);
    free(data);
}

static void pages_put(struct made *made, bool dictionary) {
    struct hw_bounds bounds = {0};
    for (int i = 0; i < PAGES; i++) {
        const struct hw_page_facts page = {.at = made->group->log.size, .size = PAGE_BYTES, .rows = 10, .values = 10};
        log_put(made, '0' + i, PAGE_BYTES);
        assert_int_equal(hw_row_group_add_page(made->group, 0, &page, &bounds, NULL), HW_OK);
    }
    struct hw_chunk_facts *facts = &made->group->chunks[0];
    facts->dictionary_at = made->group->log.size;
    facts->dictionary_size = dictionary ? DICTIONARY_BYTES : 0;
    facts->stored_bytes = facts->raw_bytes = PAGES * PAGE_BYTES + facts->dictionary_size;
    facts->values = PAGES * 10;
    log_put(made, 'd', DICTIONARY_BYTES);
}

static void made_open(struct made *made, bool dictionary, int fail_on_write) {
    struct hw_error err = HW_ERROR_INIT;
    *made = (struct made){.field = {.name = "a", .type.kind = HW_KIND_INT32, .required = true}};
    made->schema = (struct hw_schema){&made->field, 1};
    made->sink = memory_sink(fail_on_write);
    made->sink.bytes.limit = SIZE_MAX;
    made->out.sink = &made->sink.base;
    assert_ok(hw_parquet_options_fill(NULL, &made->options, &err), err);
    assert_ok(hw_tree_init(&made->tree, &made->schema, &err), err);
    hw_row_group_pool_init(&made->pool, 1, 0);
    assert_ok(hw_row_group_new(&made->pool, &made->group, &err), err);
    pages_put(made, dictionary);
}

static void made_close(struct made *made) {
    hw_file_out_release(&made->out);
    hw_footer_release(&made->footer);
    made->group->base.ops->free(&made->group->base);
    hw_row_group_pool_release(&made->pool);
    hw_tree_release(&made->tree);
    hw_buf_release(&made->sink.bytes);
}

static enum hw_status file_write(struct made *made, struct hw_error *err) {
    HW_TRY(hw_file_out_begin(&made->out, err));
    HW_TRY(hw_file_out_chunk(&made->out, &made->footer, &made->tree.leaves[0], made->group, 0, HW_CODEC_NONE, err));
    HW_TRY(hw_footer_add_row_group(&made->footer, 30, 4, err));
    return hw_file_out_end(&made->out, &made->footer, &made->tree, &made->options, err);
}

/* Checks that so many bytes of one kind are at a place. */
static void bytes_are(const struct made *made, size_t at, int byte, size_t bytes) {
    assert_true(at + bytes <= made->sink.bytes.size);
    for (size_t i = 0; i < bytes; i++) {
        assert_int_equal(made->sink.bytes.data[at + i], byte);
    }
}

static void chunks_have_their_dictionary_first(void **state) {
    (void)state;
    for (int dictionary = 0; dictionary < 2; dictionary++) {
        static struct made made;
        struct hw_error err = HW_ERROR_INIT;
        const size_t first = 4 + (dictionary ? DICTIONARY_BYTES : 0);
        made_open(&made, dictionary, 0);
        assert_ok(file_write(&made, &err), err);
        const struct hw_buf *bytes = &made.sink.bytes;
        assert_memory_equal(bytes->data, "PAR1", 4);
        bytes_are(&made, 4, 'd', first - 4);
        for (int i = 0; i < PAGES; i++) {
            bytes_are(&made, first + (size_t)i * PAGE_BYTES, '0' + i, PAGE_BYTES);
        }
        assert_memory_equal(bytes->data + bytes->size - 4, "PAR1", 4);
        const size_t footer = hw_load_le32(bytes->data + bytes->size - 8);
        const hw_view meta = {(const char *)bytes->data + bytes->size - 8 - footer, footer};
        assert_int_equal(thrift_find(meta, "4.0.1.0.3.9").number, first);
        assert_int_equal(thrift_find(meta, "4.0.1.0.3.11").type != 0, dictionary);
        assert_int_equal(thrift_find(meta, "4.0.1.0.3.11").number, dictionary ? 4 : 0);
        /* What was counted is what was written. */
        assert_int_equal(made.out.at, bytes->size);
        assert_int_equal(made.out.gathered.size, 0);
        assert_int_equal(made.out.sum, hw_checksum_add(HW_CHECKSUM_CRC64NVME, 0, bytes->data, bytes->size));
        /* Writes are of about a mebibyte. */
        assert_in_range(made.sink.writes, 2, 4);
        made_close(&made);
    }
}

/* The pages of all chunks come first, whichever of them have filters. */
static void filters_lie_behind_their_row_group(void **state) {
    (void)state;
    static struct hw_field fields[] = {
        {.name = "a", .type.kind = HW_KIND_INT32, .required = true},
        {.name = "b", .type.kind = HW_KIND_INT32, .required = true},
        {.name = "c", .type.kind = HW_KIND_INT32, .required = true},
    };
    enum { COLUMNS = COUNT_OF(fields), GROUPS = 2, CHUNK = PAGES * PAGE_BYTES, GROUP = COLUMNS * CHUNK + 300 };
    static const size_t filter_bytes[COLUMNS] = {100, 0, 200};
    const struct hw_schema schema = {fields, COLUMNS};
    static struct made made;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_tree tree;
    made_open(&made, false, 0);
    assert_ok(hw_tree_init(&tree, &schema, &err), err);
    struct hw_buf *bloom = &made.group->chunks[0].bloom;
    for (int group = 0; group < GROUPS; group++) {
        assert_ok(hw_file_out_begin(&made.out, &err), err);
        const uint64_t at = made.out.at;
        hw_file_out_blooms_begin(&made.out, COLUMNS * CHUNK);
        for (size_t i = 0; i < COLUMNS; i++) {
            assert_ok(hw_buf_resize(bloom, filter_bytes[i], &err), err);
            assert_ok(hw_file_out_chunk(&made.out, &made.footer, &tree.leaves[i], made.group, 0, HW_CODEC_NONE, &err),
                      err);
        }
        for (size_t i = 0; i < COLUMNS; i++) {
            assert_ok(hw_buf_resize(bloom, filter_bytes[i], &err), err);
            memset(bloom->data, 'A' + (int)i, filter_bytes[i]);
            assert_ok(hw_file_out_bloom(&made.out, &made.group->chunks[0], &err), err);
        }
        assert_ok(hw_footer_add_row_group(&made.footer, 30, at, &err), err);
    }
    assert_ok(hw_file_out_end(&made.out, &made.footer, &tree, &made.options, &err), err);
    for (size_t group = 0; group < GROUPS; group++) {
        const size_t at = 4 + group * GROUP;
        bytes_are(&made, at + (COLUMNS - 1) * CHUNK, '0', PAGE_BYTES);
        bytes_are(&made, at + COLUMNS * CHUNK, 'A', 100);
        bytes_are(&made, at + COLUMNS * CHUNK + 100, 'C', 200);
    }
    const struct hw_buf *bytes = &made.sink.bytes;
    const size_t footer = hw_load_le32(bytes->data + bytes->size - 8);
    const hw_view meta = {(const char *)bytes->data + bytes->size - 8 - footer, footer};
    assert_int_equal(thrift_find(meta, "4.1.5").number, 4 + GROUP);
    assert_int_equal(thrift_find(meta, "4.1.1.0.3.9").number, 4 + GROUP);
    assert_int_equal(thrift_find(meta, "4.0.1.0.3.14").number, 4 + COLUMNS * CHUNK);
    assert_int_equal(thrift_find(meta, "4.0.1.0.3.15").number, 100);
    assert_int_equal(thrift_find(meta, "4.0.1.1.3.14").type, 0);
    assert_int_equal(thrift_find(meta, "4.1.1.2.3.14").number, 4 + GROUP + COLUMNS * CHUNK + 100);
    assert_int_equal(thrift_find(meta, "4.1.1.2.3.15").number, 200);
    hw_tree_release(&tree);
    made_close(&made);
}

static void the_magic_comes_once(void **state) {
    (void)state;
    static struct made made;
    struct hw_error err = HW_ERROR_INIT;
    made_open(&made, false, 0);
    assert_ok(hw_file_out_begin(&made.out, &err), err);
    assert_ok(hw_file_out_begin(&made.out, &err), err);
    assert_int_equal(made.out.at, 4);
    assert_int_equal(made.sink.writes, 0);
    assert_ok(hw_file_out_flush(&made.out, &err), err);
    assert_ok(hw_file_out_flush(&made.out, &err), err);
    assert_int_equal(made.sink.writes, 1);
    assert_int_equal(made.sink.bytes.size, 4);
    made_close(&made);
    /* A file without row groups has one too. */
    made_open(&made, false, 0);
    assert_ok(hw_file_out_end(&made.out, &made.footer, &made.tree, &made.options, &err), err);
    assert_memory_equal(made.sink.bytes.data, "PAR1", 4);
    made_close(&made);
}

static void a_sink_that_fails_is_told(void **state) {
    (void)state;
    static struct made made;
    enum hw_status status = HW_EIO;
    int writes = 0;
    while (status) {
        struct hw_error err = HW_ERROR_INIT;
        made_open(&made, true, ++writes);
        status = file_write(&made, &err);
        assert_int_equal(status, made.sink.writes < writes ? HW_OK : HW_EIO);
        assert_string_equal(err.message, status ? "injected" : "");
        made_close(&made);
    }
    assert_true(writes > 2);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static struct made made;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        made_open(&made, true, 0);
        /* The sink is none of those that fail. */
        assert_int_equal(hw_buf_reserve(&made.sink.bytes, HW_MIB(4), NULL), HW_OK);
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = file_write(&made, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        made_close(&made);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_have_their_dictionary_first),
        cmocka_unit_test(filters_lie_behind_their_row_group),
        cmocka_unit_test(the_magic_comes_once),
        cmocka_unit_test(a_sink_that_fails_is_told),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/file_out", tests, NULL, NULL);
}
