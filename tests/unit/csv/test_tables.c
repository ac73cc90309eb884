/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/tables.h"

#include "support/alloc_fault.h"
#include "table/left_out.h"
#include "unit/csv/packed.h"
#include "unit/csv/stock.h"

/* Objects in memory, and the set of tables in them. */
struct shelf {
    struct hw_csv_options csv;
    struct hw_csv_tables_options options;
    struct hw_budget budget;
    struct memory_object from[3];
    struct hw_table_objects objects; /* all of them */
    struct hw_table_set *set;
    struct hw_buf *steps; /* gets those of all parts (stock.h); NULL: nobody asks */
};

static struct shelf *shelf_of(const struct hw_table_objects *objects) {
    return (struct shelf *)((uintptr_t)objects - offsetof(struct shelf, objects));
}

static const char *shelf_name(const struct hw_table_objects *objects, size_t number) {
    return shelf_of(objects)->from[number].name;
}

static enum hw_status shelf_source_open(const struct hw_table_objects *objects, size_t number,
                                        struct hw_source **out_source, struct hw_error *err) {
    const struct hw_table_objects *from = &shelf_of(objects)->from[number].base;
    return from->ops->open(from, 0, out_source, err);
}

static bool shelf_once(const struct hw_table_objects *objects, size_t number) {
    return shelf_of(objects)->from[number].once;
}

static const struct hw_table_objects_ops shelf_ops = {shelf_name, shelf_source_open, shelf_once};

/* The test changes what it wants before shelf_open. */
static void shelf_init(struct shelf *shelf) {
    *shelf = (struct shelf){
        .csv.header = HW_CSV_HEADER_YES,
        .objects.ops = &shelf_ops,
        .options = {.part_bytes = HW_MIB(64),
                    .portion_bytes = HW_MIB(1),
                    .portion_held = true,
                    .remote_read_bytes = HW_MIB(8),
                    .record_bytes_max = HW_MIB(64),
                    .record_bytes_shared = HW_MIB(64)},
    };
    hw_budget_init(&shelf->budget, HW_MIB(16));
}

static struct memory_object *shelf_add(struct shelf *shelf, const char *name, hw_view bytes) {
    struct memory_object *from = &shelf->from[shelf->objects.count++];
    memory_object_init(from, name, bytes);
    return from;
}

static enum hw_status shelf_open(struct shelf *shelf, struct hw_error *err) {
    shelf->options.csv = &shelf->csv;
    shelf->options.budget = &shelf->budget;
    return hw_csv_tables_new(&shelf->objects, &shelf->options, &shelf->set, err);
}

/* Every source that was opened must be closed then. */
static void shelf_release(struct shelf *shelf) {
    if (shelf->set) {
        shelf->set->ops->free(shelf->set);
    }
    for (size_t i = 0; i < shelf->objects.count; i++) {
        assert_row_int(shelf->from[i].name, memory_object_open_count(&shelf->from[i]), 0);
    }
    hw_budget_release(&shelf->budget);
}

/* ------ what is in an object */

/* The tables that are asked for, "name " each, where "-" has none of its own. */
static void names_take(const struct hw_table_set *set, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t table = 0; set->ops->find(set, &table); table++) {
        const char *name = set->ops->name(set, table);
        assert_ok(hw_buf_printf(out, &err, "%zu:%s ", table, name ? name : "-"), err);
    }
    assert_ok(hw_buf_end_text(out, &err), err);
}

static void an_object_has_a_table_for_each_text(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zip = {0};
    packed_zip((const struct packed_member[]){{"a.csv", {"a\n1\n", 4}, 0},
                                              {"b.tsv", {"b\n2\n", 4}, 0},
                                              {"d/c.csv", {"c\n", 2}, 0}},
               3, &zip);
    const struct {
        const char *name;
        hw_view bytes;
        const char *glob;
        size_t wanted;
        const char *names;
    } rows[] = {
        {"a plain one", {"a\n1\n", 4}, NULL, 1, "0:- "},
        {"an empty one", {"", 0}, NULL, 1, "0:- "},
        {"a plain one has no members", {"a\n1\n", 4}, "*.txt", 1, "0:- "},
        {"a ZIP", hw_buf_view(&zip), NULL, 3, "0:a.csv 1:b.tsv 2:d/c.csv "},
        {"the first and the last", hw_buf_view(&zip), "**.csv", 2, "0:a.csv 2:d/c.csv "},
        {"the middle one", hw_buf_view(&zip), "b.*", 1, "1:b.tsv "},
        {"the last one", hw_buf_view(&zip), "d/*", 1, "2:d/c.csv "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shelf shelf;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) names = {0};
        shelf_init(&shelf);
        shelf.csv.zip_member = rows[i].glob;
        shelf_add(&shelf, "memory", rows[i].bytes);
        assert_ok(shelf_open(&shelf, &err), err);
        assert_false(shelf.set->opened);
        assert_row_int(rows[i].name, memory_object_open_count(&shelf.from[0]), 0); /* not yet */
        assert_ok(shelf.set->ops->open(shelf.set, &err), err);
        assert_true(shelf.set->opened);
        assert_row_int(rows[i].name, shelf.set->wanted, rows[i].wanted);
        assert_row_int(rows[i].name, shelf.set->bytes, rows[i].bytes.size);
        names_take(shelf.set, &names);
        assert_row_text(rows[i].name, (const char *)names.data, rows[i].names);
        shelf_release(&shelf);
    }
}

static enum hw_status dated_open(const struct hw_table_objects *base, size_t number, struct hw_source **out_source,
                                 struct hw_error *err) {
    HW_TRY(memory_object_open(base, number, out_source, err));
    (*out_source)->mtime_us = 1234567;
    (*out_source)->etag = "tag";
    return HW_OK;
}

/* A set that waits for memory is closed, and opened once more. A merge counts the same members. */
static void members_that_are_left_out_are_counted_once(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zip = {0};
    packed_zip((const struct packed_member[]){{"a.csv", {"a\n1\n", 4}, 0},
                                              {"b.txt", {"b\n2\n", 4}, 0},
                                              {"._a.csv", {"c\n", 2}, 0}},
               3, &zip);
    for (int merged = 0; merged < 2; merged++) {
        struct shelf shelf;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_left_out left_out = {0};
        shelf_init(&shelf);
        shelf.options.left_out = &left_out;
        shelf.options.merged = merged;
        shelf_add(&shelf, "memory", hw_buf_view(&zip));
        assert_ok(shelf_open(&shelf, &err), err);
        struct hw_table_reader *reader;
        for (int opens = 0; opens < 2 && !merged; opens++) {
            shelf.set->ops->close(shelf.set);
            assert_ok(shelf.set->ops->open(shelf.set, &err), err);
        }
        assert_ok(shelf.set->ops->reader_new(shelf.set, 0, "memory", &reader, &err), err);
        assert_ok(reader->ops->look(reader, 0, &err), err);
        assert_int_equal(left_out.junk, 1);
        assert_int_equal(left_out.texts, 1);
        reader->ops->free(reader);
        shelf_release(&shelf);
    }
}

static void facts_are_those_of_the_source(void **state) {
    (void)state;
    static const struct hw_table_objects_ops dated_ops = {memory_object_name, dated_open, memory_object_once};
    struct shelf shelf;
    struct hw_error err = HW_ERROR_INIT;
    shelf_init(&shelf);
    shelf_add(&shelf, "memory", hw_view_of("a\n1\n"))->base.ops = &dated_ops;
    assert_ok(shelf_open(&shelf, &err), err);
    assert_ok(shelf.set->ops->open(shelf.set, &err), err);
    assert_int_equal(shelf.set->mtime_us, 1234567);
    assert_string_equal(shelf.set->etag, "tag");
    shelf_release(&shelf);
}

/* o open, c close; an object that comes only once stays open. */
static void a_set_is_open_between_its_open_and_its_close(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *steps;
        bool once;
        int opens;
        int open; /* at the end of the steps, before the set is freed */
        bool opened;
    } rows[] = {
        {"made", "", false, 0, 0, false},           {"opened", "o", false, 1, 1, true},
        {"closed", "oc", false, 1, 0, false},       {"closed twice", "occ", false, 1, 0, false},
        {"closed before", "c", false, 0, 0, false}, {"again", "oco", false, 2, 1, true},
        {"twice over", "ococ", false, 2, 0, false}, {"once", "oc", true, 1, 1, false},
        {"once, again", "oco", true, 1, 1, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shelf shelf;
        struct hw_error err = HW_ERROR_INIT;
        shelf_init(&shelf);
        shelf_add(&shelf, "memory", hw_view_of("a\n1\n"))->once = rows[i].once;
        assert_ok(shelf_open(&shelf, &err), err);
        for (const char *step = rows[i].steps; *step; step++) {
            if (*step == 'o') {
                assert_ok(shelf.set->ops->open(shelf.set, &err), err);
            } else {
                shelf.set->ops->close(shelf.set);
            }
        }
        assert_row_int(rows[i].name, shelf.from[0].opens, rows[i].opens);
        assert_row_int(rows[i].name, memory_object_open_count(&shelf.from[0]), rows[i].open);
        assert_row_int(rows[i].name, shelf.set->opened, rows[i].opened);
        shelf_release(&shelf);
    }
}

static void objects_without_tables_are_refused(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zip = {0};
    HW_AUTO(hw_buf) empty = {0};
    packed_zip(&(struct packed_member){"a.csv", {"a\n", 2}, 0}, 1, &zip);
    packed_zip(NULL, 0, &empty);
    const struct {
        const char *name;
        hw_view bytes;
        int fail_on_open;
        enum hw_status want;
        const char *says;
        /* What is known of the object is known although none of its tables is asked for. */
        bool opened;
    } rows[] = {
        {"the store refuses", {"a\n", 2}, 1, HW_ECHANGED, "injected open", false},
        {"a ZIP without files", hw_buf_view(&empty), 0, HW_EDATA, "a ZIP without files", false},
        {"none of the names", hw_buf_view(&zip), 0, HW_EDATA, "the ZIP has no member of the names asked for", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shelf shelf;
        struct hw_error err = HW_ERROR_INIT;
        shelf_init(&shelf);
        shelf.csv.zip_member = "*.tsv";
        shelf_add(&shelf, "memory", rows[i].bytes)->fail_on_open = rows[i].fail_on_open;
        assert_ok(shelf_open(&shelf, &err), err);
        assert_row_int(rows[i].name, shelf.set->ops->open(shelf.set, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, shelf.set->opened, rows[i].opened);
        assert_row_int(rows[i].name, shelf.set->wanted, 0);
        shelf_release(&shelf);
    }
}

/* ------ readers */

/* All rows of a table as text, "1|"x"\n", and the reader, which the caller frees. */
static enum hw_status table_read(struct shelf *shelf, size_t table, const char *name, struct hw_buf *out,
                                 struct hw_table_reader **out_reader, struct hw_error *err) {
    struct hw_table_reader *reader;
    HW_TRY(shelf->set->ops->reader_new(shelf->set, table, name, &reader, err));
    *out_reader = reader;
    for (size_t i = 0; i < reader->objects_count; i++) {
        HW_TRY(reader->ops->look(reader, i, err));
    }
    HW_TRY(reader->ops->decide(reader, err));
    HW_TRY(reader->ops->begin(reader, err));
    struct hw_cursor *cursor;
    HW_TRY(reader->ops->cursor_new(reader, &cursor, err));
    uint64_t start = 0;
    enum hw_status status = HW_OK;
    for (size_t i = 0; status == HW_OK && (reader->sequential ? !cursor->last : i < reader->parts_count); i++) {
        struct part_read read = {0};
        status = part_read(cursor, i, i > 0 && !reader->sequential ? &start : NULL, &read, err);
        if (status == HW_OK) {
            start = read.result->end;
            reader->ops->accept(reader, read.result);
            status = hw_buf_append(out, read.rows.data, read.rows.size, err);
        } else if (read.result) {
            reader->ops->place_error(reader, read.result, err);
        }
        if (status == HW_OK && shelf->steps) {
            status = hw_buf_append(shelf->steps, read.steps.data, read.steps.size, err);
        }
        part_read_release(&read);
    }
    cursor->ops->free(cursor);
    HW_TRY(status);
    HW_TRY(reader->ops->end(reader, err));
    return hw_buf_end_text(out, err);
}

static void each_table_has_its_reader(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zip = {0};
    packed_zip((const struct packed_member[]){{"a.csv", {"a\n1\n2\n", 6}, 0}, {"b.csv", {"b,c\n3,x\n", 8}, 0}}, 2,
               &zip);
    const struct {
        const char *name;
        hw_view bytes;
        size_t table;
        const char *want;
    } rows[] = {
        {"memory", {"a\n7\n", 4}, 0, "7\n"},
        {"memory#a.csv", hw_buf_view(&zip), 0, "1\n2\n"},
        {"memory#b.csv", hw_buf_view(&zip), 1, "3|\"x\"\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shelf shelf;
        struct hw_table_reader *reader = NULL;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) got = {0};
        shelf_init(&shelf);
        shelf_add(&shelf, "memory", rows[i].bytes);
        assert_ok(shelf_open(&shelf, &err), err);
        assert_ok(shelf.set->ops->open(shelf.set, &err), err);
        assert_ok(table_read(&shelf, rows[i].table, rows[i].name, &got, &reader, &err), err);
        assert_row_text(rows[i].name, (const char *)got.data, rows[i].want);
        assert_row_int(rows[i].name, reader->ops->inputs_count(reader), 1);
        assert_row_text(rows[i].name, reader->ops->input(reader, 0).name, rows[i].name);
        reader->ops->free(reader);
        shelf_release(&shelf);
    }
}

/* The inputs of a merge are named after themselves, whatever the table is called. */
static void a_merge_is_one_table(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zip = {0};
    packed_zip((const struct packed_member[]){{"x.csv", {"b\n4\n", 4}, 0}, {"y.csv", {"a\n5\n", 4}, 0}}, 2, &zip);
    static const char *const names[] = {"first", "second#x.csv", "second#y.csv"};
    for (size_t count = 1; count <= 2; count++) {
        struct shelf shelf;
        struct hw_table_reader *reader = NULL;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) got = {0};
        shelf_init(&shelf);
        shelf.options.merged = true;
        shelf_add(&shelf, "first", hw_view_of("a,b\n1,2\n"));
        if (count > 1) {
            shelf_add(&shelf, "second", hw_buf_view(&zip));
        }
        assert_ok(shelf_open(&shelf, &err), err);
        assert_ok(table_read(&shelf, 0, "merged", &got, &reader, &err), err);
        assert_row_text("rows", (const char *)got.data, count == 1 ? "1|2\n" : "1|2\n~|4\n5|~\n");
        assert_int_equal(reader->ops->inputs_count(reader), count == 1 ? 1 : 3);
        for (size_t i = 0; i < reader->ops->inputs_count(reader); i++) {
            assert_row_text("input", reader->ops->input(reader, i).name, names[i]);
        }
        reader->ops->free(reader);
        shelf_release(&shelf);
    }
}

/* Each option of the set comes to the reader: one makes visible what is not seen without it. */
static void options_come_to_the_reader(void **state) {
    (void)state;
    enum { WITHOUT, SUMS, TYPES, MERGED, LIMIT, PARTS, STREAM, ROWS };
    static const struct {
        const char *name;
        enum hw_status want;
        const char *says;
        const char *checksum;
        const char *rows;
        size_t parts;
    } rows[ROWS] = {
        [WITHOUT] = {"without", HW_OK, "", "none", "1\n22\n333\n", 1},
        [SUMS] = {"checksums", HW_OK, "", "crc32c", "1\n22\n333\n", 1},
        [TYPES] = {"types that are given", HW_OK, "", "none", "\"1\"\n\"22\"\n\"333\"\n", 1},
        [MERGED] = {"merged", HW_OK, "", "none", "1\n22\n333\n", 1},
        [LIMIT] = {"a limit of records", HW_ELIMIT, "record", "none", "", 0},
        [PARTS] = {"parts", HW_OK, "", "none", "1\n22\n333\n", 3},
        [STREAM] = {"an encoding of streams", HW_OK, "", "none", "1\n22\n333\n", 0},
    };
    struct hw_field text = {.name = "a", .type = {.kind = HW_KIND_TEXT}};
    const struct hw_schema_file given = {.schema = {.fields = &text, .count = 1}};
    for (size_t i = 0; i < ROWS; i++) {
        struct shelf shelf;
        struct hw_table_reader *reader = NULL;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) got = {0};
        shelf_init(&shelf);
        shelf.options.checksums = i == SUMS;
        shelf.options.choice.given = i == TYPES ? &given : NULL;
        shelf.options.merged = i == MERGED;
        shelf.options.record_bytes_max = i == LIMIT ? 2 : HW_MIB(64);
        shelf.options.part_bytes = i == PARTS ? 3 : HW_MIB(64);
        shelf.csv.encoding = i == STREAM ? "latin1" : NULL;
        struct memory_object *from = shelf_add(&shelf, "memory", hw_view_of("a\n1\n22\n333\n"));
        from->remote = from->summed = true;
        from->checksum = (struct hw_checksum){HW_CHECKSUM_CRC32C, packed_crc(PACKED_CRC32C, from->bytes)};
        assert_ok(shelf_open(&shelf, &err), err);
        assert_ok(i == MERGED ? HW_OK : shelf.set->ops->open(shelf.set, &err), err);
        assert_row_int(rows[i].name, table_read(&shelf, 0, "memory", &got, &reader, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want == HW_OK) {
            assert_row_text(rows[i].name, (const char *)got.data, rows[i].rows);
            assert_row_text(rows[i].name, reader->ops->input(reader, 0).checksum, rows[i].checksum);
            assert_row_int(rows[i].name, reader->parts_count, rows[i].parts);
        }
        reader->ops->free(reader);
        shelf_release(&shelf);
    }
}

/*
 * A stream is cut into portions: "held" hands the stream on before the portion's rows are read, and
 * a record that is longer than what workers share is asked for.
 */
static void portions_are_as_large_as_the_options_say(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t portion_bytes;
        bool held;
        uint64_t shared;
        const char *steps;
    } rows[] = {
        {"one", 100, true, 100, "HRE"},
        {"one that is not held", 100, false, 100, "RHE"},
        {"two", 5, true, 100, "HREHRE"},
        {"both grow", 3, true, 100, "HREHRE"},
        {"both grow if they may", 3, true, 4, "LHRELHRE"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shelf shelf;
        struct hw_table_reader *reader = NULL;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) got = {0};
        HW_AUTO(hw_buf) steps = {0};
        shelf_init(&shelf);
        shelf.csv.encoding = "latin1";
        shelf.options.portion_bytes = rows[i].portion_bytes;
        shelf.options.portion_held = rows[i].held;
        shelf.options.record_bytes_shared = rows[i].shared;
        shelf.steps = &steps;
        shelf_add(&shelf, "memory", hw_view_of("a\n4444\n333\n"));
        assert_ok(shelf_open(&shelf, &err), err);
        assert_ok(shelf.set->ops->open(shelf.set, &err), err);
        assert_ok(table_read(&shelf, 0, "memory", &got, &reader, &err), err);
        assert_row_text(rows[i].name, (const char *)got.data, "4444\n333\n");
        assert_row_text(rows[i].name, part_text(&steps), rows[i].steps);
        reader->ops->free(reader);
        shelf_release(&shelf);
    }
}

/* The sample does not reach the row that does not fit. */
static void what_widened_a_column_is_kept_where_it_is_asked_for(void **state) {
    (void)state;
    enum { ROWS = 40000, ODD = 32000 };
    HW_AUTO(hw_buf) text = {0};
    stock_text(&text, "a\n");
    for (size_t i = 0; i < ROWS; i++) {
        stock_text(&text, i == ODD ? "odd\n" : "1111111\n");
    }
    for (int history = 0; history < 2; history++) {
        struct shelf shelf;
        struct hw_table_reader *reader = NULL;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_column_history got;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) rows = {0};
        shelf_init(&shelf);
        shelf.options.history = history;
        shelf_add(&shelf, "memory", hw_buf_view(&text));
        assert_ok(shelf_open(&shelf, &err), err);
        assert_ok(shelf.set->ops->open(shelf.set, &err), err);
        assert_ok(table_read(&shelf, 0, "memory", &rows, &reader, &err), err);
        assert_ok(reader->ops->widen(reader, &err), err);
        assert_ok(reader->ops->history(reader, 0, &arena, &got, &err), err);
        assert_string_equal(got.misfit ? got.misfit : "", history ? "odd" : "");
        assert_int_equal(got.misfit_line, history ? ODD + 2 : 0);
        reader->ops->free(reader);
        shelf_release(&shelf);
    }
}

/* The budget pays for unique columns, and an error names its object where there are several. */
static void faults_of_rows_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *second;
        bool merged;
        uint64_t budget;
        enum hw_status want;
        const char *says;
        const char *object;
    } rows[] = {
        {"unique", "a\n2\n", true, HW_MIB(1), HW_OK, "", ""},
        {"no memory for what is unique", "a\n2\n", true, 1, HW_ELIMIT, "more than the 1 bytes that are theirs",
         "first"},
        {"a type of the second", "a\nx\n", true, HW_MIB(1), HW_EDATA, "", "second"},
        {"a type of one table", NULL, false, HW_MIB(1), HW_EDATA, "", ""},
    };
    static const char json[] = "{\"columns\": [{\"name\": \"a\", \"type\": \"int64\", \"unique\": true}]}";
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shelf shelf;
        struct hw_table_reader *reader = NULL;
        struct hw_schema_file given;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) got = {0};
        assert_ok(hw_schema_file_read(hw_view_of(json), NULL, &arena, &given, &err), err);
        shelf_init(&shelf);
        hw_budget_release(&shelf.budget);
        hw_budget_init(&shelf.budget, rows[i].budget);
        shelf.options.choice.given = &given;
        shelf.options.merged = rows[i].merged;
        shelf_add(&shelf, "first", hw_view_of(rows[i].merged ? "a\n1\n" : "a\ny\n"));
        if (rows[i].second) {
            shelf_add(&shelf, "second", hw_view_of(rows[i].second));
        }
        assert_ok(shelf_open(&shelf, &err), err);
        assert_ok(rows[i].merged ? HW_OK : shelf.set->ops->open(shelf.set, &err), err);
        assert_row_int(rows[i].name, table_read(&shelf, 0, "one", &got, &reader, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, rows[i].object);
        reader->ops->free(reader);
        shelf_release(&shelf);
    }
}

/* Across a network more is read at once than a small part asks for. */
static void remote_objects_are_read_in_few_reads(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    int reads[2];
    stock_text(&text, "a\n");
    for (size_t i = 0; i < 100000; i++) {
        stock_text(&text, "1111111\n");
    }
    for (size_t i = 0; i < 2; i++) {
        struct shelf shelf;
        struct hw_table_reader *reader = NULL;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) got = {0};
        shelf_init(&shelf);
        shelf.options.remote_read_bytes = i == 0 ? 1 : HW_MIB(8);
        shelf_add(&shelf, "memory", hw_buf_view(&text))->remote = true;
        assert_ok(shelf_open(&shelf, &err), err);
        assert_ok(shelf.set->ops->open(shelf.set, &err), err);
        assert_ok(table_read(&shelf, 0, "memory", &got, &reader, &err), err);
        reads[i] = shelf.from[0].reads;
        reader->ops->free(reader);
        shelf_release(&shelf);
    }
    assert_true(reads[0] > reads[1]);
}

/* Of a merge small remote objects stay open from the look at them on; of one table none does. */
static void small_objects_of_a_merge_stay_open(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool merged;
        uint64_t object_bytes, bytes;
        int open;
    } rows[] = {
        {"merged", true, 4, 4, 1},
        {"too large", true, 3, 100, 0},
        {"too many", true, 100, 3, 0},
        {"not merged", false, 4, 4, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shelf shelf;
        struct hw_table_reader *reader;
        struct hw_error err = HW_ERROR_INIT;
        shelf_init(&shelf);
        shelf.options.merged = rows[i].merged;
        shelf.options.kept_object_bytes_max = rows[i].object_bytes;
        shelf.options.kept_bytes_max = rows[i].bytes;
        shelf_add(&shelf, "memory", hw_view_of("a\n1\n"))->remote = true;
        assert_ok(shelf_open(&shelf, &err), err);
        assert_ok(shelf.set->ops->reader_new(shelf.set, 0, "memory", &reader, &err), err);
        assert_ok(reader->ops->look(reader, 0, &err), err);
        assert_row_int(rows[i].name, memory_object_open_count(&shelf.from[0]), rows[i].open);
        reader->ops->free(reader);
        shelf_release(&shelf);
    }
}

/* ------ faults */

static void too_many_objects_are_refused(void **state) {
    (void)state;
    const struct hw_csv_options csv = {0};
    const struct hw_csv_tables_options options = {.csv = &csv};
    struct hw_table_set *set = NULL;
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_table_objects objects = {.count = SIZE_MAX / 2};
    assert_int_equal(hw_csv_tables_new(&objects, &options, &set, &err), HW_ELIMIT);
    assert_row_says("many", err.message, "9223372036854775807 objects are too many to be merged");
    assert_null(set);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    size_t faults = 0;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct shelf shelf;
        struct hw_table_reader *reader = NULL;
        struct hw_error err = HW_ERROR_INIT;
        shelf_init(&shelf);
        shelf_add(&shelf, "memory", hw_view_of("a\n1\n"));
        alloc_fault_begin(&fault, successes);
        enum hw_status status = shelf_open(&shelf, &err);
        if (status == HW_OK) {
            status = shelf.set->ops->open(shelf.set, &err);
        }
        if (status == HW_OK) {
            status = shelf.set->ops->reader_new(shelf.set, 0, "memory", &reader, &err);
        }
        if (reader) {
            reader->ops->free(reader);
        }
        if (shelf.set) {
            shelf.set->ops->free(shelf.set);
            shelf.set = NULL;
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        shelf_release(&shelf);
        faults += fired;
    }
    assert_true(faults >= 3); /* the set, the source, the reader */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_has_a_table_for_each_text),
        cmocka_unit_test(members_that_are_left_out_are_counted_once),
        cmocka_unit_test(facts_are_those_of_the_source),
        cmocka_unit_test(a_set_is_open_between_its_open_and_its_close),
        cmocka_unit_test(objects_without_tables_are_refused),
        cmocka_unit_test(each_table_has_its_reader),
        cmocka_unit_test(a_merge_is_one_table),
        cmocka_unit_test(options_come_to_the_reader),
        cmocka_unit_test(portions_are_as_large_as_the_options_say),
        cmocka_unit_test(what_widened_a_column_is_kept_where_it_is_asked_for),
        cmocka_unit_test(faults_of_rows_are_told),
        cmocka_unit_test(remote_objects_are_read_in_few_reads),
        cmocka_unit_test(small_objects_of_a_merge_stay_open),
        cmocka_unit_test(too_many_objects_are_refused),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
