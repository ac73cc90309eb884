/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_file.h"

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "unit/parquet/file_make.h"

static const struct hw_read_schema_options options = {0};

/* A file that was made, as a source. */
struct made {
    struct hw_buf bytes;
    size_t footer_at;
    struct memory_source source;
};

static void made_init(struct made *made, const struct made_facts *facts) {
    *made = (struct made){0};
    made->footer_at = file_make(&made->bytes, facts);
    made->source = memory_source(hw_buf_view(&made->bytes), 0);
}

static void assert_released(const char *name, const struct hw_read_file *file) {
    assert_row_int(name, file->source == NULL, true);
    assert_row_int(name, file->tail.bytes.size, 0);
    assert_row_int(name, file->meta.groups_count, 0);
    assert_row_int(name, file->schema.leaves_count, 0);
    assert_row_int(name, file->rows, 0);
}

static void a_good_file_tells_of_itself(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_read_file file = {0};
    struct made made;
    /* The footer's own number of rows is not the one that counts. */
    struct made_facts facts = made_facts;
    facts.file_rows = 99;
    made_init(&made, &facts);
    assert_ok(hw_read_file_open(&file, &made.source.base, &options, NULL, &err), err);
    assert_ptr_equal(file.source, &made.source.base);
    assert_int_equal(file.rows, 6);
    assert_int_equal(file.meta.rows, 99);
    assert_int_equal(file.meta.groups_count, 2);
    assert_int_equal(file.tail.footer_at, made.footer_at);
    assert_int_equal(file.schema.schema.count, 2);
    assert_int_equal(file.schema.leaves_count, 2);
    assert_string_equal(file.schema.schema.fields[1].name, "s");
    /* The end of the file, and its magic. */
    assert_int_equal(made.source.reads, 2);
    hw_read_file_release(&file);
    assert_released("good", &file);
    hw_buf_release(&made.bytes);
}

static void the_start_of_a_file_is_looked_at_where_it_is_near(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_read_file file = {0};
    struct made made;
    made_init(&made, &made_facts);
    made.bytes.data[3] = '2';
    assert_int_equal(hw_read_file_open(&file, &made.source.base, &options, NULL, &err), HW_EDATA);
    assert_string_equal(err.message, "a Parquet file starts with PAR1, this one does not");
    assert_int_equal(err.offset, 0);
    assert_released("PAR2", &file);
    /* The magic of a file whose footer is encrypted does not belong to this one either. */
    made.bytes.data[3] = 'E';
    assert_int_equal(hw_read_file_open(&file, &made.source.base, &options, NULL, NULL), HW_EDATA);
    made.source = memory_source(hw_buf_view(&made.bytes), 0);
    made.source.base.remote = true;
    err = (struct hw_error)HW_ERROR_INIT;
    assert_ok(hw_read_file_open(&file, &made.source.base, &options, NULL, &err), err);
    assert_int_equal(made.source.reads, 1);
    hw_read_file_release(&file);
    hw_buf_release(&made.bytes);
}

static void faults_are_told_and_nothing_is_left(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t group_rows;
        /* The byte that becomes 0xff, from 1: from the end of the file, or of the footer. */
        size_t spoilt_from_end, spoilt_footer;
        int fail_on_read;
        enum hw_status status;
        const char *says;
    } rows[] = {
        {"less than no rows", -1, 0, 0, 0, HW_EDATA, "row group 1: it has -1 rows"},
        {"the least rows", INT64_MIN, 0, 0, 0, HW_EDATA, "row group 1: it has -9223372036854775808 rows"},
        {"no rows", 0, 0, 0, 0, HW_OK, ""},
        {"the end cannot be read", 3, 0, 0, 1, HW_EIO, "injected"},
        {"the start cannot be read", 3, 0, 0, 2, HW_EIO, "injected"},
        {"no magic at the end", 3, 1, 0, 0, HW_EDATA, "does not end with PAR1"},
        {"a length of the footer", 3, 5, 0, 0, HW_EDATA, "the footer is to have"},
        {"no Thrift", 3, 0, 1, 0, HW_EDATA, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_read_file file = {0};
        struct made made;
        struct made_facts facts = made_facts;
        facts.group_rows = rows[i].group_rows;
        made_init(&made, &facts);
        made.source.fail_on_read = rows[i].fail_on_read;
        if (rows[i].spoilt_from_end > 0) {
            made.bytes.data[made.bytes.size - rows[i].spoilt_from_end] = 0xff;
        }
        if (rows[i].spoilt_footer > 0) {
            made.bytes.data[made.footer_at + rows[i].spoilt_footer - 1] = 0xff;
        }
        const enum hw_status status = hw_read_file_open(&file, &made.source.base, &options, NULL, &err);
        assert_row_int(rows[i].name, status, rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (status == HW_OK) {
            assert_row_int(rows[i].name, file.rows, 3);
            hw_read_file_release(&file);
        }
        assert_released(rows[i].name, &file);
        hw_buf_release(&made.bytes);
    }
}

/* A type that is not known is the physical one, and a note; the file is read all the same. */
static void unknown_types_become_notes(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_read_file file = {0};
    struct hw_notes notes = {0};
    struct made made;
    struct made_facts facts = made_facts;
    facts.logical = HW_LOGICAL_COUNT;
    made_init(&made, &facts);
    assert_ok(hw_read_file_open(&file, &made.source.base, &options, &notes, &err), err);
    assert_int_equal(file.schema.doubts_count, 1);
    assert_true(notes.of[HW_NOTE_SCHEMA_LOGICAL].texts == 1);
    assert_int_equal(file.schema.schema.fields[1].children[0].type.kind, HW_KIND_BINARY);
    hw_read_file_release(&file);
    hw_buf_release(&made.bytes);
}

/* Bytes between the magic and the footer; the file is much longer than what is read of its end. */
static void other_bytes_are_read_where_they_lie(void **state) {
    (void)state;
    enum { BEFORE = 200000 };
    static const struct {
        const char *name;
        /* From the beginning, and from the footer where `before_footer` is not 0. */
        int64_t at, before_footer, bytes;
        int reads;
        enum hw_status status;
        const char *says;
    } rows[] = {
        {"behind the magic", 4, 0, 6, 1, HW_OK, ""},
        {"in the end that is at hand", 0, 20, 20, 0, HW_OK, ""},
        {"none, at the footer", BEFORE, 0, 0, 0, HW_OK, ""},
        {"none, behind the magic", 4, 0, 0, 1, HW_OK, ""},
        {"in the magic", 3, 0, 6, 0, HW_EDATA, "the thing is to have 6 bytes from byte 3 on, but the footer begins"},
        {"not told", -1, 0, 6, 0, HW_EDATA, "from byte -1 on"},
        {"less than none", 4, 0, -1, 0, HW_EDATA, "to have -1 bytes"},
        {"a byte of the footer", 0, 20, 21, 0, HW_EDATA, "to have 21 bytes"},
        {"behind the footer's begin", 0, -1, 0, 0, HW_EDATA, "to have 0 bytes"},
        {"as many as can be told", 4, 0, INT64_MAX, 0, HW_EDATA, "to have 9223372036854775807 bytes"},
    };
    struct made made;
    struct hw_read_file file = {0};
    struct hw_buf bytes = {0};
    made_init(&made, &made_facts);
    assert_int_equal(hw_buf_resize(&bytes, BEFORE, NULL), HW_OK);
    for (size_t i = 0; i < BEFORE; i++) {
        bytes.data[i] = (uint8_t)(i * 31 >> 2);
    }
    memcpy(bytes.data, "PAR1", 4);
    assert_int_equal(hw_buf_append(&bytes, made.bytes.data + made.footer_at, made.bytes.size - made.footer_at, NULL),
                     0);
    made.source = memory_source(hw_buf_view(&bytes), 0);
    assert_int_equal(hw_read_file_open(&file, &made.source.base, &options, NULL, NULL), HW_OK);
    assert_int_equal(file.tail.footer_at, BEFORE);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_arena arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        hw_view view = {NULL, 77};
        const int64_t at = rows[i].before_footer ? BEFORE - rows[i].before_footer : rows[i].at;
        const int reads = made.source.reads;
        const enum hw_status status = hw_read_file_bytes(&file, at, rows[i].bytes, "the thing", &arena, &view, &err);
        assert_row_int(rows[i].name, status, rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, made.source.reads - reads, rows[i].reads);
        if (status == HW_OK) {
            assert_row_bytes(rows[i].name, view.data, view.size, bytes.data + at, (size_t)rows[i].bytes);
        } else {
            assert_row_int(rows[i].name, view.size, 77);
        }
        hw_arena_release(&arena);
    }
    hw_read_file_release(&file);
    hw_buf_release(&bytes);
    hw_buf_release(&made.bytes);
}

/* The footer is told to begin far behind the file: what is asked for has a limit of its own. */
static void other_bytes_have_a_limit(void **state) {
    (void)state;
    struct memory_source source = memory_source(HW_VIEW("PAR1"), 0);
    const uint64_t limit = HW_PARQUET_INDEX_BYTES_MAX;
    struct hw_read_file file = {.source = &source.base, .tail = {.at = 2 * limit, .footer_at = 2 * limit}};
    struct hw_arena arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    hw_view view;
    assert_int_equal(hw_read_file_bytes(&file, 4, (int64_t)limit + 1, "the filter", &arena, &view, &err), HW_ELIMIT);
    assert_row_says("limit", err.message, "the filter has");
    assert_int_equal(err.offset, 4);
    assert_int_equal(source.reads, 0);
    hw_arena_release(&arena);
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    struct made made;
    bool fired = true;
    size_t failures = 0;
    made_init(&made, &made_facts);
    for (; fired; failures++) {
        struct hw_read_file file = {0};
        struct alloc_fault fault;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = hw_read_file_open(&file, &made.source.base, &options, NULL, NULL);
        if (status) {
            assert_released("memory", &file);
        }
        hw_read_file_release(&file);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 3);
    hw_buf_release(&made.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_tells_of_itself),
        cmocka_unit_test(the_start_of_a_file_is_looked_at_where_it_is_near),
        cmocka_unit_test(faults_are_told_and_nothing_is_left),
        cmocka_unit_test(unknown_types_become_notes),
        cmocka_unit_test(other_bytes_are_read_where_they_lie),
        cmocka_unit_test(other_bytes_have_a_limit),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("parquet/read_file", tests, NULL, NULL);
}
