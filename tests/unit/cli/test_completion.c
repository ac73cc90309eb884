/* SPDX-License-Identifier: Apache-2.0 */
/* The scripts, asked by the shells themselves where those are installed. */
#include "cli/completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/rows.h"
#include "unit/cli/sample_commands.h"

/* The script of a shell in a file that goes away with the test. */
static void script_write(const char *shell, char *path) {
    HW_AUTO(hw_buf) script = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_completion_script(&script, &sample_commands, shell, &err), err);
    memcpy(path, "/tmp/hawser-completion-XXXXXX", sizeof("/tmp/hawser-completion-XXXXXX"));
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, script.data, script.size), script.size);
    close(fd);
}

static bool installed(const char *shell) {
    char command[64];
    snprintf(command, sizeof(command), "command -v %s >/dev/null", shell);
    return system(command) == 0;
}

/* What a shell prints that runs `command` with $1 for the script and $2 for the line. */
static void ask(const char *shell, const char *command, const char *path, const char *line, char *out, size_t bytes) {
    char whole[1024];
    snprintf(whole, sizeof(whole), "timeout 60 %s -c '%s' %s %s '%s' 2>&1", shell, command, shell, path, line);
    FILE *pipe = popen(whole, "r");
    assert_non_null(pipe);
    out[fread(out, 1, bytes - 1, pipe)] = '\0';
    assert_row_int(line, pclose(pipe), 0);
}

struct ask_row {
    const char *line;
    const char *want;
};

static void all_ask(const char *shell, const char *command, const struct ask_row *rows, size_t count) {
    char path[64];
    if (!installed(shell)) {
        skip();
    }
    script_write(shell, path);
    for (size_t i = 0; i < count; i++) {
        char got[1024];
        ask(shell, command, path, rows[i].line, got, sizeof(got));
        assert_row_text(rows[i].line, got, rows[i].want);
    }
    unlink(path);
}

static void bash_completes_each_word(void **state) {
    (void)state;
    static const char command[] = "source $1; cd /proc/sys; compopt() { :; }; IFS=\" \"; COMP_WORDS=($2); "
                                  "[[ $2 == *\" \" ]] && COMP_WORDS+=(\"\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
                                  "_hawser; echo \"${COMPREPLY[*]}\"";
    static const struct ask_row rows[] = {
        {"hawser ", "load mongo worker help\n"},
        {"hawser mo", "mongo\n"},
        {"hawser mongo ", "export import\n"},
        {"hawser mongo ex", "export\n"},
        {"hawser mongo export --q", "--query\n"},
        {"hawser mongo export --mode ", "insert upsert\n"},
        {"hawser mongo x ", "\n"},
        {"hawser export --", "\n"},
        {"hawser worker sqs r", "redrive\n"},
        {"hawser worker sqs k", "kernel\n"},
        {"hawser worker sqs out r", "\n"},
        {"hawser worker sqs redrive --", "--help\n"},
        {"hawser help ", "load mongo worker help\n"},
        {"hawser help mongo ", "export import\n"},
        {"hawser help --man mongo im", "import\n"},
        {"hawser help load ", "\n"},
    };
    all_ask("bash", command, rows, COUNT_OF(rows));
}

/*
 * A shell on a terminal of its own, which is the only place where zsh completes: what stands on its
 * line after a tab, told by a key that the driver binds.
 */
static void zsh_completes_each_word(void **state) {
    (void)state;
    static const char command[] =
        "zmodload zsh/zpty; zpty z zsh -f -i; "
        "zpty -w z \"PS1=; unsetopt automenu; autoload -U compinit; compinit -u -D; source $1; cd /proc/sys; "
        "mark() { print -r -- \\\"<\\$BUFFER>\\\" }; zle -N mark; bindkey \\\"^T\\\" mark; print re\\\"\\\"ady\"; "
        "zpty -r z out \"*ready*\"; zpty -w -n z \"$2$(printf \"\\t\\024\")\"; zpty -r z out \"*<*>*\"; "
        "print -r -- ${${out##*<}%%>*}";
    static const struct ask_row rows[] = {
        {"hawser mon", "hawser mongo \n"},
        {"hawser mongo im", "hawser mongo import \n"},
        {"hawser mongo export --q", "hawser mongo export --query=\n"},
        {"hawser mongo export --mode=u", "hawser mongo export --mode=upsert \n"},
        {"hawser mongo import --q", "hawser mongo import --q\n"},
        {"hawser worker sqs red", "hawser worker sqs redrive \n"},
        {"hawser worker sqs ke", "hawser worker sqs kernel/\n"},
        {"hawser worker sqs out red", "hawser worker sqs out red\n"},
        {"hawser help --man mongo im", "hawser help --man mongo import \n"},
        {"hawser help worker sqs ", "hawser help worker sqs redrive \n"},
    };
    all_ask("zsh", command, rows, COUNT_OF(rows));
}

static void fish_completes_each_word(void **state) {
    (void)state;
    static const char command[] = "cd /proc/sys; source $argv[2]; complete -C $argv[3]";
    static const struct ask_row rows[] = {
        {"hawser mo", "mongo\tCommands: export import\n"},
        {"hawser mongo ", "export\tExports it's collections: all\nimport\tImports collections\n"},
        {"hawser mongo ex", "export\tExports it's collections: all\n"},
        {"hawser mongo export --q", "--query\tTakes some\n"},
        {"hawser mongo export --mode ", "insert\tHow it is done\nupsert\tHow it is done\n"},
        {"hawser mongo import --q", ""},
        {"hawser worker sqs r", "redrive\tSends messages back\n"},
        {"hawser help mongo ", "export\nimport\n"},
        {"hawser help --man mongo im", "import\n"},
    };
    all_ask("fish", command, rows, COUNT_OF(rows));
}

static void summaries_are_spelled_for_the_shell(void **state) {
    (void)state;
    static const struct {
        const char *shell;
        const char *says;
    } rows[] = {
        {"zsh", "'export:Exports it'\\''s collections\\: all'"},
        {"zsh", "'mongo:Commands\\: export import'"},
        {"fish", "-n '__hawser_at mongo' -x -a export -d 'Exports it\\'s collections: all'"},
        {"fish", "-n '__hawser_at worker sqs' -a redrive -d"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) script = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_completion_script(&script, &sample_commands, rows[i].shell, &err), err);
        assert_ok(hw_buf_end_text(&script, &err), err);
        assert_row_says(rows[i].shell, (const char *)script.data, rows[i].says);
    }
}

static void unknown_shells_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *shell;
        const char *says;
    } rows[] = {
        {"bsh", "unknown shell \"bsh\"; did you mean bash?"},
        {"powershell", "unknown shell \"powershell\"; known: bash, zsh, fish"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) none = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].shell, hw_completion_script(&none, &sample_commands, rows[i].shell, &err), HW_EUSAGE);
        assert_row_text(rows[i].shell, err.message, rows[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bash_completes_each_word),   cmocka_unit_test(zsh_completes_each_word),
        cmocka_unit_test(fish_completes_each_word),   cmocka_unit_test(summaries_are_spelled_for_the_shell),
        cmocka_unit_test(unknown_shells_are_refused),
    };
    return cmocka_run_group_tests_name("cli/completion", tests, NULL, NULL);
}
