/** The page of orders (派单): who was sent where, by when, and what became of it. */

import { showAccount } from "../account.js";
import { byId } from "../dom.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { OrdersPage } from "./page.js";

watchProgress();
try {
  const person = await requireSession("orders.read");
  showAccount(byId("account"), person);
  await new OrdersPage(person).start();
} catch (error) {
  showTrouble(error);
}
