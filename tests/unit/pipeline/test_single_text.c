/* SPDX-License-Identifier: Apache-2.0 */
/* The one text that a call names: its place, its member, and that it stays one version. */
#include "pipeline/single_text.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/scratch.h"
#include "unit/csv/packed.h"

#define PLAIN_TEXT "a\n1\n"

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

static const struct {
    const char *name;
    const char *source; /* "-": the descriptor of in.csv; "://": a URI; else below the folder */
    const char *member;
    bool stopped;
    enum hw_status status;
    const char *says;
    const char *text;
} rows[] = {
    {"a file", "in.csv", NULL, false, HW_OK, "", PLAIN_TEXT},
    {"a file, whose name no ZIP has", "in.csv", "b*", false, HW_OK, "", PLAIN_TEXT},
    {"a descriptor", "-", NULL, false, HW_OK, "", PLAIN_TEXT},
    {"a descriptor, stopped", "-", NULL, true, HW_ECANCELLED, "stopped", NULL},
    {"the only member", "one.zip", NULL, false, HW_OK, "", "b\nfirst\n"},
    {"the first member", "two.zip", "a*", false, HW_OK, "", "a\nfirst\n"},
    {"the second member", "two.zip", "**b.csv", false, HW_OK, "", "b\nsecond\n"},
    {"two members", "two.zip", NULL, false, HW_EUSAGE, "the ZIP has 2 members that could be meant", NULL},
    {"no such member", "two.zip", "c*", false, HW_EDATA, "no member of the names asked for", NULL},
    {"a ZIP without members", "none.zip", NULL, false, HW_EDATA, "a ZIP without files", NULL},
    {"no file", "gone.csv", NULL, false, HW_ENOTFOUND, "", NULL},
    {"no store", "gone://x", NULL, false, HW_EUSAGE, "unknown scheme", NULL},
    {"no path", "s3://", NULL, false, HW_EUSAGE, "", NULL},
};

static void zip_make(const struct scratch *scratch, const char *name, const struct packed_member *members,
                     size_t count) {
    HW_AUTO(hw_buf) zip = {0};
    packed_zip(members, count, &zip);
    scratch_write(scratch, name, zip.data, zip.size);
}

static struct scratch files_make(void) {
    static const struct packed_member one[] = {{"b.csv", {"b\nfirst\n", 8}, false}};
    static const struct packed_member two[] = {{"a.csv", {"a\nfirst\n", 8}, false},
                                               {"d/b.csv", {"b\nsecond\n", 9}, false}};
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "in.csv", PLAIN_TEXT, strlen(PLAIN_TEXT));
    zip_make(&scratch, "one.zip", one, COUNT_OF(one));
    zip_make(&scratch, "two.zip", two, COUNT_OF(two));
    zip_make(&scratch, "none.zip", NULL, 0);
    return scratch;
}

static void text_check(const char *row, const struct hw_csv_text *text, const char *want) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_csv_stream stream;
    HW_AUTO(hw_buf) got = {0};
    bool end;
    assert_ok(hw_csv_stream_open(text, &stream, &err), err);
    assert_ok(hw_csv_stream_read(&stream, 1000, &got, &end, &err), err);
    hw_csv_stream_release(&stream);
    assert_row_bytes(row, got.data, got.size, want, strlen(want));
}

static void the_text_is_the_one_that_is_meant(void **state) {
    (void)state;
    struct scratch scratch = files_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_single_text single;
        const bool below = strcmp(rows[i].source, "-") != 0 && !strstr(rows[i].source, "://");
        const char *source = below ? scratch_path(&scratch, rows[i].source) : rows[i].source;
        const struct hw_csv_options csv = {.zip_member = rows[i].member};
        const struct hw_store_options store = {.cancelled = rows[i].stopped ? always : NULL};
        const int fd = open(scratch_path(&scratch, "in.csv"), O_RDONLY | O_CLOEXEC);
        assert_row_int(rows[i].name, hw_single_text_open(&single, source, &csv, &store, fd, &err), rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].text) {
            text_check(rows[i].name, &single.text, rows[i].text);
        }
        hw_single_text_release(&single);
        hw_single_text_release(&single);
        close(fd);
    }
    scratch_remove(&scratch);
}

/* Another file takes the name, another user comes and goes: what is open is still the old one. */
static void the_version_stays(void **state) {
    (void)state;
    struct scratch scratch = files_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_single_text single;
    struct hw_csv_text again;
    char from[1024], to[1024];
    snprintf(from, sizeof(from), "%snew.csv", scratch.folder);
    snprintf(to, sizeof(to), "%sin.csv", scratch.folder);
    assert_ok(hw_single_text_open(&single, to, &(struct hw_csv_options){0}, &(struct hw_store_options){0}, -1, &err),
              err);
    scratch_write(&scratch, "new.csv", "b\n22\n", 5);
    assert_int_equal(rename(from, to), 0);
    assert_ok(hw_csv_object_take(&single.object, NULL, &again, &err), err);
    text_check("again", &again, PLAIN_TEXT);
    hw_csv_object_give(&single.object, &again);
    text_check("still", &single.text, PLAIN_TEXT);
    hw_single_text_release(&single);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_the_one_that_is_meant),
        cmocka_unit_test(the_version_stays),
    };
    return cmocka_run_group_tests_name("pipeline/single_text", tests, NULL, NULL);
}
