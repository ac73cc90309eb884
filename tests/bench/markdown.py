# SPDX-License-Identifier: Apache-2.0
"""Markdown on the terminal and, where asked for, into a file."""


class Markdown:
    def __init__(self, path=None):
        self.file = open(path, "w", encoding="utf-8") if path else None

    def line(self, text=""):
        print(text, flush=True)
        if self.file:
            print(text, file=self.file, flush=True)

    def heading(self, text):
        self.line(f"\n## {text}\n")

    def paragraph(self, text):
        self.line(f"{text}\n")

    def table(self, title, names, rows):
        """A table whose first column is text and whose others are figures, padded so that it can be read as it is."""
        cells = [names, *[[str(cell) for cell in row] for row in rows]]
        widths = [max(len(row[i]) for row in cells) for i in range(len(names))]
        self.paragraph(title)
        for number, row in enumerate(cells):
            padded = [row[0].ljust(widths[0]), *[cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]]
            self.line(f"| {' | '.join(padded)} |")
            if number == 0:
                self.line(f"|{'-' * (widths[0] + 2)}|{'|'.join('-' * (width + 1) + ':' for width in widths[1:])}|")
        self.line()
