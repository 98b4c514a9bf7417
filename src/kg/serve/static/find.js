// The search fields of a page suggest what one may mean. Without this file they are plain fields of a form.
import { search } from "./combobox.js";

document.querySelectorAll("[data-combobox]").forEach(search);
