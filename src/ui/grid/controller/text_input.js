// Hands over what is typed into an element that is no field, where the browser can (EditContext).
export class TextInput {
  // `onText` is called with each text that is whole, `onDraft` with one that an input method is putting
  // together.
  constructor(element, onText, onDraft) {
    if (!('EditContext' in globalThis)) return;
    this.element = element;
    const context = new EditContext();
    let isComposing = false;
    const take = () => {
      const text = context.text;
      context.updateText(0, text.length, '');
      context.updateSelection(0, 0);
      return text;
    };
    context.addEventListener('compositionstart', () => {
      isComposing = true;
    });
    context.addEventListener('textupdate', () => {
      if (isComposing) onDraft(context.text);
      else onText(take());
    });
    context.addEventListener('compositionend', () => {
      isComposing = false;
      onText(take());
    });
    // The window of an input method opens beneath the active cell; no keyboard comes up on a screen.
    context.addEventListener('characterboundsupdate', ({ rangeStart, rangeEnd }) => {
      const place = (element.querySelector('.is-active') ?? element).getBoundingClientRect();
      context.updateControlBounds(element.getBoundingClientRect());
      context.updateSelectionBounds(place);
      context.updateCharacterBounds(rangeStart, Array.from({ length: rangeEnd - rangeStart }, () => place));
    });
    element.setAttribute('virtualkeyboardpolicy', 'manual');
    element.editContext = context;
  }

  close() {
    if (this.element) this.element.editContext = null;
  }
}
