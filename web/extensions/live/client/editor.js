// The editor of a live cell: CodeMirror 6, loaded when the reader first asks to change code.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { words } from "./words.js";

// Colours that hold on the page's light and dark surfaces.
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--live-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--live-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--live-number)" },
  { tag: tags.comment, color: "var(--live-comment)" },
]);

// Open an editor over a cell's input; `run` is called on Shift+Enter, `changed` with each new text.
export function open(input, source, run, changed) {
  const holder = document.createElement("div");
  holder.className = "live-editor";
  const hint = document.createElement("p"); // Tab indents, so the way out has to be told; a phone has no such keys
  const touch = matchMedia("(pointer: coarse)").matches;
  Object.assign(hint, { className: "live-hint", id: `${input.parentElement.id}-hint`, textContent: touch ? words.touch_leave : words.leave });
  const shiftEnter = { key: "Shift-Enter", run: () => (run(), true) };
  const view = new EditorView({
    parent: holder,
    state: EditorState.create({
      doc: source,
      extensions: [
        lineNumbers(),
        history(),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        python(),
        syntaxHighlighting(colours),
        keymap.of([shiftEnter, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ "aria-label": words.editor, "aria-describedby": hint.id }),
        EditorView.lineWrapping,
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
      ],
    }),
  });
  holder.append(hint);
  holder.addEventListener("keydown", (event) => event.stopPropagation()); // "/" is no search here
  input.hidden = true;
  input.after(holder);
  view.focus();
  const write = (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  return { holder, text: () => view.state.doc.toString(), write, reset: () => write(source) };
}
