// Hashes, packs and weighs files, for `cargo xtask dist` and `bench grid`: Node has what would else be crates to build.
// node pack.mjs hash FILE...   one line for each: the SHA-256 in base64
// node pack.mjs pack FILE...   one line for each: bytes, bytes after brotli, bytes after gzip, SHA-256; the
//                              packed ones stand beside the file, as FILE.br and FILE.gz
// node pack.mjs weigh FILE...  the same lines, and nothing is written
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [what, ...files] = process.argv.slice(2);
for (const file of files) {
  const bytes = readFileSync(file);
  const hash = createHash('sha256').update(bytes).digest('base64');
  if (what === 'hash') {
    console.log(hash);
    continue;
  }
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  if (what === 'pack') {
    writeFileSync(`${file}.br`, brotli);
    writeFileSync(`${file}.gz`, gzip);
  }
  console.log(bytes.length, brotli.length, gzip.length, hash);
}
