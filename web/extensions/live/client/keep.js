// Keeps inflated what a start had to inflate, 0.1 s of work for each later start: a worker of its own, so that no
// slider waits for it and all that it needs ends with it.
import { PARTS, SHELF, base, fresh } from "./shelf.js";

try {
  const shelf = await self.caches.open(SHELF);
  for (const name of PARTS) {
    if (await shelf.match(new URL(name, base))) continue;
    const response = await fetch(new URL(name + ".gz", base), { cache: "force-cache" });
    if (response.ok) await shelf.put(new URL(name, base), fresh(name, response.body));
  }
} catch (error) {
  console.info(`not kept: ${error}`);
}
self.close();
