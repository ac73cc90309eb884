# SPDX-License-Identifier: Apache-2.0
printf 'a\n1\n' >in.csv
# fault <rest of the column>
fault() {
    printf '{"columns": [{"name": "a", %s}]}' "$1" >schema.json
    status "$HAWSER" convert in.csv out.parquet --schema schema.json --quiet
}
fault '"type": "int64", "mx": 1'
fault '"type": "int64", "pattern": "1"'
fault '"type": "text", "min": 1'
fault '"type": "int64", "min": 3, "max": 2'
fault '"type": "date", "min": "2023-02-30"'
fault '"type": "text", "pattern": "["'
fault '"type": "text", "enum": []'
fault '"type": "int64", "enum": ["1", "one"]'
fault '"type": "int64", "unique": "yes"'
list
