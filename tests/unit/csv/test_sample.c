/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/sample.h"

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "unit/csv/memory_object.h"
#include "unit/csv/packed.h"

#define KIB UINT64_C(1024)
#define MIB UINT64_C(1048576)

/* What a sample of an object has told. */
struct sampled {
    struct memory_object object;
    struct hw_source *source;
    struct hw_csv_text text;
    struct hw_csv_options csv;
    struct hw_csv_sample_options options;
    struct hw_arena arena;
    struct hw_csv_layout layout;
    struct hw_csv_profile *profiles;
};

static void sampled_open(struct sampled *sampled, hw_view bytes) {
    struct hw_error err = HW_ERROR_INIT;
    memory_object_init(&sampled->object, "memory", bytes);
    assert_ok(memory_object_open(&sampled->object.base, 0, &sampled->source, &err), err);
    sampled->text = hw_csv_text_of(sampled->source, &(struct hw_csv_wrapping){0}, NULL, 0, NULL);
    sampled->csv.header = HW_CSV_HEADER_YES;
}

static enum hw_status sampled_take(struct sampled *sampled, struct hw_error *err) {
    return hw_csv_sample_layout(&sampled->text, &sampled->csv, &sampled->options, &sampled->arena, &sampled->layout,
                                &sampled->profiles, err);
}

static void sampled_release(struct sampled *sampled) {
    if (sampled->source) {
        sampled->source->ops->close(sampled->source);
    }
    hw_free(sampled->profiles);
    hw_arena_release(&sampled->arena);
}

/*
 * A column of `count` records "1234567\n", the header among them; one may be another text of as
 * many bytes.
 */
static void numbers_fill(struct hw_buf *out, size_t count, size_t odd) {
    packed_put(out, "nnnnnnn\n", 8);
    for (size_t i = 1; i < count; i++) {
        packed_put(out, i == odd ? "seventy\n" : "1234567\n", 8);
    }
}

/*
 * A text of 2 MiB is 262,144 records. Its beginning is 1/32 of it, the pieces are 8,192 bytes each
 * at every eighth of it: so says sample.c, and a look at less would not be a sample of all of it.
 */
static void a_sample_is_from_all_over_a_text(void **state) {
    (void)state;
    enum { COUNT = 262144, EIGHTH = COUNT / 8 };
    static const struct {
        const char *name;
        size_t odd; /* the record that is no number */
        bool remote;
        size_t bytes;
        bool given; /* the type of its only column is */
        enum hw_packing packing;
        bool seen;
        uint64_t whole_bytes_max;
        bool layout_only;
    } rows[] = {
        {"in the beginning", 100, false, 0, false, HW_PACKING_NONE, true},
        {"behind the beginning", 9000, false, 0, false, HW_PACKING_NONE, false},
        {"in the first piece", EIGHTH + 500, false, 0, false, HW_PACKING_NONE, true},
        {"behind the first piece", EIGHTH + 1100, false, 0, false, HW_PACKING_NONE, false},
        {"in the piece in the middle", 4 * EIGHTH + 500, false, 0, false, HW_PACKING_NONE, true},
        {"in the seventh piece", 7 * EIGHTH + 500, false, 0, false, HW_PACKING_NONE, true},
        {"the last record", COUNT - 1, false, 0, false, HW_PACKING_NONE, true},
        {"remote, in the first piece of three", COUNT / 3 + 500, true, 0, false, HW_PACKING_NONE, true},
        {"remote, where no piece is", 4 * EIGHTH + 500, true, 0, false, HW_PACKING_NONE, false},
        {"remote, the last record", COUNT - 1, true, 0, false, HW_PACKING_NONE, true},
        {"one of many: no pieces", COUNT - 1, false, 8192, false, HW_PACKING_NONE, false},
        {"one of many: the end of its bytes", 1023, false, 8192, false, HW_PACKING_NONE, true},
        {"one of many: behind its bytes", 1024, false, 8192, false, HW_PACKING_NONE, false},
        {"the layout only", 100, false, 0, false, HW_PACKING_NONE, false, 0, true},
        {"read as a whole later: the beginning", 100, false, 0, false, HW_PACKING_NONE, true, 2 * MIB},
        {"read as a whole later: no pieces", COUNT - 1, false, 0, false, HW_PACKING_NONE, false, 2 * MIB},
        {"too long to be read as a whole", COUNT - 1, false, 0, false, HW_PACKING_NONE, true, 2 * MIB - 1},
        {"a given type", 100, false, 0, true, HW_PACKING_NONE, false},
        {"packed: 256 KiB of its beginning", 32767, false, 0, false, HW_PACKING_GZIP, true},
        {"packed: behind them", 32768, false, 0, false, HW_PACKING_GZIP, false},
        {"packed: no pieces", COUNT - 1, false, 0, false, HW_PACKING_GZIP, false},
    };
    struct hw_field text = {.name = "nnnnnnn", .type = {.kind = HW_KIND_TEXT}};
    const struct hw_schema_file given = {.schema = {&text, 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) plain = {0};
        HW_AUTO(hw_buf) gzip = {0};
        HW_AUTO(sampled) sampled = {0};
        numbers_fill(&plain, COUNT, rows[i].odd);
        if (rows[i].packing == HW_PACKING_GZIP) {
            packed_gzip(hw_buf_view(&plain), &gzip);
        }
        sampled_open(&sampled, hw_buf_view(rows[i].packing == HW_PACKING_GZIP ? &gzip : &plain));
        sampled.text =
            hw_csv_text_of(sampled.source, &(struct hw_csv_wrapping){.packing = rows[i].packing}, NULL, 0, NULL);
        sampled.source->remote = rows[i].remote;
        sampled.options = (struct hw_csv_sample_options){.bytes = rows[i].bytes,
                                                         .whole_bytes_max = rows[i].whole_bytes_max,
                                                         .layout_only = rows[i].layout_only,
                                                         .choice.given = rows[i].given ? &given : NULL};
        assert_ok(sampled_take(&sampled, &err), err);
        assert_row_int(rows[i].name, sampled.layout.schema.count, 1);
        assert_row_text(rows[i].name, sampled.layout.schema.fields[0].name, "nnnnnnn");
        assert_row_int(rows[i].name, sampled.layout.body_offset, 8);
        assert_row_int(rows[i].name, sampled.layout.body_lines, 1);
        assert_row_int(rows[i].name, (sampled.profiles[0].seen & HW_SEEN_TEXT) != 0, rows[i].seen);
        assert_row_int(rows[i].name, (sampled.profiles[0].seen & HW_SEEN_INT) != 0,
                       !rows[i].given && !rows[i].layout_only);
    }
}

/*
 * A record that a piece of the text begins in the midst of is left out: half of "1234567" would be
 * another number.
 */
static void a_piece_begins_with_a_record(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(sampled) sampled = {0};
    packed_put(&text, "n\n", 2);
    while (text.size < MIB) {
        /* no cut-out but one that loses its first byte is a number */
        packed_put(&text, "x23456789\n", 10);
    }
    sampled_open(&sampled, hw_buf_view(&text));
    assert_ok(sampled_take(&sampled, &err), err);
    assert_int_equal(sampled.profiles[0].seen, HW_SEEN_TEXT | HW_SEEN_PROSE);
}

/* How much is read of a text depends on its size. */
static void a_small_text_is_read_a_little(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t bytes;
        bool remote;
        size_t option_bytes;
        uint64_t want;
    } rows[] = {
        {"all of a small one", 16 * KIB, false, 0, 16 * KIB},
        {"64 KiB exactly, whose end is not known: pieces of 4 KiB", 64 * KIB, false, 0, (64 + 8 * 4) * KIB},
        {"64 KiB and eight pieces", 2 * MIB, false, 0, (64 + 8 * 8) * KIB},
        {"a 32nd", 4 * MIB, false, 0, (128 + 8 * 16) * KIB},
        {"256 KiB and pieces of 64 KiB at most", 32 * MIB, false, 0, (256 + 8 * 64) * KIB},
        {"three pieces of a remote one", 32 * MIB, true, 0, (256 + 3 * 64) * KIB},
        {"one of many", 32 * MIB, true, 8192, 8192},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(sampled) sampled = {0};
        numbers_fill(&text, (size_t)rows[i].bytes / 8, 0);
        sampled_open(&sampled, hw_buf_view(&text));
        sampled.source->remote = rows[i].remote;
        sampled.options.bytes = rows[i].option_bytes;
        assert_ok(sampled_take(&sampled, &err), err);
        assert_row_int(rows[i].name, sampled.object.read_bytes, rows[i].want);
    }
}

/* ------ long first records */

static void a_long_first_record_is_looked_for(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes; /* of the first record: one name of so many 'x' */
        bool ends;
        uint64_t record_bytes_max;
        uint64_t read_bytes_max;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"longer than the first look", 100 << 10, true, 0, MIB, HW_ELIMIT, "a column name has 102407 bytes"},
        {"never ends, and the text does", 100 << 10, false, 0, MIB, HW_ELIMIT, "a column name has 102400 bytes"},
        {"longer than 64 MiB", 200 << 20, false, 0, 128 * MIB, HW_ELIMIT,
         "the first record does not end within 67108864 bytes"},
        {"longer than little memory allows", 32 << 20, false, MIB, 4 * MIB, HW_ELIMIT,
         "this --memory allows records of 1 MiB, more allows longer ones: the first record does not end within"},
        {"another limit is not that of memory", 900 << 10, true, MIB, 2 * MIB, HW_ELIMIT,
         "header, field 1: a column name has 921607"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(sampled) sampled = {0};
        if (rows[i].ends) { /* "xxx...nnnnnnn", and numbers */
            while (text.size < rows[i].bytes) {
                packed_put(&text, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 64);
            }
            numbers_fill(&text, 8 * MIB / 8, 0); /* more bytes would not help */
        }
        sampled_open(&sampled, rows[i].ends ? hw_buf_view(&text) : (hw_view){NULL, rows[i].bytes});
        sampled.options.record_bytes_max = rows[i].record_bytes_max;
        assert_row_int(rows[i].name, sampled_take(&sampled, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, strncmp(err.message, "this", 4) == 0, strncmp(rows[i].says, "this", 4) == 0);
        assert_null(sampled.profiles);
        assert_row_int(rows[i].name, sampled.object.read_bytes < rows[i].read_bytes_max, true);
    }
}

/* A header of many short names that is longer than the first look, and its rows. */
static void a_long_header_is_a_header(void **state) {
    (void)state;
    enum { COLUMNS = 12000 };
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(sampled) sampled = {0};
    for (int row = 0; row < 2; row++) {
        for (int i = 0; i < COLUMNS; i++) {
            assert_ok(hw_buf_printf(&text, &err, "%s%d%c", row ? "" : "name", i, i + 1 < COLUMNS ? ',' : '\n'), err);
        }
    }
    sampled_open(&sampled, hw_buf_view(&text));
    assert_ok(sampled_take(&sampled, &err), err);
    assert_int_equal(sampled.layout.schema.count, COLUMNS);
    assert_string_equal(sampled.layout.schema.fields[COLUMNS - 1].name, "name11999");
    assert_int_equal(sampled.profiles[COLUMNS - 1].seen, HW_SEEN_INT);
}

/* ------ failures */

static void failures_are_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    numbers_fill(&text, 262144, 0);
    const struct {
        const char *name;
        hw_view bytes;
        int fail_on_read; /* the beginning is read at once, then come the pieces */
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"nothing", {"", 0}, 0, HW_EDATA, "found no header"},
        {"the beginning", hw_buf_view(&text), 1, HW_EIO, "injected read"},
        {"the first piece", hw_buf_view(&text), 2, HW_EIO, "injected read"},
        {"the last piece", hw_buf_view(&text), 9, HW_EIO, "injected read"},
        {"no more pieces", hw_buf_view(&text), 10, HW_OK, ""},
        {"an open quote", {"\"a\n", 3}, 0, HW_EDATA, "the text ends inside quotes in its first record"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(sampled) sampled = {0};
        sampled_open(&sampled, rows[i].bytes);
        sampled.object.fail_on_read = rows[i].fail_on_read;
        assert_row_int(rows[i].name, sampled_take(&sampled, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, sampled.profiles != NULL, rows[i].want == HW_OK);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(sampled) sampled = {0};
    bool fired = true;
    size_t faults = 0;
    numbers_fill(&text, 10000, 0); /* pieces are looked at, too */
    sampled_open(&sampled, hw_buf_view(&text));
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = sampled_take(&sampled, &err);
        hw_free(sampled.profiles);
        sampled.profiles = NULL;
        hw_arena_release(&sampled.arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        faults += fired;
    }
    assert_true(faults > 50);
}

/* ------ what is no CSV, or no UTF-8 */

static void what_is_no_csv_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view text;
        struct hw_csv_options csv;
        const char *says; /* NULL: it is CSV */
    } rows[] = {
        {"HTML", HW_VIEW_INIT("<!doctype html>\n<html></html>\n"), {0}, "this is an HTML page"},
        {"JSON Lines", HW_VIEW_INIT("{\"a\": 1}\n{\"a\": 2}\n"), {0}, "this is JSON Lines"},
        {"JSON Lines as they are",
         HW_VIEW_INIT("{\"a\": 1}\n{\"a\": 2}\n"),
         {.no_quotes = true, .delimiter = '\x01'},
         NULL},
        {"UTF-16", HW_VIEW_INIT("a\0\n\0001\0\n\0"), {0}, "--encoding utf-16le reads it"},
        {"NULs where UTF-8 is asked for", HW_VIEW_INIT("a\n1\0\n\0"), {.encoding = "utf-8"}, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(sampled) sampled = {0};
        sampled_open(&sampled, rows[i].text);
        sampled.csv = rows[i].csv;
        assert_row_int(rows[i].name, sampled_take(&sampled, &err), rows[i].says ? HW_EDATA : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
    }
}

static void a_sample_shows_what_it_looks_like(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view text;
        bool reject;
        const char *want; /* NULL: it is UTF-8, or nobody is told */
    } rows[] = {
        {"UTF-8", HW_VIEW_INIT("a,b\n1,\xc3\xa9\n"), false, NULL},
        {"a character that the end cuts", HW_VIEW_INIT("a,b\n1,\xe2\x82"), false, NULL},
        {"windows-1252", HW_VIEW_INIT("a,b\n1,caf\xe9\n2,xyz\n"), false, "windows-1252"},
        {"windows-1250, by the second record",
         HW_VIEW_INIT("a,b\n1,\xa3\xf3"
                      "d\x9f\n2,krzes\xb3o\n"),
         false, "windows-1250"},
        {"windows-1250 that is rejected", HW_VIEW_INIT("a,b\n1,krzes\xb3o\n"), true, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(sampled) sampled = {0};
        sampled_open(&sampled, rows[i].text);
        sampled.csv.bad_rows_reject = rows[i].reject;
        assert_ok(sampled_take(&sampled, &err), err);
        const char *got = sampled.layout.looks_like;
        assert_row_text(rows[i].name, got ? got : "none", rows[i].want ? rows[i].want : "none");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_is_from_all_over_a_text),
        cmocka_unit_test(a_piece_begins_with_a_record),
        cmocka_unit_test(a_small_text_is_read_a_little),
        cmocka_unit_test(a_long_first_record_is_looked_for),
        cmocka_unit_test(a_long_header_is_a_header),
        cmocka_unit_test(what_is_no_csv_is_told),
        cmocka_unit_test(a_sample_shows_what_it_looks_like),
        cmocka_unit_test(failures_are_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
