/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/csv_args.h"

#include "core/limits.h"

static_assert(sizeof(enum hw_csv_header) == sizeof(unsigned), "choices are written as unsigned");
static_assert(sizeof(enum hw_csv_escapes) == sizeof(unsigned), "choices are written as unsigned");

static const struct hw_choice header_choices[] = {
    {"yes", HW_CSV_HEADER_YES}, {"no", HW_CSV_HEADER_NO}, {"auto", HW_CSV_HEADER_AUTO}, {NULL, 0}};
static const struct hw_choice record_end_choices[] = {
    {"auto", HW_CSV_RECORD_END_AUTO}, {"lf", HW_CSV_RECORD_END_LF}, {"cr", HW_CSV_RECORD_END_CR}, {NULL, 0}};
static const struct hw_choice escapes_choices[] = {{"safe", HW_CSV_ESCAPES_SAFE},
                                                   {"literal", HW_CSV_ESCAPES_LITERAL},
                                                   {"mysql", HW_CSV_ESCAPES_MYSQL},
                                                   {"postgres", HW_CSV_ESCAPES_POSTGRES},
                                                   {NULL, 0}};
static const struct hw_choice delimiter_choices[] = {{"blanks", 0}, {NULL, 0}};
static const struct hw_choice quotes_choices[] = {{"strict", 0}, {"lenient", 1}, {NULL, 0}};
static const struct hw_choice types_choices[] = {{"infer", HW_CSV_TYPES_INFER}, {"text", HW_CSV_TYPES_TEXT}, {NULL, 0}};
static const struct hw_choice decimals_choices[] = {
    {"exact", HW_CSV_DECIMALS_EXACT}, {"prefer", HW_CSV_DECIMALS_PREFER}, {"never", HW_CSV_DECIMALS_NEVER}, {NULL, 0}};
static const struct hw_choice bad_rows_choices[] = {
    {"fail", HW_BAD_ROWS_FAIL}, {"reject", HW_BAD_ROWS_REJECT}, {"pad", HW_BAD_ROWS_PAD}, {NULL, 0}};

#define CSV_FIELD(field) HW_OPTION_FIELD(struct hw_csv_args, field)

static const struct hw_option csv_rows[] = {
    {.name = "delimiter",
     .letter = 'd',
     .type = HW_OPTION_MARK,
     CSV_FIELD(delimiter),
     .arg = "TEXT",
     .choices = delimiter_choices,
     .fallback = "found among , ; tab | and blanks",
     .help = "Separates fields by this character, or by several, as :: is, 8 bytes at most. It may also be written as "
             "tab, comma, semicolon, pipe, space or \\x01. The word blanks stands for runs of spaces and tabs, as "
             "columns that stand below each other have them."},
    {.name = "quote",
     .type = HW_OPTION_BYTE,
     CSV_FIELD(csv.quote),
     .arg = "CHAR",
     .fallback = "\"",
     .help = "Encloses fields in this character. Inside a field it is doubled to stand for itself."},
    {.name = "no-quotes",
     .type = HW_OPTION_FLAG,
     CSV_FIELD(csv.no_quotes),
     .help = "Takes quotes for characters like all others."},
    {.name = "quotes",
     .type = HW_OPTION_CHOICE,
     CSV_FIELD(csv.quotes_lenient),
     .choices = quotes_choices,
     .fallback = "strict",
     .help = "Says what a quote within quotes is that is neither doubled nor right before a delimiter or the end of a "
             "record: with strict its record is bad, with lenient it is a character of its field."},
    {.name = "escape",
     .type = HW_OPTION_BYTE,
     CSV_FIELD(csv.escape),
     .arg = "CHAR",
     .fallback = "none",
     .help = "Takes a character as it is where this one stands before it, inside quotes, and with --no-quotes or "
             "--escape-style everywhere."},
    {.name = "escape-style",
     .type = HW_OPTION_CHOICE,
     CSV_FIELD(csv.escapes),
     .choices = escapes_choices,
     .fallback = "safe",
     .help = "Says what letters and digits are behind the escape: with mysql and postgres what these write, such as n "
             "for a new line and N for null, with literal themselves, and with safe a record with one is bad."},
    {.name = "comment",
     .type = HW_OPTION_MARK,
     CSV_FIELD(comment),
     .arg = "TEXT",
     .fallback = "none",
     .help = "Leaves out records that begin with this character, or with several, as // is."},
    {.name = "trailing-delimiter",
     .type = HW_OPTION_FLAG,
     CSV_FIELD(csv.trailing_delimiter),
     .help = "Takes a delimiter at the end of a record for the end of its last field, not for the beginning of "
             "another."},
    {.name = "skip-lines",
     .type = HW_OPTION_COUNT,
     CSV_FIELD(csv.skip_lines),
     .arg = "N",
     .fallback = "0",
     .help = "Leaves out so many lines before the header."},
    {.name = "skip-after-header",
     .type = HW_OPTION_COUNT,
     CSV_FIELD(csv.skip_after_header),
     .arg = "N",
     .fallback = "0",
     .help = "Leaves out so many records right after the header, such as a row of units."},
    {.name = "header",
     .type = HW_OPTION_CHOICE,
     CSV_FIELD(csv.header),
     .choices = header_choices,
     .fallback = "auto",
     .help = "Says whether the first record holds the names. With no, columns are called column_1, column_2 and so "
             "on. With auto it does, unless each of its fields is a number, a time, true, false or empty."},
    {.name = "names",
     .type = HW_OPTION_LIST,
     CSV_FIELD(names),
     .arg = "NAME,...",
     .help = "Gives the columns these names, in their order, whatever the header says. The option may be repeated."},
    {.name = "encoding",
     .type = HW_OPTION_TEXT,
     CSV_FIELD(csv.encoding),
     .arg = "NAME",
     .fallback = "utf-8, or what a byte order mark says",
     .help = "Reads text in this encoding: latin1, windows-1252, utf-16le, shift-jis or any other that iconv knows by "
             "name. A byte order mark at the start of the text counts more."},
    {.name = "record-end",
     .type = HW_OPTION_CHOICE,
     CSV_FIELD(csv.record_end),
     .choices = record_end_choices,
     .fallback = "auto",
     .help = "Says what ends a record: lf stands for LF and CRLF, cr for CR, and auto for CR only where a text has "
             "no LF."},
    {.name = "types",
     .type = HW_OPTION_CHOICE,
     CSV_FIELD(csv.types),
     .choices = types_choices,
     .fallback = "infer",
     .help = "Finds the type of each column that is not given one, or leaves them text."},
    {.name = "decimals",
     .type = HW_OPTION_CHOICE,
     CSV_FIELD(csv.decimals),
     .choices = decimals_choices,
     .fallback = "exact",
     .help = "Says which columns are decimal: with exact only those with digits that no double keeps, with prefer also "
             "those of fractions that all have the same number of digits, and with never none; a column with digits "
             "that no double keeps is text then."},
    {.name = "null-values",
     .type = HW_OPTION_LIST,
     CSV_FIELD(null_values),
     .arg = "TEXT,...",
     .help =
         "Takes these fields for null, besides the empty one, where they have no quotes. The word common stands for "
         "NA, N/A, n/a, NULL, null, None, nil, -, . and \\N, and for NaN where it is no text among texts. The option "
         "may be repeated."},
    {.name = "null-quoted",
     .type = HW_OPTION_FLAG,
     CSV_FIELD(csv.null_quoted),
     .help = "Takes the fields that --null-values names for null in quotes too."},
    {.name = "trim",
     .type = HW_OPTION_FLAG,
     CSV_FIELD(csv.trim),
     .help = "Takes blanks and tabs around fields, also around their quotes, for no part of them."},
    {.name = "true-values",
     .type = HW_OPTION_LIST,
     CSV_FIELD(true_values),
     .arg = "TEXT,...",
     .help = "Takes these fields for true, besides true itself, where all values of their column are such words. The "
             "option may be repeated."},
    {.name = "false-values",
     .type = HW_OPTION_LIST,
     CSV_FIELD(false_values),
     .arg = "TEXT,...",
     .help = "Takes these fields for false, as --true-values does for true."},
    {.name = "decimal-comma",
     .type = HW_OPTION_FLAG,
     CSV_FIELD(csv.decimal_comma),
     .help = "Reads numbers with a comma in the place of the point: 12,50."},
    {.name = "thousands",
     .type = HW_OPTION_BYTE,
     CSV_FIELD(csv.thousands),
     .arg = "CHAR",
     .fallback = "none",
     .help = "Reads numbers in which this character stands between groups of three digits: , . ' _ or a space."},
    {.name = "date-format",
     .type = HW_OPTION_TEXT,
     CSV_FIELD(csv.date_format),
     .arg = "FORMAT",
     .fallback = "%Y-%m-%d",
     .help = "Reads dates of this format, as strftime has it: %Y %y %m %b %d and a few more."},
    {.name = "timestamp-format",
     .type = HW_OPTION_TEXT,
     CSV_FIELD(csv.timestamp_format),
     .arg = "FORMAT",
     .fallback = "ISO 8601",
     .help = "Reads timestamps of this format: as for dates, and %H %I %p %M %S %f %z."},
    {.name = "max-columns",
     .type = HW_OPTION_COUNT,
     CSV_FIELD(csv.columns_max),
     .arg = "N",
     .min = 1,
     .max = HW_CSV_COLUMNS_LIMIT,
     .fallback = "16384",
     .help = "Fails where a table has more columns than this."},
    {.name = "zip-member",
     .type = HW_OPTION_TEXT,
     CSV_FIELD(csv.zip_member),
     .arg = "GLOB",
     .fallback = "those that are CSV by their names, or the only one",
     .help = "Reads only the members of a ZIP whose names match: * stands for characters but /, ** for any."},
    {.name = "bad-rows",
     .type = HW_OPTION_CHOICES,
     CSV_FIELD(bad_rows),
     .choices = bad_rows_choices,
     .fallback = "fail",
     .help = "Says what happens to bad records, which have too few, too many or too long fields, are not valid text, "
             "or hold what the schema forbids: fail stops, reject moves them to a rejects file, and pad fills short "
             "ones with nulls. With pad,reject short ones are filled and the others moved."},
};

const struct hw_option_group hw_csv_option_group = {"Reading CSV", csv_rows, COUNT_OF(csv_rows)};

static void mark_set(const char *text, char *out_first, const char **out_tail);
static enum hw_status bytes_check(const struct hw_csv_options *csv, struct hw_error *err);
static enum hw_status quotes_check(const struct hw_csv_options *csv, struct hw_error *err);
static enum hw_status bad_rows_check(const struct hw_csv_args *args, struct hw_error *err);

enum hw_status hw_csv_args_options(const struct hw_csv_args *args, struct hw_csv_options *out_options,
                                   struct hw_error *err) {
    struct hw_csv_options csv = args->csv;
    csv.delimiter_blanks = args->delimiter && strcmp(args->delimiter, "blanks") == 0;
    mark_set(csv.delimiter_blanks ? NULL : args->delimiter, &csv.delimiter, &csv.delimiter_tail);
    mark_set(args->comment, &csv.comment, &csv.comment_tail);
    HW_TRY(bytes_check(&csv, err));
    HW_TRY(quotes_check(&csv, err));
    HW_TRY(bad_rows_check(args, err));
    if (csv.null_quoted && args->null_values.count == 0) {
        return hw_fail(err, HW_EUSAGE, "--null-quoted needs --null-values, which names what is null");
    }
    if (csv.skip_after_header > 0 && csv.header == HW_CSV_HEADER_NO) {
        return hw_fail(err, HW_EUSAGE, "--skip-after-header and --header no contradict each other");
    }
    csv.null_values = args->null_values.items;
    csv.null_values_count = args->null_values.count;
    csv.names = args->names.items;
    csv.names_count = args->names.count;
    csv.true_values = args->true_values.items;
    csv.true_values_count = (uint32_t)args->true_values.count;
    csv.false_values = args->false_values.items;
    csv.false_values_count = (uint32_t)args->false_values.count;
    csv.bad_rows_reject = (args->bad_rows & HW_BAD_ROWS_REJECT) != 0;
    csv.bad_rows_pad = (args->bad_rows & HW_BAD_ROWS_PAD) != 0;
    csv.rejects_max = args->max_rejects.count;
    csv.rejects_max_ratio = args->max_rejects.ratio;
    *out_options = csv;
    return HW_OK;
}

/* Takes the first byte of a mark, and those behind it where there are any. */
static void mark_set(const char *text, char *out_first, const char **out_tail) {
    if (text) {
        *out_first = text[0];
        *out_tail = text[1] == '\0' ? NULL : text + 1;
    }
}

/* No character can have two meanings; only the quote may be its own escape. */
static enum hw_status bytes_check(const struct hw_csv_options *csv, struct hw_error *err) {
    char quote = csv->no_quotes ? '\0' : csv->quote ? csv->quote : '"';
    const struct {
        const char *a_name;
        const char *b_name;
        char a;
        char b;
    } pairs[] = {
        {"delimiter", "quote", csv->delimiter, quote},          {"delimiter", "escape", csv->delimiter, csv->escape},
        {"delimiter", "comment", csv->delimiter, csv->comment}, {"comment", "quote", csv->comment, quote},
        {"comment", "escape", csv->comment, csv->escape},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (pairs[i].a != '\0' && pairs[i].a == pairs[i].b) {
            char quoted[HW_QUOTE_BYTES];
            return hw_fail(err, HW_EUSAGE, "--%s and --%s are both %s", pairs[i].a_name, pairs[i].b_name,
                           hw_quote(&pairs[i].a, 1, quoted, sizeof(quoted)));
        }
    }
    return HW_OK;
}

/* Options about quotes and escapes must not contradict each other. */
static enum hw_status quotes_check(const struct hw_csv_options *csv, struct hw_error *err) {
    if (csv->no_quotes && (csv->quote || csv->quotes_lenient)) {
        return hw_fail(err, HW_EUSAGE, "--no-quotes and --%s contradict each other",
                       csv->quote ? "quote" : "quotes lenient");
    }
    if (csv->escapes != HW_CSV_ESCAPES_SAFE && csv->escape == '\0') {
        return hw_fail(err, HW_EUSAGE, "--escape-style needs --escape, which names the character");
    }
    return HW_OK;
}

static enum hw_status bad_rows_check(const struct hw_csv_args *args, struct hw_error *err) {
    bool reject = (args->bad_rows & HW_BAD_ROWS_REJECT) != 0;
    if (reject && (args->bad_rows & HW_BAD_ROWS_FAIL)) {
        return hw_fail(err, HW_EUSAGE, "--bad-rows fail and --bad-rows reject contradict each other");
    }
    if (!reject && (args->max_rejects.count > 0 || args->max_rejects.ratio > 0)) {
        return hw_fail(err, HW_EUSAGE, "--max-rejects needs --bad-rows reject");
    }
    return HW_OK;
}
