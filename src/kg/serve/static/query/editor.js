// The SPARQL editor: CodeMirror in a shadow root, where its styles are sheets that scripts adopt, as a strict content
// security policy wants it (outside of one it would write <style> elements).
import {
  autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, Compartment, completionKeymap, defaultKeymap,
  drawSelection, EditorState, EditorView, highlightActiveLine, highlightSelectionMatches, highlightSpecialChars,
  HighlightStyle, history, historyKeymap, indentUnit, keymap, lineNumbers, lintGutter, lintKeymap, setDiagnostics,
  sparql, StreamLanguage, syntaxHighlighting, tags,
} from "../vendor/editor.js";
import { completions } from "./completion.js";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--trigger)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--object)" },
  { tag: [tags.atom, tags.propertyName, tags.standard(tags.variableName), tags.tagName], color: "var(--subject)" },
  { tag: [tags.string, tags.number, tags.bool], color: "var(--warn)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--sheet)", color: "var(--ink)", fontSize: "0.95rem", border: "1px solid var(--line-strong)", borderRadius: "var(--round)" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace", lineHeight: "1.5", maxHeight: "28rem" },
  ".cm-content": { caretColor: "var(--ink)", minHeight: "9rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--soft)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent) !important" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--trigger) 22%, transparent)" },
  ".cm-matchingBracket": { backgroundColor: "var(--accent-soft) !important", outline: "1px solid var(--accent)" },
  ".cm-tooltip": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line-strong)", maxWidth: "92vw" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "inherit" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "0.2rem 0.5rem" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionDetail": { color: "inherit", opacity: "0.85", fontStyle: "normal", marginLeft: "0.6rem" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", borderLeftWidth: "4px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)", backgroundColor: "var(--warn-back)" },
});

export class Editor {
  /** In `place` instead of the `field`; `label` is its name, `run` what Ctrl+Enter does, `changed` hears of edits. */
  constructor(place, field, { label, describedBy, run, changed, terms }) {
    this.field = field;
    const root = place.attachShadow({ mode: "open" });
    this.editable = new Compartment();
    const completing = completions(terms);
    this.view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: field.value,
        extensions: [
          lineNumbers(), highlightSpecialChars(), history(), drawSelection(), bracketMatching(), closeBrackets(),
          highlightActiveLine(), highlightSelectionMatches(), lintGutter(), indentUnit.of("  "),
          StreamLanguage.define(sparql), syntaxHighlighting(colours), look, EditorView.lineWrapping,
          autocompletion({ override: [completing], icons: false }),
          keymap.of([
            { key: "Mod-Enter", run: () => (run(), true) },
            ...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap,
          ]),
          EditorView.domEventHandlers({ beforeinput: typedOver }),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            field.value = update.state.doc.toString();
            changed();
          }),
        ],
      }),
    });
    place.hidden = false;
    field.hidden = true;
    field.labels.forEach((each) => each.addEventListener("click", () => this.view.focus()));
  }

  get text() {
    return this.view.state.doc.toString();
  }

  set text(text) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  /** Mark a fault at a line and column (both from 1) and go there; none without arguments. */
  mark(line, column, message) {
    const { state } = this.view;
    if (!line || line > state.doc.lines) return this.view.dispatch(setDiagnostics(state, []));
    const { from, to, text } = state.doc.line(line);
    const start = Math.min(to, from + utf16(text, column - 1));
    const word = /^[^\s]+/.exec(state.sliceDoc(start, to))?.[0].length ?? 0;
    const end = word ? start + word : Math.min(state.doc.length, start + 1);
    const begin = start === end && start > 0 ? start - 1 : start; // at the very end: the last character
    this.view.dispatch(setDiagnostics(state, [{ from: begin, to: end, severity: "error", message }]));
    this.view.dispatch({ selection: { anchor: start }, scrollIntoView: true });
  }

  focus() {
    this.view.focus();
  }
}

/**
 * Typing over selected text is done here: Chromium itself would give what is typed the look of what was selected, as an
 * inline style, which the content security policy refuses and reports.
 */
function typedOver(event, view) {
  const { from, to, empty } = view.state.selection.main;
  if (empty || view.composing || event.inputType !== "insertText" || event.data === null) return false;
  event.preventDefault();
  const change = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  const isDone = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, event.data, change));
  if (!isDone) view.dispatch(change());
  return true;
}

/** A count of code points, as the server counts columns, in the units of JavaScript's strings. */
function utf16(text, points) {
  return [...text].slice(0, points).join("").length;
}
