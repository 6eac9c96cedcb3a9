// What a reader typed as a number: its value, or what is the matter with it. Full-width digits, the
// question's own unit and thousands in threes are fine.
export function number(typed, unit = "") {
  const shown = [...typed.trim()].slice(0, 20).join("");
  if (/[¹²³⁰⁴-⁹₀-₉]/.test(typed)) return { fault: `“${shown}”里有上标或下标，请把乘方算出来再填。` };
  let text = typed.normalize("NFKC").replace(/\s/g, "").replace(/[−–—]/g, "-").replace(/。/g, ".").replace(/\.$/, "");
  const own = unit.normalize("NFKC").replace(/\s/g, "");
  if (own && text.endsWith(own)) text = text.slice(0, -own.length);
  if (!text) return { fault: "还没有填，先写一个数。" };
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) text = text.replaceAll(",", "");
  if (/^[+-]?\d+,\d+$/.test(text)) return { fault: `小数点请用“.”，不用逗号：${text.replace(",", ".")}。` };
  if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return { value: Number(text) };
  return { fault: `“${shown}”不是一个数，请只写数字，例如3.5。` };
}
