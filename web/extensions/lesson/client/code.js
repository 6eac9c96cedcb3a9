import qrcode from "qrcode-generator";

// An address as a QR code: its width in modules, with the empty rim that cameras need, and the dark ones as a path.
export function drawing(url) {
  const code = qrcode(0, "M");
  code.addData(url);
  code.make();
  const size = code.getModuleCount(), rim = 4;
  let path = "";
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) if (code.isDark(row, column)) path += `M${column + rim} ${row + rim}h1v1h-1z`;
  return { size: size + 2 * rim, path };
}
