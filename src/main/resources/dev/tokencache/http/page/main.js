// What the document loads. Importing a component defines its element.
import './app-shell.js';
