// The archive: a length, a JSON list of [path, size], then the files' bytes one after the other.
export function unpack({ FS }, buffer) {
  const length = new DataView(buffer).getUint32(0);
  const listed = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let start = 4 + length;
  const made = new Set();
  for (const [path, size] of listed) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(folder)) FS.mkdirTree(folder), made.add(folder);
    FS.writeFile(path, new Uint8Array(buffer, start, size), { canOwn: true });
    start += size;
  }
}
