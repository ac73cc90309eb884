/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/merge.h"

#include <stdio.h>

#include "support/rows.h"

enum { CRC = 77, MTIME_US = 5 }; /* of what is there */

static struct hw_manifest_entry entry_of(const char *source, const char *path, uint8_t sum) {
    return (struct hw_manifest_entry){.path = path,
                                      .format = "parquet",
                                      .sha256 = {sum},
                                      .crc64nvme = CRC,
                                      .mtime_us = MTIME_US,
                                      .etag = "",
                                      .source = source,
                                      .source_etag = "",
                                      .options = ""};
}

/* Puts what a row changes. */
static void changes_put(const char *text, const char *source, struct hw_manifest_sorter *changes) {
    for (const char *at = text; *at; at++) {
        const char sign = *at;
        const uint8_t sum = sign == '!' ? 2 : 1;
        at += strchr("-!+=~*", sign) != NULL;
        struct hw_manifest_entry change = entry_of(source, (char[]){*at, '\0'}, sum);
        change.removed = sign == '-' || sign == '!';
        change.amends = strchr("+=~*", sign) != NULL;
        change.amended_crc64nvme = sign == '+' || sign == '*' ? CRC : CRC + 1;
        change.amended_mtime_us = sign == '*' ? MTIME_US + 1 : MTIME_US;
        change.crc64nvme = sign == '=' ? CRC : CRC + 2;
        assert_int_equal(hw_manifest_sorter_put(changes, &change, NULL), HW_OK);
    }
}

/*
 * A row: what is there before, and what changes; letters are paths, "-x" is removed, "!x" of
 * another sum. "+x" amends what is there, "=x" what was amended so already, "~x" another file, "*x"
 * one of the same bytes and another time; an entry that was amended shows as a capital.
 */
static void changes_make_their_way(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *before, *changes;
        bool other_source; /* Changes come from a source that sorts before the others. */
        const char *want;
    } rows[] = {
        {"nothing", "", "", false, ""},
        {"nothing changes", "abc", "", false, "abc"},
        {"all is new", "", "cba", false, "abc"},
        {"one between", "ac", "b", false, "abc"},
        {"at both ends", "b", "ac", false, "abc"},
        {"replaced", "abc", "b", false, "abc"},
        {"replaced by another source", "abc", "c", true, "cab"},
        {"removed", "abc", "-b", false, "ac"},
        {"all removed", "abc", "-a-b-c", false, ""},
        {"removed, but it is another", "abc", "!b", false, "abc"},
        {"removed, was not there", "ab", "-c", false, "ab"},
        {"removed and made again", "ab", "-aa", false, "ab"},
        {"made and removed again", "b", "a-a", false, "b"},
        {"amended", "abc", "+b", false, "aBc"},
        {"all amended", "abc", "+c+a+b", false, "ABC"},
        {"amended before", "abc", "=b", false, "aBc"},
        {"amended, but it is another", "abc", "~b", false, "abc"},
        {"amended, but it was made anew", "abc", "*b", false, "abc"},
        {"amended, but it is of another source", "abc", "+b", true, "abc"},
        {"amended, but it is gone", "ac", "+b", false, "ac"},
        {"amended where there is nothing", "", "+a", false, ""},
        {"amended, with another that is not", "abc", "~a+b-c", false, "aB"},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        HW_AUTO(hw_manifest) before = {0};
        HW_AUTO(hw_manifest_sorter) changes = {0};
        HW_AUTO(hw_manifest_merge) merge = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_manifest_entry *entry;
        char got[16] = "";
        for (const char *at = rows[r].before; *at; at++) {
            const struct hw_manifest_entry old = entry_of("in/m.csv", (char[]){*at, '\0'}, 1);
            assert_ok(hw_manifest_put(&before, &old, &err), err);
        }
        assert_ok(hw_manifest_seal(&before, &err), err);
        changes_put(rows[r].changes, rows[r].other_source ? "in/a.csv" : "in/m.csv", &changes);
        assert_ok(hw_manifest_merge_open(&merge, &before, &changes, &err), err);
        assert_row_int(rows[r].name, merge.count, strlen(rows[r].want));
        do {
            assert_ok(hw_manifest_merge_next(&merge, &entry, &err), err);
            got[strlen(got)] = !entry ? '\0' : (char)(entry->amends ? entry->path[0] - 'a' + 'A' : entry->path[0]);
        } while (entry);
        assert_row_text(rows[r].name, got, rows[r].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(changes_make_their_way)};
    return cmocka_run_group_tests_name("manifest/merge", tests, NULL, NULL);
}
