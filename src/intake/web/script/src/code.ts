// The page with the code where the server sealed.
import { startCodeView } from "./code_view";
import { startPage } from "./page";

startPage();
startCodeView(document);
