// What the reader sees.
export const words = {
  search: "搜索全书",
  placeholder: "搜索全书，例如：首重续重",
  close: "关闭",
  results: "搜索结果",
  help: "书里的任何一段字都能搜到，一个字也行。几个词用空格隔开，就找它们都在的地方；词记不准时，可以打拼音或首字母，例如yunfei、thh。",
  keys: [["↑↓", "选择"], ["Enter", "打开"], ["Esc", "关闭"]],
  tiers: { title: "标题", heading: "小节", term: "术语", text: "正文", answer: "参考答案", teacher: "教师页", near: "相近" },
  found: (places, pages) => `在${pages}页里找到${places}处`,
  waiting: (pages) => `还有${pages}页在读`,
  lost: (pages) => `有${pages}页的正文没取到，连上网后再搜一次就全了。`,
  more: (places, title) => `${title}里还有${places}处`,
  none: (query) => `书里没有“${query}”。可以少打几个字，或换一个说法再试。`,
  simplified: (query) => `按简体“${query}”查找，`,
  near: "这些词相近：",
  loading: "正在取索引……",
  failed: "索引没取到，请连上网后再试。",
};
