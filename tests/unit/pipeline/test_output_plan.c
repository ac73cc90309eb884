/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/output_plan.h"

#include "core/alloc.h"
#include "output_desk.h"

/* ------ names */

static void outputs_have_names(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned formats;
        const char *key; /* of a single object; NULL: a folder */
        uint64_t max_file_bytes;
        const char *base;
        const char *want; /* "folder|stem|extension" each */
        const char *rejects;
    } rows[] = {
        {"in a folder", HW_FORMAT_PARQUET, NULL, 0, "d/a", "out/|d/a|.parquet ", "out/d/a.rejects.jsonl"},
        {"three formats", HW_FORMAT_PARQUET | HW_FORMAT_AVRO | HW_FORMAT_CSV, NULL, 0, "a",
         "out/|a|.parquet out/|a|.avro out/|a|.csv ", "out/a.rejects.jsonl"},
        {"a single object of a known format", HW_FORMAT_PARQUET, "x/b.parquet", 0, "a", "|x/b.parquet| ",
         "x/b.rejects.jsonl"},
        {"packed CSV", HW_FORMAT_CSV, "x/b.csv.gz", 0, "a", "|x/b.csv.gz| ", "x/b.rejects.jsonl"},
        {"in other letters", HW_FORMAT_AVRO, "b.AVRO", 0, "a", "|b.AVRO| ", "b.rejects.jsonl"},
        {"a single object", HW_FORMAT_PARQUET, "x/b.data", 0, "a", "|x/b.data| ", "x/b.data.rejects.jsonl"},
        {"many of a single object", HW_FORMAT_PARQUET, "x/b.parquet", 1, "a", "|x/b|.parquet ", "x/b.rejects.jsonl"},
        {"many, with another extension", HW_FORMAT_PARQUET, "x.d/b.data", 1, "a", "|x.d/b|.data ",
         "x.d/b.data.rejects.jsonl"},
        {"many, without an extension", HW_FORMAT_PARQUET, "x.d/b", 1, "a", "|x.d/b| ", "x.d/b.rejects.jsonl"},
        {"many, of a hidden file", HW_FORMAT_PARQUET, "x/.b", 1, "a", "|x/.b| ", "x/.b.rejects.jsonl"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) got = {0};
        desk_open(&desk);
        desk.source.formats = rows[i].formats;
        desk.source.base = rows[i].base;
        desk.options.max_file_bytes = rows[i].max_file_bytes;
        desk.plan.target_prefix = rows[i].key ? NULL : desk.plan.target_prefix;
        desk.plan.target_key = rows[i].key;
        assert_ok(hw_output_plan_make(&desk.source, &desk.output_plan, &err), err);
        for (size_t k = 0; k < desk.output_plan.count; k++) {
            const struct hw_output_names *names = &desk.output_plan.names[k];
            assert_ok(hw_buf_printf(&got, &err, "%s|%s|%s ", names->folder, names->stem, names->extension), err);
        }
        assert_ok(hw_buf_end_text(&got, &err), err);
        assert_row_text(rows[i].name, (const char *)got.data, rows[i].want);
        assert_row_text(rows[i].name, desk.output_plan.rejects_key, rows[i].rejects);
        assert_row_int(rows[i].name, desk.output_plan.many, rows[i].max_file_bytes > 0);
        desk_close(&desk);
    }
}

/* ------ what is there already */

/* The output, and what the manifest tells of it. */
enum told {
    NO_ENTRY,
    CURRENT,
    OTHER_SOURCE,
    OTHER_SIZE,
    OTHER_TIME,
    OTHER_ETAG,
    OTHER_OPTIONS,
    OTHER_TYPES,
    OTHER_FILE
};

static void entry_put(struct desk *desk, const char *path, uint32_t file, enum told told) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_manifest_entry entry = desk_entry(desk, path, "parquet", file);
    entry.source = told == OTHER_SOURCE ? "in/b.csv" : entry.source;
    entry.source_bytes += told == OTHER_SIZE;
    entry.source_mtime_us += told == OTHER_TIME;
    entry.source_etag = told == OTHER_ETAG ? "another" : entry.source_etag;
    entry.options = told == OTHER_OPTIONS ? "others" : told == OTHER_TYPES ? DESK_OPTIONS "-others" : entry.options;
    entry.mtime_us += told == OTHER_FILE;
    if (told != NO_ENTRY) {
        assert_ok(hw_manifest_put(&desk->before, &entry, &err), err);
    }
}

/* A run that did not end has left a journal of the source. */
static void journal_leave(struct desk *desk) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_manifest_entry entry = desk_entry(desk, "a.parquet", "parquet", 0);
    size_t number;
    assert_ok(hw_journals_open(&desk->journals, desk->plan.target, "out/", &err), err);
    assert_ok(hw_journals_write(&desk->journals, "in/a.csv", &entry, 1, &number, &err), err);
    hw_journals_release(&desk->journals);
    assert_ok(hw_journals_open(&desk->journals, desk->plan.target, "out/", &err), err);
}

static void the_overwrite_rule_chooses(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_overwrite overwrite;
        bool there;
        enum told told;
        bool unfinished;
        enum hw_status want;
        bool keep;
        enum hw_convert_reason reason;
    } rows[] = {
        {"nothing is there", HW_OVERWRITE_AUTO, false, NO_ENTRY, false, HW_OK, false, HW_REASON_NEW},
        {"nothing, but an entry", HW_OVERWRITE_AUTO, false, CURRENT, false, HW_OK, false, HW_REASON_NEW},
        {"a file that nobody knows", HW_OVERWRITE_AUTO, true, NO_ENTRY, false, HW_OK, false, HW_REASON_EXISTS},
        {"current", HW_OVERWRITE_AUTO, true, CURRENT, false, HW_OK, true, HW_REASON_CURRENT},
        {"of another source", HW_OVERWRITE_AUTO, true, OTHER_SOURCE, false, HW_OK, false, HW_REASON_SOURCE},
        {"the source has another size", HW_OVERWRITE_AUTO, true, OTHER_SIZE, false, HW_OK, false, HW_REASON_SOURCE},
        {"the source has another time", HW_OVERWRITE_AUTO, true, OTHER_TIME, false, HW_OK, false, HW_REASON_SOURCE},
        {"the source has another ETag", HW_OVERWRITE_AUTO, true, OTHER_ETAG, false, HW_OK, false, HW_REASON_SOURCE},
        {"other options", HW_OVERWRITE_AUTO, true, OTHER_OPTIONS, false, HW_OK, false, HW_REASON_OPTIONS},
        {"other types", HW_OVERWRITE_AUTO, true, OTHER_TYPES, false, HW_OK, false, HW_REASON_TYPES},
        {"the output was changed", HW_OVERWRITE_AUTO, true, OTHER_FILE, false, HW_OK, false, HW_REASON_OUTPUT},
        {"current, but a run did not end", HW_OVERWRITE_AUTO, true, CURRENT, true, HW_OK, false, HW_REASON_UNFINISHED},
        {"skip: nothing is there", HW_OVERWRITE_SKIP, false, NO_ENTRY, false, HW_OK, false, HW_REASON_NEW},
        {"skip: whatever is there", HW_OVERWRITE_SKIP, true, NO_ENTRY, false, HW_OK, true, HW_REASON_EXISTS},
        {"skip: of another source", HW_OVERWRITE_SKIP, true, OTHER_SOURCE, false, HW_OK, true, HW_REASON_EXISTS},
        {"replace: current", HW_OVERWRITE_REPLACE, true, CURRENT, false, HW_OK, false, HW_REASON_REPLACE},
        {"fail: nothing is there", HW_OVERWRITE_FAIL, false, NO_ENTRY, false, HW_OK, false, HW_REASON_NEW},
        {"fail: current", HW_OVERWRITE_FAIL, true, CURRENT, false, HW_EEXISTS, false, HW_REASON_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk);
        if (rows[i].there) {
            desk_write(&desk, "a.parquet", DESK_TEXT);
        }
        entry_put(&desk, "a.parquet", 0, rows[i].told);
        assert_ok(hw_manifest_seal(&desk.before, &err), err);
        if (rows[i].unfinished) {
            journal_leave(&desk);
        }
        desk.options.overwrite = rows[i].overwrite;
        desk.source.options_digest = rows[i].told == OTHER_TYPES ? DESK_OPTIONS "-types" : DESK_OPTIONS;
        assert_ok(hw_output_plan_make(&desk.source, &desk.output_plan, &err), err);
        assert_row_int(rows[i].name, hw_output_plan_choose(&desk.source, &desk.output_plan, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].want == HW_OK ? "" : "out/a.parquet is there already");
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, desk.output_plan.count, !rows[i].keep);
            assert_row_int(rows[i].name, desk.output_plan.reason, rows[i].reason);
            assert_row_int(rows[i].name, rows[i].keep || desk.output_plan.fresh[0] == !rows[i].there, true);
        }
        desk_close(&desk);
    }
}

/*
 * The last format is believed to be free where the listing says so; one before it, which would be
 * taken back where the last one fails, is looked at.
 */
static void a_listing_tells_what_is_free(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned formats;
        const char *listed; /* NULL: the listing is not whole */
        bool want[2];       /* a row each: the output is new, though a file is there by now */
    } rows[] = {
        {"no listing", HW_FORMAT_PARQUET, NULL, {false}},
        {"it is not listed", HW_FORMAT_PARQUET, "out/b.parquet", {true}},
        {"it is listed", HW_FORMAT_PARQUET, "out/a.parquet", {false}},
        {"two formats", HW_FORMAT_PARQUET | HW_FORMAT_AVRO, "out/b.parquet", {false, true}},
        {"two, and the last is listed", HW_FORMAT_PARQUET | HW_FORMAT_AVRO, "out/a.avro", {false, false}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct hw_error err = HW_ERROR_INIT;
        bool new;
        desk_open(&desk);
        desk.source.formats = rows[i].formats;
        desk_write(&desk, "a.parquet", DESK_TEXT);
        desk_write(&desk, "a.avro", DESK_TEXT);
        desk.target_keys.whole = rows[i].listed != NULL;
        const hw_view listed = hw_view_of(rows[i].listed ? rows[i].listed : "");
        assert_ok(hw_name_set_add(&desk.target_keys.there, listed, NULL, &new, &err), err);
        assert_ok(hw_manifest_seal(&desk.before, &err), err);
        assert_ok(hw_output_plan_make(&desk.source, &desk.output_plan, &err), err);
        assert_ok(hw_output_plan_choose(&desk.source, &desk.output_plan, &err), err);
        for (size_t k = 0; k < desk.output_plan.count; k++) {
            assert_row_int(rows[i].name, desk.output_plan.fresh[k], rows[i].want[k]);
        }
        assert_row_int(rows[i].name, desk.output_plan.reason, rows[i].want[0] ? HW_REASON_NEW : HW_REASON_EXISTS);
        desk_close(&desk);
    }
}

static const struct {
    const char *name;
    enum hw_overwrite overwrite;
    const char *there; /* a digit each */
    enum told told[2]; /* of 0 and of 1 */
    bool single;       /* The entries are ones of single files. */
    bool unfinished;
    enum hw_status want;
    bool keep;
    enum hw_convert_reason reason;
} many_rows[] = {
    {"both are current", HW_OVERWRITE_AUTO, "01", {CURRENT, CURRENT}, false, false, HW_OK, true, HW_REASON_CURRENT},
    {"one is gone", HW_OVERWRITE_AUTO, "0", {CURRENT, CURRENT}, false, false, HW_OK, false, HW_REASON_OUTPUT},
    {"one is another by now",
     HW_OVERWRITE_AUTO,
     "01",
     {CURRENT, OTHER_FILE},
     false,
     false,
     HW_OK,
     false,
     HW_REASON_OUTPUT},
    {"one is of other options",
     HW_OVERWRITE_AUTO,
     "01",
     {OTHER_OPTIONS, CURRENT},
     false,
     false,
     HW_OK,
     false,
     HW_REASON_OPTIONS},
    {"there is only one", HW_OVERWRITE_AUTO, "0", {CURRENT, NO_ENTRY}, false, false, HW_OK, true, HW_REASON_CURRENT},
    {"nobody knows them", HW_OVERWRITE_AUTO, "01", {NO_ENTRY, NO_ENTRY}, false, false, HW_OK, false, HW_REASON_NEW},
    {"single ones", HW_OVERWRITE_AUTO, "01", {CURRENT, CURRENT}, true, false, HW_OK, false, HW_REASON_OPTIONS},
    {"a run did not end", HW_OVERWRITE_AUTO, "01", {CURRENT, CURRENT}, false, true, HW_OK, false, HW_REASON_UNFINISHED},
    {"skip: of other options",
     HW_OVERWRITE_SKIP,
     "01",
     {OTHER_OPTIONS, CURRENT},
     false,
     false,
     HW_OK,
     true,
     HW_REASON_EXISTS},
    {"skip: nobody knows them",
     HW_OVERWRITE_SKIP,
     "01",
     {NO_ENTRY, NO_ENTRY},
     false,
     false,
     HW_OK,
     true,
     HW_REASON_EXISTS},
    {"skip: the first is not there",
     HW_OVERWRITE_SKIP,
     "1",
     {NO_ENTRY, NO_ENTRY},
     false,
     false,
     HW_OK,
     false,
     HW_REASON_NEW},
    {"replace", HW_OVERWRITE_REPLACE, "01", {CURRENT, CURRENT}, false, false, HW_OK, false, HW_REASON_REPLACE},
    {"fail", HW_OVERWRITE_FAIL, "01", {CURRENT, CURRENT}, false, false, HW_EEXISTS, false, HW_REASON_UNKNOWN},
    {"fail: they are gone", HW_OVERWRITE_FAIL, "", {CURRENT, CURRENT}, false, false, HW_OK, false, HW_REASON_OUTPUT},
};

/* Many files are left alone together, where each one that was made is there. */
static void many_are_chosen_together(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(many_rows); i++) {
        struct desk desk;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk);
        for (const char *at = many_rows[i].there; *at; at++) {
            char path[32];
            snprintf(path, sizeof(path), "a-0000%c.parquet", *at);
            desk_write(&desk, path, DESK_TEXT);
        }
        entry_put(&desk, "a-00000.parquet", many_rows[i].single ? 0 : 1, many_rows[i].told[0]);
        entry_put(&desk, "a-00001.parquet", many_rows[i].single ? 0 : 2, many_rows[i].told[1]);
        assert_ok(hw_manifest_seal(&desk.before, &err), err);
        if (many_rows[i].unfinished) {
            journal_leave(&desk);
        }
        desk.options.overwrite = many_rows[i].overwrite;
        desk.options.max_file_bytes = 1;
        assert_ok(hw_output_plan_make(&desk.source, &desk.output_plan, &err), err);
        assert_row_int(many_rows[i].name, hw_output_plan_choose(&desk.source, &desk.output_plan, &err),
                       many_rows[i].want);
        if (many_rows[i].want == HW_OK) {
            assert_row_int(many_rows[i].name, desk.output_plan.count, !many_rows[i].keep);
            assert_row_int(many_rows[i].name, desk.output_plan.reason, many_rows[i].reason);
        }
        desk_close(&desk);
    }
}

/* ------ what was made */

/* Files are described in byte order of their paths; each tells which output it is. */
static void files_are_described(void **state) {
    (void)state;
    static const struct {
        const char *key;
        uint64_t rows;
    } made[] = {{"out/k=b/a-00000.parquet", 3}, {"out/k=a/a-00000.parquet", 4}, {"out/k=b/a-00001.parquet", 5}};
    static const size_t want[] = {1, 0, 2};
    struct desk desk;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_output_file *list[COUNT_OF(made)];
    struct hw_outputs outputs = {.output_plan = &desk.output_plan,
                                 .formats[0] = {.files = list, .files_count = COUNT_OF(made)}};
    struct hw_output_files files;
    desk_open(&desk);
    desk.options.max_file_bytes = 1;
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        const size_t bytes = strlen(made[i].key) + 1;
        list[i] = hw_alloc_zero(1, sizeof(*list[i]) + bytes);
        memcpy(list[i]->path, made[i].key, bytes);
        list[i]->key = list[i]->path;
        list[i]->format = &hw_output_formats[0];
        list[i]->rows = made[i].rows;
        list[i]->bytes = 100 * made[i].rows;
        list[i]->crc64nvme = 0xcd;
        list[i]->digest[0] = 0xab;
    }
    assert_ok(hw_output_plan_make(&desk.source, &desk.output_plan, &err), err);
    assert_ok(hw_output_plan_files(&desk.source, &outputs, 9, &files, &err), err);
    assert_int_equal(files.count, COUNT_OF(made));
    assert_string_equal(files.source, "in/a.csv");
    for (size_t i = 0; i < files.count; i++) {
        const struct hw_manifest_entry *entry = &files.entries[i];
        assert_int_equal(entry->order, want[i]);
        assert_int_equal(entry->file, want[i] + 1);
        assert_string_equal(entry->path, made[want[i]].key + strlen("out/"));
        assert_string_equal(entry->format, "parquet");
        assert_int_equal(entry->rows, made[want[i]].rows);
        assert_int_equal(entry->bytes, 100 * made[want[i]].rows);
        assert_int_equal(entry->rejected, 9);
        assert_string_equal(entry->options, DESK_OPTIONS);
        assert_string_equal(entry->source_etag, "tag");
        assert_int_equal(entry->source_bytes, 7);
        assert_string_equal(files.outputs[i].path, made[i].key);
        assert_string_equal(files.outputs[i].crc64nvme, "00000000000000cd");
        assert_int_equal(strncmp(files.outputs[i].sha256, "ab00", 4), 0);
    }
    for (size_t i = 0; i < files.count; i++) {
        hw_free(list[i]);
    }
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_have_names),           cmocka_unit_test(the_overwrite_rule_chooses),
        cmocka_unit_test(a_listing_tells_what_is_free), cmocka_unit_test(many_are_chosen_together),
        cmocka_unit_test(files_are_described),
    };
    return cmocka_run_group_tests_name("pipeline/output_plan", tests, NULL, NULL);
}
