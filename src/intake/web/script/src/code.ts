// The page with the code where the server sealed; and, for the form's script, the same page's content.
import { startCodeView } from "./code_view";
import { startPage } from "./page";

export { showCode, startCodeView } from "./code_view";

startPage();
startCodeView(document);
