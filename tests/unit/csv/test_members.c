/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/members.h"

#include "csv/object.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/csv/memory_object.h"
#include "unit/csv/packed.h"

enum { MEMBERS_MAX = 6 };

struct row {
    const char *name;
    const char *members[MEMBERS_MAX]; /* none: the object is no ZIP */
    const char *glob;
    bool all;
    const char *want; /* y: this member is meant; "": none is, HW_EDATA */
    size_t junk, texts;
    const char *says;
};

static const struct row rows[] = {
    {"no ZIP", {NULL}, NULL, false, "y", 0, 0, ""},
    {"no ZIP: names do not matter", {NULL}, "*.tsv", false, "y", 0, 0, ""},
    {"all are CSV", {"a.csv", "d/b.TSV", "c.csv.gz"}, NULL, false, "yyy", 0, 0, ""},
    {"some are CSV", {"a.pdf", "b.csv", "c.csv.bak"}, NULL, false, "nyn", 0, 0, ""},
    {"a text beside CSV", {"readme.txt", "b.csv"}, NULL, false, "ny", 0, 1, ""},
    {"what the Finder adds", {"b.csv", "__MACOSX/._b.csv"}, NULL, false, "yn", 1, 0, ""},
    {"junk", {"b.csv", ".x/c.csv", "_d/e.csv", "~$f.csv", ".DS_Store"}, NULL, false, "ynnnn", 3, 0, ""},
    {"all files", {"b.csv", ".c.csv", "_d/e.csv", "f.txt", "g.pdf"}, NULL, true, "yyyyn", 0, 0, ""},
    {"the only one", {"data"}, NULL, false, "y", 0, 0, ""},
    {"the only text", {"data.txt"}, NULL, false, "y", 0, 0, ""},
    {"the only one that is no junk", {"__MACOSX/._data.dat", "data.dat"}, NULL, false, "ny", 0, 0, ""},
    {"two that are no CSV",
     {"a.dat", "b.dat"},
     NULL,
     false,
     "",
     0,
     0,
     "the ZIP has no member that is CSV by its name; it has \"a.dat\", \"b.dat\" (--zip-member names members)"},
    {"texts alone", {"a.txt", "b.txt"}, NULL, false, "", 0, 0, "it has \"a.txt\", \"b.txt\""},
    {"junk alone", {"_a.csv", ".b.csv"}, NULL, false, "", 0, 0, "it has \"_a.csv\", \".b.csv\""},
    {"many", {"1", "2", "3", "4", "5", "6"}, NULL, false, "", 0, 0, "it has \"1\", \"2\", \"3\", \"4\" and 2 more"},
    {"a glob", {"a.csv", "b.txt", "d/c.csv"}, "*.csv", false, "ynn", 0, 0, ""},
    {"a glob that names a text", {"a.csv", "b.txt"}, "*.txt", false, "ny", 0, 0, ""},
    {"a glob through folders", {"a.csv", "b.txt", "d/c.csv"}, "**.csv", false, "yny", 0, 0, ""},
    {"a glob of a folder", {"a.csv", "d/b.txt", "d/e/c.csv"}, "d/*", false, "nyn", 0, 0, ""},
    {"a glob names nothing hidden", {"a.csv", "._a.csv", "__MACOSX/._a.csv"}, "**", false, "ynn", 0, 0, ""},
    {"but where it says so", {"a.csv", "._a.csv"}, ".*", false, "ny", 0, 0, ""},
    {"or all files are asked for", {"a.csv", "._a.csv"}, "*", true, "yy", 0, 0, ""},
    {"alternatives", {"a.csv", "b.csv", "c.csv"}, "{a,c}.csv", false, "yny", 0, 0, ""},
    {"a name that could be a glob", {"a[1].csv", "a1.csv"}, "a[1].csv", false, "yn", 0, 0, ""},
    {"a name of another one's pattern", {"a1.csv", "a2.csv"}, "a[1].csv", false, "yn", 0, 0, ""},
    {"none is named",
     {"a.csv"},
     "*.tsv",
     false,
     "",
     0,
     0,
     "the ZIP has no member of the names asked for; it has \"a.csv\" (--zip-member names members)"},
};

static void row_run(const struct row *row) {
    struct hw_error err = HW_ERROR_INIT;
    struct memory_object from;
    struct hw_csv_object object;
    struct hw_csv_text text;
    struct hw_left_out left_out = {0};
    HW_AUTO(hw_buf) zip = {0};
    HW_AUTO(hw_csv_members) members = {0};
    struct packed_member packed[MEMBERS_MAX];
    size_t count = 0;
    for (; count < MEMBERS_MAX && row->members[count]; count++) {
        packed[count] = (struct packed_member){row->members[count], {"1", 1}, 0};
    }
    packed_zip(packed, count, &zip);
    memory_object_init(&from, "a", count > 0 ? hw_buf_view(&zip) : (hw_view){"a\n", 2});
    hw_csv_object_init(&object, &from.base, 0);
    assert_ok(hw_csv_object_take(&object, NULL, &text, &err), err);
    const struct hw_csv_members_options options = {row->glob, row->all};
    const size_t wanted = strlen(row->want);
    assert_row_int(row->name, hw_csv_members_choose(&members, &text, &options, &err), wanted ? HW_OK : HW_EDATA);
    assert_row_says(row->name, err.message, row->says);
    size_t meant = 0;
    for (size_t i = 0; i < wanted; i++) {
        assert_row_int(row->name, hw_csv_members_has(&members, i), row->want[i] == 'y');
        meant += row->want[i] == 'y';
    }
    assert_row_int(row->name, members.count, wanted);
    assert_row_int(row->name, members.wanted, meant);
    hw_csv_members_tell(&members, &left_out);
    hw_csv_members_tell(&members, NULL);
    assert_row_int(row->name, left_out.junk, row->junk);
    assert_row_int(row->name, left_out.texts, row->texts);
    hw_csv_object_give(&object, &text);
    hw_csv_object_release(&object);
}

static void members_are_chosen(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        row_run(&rows[i]);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct memory_object from;
    struct hw_csv_object object;
    struct hw_csv_text text;
    HW_AUTO(hw_buf) zip = {0};
    packed_zip(&(struct packed_member){"a.csv", {"1", 1}, 0}, 1, &zip);
    memory_object_init(&from, "a", hw_buf_view(&zip));
    hw_csv_object_init(&object, &from.base, 0);
    assert_ok(hw_csv_object_take(&object, NULL, &text, &err), err);
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        HW_AUTO(hw_csv_members) members = {0};
        alloc_fault_begin(&fault, successes);
        const enum hw_status status =
            hw_csv_members_choose(&members, &text, &(struct hw_csv_members_options){.glob = "*"}, &err);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_true(fired || successes >= 2);
    }
    hw_csv_object_give(&object, &text);
    hw_csv_object_release(&object);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_chosen),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("csv/members", tests, NULL, NULL);
}
