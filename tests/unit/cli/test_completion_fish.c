/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion_fish.h"

#include "unit/cli/shell_command.h"

/* The options of complete (fish): -l, -s, -r with -F, -x, -a, -d. */
static void options_and_operands_are_spelled(void **state) {
    (void)state;
    static const struct shell_row rows[] = {
        {"a flag", "'__hawser_at make' -l flag -d 'Is a flag'\n", false},
        {"a letter", "'__hawser_at make' -l quiet -s q -d 'It\\'s [quiet]'\n", false},
        {"a value, and a backslash", "'__hawser_at make' -l text -s t -x -d 'Takes x:y\\\\z'\n", false},
        {"a file", "'__hawser_at make' -l file -r -F -d 'Reads a file'\n", false},
        {"a choice", "'__hawser_at make' -l one -x -a 'in out' -d 'Takes one'\n", false},
        {"several choices", "'__hawser_at make' -l some -x -a 'in out' -d 'Takes some'\n", false},
        {"a list", "'__hawser_at make' -l list -x -d 'Takes a list'\n", false},
        {"a word and its summary", "'__hawser_at ' -x -a make -d 'It\\'s [made]: so'\n", false},
        {"a group and its words", "'__hawser_at ' -x -a do -d 'Commands: read'\n", false},
        {"a group without files", "'__hawser_at do' -x -a read -d 'Reads'\n", false},
        {"a group that is a command", "'__hawser_at do read' -a all -d 'Reads all'\n", false},
        {"names", " 'make' 'do' 'do read' 'do read all' 'help' 'script'", false},
        {"a path keeps files", "'__hawser_at do read' -f", true},
        {"nothing", "'__hawser_at do read all' -f\n", false},
        {"commands", "'__hawser_after help ' -f -a 'make do help script'\n", false},
        {"commands of a group", "'__hawser_after help do' -f -a 'read'\n", false},
        {"shells", "'__hawser_at script' -f -a 'bash zsh fish'\n", false},
    };
    shell_says(hw_completion_fish, rows, COUNT_OF(rows));
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    shell_needs_memory(hw_completion_fish);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_operands_are_spelled),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("cli/completion_fish", tests, NULL, NULL);
}
