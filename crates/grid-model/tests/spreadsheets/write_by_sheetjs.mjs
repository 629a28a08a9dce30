// Has SheetJS write ranges of cells as text and as a table, and keeps them beside this file:
//
//     npm install --no-save xlsx@0.18.5 && node write_by_sheetjs.mjs FOLDER
//
// In the folder it leaves a workbook for copy_from_gnumeric.sh. README.md tells what came out.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import xlsx from 'xlsx';

const number = (v, z) => ({ t: 'n', v, z });
const text = (v) => ({ t: 's', v, z: '@' });

const words = [
  [text('Note'), text('Id')],
  [text('two\nlines'), text('007')],
  [text('tab\there'), text('123456789012345678')],
  [text('say "no"'), text('00012')],
  [text('"quoted whole"'), text('7,95')],
  [text('"begins'), text('ends"')],
  [text('a\u00a0b'), text('Zürich \u{1f4b6}')],
  [text('<b>&amp;'), text('""')],
  [text(''), text('=1+1')],
];
const numbers = [
  [number(1234.5, '#,##0.00'), number(-1234.5, '#,##0.00'), number(-0.07, '0.00%'), number(46296, 'yyyy-mm-dd')],
  [number(1234, '#,##0'), number(0.000001, '0.000000'), number(-30, '#,##0.00;(#,##0.00)'), number(5, '000000')],
  [number(1234.567, 'General'), number(123456789012345, '0'), number(64.123, '0'), { t: 'b', v: true }],
];
const gaps = [[null, number(5, 'General')], [], [number(1, 'General'), null, number(3, 'General')], [text('last')]];

for (const [name, rows] of Object.entries({ words, numbers, gaps })) {
  const sheet = xlsx.utils.aoa_to_sheet(rows);
  const keep = (kind, written) => writeFileSync(new URL(`sheetjs-${name}.${kind}`, import.meta.url), written);
  // As sheet_to_txt writes it, but not in the UTF-16 of files.
  keep('txt', xlsx.utils.sheet_to_csv(sheet, { FS: '\t' }));
  keep('html', xlsx.utils.sheet_to_html(sheet));
}

const book = xlsx.utils.book_new();
xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet([...words, ...numbers]), 'Cells');
xlsx.writeFile(book, join(process.argv[2], 'gnumeric.xlsx'));
