/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Knows the formats that people take for CSV by mistake, so that an error says what they have. A
 * magic of printable bytes does not suffice: a CSV whose first name is PAR1 is a CSV.
 */
#ifndef HW_CSV_FOREIGN_H
#define HW_CSV_FOREIGN_H

#include "core/error.h"
#include "core/view.h"

struct hw_zip;

/*
 * Fails with HW_EDATA where `head`, the first bytes of an object that is not packed, or of what is
 * unpacked, is that of a format that is no text: Parquet, Avro, ORC, Arrow, a database, an archive,
 * a workbook. 512 bytes suffice.
 */
HW_NODISCARD enum hw_status hw_csv_foreign_bytes(hw_view head, struct hw_error *err);

/*
 * Fails with HW_EDATA where `head`, the first bytes of a text in UTF-8, is that of HTML, XML or
 * JSON. `whole`: it is all of the text.
 */
HW_NODISCARD enum hw_status hw_csv_foreign_text(hw_view head, bool whole, struct hw_error *err);

/* Fails with HW_EDATA where the members of a ZIP are those of a document of an office program. */
HW_NODISCARD enum hw_status hw_csv_foreign_zip(struct hw_zip *zip, struct hw_error *err);

#endif
