// Which start is sooner on this device and this line, where no snapshot of its own is kept: the archive, which
// Python reads and imports, costs the processor's time; the shipped snapshot spares that, but costs the line's for
// its bytes. Measured to a page's first answer, medians of 3, on a machine 1.7 times slower than MACHINE's:
//   line          archive   snapshot
//   no limit       5.30 s     4.20 s
//   40 Mbit/s      5.87 s     5.26 s
//   8 Mbit/s      10.3 s     14.1 s
// Over the time that a bit takes, the difference is a straight line between the last two: 5.6 MB's time less 1.72 s.
// So both are even at 26 Mbit/s there, at 45 on MACHINE, and at 11 on a phone four times slower than it.
// `make bench` prints what it measures beside what this rule says.
const SAVED = 1; // s that the snapshot spares a machine
const MACHINE = 4.4; // whose probe takes so many ms
const SLOWEST = 4; // how many times slower a device may seem: beyond that it is likelier but busy just now

// The line's rate, in bit/s, from which a snapshot of `size` bytes is sooner on a device whose probe takes so long.
export const even = (size, probe) => (size * 8) / (SAVED * Math.min(probe / MACHINE, SLOWEST));

// How many ms the device takes for a small fixed piece of work: the best of a few, for the page starts beside it.
// It is WebAssembly, as Python is, whose first code is as quick on a busy device; JavaScript's is eight times slower.
// sum = i = 0; do sum = sum * 16807 + i; while (++i < 4000000)
const WORK =
  "0061736d010000000105016000017f03020100070501016600000a26012401027f" +
  "0340200041a783016c20016a2100200141016a2201418092f401480d000b20000b";
export function probe() {
  const bytes = Uint8Array.from(WORK.match(/../g), (pair) => parseInt(pair, 16));
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const took = [1, 2, 3].map(() => {
    const begun = performance.now();
    f();
    return Math.max(performance.now() - begun, 0.1);
  });
  return Math.min(...took);
}
