/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion_bash.h"

#include "unit/cli/shell_command.h"

/* The case of each command is asked with the word before the cursor (bash, COMPREPLY). */
static void options_and_operands_are_spelled(void **state) {
    (void)state;
    static const struct shell_row rows[] = {
        {"a flag takes no value", "--flag)", true},
        {"nor one with a letter", "--quiet)", true},
        {"a letter and a name", "        -t | --text) return ;;\n", false},
        {"a file", "        --file) _hawser_files && return ;;\n", false},
        {"a choice", "        --one) _hawser_words 'in out' && return ;;\n", false},
        {"several choices", "        --some) _hawser_list 'in out' && return ;;\n", false},
        {"a list", "        --list) return ;;\n", false},
        {"all names", "_hawser_words '--flag --quiet --text --file --one --some --list'\n", false},
        {"no options", "_hawser_words ''\n", false},
        {"first words", "    '') _hawser_words 'make do help script' ;;\n", false},
        {"second words", "    'do') _hawser_words 'read' ;;\n", false},
        {"a command that is a group", "        _hawser_files\n        _hawser_more 'all'\n", false},
        {"no group", "    'make') _hawser_words", true},
        {"names", "        'make') ;;\n        'do') ;;\n        'do read') ;;\n        'do read all') ;;\n", false},
        {"commands", "        _hawser_command \"$at\"\n        _hawser_next\n", false},
        {"shells", "        _hawser_words 'bash zsh fish'\n", false},
    };
    shell_says(hw_completion_bash, rows, COUNT_OF(rows));
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    shell_needs_memory(hw_completion_bash);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_operands_are_spelled),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("cli/completion_bash", tests, NULL, NULL);
}
