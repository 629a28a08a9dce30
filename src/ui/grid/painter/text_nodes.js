// The text nodes of a grid's pool, and the one place where their texts are set. All texts of a
// painting arrive end to end in one UTF-8 buffer, because decoding costs per call.
const decoder = new TextDecoder();

export class TextNodes {
  constructor() {
    this.nodes = [];
  }

  // Takes the text nodes of the cells of one row, in order. In a link the text is the link's.
  addRow(row) {
    for (const { firstChild } of row.children) this.nodes.push(firstChild.firstChild ?? firstChild);
  }

  // `ends[i]` is where text i ends, in UTF-16 units; `targets[i]` is the node that shows it.
  write(bytes, ends, targets) {
    const text = decoder.decode(bytes);
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i];
      this.nodes[targets[i]].data = text.slice(start, end);
      start = end;
    }
  }
}
