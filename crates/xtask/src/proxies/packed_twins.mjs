// node packed_twins.mjs FOLDER: every file that stands packed beside another one (.br, .gz) unpacks to that very file,
// and whatever the page is made of stands packed both ways.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

const [folder] = process.argv.slice(2);
const unpack = { '.br': brotliDecompressSync, '.gz': gunzipSync };
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
const names = new Set(files);
const faults = [];
for (const file of files) {
  const ending = path.extname(file);
  if (unpack[ending]) {
    const plain = file.slice(0, -ending.length);
    if (!names.has(plain)) faults.push(`${file} has no file beside it`);
    else if (!unpack[ending](readFileSync(file)).equals(readFileSync(plain))) faults.push(`${file} is another file than ${plain}`);
  } else if (path.basename(file) !== 'connections.json') {
    for (const packed of Object.keys(unpack)) if (!names.has(file + packed)) faults.push(`${file} does not stand there as ${packed}`);
  }
}
if (files.length < 8) faults.push(`${folder} holds ${files.length} files`);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
