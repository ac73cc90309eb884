/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion_zsh.h"

#include "unit/cli/shell_command.h"

/* The specifications of _arguments (zshcompsys): *, [explanation], :message:action. */
static void options_and_operands_are_spelled(void **state) {
    (void)state;
    static const struct shell_row rows[] = {
        {"the first line", "#compdef hawser\n", false},
        {"a flag", " '--flag[Is a flag]'", false},
        {"a letter excludes the name", " '(-q --quiet)'{-q,--quiet}'[It'\\''s \\[quiet\\]]'", false},
        {"a letter with a value", " '(-t --text)'{-t+,--text=}'[Takes x\\:y", false},
        {"a file", " '--file=[Reads a file]:value:_files'", false},
        {"a choice", " '--one=[Takes one]:value:(in out)'", false},
        {"several choices", " '*--some=[Takes some]:value:_values -s , value in out'", false},
        {"a list", " '*--list=[Takes a list]:value:'", false},
        {"a flag is not repeated", "*--flag", true},
        {"a word and its summary", "            'make:It'\\''s \\[made\\]\\: so'\n", false},
        {"a group and its words", "            'do:Commands\\: read'\n", false},
        {"words of a command", "    'do read')\n        following=(\n            'all:Reads all'\n", false},
        {"a path", "    'do read')\n        _arguments -S \\\n            '*:file:_files'\n        ;;\n", false},
        {"nothing", "    'do read all')\n        _arguments -S\n        ;;\n", false},
        {"commands", "'*::command:{ _hawser_command 0; _hawser_next }'\n", false},
        {"shells", "    'script')\n        _arguments -S \\\n            '1:name:(bash zsh fish)'\n", false},
    };
    shell_says(hw_completion_zsh, rows, COUNT_OF(rows));
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    shell_needs_memory(hw_completion_zsh);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_operands_are_spelled),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("cli/completion_zsh", tests, NULL, NULL);
}
