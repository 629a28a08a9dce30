// What a write must carry so that it cannot overwrite what nobody saw: each API has a rule of its own.

/** A request that changes something at an API. */
export type Write = { method: string; path: string; ifMatch?: string; body: any };

export type Judged =
  /** It carries a version that the server checks. */
  | 'versioned'
  /** The API has no versions: the record, or the list it is in, was read just before it was written. */
  | 'read just before'
  /** It makes something new or does something once; there is no version to carry. */
  | 'action'
  | 'unversioned'
  /** No rule is known for it: it counts against the console. */
  | 'not judged';

/** `readsBefore` are the API reads of the same page since its last write to the same path. */
export function judge(write: Write, readsBefore: string[]): Judged {
  const { method, path } = write;
  if (path.startsWith('/crmRestApi/')) {
    if (method === 'POST') return 'action';
    return write.ifMatch || write.body?.ObjectVersionNumber !== undefined ? 'versioned' : 'unversioned';
  }
  if (path.startsWith('/ResourceServer/')) {
    if (method === 'POST') return 'action';
    if (write.ifMatch) return 'versioned';
    const places = [path, path.replace(/\/[^/]+$/, ''), path.replace(/[^/]+$/, '')];
    return readsBefore.some((read) => places.includes(read.split('?')[0])) ? 'read just before' : 'unversioned';
  }
  if (path.startsWith('/v3/') && method === 'POST') return 'action';
  return 'not judged';
}
