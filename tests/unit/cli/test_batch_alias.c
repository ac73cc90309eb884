/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options are those that s5cmd 2.3.0 lists in its folder command: cp.go, sync.go, ls.go and so
 * on.
 */
#include "cli/batch_alias.h"

#include <stdio.h>

#include "cli/commands.h"
#include "support/rows.h"

enum { WORDS_MAX = 8, TEXT_BYTES = 256 };

static enum hw_status translate(const char *command, const char *const *words, char *out, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *copies[WORDS_MAX];
    struct hw_batch_words taken = {.words = copies};
    const struct hw_cmd *cmd = hw_commands_get(&hw_commands_all, hw_view_of(command));
    assert_non_null(cmd);
    for (; taken.count < WORDS_MAX && words[taken.count]; taken.count++) {
        copies[taken.count] = words[taken.count];
    }
    out[0] = '\0';
    HW_TRY(hw_batch_alias_options(cmd, &taken, &arena, err));
    int used = 0;
    for (size_t i = 0; i < taken.count; i++) {
        used += snprintf(out + used, TEXT_BYTES - (size_t)used, "%s%s", i > 0 ? "|" : "", taken.words[i]);
    }
    return HW_OK;
}

static void options_of_s5cmd_become_ours(void **state) {
    (void)state;
    static const struct {
        const char *command;
        const char *words[WORDS_MAX];
        const char *want;
    } rows[] = {
        {"cp", {"a", "b"}, "a|b"},
        {"cp", {"-n", "-s", "-u", "-f", "a", "b"}, "-n|-s|-u|-f|a|b"},
        {"cp", {"--part-size", "50", "a", "b"}, "--part-size=50MiB|a|b"},
        {"cp", {"--part-size=50", "a"}, "--part-size=50MiB|a"},
        {"cp", {"-part-size", "50", "a"}, "--part-size=50MiB|a"},
        {"cp", {"-p", "50", "a"}, "--part-size=50MiB|a"},
        {"cp", {"-p50", "a"}, "--part-size=50MiB|a"},
        {"cp", {"-p=50", "a"}, "--part-size=50MiB|a"},
        {"cp", {"--part-size", "16MiB", "a"}, "--part-size=16MiB|a"},
        {"cp", {"--concurrency", "10", "-c", "5", "-c5", "a"}, "a"},
        {"cp", {"--sp", "-sp", "--show-progress", "a"}, "a"},
        {"mv", {"-show-progress=false", "a"}, "a"},
        {"cp", {"--storage-class", "GLACIER", "--sse", "aws:kms", "a"}, "--storage-class|GLACIER|--sse|aws:kms|a"},
        {"cp", {"-if-size-differ", "-acl", "private", "a"}, "--if-size-differ|--acl|private|a"},
        {"cp", {"--source-region", "x", "--destination-region", "y"}, "--source-region|x|--region=y"},
        {"cp", {"--metadata-directive", "COPY", "a"}, "a"},
        {"cp", {"--force-glacier-transfer", "--ignore-glacier-warnings", "a"}, "a"},
        {"cp", {"--no-such-upload-retry-count", "3", "a"}, "a"},
        /* A value is no option, whatever it looks like. */
        {"cp", {"--metadata", "--sp", "--exclude", "-p", "a"}, "--metadata|--sp|--exclude|-p|a"},
        {"cp", {"--", "--sp", "-p"}, "--|--sp|-p"},
        {"cp", {"-", "--unknown", "-Z"}, "-|--unknown|-Z"},
        {"sync", {"--exit-on-error", "--size-only", "--delete", "a"}, "--fail-fast|--size-only|--delete|a"},
        {"ls", {"-H", "--humanize", "a"}, "-H|--humanize|a"},
        {"cat", {"-c", "4", "--part-size", "50", "a"}, "a"},
        {"presign", {"--expire", "24h", "a"}, "--expires=24h|a"},
        {"rm", {"--retry-count", "5", "-r", "2", "a"}, "--retries=5|--retries=2|a"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char got[TEXT_BYTES];
        assert_ok(translate(rows[i].command, rows[i].words, got, &err), err);
        assert_row_text(rows[i].want, got, rows[i].want);
    }
}

static void what_is_not_here_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *command;
        const char *words[WORDS_MAX];
        const char *says;
    } rows[] = {
        {"cp", {"--version-id", "x", "a"}, "s5cmd's --version-id is not here: only the latest"},
        {"cp", {"--no-follow-symlinks", "a"}, "--no-follow-symlinks is not here"},
        {"cp", {"--metadata-directive", "REPLACE", "a"}, "--metadata-directive takes COPY only"},
        {"cp", {"--part-size"}, "--part-size needs a value"},
        {"rm", {"--all-versions", "a"}, "--all-versions is not here"},
        {"ls", {"-e", "a"}, "--etag is not here: --json tells it"},
        {"ls", {"-s", "a"}, "--storage-class is not here"},
        {"ls", {"--show-fullpath", "a"}, "--show-fullpath is not here"},
        {"du", {"--group", "a"}, "--group is not here"},
        {"cp", {"--no-verify-ssl", "a"}, "--no-verify-ssl is not here"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char got[TEXT_BYTES];
        assert_row_int(rows[i].says, translate(rows[i].command, rows[i].words, got, &err), HW_EUSAGE);
        assert_row_says(rows[i].says, err.message, rows[i].says);
    }
}

static void commands_have_their_names_here(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    const char *name;
    assert_ok(hw_batch_alias_command("cp", &name, &err), err);
    assert_string_equal(name, "cp");
    assert_ok(hw_batch_alias_command("head", &name, &err), err);
    assert_string_equal(name, "stat");
    assert_int_equal(hw_batch_alias_command("select", &name, &err), HW_EUSAGE);
    assert_row_says("select", err.message, "s5cmd's select is not here: copy the objects");
    assert_int_equal(hw_batch_alias_command("bucket-version", &name, &err), HW_EUSAGE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_of_s5cmd_become_ours),
        cmocka_unit_test(what_is_not_here_is_refused),
        cmocka_unit_test(commands_have_their_names_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
