# SPDX-License-Identifier: Apache-2.0
printf 'Order ID,Price,Note\n1,9.50,a\n2,7,b\n' >in.csv
"$HAWSER" convert --quiet in.csv out.csv --select 'Note,Order ID' --names-style snake --add-source from
cat out.csv
status "$HAWSER" convert in.csv out.csv --overwrite replace --limit 1 --type 'Price=decimal(9,2)'
cat out.csv
status "$HAWSER" convert in.csv wrong.csv --select 'Order Id'
status "$HAWSER" convert in.csv wrong.csv --drop Note --rename Note=n
status "$HAWSER" convert in.csv wrong.csv --rename Note=Price
status "$HAWSER" convert in.csv wrong.csv --rename Note
status "$HAWSER" convert in.csv wrong.csv --select Note,,Price
status "$HAWSER" convert in.csv wrong.csv --type Note=varchr
status "$HAWSER" convert in.csv wrong.csv --names-style upper
status "$HAWSER" convert in.csv wrong.csv --add-source ''
status "$HAWSER" convert in.csv wrong.csv --add-source Note
status "$HAWSER" convert in.csv wrong.csv --limit 0
status "$HAWSER" infer in.csv --drop 'Order ID,Price,Note'
list
