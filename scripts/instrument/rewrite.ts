import { EditError } from "./errors.ts";

/** A change of a piece of text. `wrap` gets the piece with all changes inside it made. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly wrap: (inner: string) => string;
}

/** The text with all edits made. Of edits on the same piece the first lies innermost. */
export function rewrite(text: string, edits: readonly Edit[]): string {
  const outermostFirst = edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit.start - b.edit.start || b.edit.end - a.edit.end || b.order - a.order)
    .map(({ edit }) => edit);
  let next = 0;
  const render = (start: number, end: number): string => {
    let rendered = "";
    let at = start;
    for (let edit = outermostFirst[next]; edit !== undefined && edit.start < end; edit = outermostFirst[next]) {
      if (edit.start < at || edit.end > end) throw new EditError(`the edits at ${at} and ${edit.start} cross`);
      next++;
      rendered += text.slice(at, edit.start) + edit.wrap(render(edit.start, edit.end));
      at = edit.end;
    }
    return rendered + text.slice(at, end);
  };
  return render(0, text.length);
}
