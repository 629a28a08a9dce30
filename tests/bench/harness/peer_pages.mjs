// The peers' pages, each bundled into a folder of its own.
import { build } from 'esbuild';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const SOURCES = new URL('../peers/', import.meta.url).pathname;

/** Name, as the columns of the report have it, and the file that mounts it. */
export const PEERS = [
  ['SlickGrid', 'slickgrid.js'],
  ['AG Grid', 'ag_grid.js'],
  ['Glide Data Grid', 'glide.js'],
  ['RevoGrid', 'revogrid.js'],
  ['TanStack', 'tanstack.js'],
];

const page = (scripts, styles) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A grid to be measured</title>
    ${styles.map((file) => `<link rel="stylesheet" href="${file}" />`).join('\n    ')}
    <script>{ const rows = new URLSearchParams(location.search).get('rows'); if (rows) window.askedData = fetch('/data/' + rows + '.json'); }</script>
    <script type="module" src="${scripts[0]}"></script>
  </head>
  <body><div id="grid"></div></body>
</html>
`;

/** Bundles a peer into a folder, which it gives. */
export async function bundle(file, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: { page: join(SOURCES, file) },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    loader: { '.js': 'jsx' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
    outdir: folder,
  });
  const styles = readdirSync(folder).filter((name) => name.endsWith('.css'));
  writeFileSync(join(folder, 'index.html'), page(['page.js'], styles));
  return folder;
}

/** Bytes after brotli of all files of a folder. */
export function weight(folder) {
  let sum = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !['.html', '.js', '.css', '.wasm'].includes(extname(entry.name))) continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    sum += brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
  }
  return sum;
}
