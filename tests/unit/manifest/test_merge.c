/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/merge.h"

#include <stdio.h>

#include "support/rows.h"

static struct hw_manifest_entry entry_of(const char *source, const char *path, uint8_t sum) {
    return (struct hw_manifest_entry){.path = path,
                                      .format = "parquet",
                                      .sha256 = {sum},
                                      .etag = "",
                                      .source = source,
                                      .source_etag = "",
                                      .options = ""};
}

/*
 * A row: what is there before, and what changes; letters are paths, "-x" is removed, "!x" of
 * another sum.
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
        for (const char *at = rows[r].changes; *at; at++) {
            const bool removed = *at == '-' || *at == '!';
            const uint8_t sum = *at == '!' ? 2 : 1;
            at += removed;
            struct hw_manifest_entry change =
                entry_of(rows[r].other_source ? "in/a.csv" : "in/m.csv", (char[]){*at, '\0'}, sum);
            change.removed = removed;
            assert_ok(hw_manifest_sorter_put(&changes, &change, &err), err);
        }
        assert_ok(hw_manifest_merge_open(&merge, &before, &changes, &err), err);
        assert_row_int(rows[r].name, merge.count, strlen(rows[r].want));
        do {
            assert_ok(hw_manifest_merge_next(&merge, &entry, &err), err);
            got[strlen(got)] = entry ? entry->path[0] : '\0';
        } while (entry);
        assert_row_text(rows[r].name, got, rows[r].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(changes_make_their_way)};
    return cmocka_run_group_tests_name("manifest/merge", tests, NULL, NULL);
}
