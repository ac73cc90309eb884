/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages are written by hand by the rules of man(7) and groff_char(7): \- is a minus, \e a
 * backslash, \(aq an apostrophe, \(ti a tilde, and \& keeps a line from being a request.
 */
#include "cli/man.h"

#include <hawser/hawser.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

static const struct hw_option rows_of_options[] = {
    {.name = "dry-run", .letter = 'n', .type = HW_OPTION_FLAG, .help = "'Shows' what would be."},
    {.name = "escape",
     .type = HW_OPTION_BYTE,
     .arg = "BYTE",
     .fallback = "\\x5c",
     .help = "Takes ~/x-y.\n.It has two lines."},
};
static const struct hw_option_group group = {"Loading", rows_of_options, COUNT_OF(rows_of_options)};
static const struct hw_option_part parts[] = {{&group, 0, 0}};
static const struct hw_option_set set = {parts, COUNT_OF(parts)};
static const struct hw_option_set no_set = {NULL, 0};

static const struct hw_example examples[] = {{"hawser load 'a b'", "Loads it."}};

static const struct hw_cmd load = {.name = "load",
                                   .summary = "Loads a thing -- all",
                                   .operands = "SRC",
                                   .description = ".Loads SRC.\n\n'Says' so.",
                                   .options = &set,
                                   .examples = examples,
                                   .examples_count = COUNT_OF(examples)};
static const struct hw_cmd export = {
    .name = "mongo re-export", .summary = "Exports", .operands = "", .description = "Exports.", .options = &no_set};
static const struct hw_cmd *const cmds[] = {&load, &export};
static const struct hw_commands commands = {cmds, COUNT_OF(cmds)};

typedef enum hw_status page_fn(struct hw_buf *out, struct hw_error *err);

static enum hw_status tool_page(struct hw_buf *out, struct hw_error *err) {
    return hw_man_tool(out, &commands, err);
}

static enum hw_status load_page(struct hw_buf *out, struct hw_error *err) {
    return hw_man_command(out, &commands, &load, err);
}

static enum hw_status export_page(struct hw_buf *out, struct hw_error *err) {
    return hw_man_command(out, &commands, &export, err);
}

static void pages_begin_with_what_they_are_about(void **state) {
    (void)state;
    static const struct {
        const char *name;
        page_fn *page;
        const char *title;
        const char *want;
    } rows[] = {
        {"the tool", tool_page, "hawser",
         ".SH NAME\n"
         "hawser \\- converts the objects of a data lake\n"
         ".SH SYNOPSIS\n"
         ".B hawser\n"
         ".I command\n"
         "[\\fIoptions\\fR] ...\n"
         ".SH DESCRIPTION\n"},
        {"a command with all of it", load_page, "hawser\\-load",
         ".SH NAME\n"
         "hawser\\-load \\- Loads a thing \\-\\- all\n"
         ".SH SYNOPSIS\n"
         ".B hawser load\n"
         "[\\fIoptions\\fR] SRC\n"
         ".SH DESCRIPTION\n"
         "\\&.Loads SRC.\n"
         ".PP\n"
         "\\&\\(aqSays\\(aq so.\n"
         ".SH OPTIONS\n"
         ".SS Loading\n"
         ".TP\n"
         "\\fB\\-n\\fR, \\fB\\-\\-dry\\-run\\fR\n"
         "\\&\\(aqShows\\(aq what would be.\n"
         ".TP\n"
         "\\fB\\-\\-escape\\fR \\fIBYTE\\fR\n"
         "Takes \\(ti/x\\-y.\n"
         "\\&.It has two lines.\n"
         "Default: \\ex5c.\n"
         ".SH VALUES\n"},
        {"a command with nothing", export_page, "hawser\\-mongo\\-re\\-export",
         ".SH NAME\n"
         "hawser\\-mongo\\-re\\-export \\- Exports\n"
         ".SH SYNOPSIS\n"
         ".B hawser mongo re-export\n"
         "[\\fIoptions\\fR]\n"
         ".SH DESCRIPTION\n"
         "Exports.\n"
         ".SH OPTIONS\n"
         ".SH VALUES\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        HW_AUTO(hw_buf) want = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(rows[i].page(&out, &err), err);
        assert_ok(hw_buf_printf(&want, &err, ".TH %s 1 \"\" \"hawser %s\" \"Hawser\"\n%s", rows[i].title, hw_version(),
                                rows[i].want),
                  err);
        assert_true(out.size > want.size);
        assert_ok(hw_buf_resize(&out, want.size, &err), err);
        assert_ok(hw_buf_end_text(&out, &err), err);
        assert_row_text(rows[i].name, (const char *)out.data, (const char *)want.data);
    }
}

static void pages_have_their_parts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        page_fn *page;
        const char *says;
        bool not_said;
    } rows[] = {
        {"commands of the tool", tool_page,
         "\n.SH COMMANDS\n.TP\n.BR hawser\\-load (1)\nLoads a thing \\-\\- all.\n"
         ".TP\n.BR hawser\\-mongo\\-re\\-export (1)\nExports.\n.SH VALUES\n",
         false},
        {"all commands at the tool's end", tool_page,
         "\n.SH SEE ALSO\n.BR hawser\\-load (1),\n.BR hawser\\-mongo\\-re\\-export (1)\n", false},
        {"the tool is not beside itself", tool_page, ".BR hawser (1)", true},
        {"the others at a command's end", load_page,
         "\n.SH SEE ALSO\n.BR hawser (1),\n.BR hawser\\-mongo\\-re\\-export (1)\n", false},
        {"a command is not beside itself", load_page, ".BR hawser\\-load (1)", true},
        {"examples", load_page, "\n.SH EXAMPLES\n.TP\n\\fBhawser load \\(aqa b\\(aq\\fR\nLoads it.\n.SH EXIT STATUS\n",
         false},
        {"no examples", export_page, ".SH EXAMPLES", true},
        {"a code of two statuses", load_page, "\n.TP\n.B 6\nnot found, exists already", false},
        {"success", load_page, "\n.SH EXIT STATUS\n.TP\n.B 0\n", false},
        {"signals", load_page, "\n.TP\n.B 129, 130, 143\nstopped by SIGHUP, SIGINT, SIGTERM;", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(rows[i].page(&out, &err), err);
        assert_ok(hw_buf_end_text(&out, &err), err);
        assert_row_int(rows[i].name, strstr((const char *)out.data, rows[i].says) != NULL, !rows[i].not_said);
    }
}

/* Each code that a status has, but a stop's, is one entry, which names all of its statuses. */
static void every_exit_code_is_told_once(void **state) {
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(load_page(&out, &err), err);
    assert_ok(hw_buf_end_text(&out, &err), err);
    for (int i = 0; i < HW_STATUS_COUNT; i++) {
        const enum hw_status status = (enum hw_status)i;
        HW_AUTO(hw_buf) head = {0};
        assert_ok(hw_buf_printf(&head, &err, "\n.TP\n.B %d\n", hw_status_exit_code(status)), err);
        assert_ok(hw_buf_end_text(&head, &err), err);
        const char *entry = strstr((const char *)out.data, (const char *)head.data);
        if (status == HW_ECANCELLED) {
            continue;
        }
        assert_row_int(hw_status_name(status), entry != NULL, true);
        assert_row_int(hw_status_name(status), strstr(entry + 1, (const char *)head.data) == NULL, true);
        const char *text = strstr(entry + head.size, hw_status_text(status));
        assert_row_int(hw_status_name(status), text && text < strchr(entry + head.size, '\n'), true);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static page_fn *const pages[] = {tool_page, load_page};
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        bool fired = true;
        size_t faults = 0;
        for (size_t successes = 0; fired; successes++) {
            HW_AUTO(hw_buf) out = {0};
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            alloc_fault_begin(&fault, successes);
            const enum hw_status status = pages[i](&out, &err);
            hw_buf_release(&out);
            fired = alloc_fault_end(&fault);
            faults += fired;
            assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        }
        assert_true(faults > 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_begin_with_what_they_are_about),
        cmocka_unit_test(pages_have_their_parts),
        cmocka_unit_test(every_exit_code_is_told_once),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("cli/man", tests, NULL, NULL);
}
